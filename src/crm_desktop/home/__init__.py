"""The page people open first: the figures of each role, my day, the manager's lists."""
