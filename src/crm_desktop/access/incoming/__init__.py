"""How rows of a sheet become colleagues."""
