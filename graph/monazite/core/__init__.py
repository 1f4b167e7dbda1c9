"""Core: errors, results, formats, tables, files, locks and the cache, used by every room."""
