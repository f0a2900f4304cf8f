"""A believable trading firm, made from a seed: to look around in, to measure with."""
