"""Workers: processes with limits that do the work of requests, and who waits for one."""
