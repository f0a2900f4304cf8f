"""Files dragged onto a widget."""

from pathlib import Path

from PySide6.QtCore import QMimeData


def dropped_files(dragged: QMimeData) -> list[Path]:
    """Return the files of this computer that are being dragged; [] when it is something else."""
    if not dragged.hasUrls():
        return []
    paths = [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
    return paths if len(paths) == len(dragged.urls()) else []
