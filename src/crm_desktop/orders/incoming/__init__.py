"""How rows of a sheet become quotes and orders."""
