"""The windows of the program: navigation only, no feature logic."""
