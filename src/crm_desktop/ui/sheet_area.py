"""A page that scrolls on the ground of the sheet, never sideways."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class SheetArea(QScrollArea):
    """Shows one page at a time; the sheet shines through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def show_page(self, page: QWidget) -> None:
        """Put `page` in the place of the one before."""
        self.setWidget(page)
        # `setWidget` lays the window's ground under every page.
        page.setAutoFillBackground(False)
