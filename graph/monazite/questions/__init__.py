"""Questions: one file each, whose name is the command, the method, the address and the tool."""
