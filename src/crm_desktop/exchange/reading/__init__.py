"""Reads foreign files in a child process with limits; what comes back is cells and nothing else."""
