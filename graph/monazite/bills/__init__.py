"""Bills of materials: what a sheet of one's own says, line by line, and nothing else."""
