"""Speed, printed as ratios to the same work by the bare driver in the same run (`make bench`)."""
