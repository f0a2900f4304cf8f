"""Where a file lies: on this computer's disk, or somewhere SQLite's shared memory does not reach."""

from pathlib import Path


def is_network_path(path: Path) -> bool:
    """Return whether `path` is on a network or cloud-synced place, or cannot be told."""
    return False
