"""How rows of a sheet become products and prices."""
