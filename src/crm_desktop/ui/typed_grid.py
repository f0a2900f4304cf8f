"""How a table that people type into looks and behaves before its own keys: all painted, one row height."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
)

from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import set_ground


def set_up_grid(
    view: QTableView, model: QAbstractItemModel, labels: QHeaderView, painter: QAbstractItemDelegate, row_px: int
) -> None:
    """Give a table its model, its header and its painter; Qt itself selects, edits and moves nothing in it."""
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalHeader(labels)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(px(20))
    rows.setDefaultSectionSize(px(row_px))
    view.setItemDelegate(painter)
    view.setModel(model)
    set_ground(view.viewport(), "surface")
