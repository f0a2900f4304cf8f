"""Excel and other files, in and out; knows no feature."""
