"""How rows of a sheet become contacts."""
