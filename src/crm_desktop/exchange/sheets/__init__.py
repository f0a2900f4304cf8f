"""From a sheet of cells to rows of typed values."""
