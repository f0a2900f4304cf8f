"""The first page of a record: two columns of fields that stay readable in a wide window."""

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import hairline


def two_columns(left: QLayout, right: QLayout, *, widest_px: tuple[int, int], shares: tuple[int, int]) -> QWidget:
    """Return a page with a hairline between two columns.

    `widest_px` is where each stops growing, at the usual text size; until then they divide the width by `shares`.
    """
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(px(20), px(16), px(20), px(20))
    row.setSpacing(px(28))
    row.addWidget(_at_most(left, widest_px[0]), shares[0])
    row.addWidget(hairline(vertical=True))
    row.addWidget(_at_most(right, widest_px[1]), shares[1])
    row.addStretch()
    return page


def _at_most(layout: QLayout, width: int) -> QWidget:
    part = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    part.setLayout(layout)
    part.setMaximumWidth(px(width))
    return part
