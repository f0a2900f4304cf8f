"""The tabs inside a record: words with counts on the sheet, a line under the chosen one."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_focus_ring
from crm_desktop.ui.theme import token

_GAP, _SPACE, _MARK = 6, 22, 14


class InnerTabs(QTabBar):
    """Tabs by key, each with a count and a mark when it holds an error."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "inner")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setAccessibleName(_("Parts of this record"))
        self._counts: dict[str, int | None] = {}
        self._words: dict[str, str] = {}
        self._marked: frozenset[str] = frozenset()
        self.currentChanged.connect(lambda place: self.chosen.emit(self.key_at(place)))

    def add(self, key: str, text: str, *, first: bool = False) -> None:
        """Add a tab named `key`, before all others when it is to be the `first`."""
        self._words = {key: text, **self._words} if first else {**self._words, key: text}
        self._counts[key] = None
        # insertTab asks for the size before the key could be set.
        place = self.insertTab(0 if first else self.count(), text)
        self.setTabData(place, key)
        self._say(key)

    def key_at(self, place: int) -> str:
        """Return the name of the tab at `place`, "" outside."""
        return str(self.tabData(place) or "")

    def set_count(self, key: str, count: int | None) -> None:
        """Show how many things the tab holds; None and 0 show nothing."""
        self._counts[key] = count
        self._say(key)

    def rename(self, key: str, text: str) -> None:
        """Show another word for a tab."""
        if self._words.get(key, text) != text:
            self._words[key] = text
            self._say(key)

    def mark(self, keys: frozenset[str]) -> None:
        """Mark the tabs in `keys` as holding an error, and no other."""
        if keys != self._marked:
            self._marked = keys
            for key in self._words:
                self._say(key)

    def choose(self, key: str) -> None:
        """Bring the tab `key` to the front."""
        if key in self._words:
            self.setCurrentIndex(list(self._words).index(key))

    def _count(self, key: str) -> str:
        count = self._counts.get(key)
        return f"{count:,}" if count else ""

    def _say(self, key: str) -> None:
        """Tell size and words again; the text of the tab is what a screen reader says."""
        place = list(self._words).index(key)
        self.setTabText(place, f"{self._words[key]} {self._count(key)}".strip())
        self.setTabToolTip(place, _("Something here cannot be saved yet.") if key in self._marked else "")
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of mark, words and count with the space to the next tab."""
        key = self.key_at(index)
        width = QFontMetrics(font(BODY, SEMIBOLD)).horizontalAdvance(self._words.get(key, self.tabText(index)))
        count = self._count(key)
        if count:
            width += px(_GAP) + QFontMetrics(font(BODY)).horizontalAdvance(count)
        if key in self._marked:
            width += px(_MARK + _GAP)
        return QSize(width + px(_SPACE), max(px(36), self.fontMetrics().height() + px(14)))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Return the whole size: a tab is never elided, the bar scrolls instead."""
        return self.tabSizeHint(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tabs from the tokens."""
        painter = QPainter(self)
        for place in range(self.count()):
            self._paint(painter, place, self.tabRect(place).adjusted(0, 0, -px(_SPACE), 0))

    def _paint(self, painter: QPainter, place: int, area: QRect) -> None:
        key, chosen = self.key_at(place), place == self.currentIndex()
        left = area.left()
        if key in self._marked:
            paint_icon(painter, QRectF(left, area.top(), px(_MARK), area.height()), "circle-alert", "danger")
            left += px(_MARK + _GAP)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(font(BODY, SEMIBOLD if chosen else REGULAR))
        painter.setPen(token("text" if chosen else "text2"))
        words = painter.drawText(QRect(left, area.top(), area.width(), area.height()), middle, self._words[key])
        painter.setFont(font(BODY))
        painter.setPen(token("muted"))
        at = words.right() + 1 + px(_GAP)
        painter.drawText(QRect(at, area.top(), area.width(), area.height()), middle, self._count(key))
        if chosen:
            painter.fillRect(QRect(area.left(), area.bottom() - 1, area.width(), 2), token("accent"))
            if self.hasFocus():
                paint_focus_ring(painter, QRectF(area).adjusted(-4, 4, 4, -4))
