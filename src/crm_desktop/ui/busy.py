"""Progress in the place that started it: count, time left, Cancel; nothing for the first 0.3 s."""

from PySide6.QtCore import QElapsedTimer, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.shapes import paint_progress
from crm_desktop.ui.theme import set_ground

QUIET_MS = 300
_ESTIMATE_AFTER_MS = 2000


def time_left_text(elapsed_ms: int, done: int, total: int) -> str:
    """Return the time left in words, "" while there is too little to go by."""
    if elapsed_ms < _ESTIMATE_AFTER_MS or done <= 0 or total <= done:
        return ""
    seconds = round(elapsed_ms / done * (total - done) / 1000)
    if seconds < 60:
        # Steps of five: a figure that changes every second is not read.
        seconds = max(5, 5 * round(seconds / 5))
        return ngettext("{count} second left", "{count} seconds left", seconds).format(count=seconds)
    minutes = max(1, round(seconds / 60))
    return ngettext("{count} minute left", "{count} minutes left", minutes).format(count=minutes)


class ProgressBar(QWidget):
    """A bar of 6 px; `set_fraction(None)` shows that the length is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction: float | None = 0.0
        self.setMinimumWidth(px(80))
        self.setFixedHeight(px(6))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fraction(self, fraction: float | None) -> None:
        """Show `fraction` of 1 as done."""
        self._fraction = fraction
        self.setAccessibleDescription("" if fraction is None else f"{fraction:.0%}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        # Of unknown length: a third in soft colour; nothing moves in this program.
        painter, track = QPainter(self), QRectF(self.rect())
        if self._fraction is None:
            paint_progress(painter, track, 0.33, "age0")
        else:
            paint_progress(painter, track, self._fraction)


class ProgressStrip(QFrame):
    """What runs, how far it is, and Cancel."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "sunken")
        self._what = text_label("")
        self._count = text_label("", LABEL, REGULAR, "muted")
        self._bar = ProgressBar()
        self._cancel = Button(_("Cancel"), "quiet", dense=True)
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(4), px(8), px(4))
        row.setSpacing(px(12))
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        row.addWidget(self._cancel)
        self.setMinimumHeight(px(36))
        self._clock = QElapsedTimer()
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.show)
        self.hide()

    def start(self, text: str, *, can_cancel: bool = True) -> None:
        """Say `text` ("Reading 612 rows") once 0.3 s have passed."""
        self._what.setText(text)
        self._bar.setAccessibleName(text)
        self._count.setText("")
        self._bar.set_fraction(None)
        self._cancel.setVisible(can_cancel)
        self._cancel.setEnabled(True)
        self._clock.start()
        self._quiet.start()

    def set_progress(self, done: int, total: int | None) -> None:
        """Show `done` of `total` steps; `total` is None while it is not known."""
        if not total:
            self._bar.set_fraction(None)
            self._count.setText(f"{done:,}")
            return
        self._bar.set_fraction(done / total)
        said = _("{done} of {total}").format(done=f"{done:,}", total=f"{total:,}")
        left = time_left_text(self._clock.elapsed(), done, total)
        self._count.setText(f"{said} · {left}" if left else said)

    def finish(self) -> None:
        """Go away; nothing was ever shown if it took less than 0.3 s."""
        self._quiet.stop()
        self.hide()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._count.setText(_("Stopping"))
        self.cancelled.emit()
