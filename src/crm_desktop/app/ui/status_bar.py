"""The foot of the window: who, where the data is, how safe it is, what runs, the keys of this screen."""

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressBar
from crm_desktop.ui.buttons import Button, key_text
from crm_desktop.ui.fonts import LABEL, REGULAR, px, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.screen import KeyHint
from crm_desktop.ui.tasks import Busy
from crm_desktop.ui.theme import set_ground

SHOWN_AFTER_S = 1.0
"""Work that takes less is shown only where it was started."""
KEYS_SHOWN = 3
_SHIELDS: Final = {
    "ok": ("shield-check", "text2", "success"),
    "none": ("shield-alert", "text2", "warn"),
    "warn": ("shield-alert", "text2", "warn"),
    "danger": ("shield-alert", "danger", "danger"),
}
"""By the tone of the backups: icon, ink of the words, ink of the icon."""
BACKUP: Final = "backup"
"""The source of busy work that counts in shares."""
_SHIELD_SHARE = 0.34
"""So much of the bar the sentence about the backups may take; what is longer stands in its tooltip."""


class StatusBar(QFrame):
    """One line; everything in it is a fact with an icon."""

    keys_wanted = Signal()
    backups_wanted = Signal()

    def __init__(self, person: str, role: str, where: str, on_server: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "window")
        # The window's own work first, whoever speaks first.
        self._busy = {"": Busy()}
        self._sentence = ""
        self.person = text_label(f"{person} · {role}" if role else person, LABEL, REGULAR, "text2")
        self.where = text_label(where, LABEL, REGULAR, "text2")
        self.backup = Button("", "quiet", dense=True)
        set_font(self.backup, LABEL)
        self.backup.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.backup.clicked.connect(self.backups_wanted)
        self.backup.hide()
        self.working = QWidget()
        self._lay_out_working()
        self.keys = Button(_("F1 Keys"), "quiet", dense=True)
        set_font(self.keys, LABEL)
        self.keys.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.keys.clicked.connect(self.keys_wanted)
        row = QHBoxLayout()
        row.setContentsMargins(px(12), 0, px(4), 0)
        row.setSpacing(px(6))
        for icon, label in (("user", self.person), ("server" if on_server else "database", self.where)):
            picture = QLabel()
            set_icon(picture, icon, "text2", 14)
            row.addWidget(picture)
            row.addWidget(label)
            row.addSpacing(px(12))
        row.addWidget(self.backup)
        row.addWidget(self.working)
        row.addStretch(1)
        row.addWidget(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        column.addLayout(row, 1)
        self.setMinimumHeight(px(27))
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self._show_busy)

    def _lay_out_working(self) -> None:
        self.what = text_label("", LABEL, REGULAR, "text2")
        self.bar = ProgressBar()
        self.bar.setFixedWidth(px(96))
        self.cancel = Button(_("Cancel"), "link", dense=True)
        set_font(self.cancel, LABEL)
        self.cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self.working)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        for part in (self.what, self.bar, self.cancel):
            row.addWidget(part)
        self.working.hide()

    # How safe the data is

    def show_backup(self, tone: str, sentence: str, detail: str) -> None:
        """Say how safe the company is; `tone` is "ok", "none", "warn" or "danger"."""
        picture, words, shield = _SHIELDS[tone]
        self._sentence = sentence
        self.backup.set_icon_name(picture)
        self.backup.set_inks(words, shield)
        whole = "\n".join(part for part in (sentence, detail) if part)
        self.backup.setToolTip(whole)
        self.backup.setAccessibleName(sentence)
        self.backup.setAccessibleDescription(detail)
        self._cut_sentence()
        self.backup.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentence about the backups its share."""
        super().resizeEvent(event)
        self._cut_sentence()

    def _cut_sentence(self) -> None:
        room = round(self.width() * _SHIELD_SHARE)
        cut = self.backup.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        self.backup.setText(cut.replace("&", "&&"))

    # What runs

    def show_busy(self, busy: Busy, source: str = "") -> None:
        """Show named work once it has run for a second; unnamed work never. Of several sources, the first named."""
        self._busy[source] = busy
        busy = self.busy
        if not busy.label:
            self._due.stop()
            self.working.hide()
            return
        left = SHOWN_AFTER_S - (time.monotonic() - busy.since)
        if left > 0:
            self.working.hide()
            self._due.start(round(left * 1000) + 1)
        else:
            self._show_busy()

    @property
    def busy(self) -> Busy:
        """Return what is shown, or will be when it has run long enough."""
        return next((one for one in self._busy.values() if one.label), Busy())

    def _show_busy(self) -> None:
        busy = self.busy
        if not busy.label:
            return
        said = busy.label
        if busy.total and busy is self._busy.get(BACKUP):
            # Its steps are thousandths, which nobody counts.
            said = f"{busy.label} · {busy.done / busy.total:.0%}"
        elif busy.total:
            count = _("{done} of {total}").format(done=f"{busy.done:,}", total=f"{busy.total:,}")
            said = f"{busy.label} · {count}"
        self.what.setText(said)
        self.bar.set_fraction(busy.done / busy.total if busy.total else None)
        self.bar.setAccessibleName(busy.label)
        self.cancel.setVisible(busy.cancel is not None)
        self.working.show()

    def _stop(self) -> None:
        stop = self.busy.cancel
        if stop is not None:
            stop()
            self.cancel.hide()

    def show_keys(self, hints: Sequence[KeyHint]) -> None:
        """Show the first keys of the screen in front and the way to all of them."""
        shown = [f"{key_text(hint.keys)} {hint.does}" for hint in hints[:KEYS_SHOWN]]
        self.keys.setText("   ".join([*shown, _("F1 Keys")]))
