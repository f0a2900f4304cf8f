"""The pane beside a list: Space shows and hides it, a narrow window folds it away first."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.list_spec import Preview
from crm_desktop.ui.settings import PREVIEW_SHOWN
from crm_desktop.ui.theme import set_ground

NARROWEST_PX = 300
WIDEST_PX = 340
FOLDED_BELOW_PX = 1_200
SETTLE_MS = 60
"""Holding an arrow key down must not read every record on the way."""


class PreviewPane(QWidget):
    """Holds the feature's preview; makes it when it is first shown."""

    def __init__(self, desk: Desk, make: Callable[[Desk], Preview] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._make = desk, make
        self.preview: Preview | None = None
        self._id: int | None = None
        self._wanted = make is not None and desk.settings.get(PREVIEW_SHOWN)
        self._narrow = False
        set_ground(self, "surface")
        self.setMinimumWidth(px(NARROWEST_PX))
        self.setMaximumWidth(px(WIDEST_PX))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._show_settled)
        self._apply()

    def show_record(self, id_: int | None) -> None:
        """Show a record as soon as the current row rests."""
        self._id = id_
        if self._wanted and not self._narrow:
            self._settle.start()

    def toggle(self) -> None:
        """Show or hide the pane and remember it; in a narrow window showing it wins."""
        if self._make is None:
            return
        self._wanted = self.isHidden()
        self._narrow = False
        self._desk.settings.set(PREVIEW_SHOWN, self._wanted)
        self._apply()

    def fold_below(self, window_width: int) -> None:
        """Fold the pane away when the window is narrower than 1,200 px."""
        narrow = window_width < px(FOLDED_BELOW_PX)
        if narrow != self._narrow:
            self._narrow = narrow
            self._apply()

    def _apply(self) -> None:
        shown = self._wanted and not self._narrow
        if shown and self.preview is None and self._make is not None:
            self.preview = self._make(self._desk)
            self._row.addWidget(self.preview)
        self.setVisible(shown)
        if shown:
            self._settle.start()

    def _show_settled(self) -> None:
        if self.preview is not None:
            self.preview.show_record(self._id)
