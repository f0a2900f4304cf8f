"""Screens of Home, my day and the manager's lists."""
