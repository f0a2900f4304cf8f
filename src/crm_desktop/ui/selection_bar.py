"""The bars under a list: what is checked and can be done with it; how many there are."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.buttons import Button, button_for
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.theme import set_ground

BAR_PX = 36


class SelectionBar(QFrame):
    """Stands above the footer while rows are checked."""

    cleared = Signal()

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "accent-soft")
        self.setMinimumHeight(px(BAR_PX))
        self.count = text_label("", BODY, SEMIBOLD)
        self._clear = Button(_("Clear"), "quiet", key="Esc", dense=True)
        self._clear.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(8), 0)
        row.setSpacing(px(4))
        row.addWidget(self.count)
        row.addSpacing(px(12))
        for action in actions:
            row.addWidget(button_for(action, "quiet", self, dense=True))
        row.addStretch()
        row.addWidget(self._clear)
        self.hide()

    def show_count(self, checked: int) -> None:
        """Say how many rows are checked; none hides the bar."""
        words = ngettext("{count} selected", "{count} selected", checked)
        self.count.setText(words.format(count=number_text(checked)))
        self.setVisible(checked > 0)

    def retranslate(self) -> None:
        """Say it in the language on screen."""
        self._clear.setText(_("Clear"))


class ListFooter(QFrame):
    """Counts at the left, totals per currency at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "sunken")
        self.setMinimumHeight(px(BAR_PX))
        self.count = text_label("", LABEL, REGULAR, "muted")
        self.totals = text_label("", LABEL)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.addWidget(self.count)
        row.addStretch()
        row.addWidget(self.totals)

    def show_count(self, words: str, count: Count) -> None:
        """Say how many rows there are; a search that was cut says so."""
        if count.capped:
            words = _("{count}+ found, narrow the search").format(count=number_text(count.rows))
        self.count.setText(words)
        self.totals.setText("   ·   ".join(count.totals))
