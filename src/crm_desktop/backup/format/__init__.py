"""The file of a backup: its bytes, its lock, its proof."""
