"""The rail: search on top with its key, the screens of this role in groups, Settings at the bottom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import key_frame_width, key_text, paint_key
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import set_ground, token

WIDTH_PX = 188
FOLDED_PX = 48
SEARCH_KEY = "Ctrl+K"
_INSET_PX = 16
_ARROW_PX = 28


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A line of the rail, already translated; `group` starts after a gap when it changes.

    One that stands `under` another is shown while that one, or one beside it, is on screen or unfolded.
    """

    name: str
    text: str
    icon: str
    group: str = ""
    keys: str = ""
    under: str = ""


class RailButton(QAbstractButton):
    """A line of the rail, drawn from tokens; the chosen one stands on `surface`.

    One that has others under it shows an arrow; the arrow, or Right and Left, unfolds them and folds them away.
    """

    unfolded = Signal(bool)

    def __init__(self, entry: RailEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.folded = False
        self.has_more = False
        self.is_open = False
        self.count = 0
        self.is_late = False
        self.setText(entry.text)
        self.setAccessibleName(entry.text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Show the icon alone; the words move into the tooltip."""
        self.folded = folded
        said = f"{self.entry.text} ({key_text(self.entry.keys)})" if self.entry.keys else self.entry.text
        self.setToolTip(said if folded or self.entry.keys else "")
        self.update()

    def set_count(self, count: int, *, late: bool, said: str) -> None:
        """Show how much waits there, in danger when some of it is late; `said` tells it in words."""
        self.count, self.is_late = count, late
        self.setAccessibleName(f"{self.entry.text}, {said}" if count else self.entry.text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a line as high as the pictures have it, higher with larger text."""
        return QSize(px(FOLDED_PX - 16), max(px(30), self.fontMetrics().height() + px(8)))

    def nextCheckState(self) -> None:
        """Leave the choice to the window: a click may be refused."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter as well as with Space; arrows walk along the rail."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif self.has_more and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.unfolded.emit(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Unfold what stands under it when the arrow is hit, without leaving the screen in front."""
        if self.has_more and not self.folded and event.position().x() > self.width() - px(_ARROW_PX):
            self.unfolded.emit(not self.is_open)
        else:
            super().mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is on it."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        box, chosen = QRectF(self.rect()), self.isChecked()
        if chosen:
            paint_panel(painter, box, token("surface"), token("line"))
        elif self.underMouse():
            paint_panel(painter, box, token("hover"), None)
        if self.hasFocus():
            paint_focus_ring(painter, box)
        inset = px(_INSET_PX) if self.entry.under and not self.folded else 0
        left = (box.width() - px(16)) / 2 if self.folded else px(8) + inset
        place = QRectF(left, 0, px(16), box.height())
        paint_icon(painter, place, self.entry.icon, "accent" if chosen else "text2")
        if self.folded:
            if self.count:
                # There is no room for the figure; the tooltip and My day tell it.
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(token("danger" if self.is_late else "accent"))
                painter.drawEllipse(QRectF(place.right() - px(2), box.center().y() - px(11), px(7), px(7)))
            return
        if self.has_more:
            arrow = QRectF(box.right() - px(_ARROW_PX) + px(6), 0, px(14), box.height())
            paint_icon(painter, arrow, "chevron-down" if self.is_open else "chevron-right", "muted")
        painter.setFont(font(BODY, SEMIBOLD if chosen else REGULAR))
        painter.setPen(token("text" if chosen else "text2"))
        words = box.adjusted(px(34) + inset, 0, -px(_ARROW_PX if self.has_more else 8), 0)
        if self.count:
            words.setRight(words.right() - self._paint_count(painter, words))
        shown = QFontMetricsF(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_count(self, painter: QPainter, words: QRectF) -> float:
        """Draw the count at the right and return the width it takes."""
        before = painter.font()
        shown = f"{self.count:,}"
        painter.setFont(font(LABEL, SEMIBOLD if self.is_late else REGULAR))
        painter.setPen(token("danger" if self.is_late else "muted"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(shown)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)
        painter.setFont(before)
        painter.setPen(token("text" if self.isChecked() else "text2"))
        return width + px(6)


class SearchButton(RailButton):
    """Looks like a field and opens the search that is everywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(RailEntry("search", _("Search"), "search", keys=SEARCH_KEY), parent)
        self.setCheckable(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the field with its key."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint_panel(painter, box, token("hover" if self.underMouse() else "surface"), token("line"))
        if self.hasFocus():
            paint_focus_ring(painter, box)
        left = (box.width() - px(16)) / 2 if self.folded else px(8)
        paint_icon(painter, QRectF(left, 0, px(16), box.height()), "search", "muted")
        if self.folded:
            return
        painter.setFont(font(BODY, REGULAR))
        painter.setPen(token("muted"))
        painter.drawText(box.adjusted(px(32), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        keys = key_text(SEARCH_KEY)
        width, height = key_frame_width(keys), px(18)
        paint_key(
            painter, QRectF(round(box.right() - width - px(7)), round((box.height() - height) / 2), width, height), keys
        )


class Rail(QFrame):
    """Says where one is and leads elsewhere; knows names only."""

    chosen = Signal(str)
    search_wanted = Signal()

    def __init__(
        self, entries: Sequence[RailEntry], bottom: Sequence[RailEntry], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_ground(self, "window")
        self.setAccessibleName(_("Screens"))
        self.folded = False
        self._open: set[str] = set()
        self.search = SearchButton()
        self.search.clicked.connect(self.search_wanted)
        self.buttons: dict[str, RailButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(8), px(2), px(8), px(8))
        self._column.setSpacing(px(1))
        self._column.addWidget(self.search)
        self._column.addSpacing(px(10))
        self._add(_heads_first(entries))
        self._column.addStretch(1)
        self._add(bottom)
        self._show_under()
        self.fold(False)

    def _add(self, entries: Sequence[RailEntry]) -> None:
        group = entries[0].group if entries else ""
        for entry in entries:
            if entry.group != group:
                self._column.addSpacing(px(11))
                group = entry.group
            button = RailButton(entry)
            button.clicked.connect(self._told)
            if head := self.buttons.get(entry.under):
                head.has_more = True
                head.unfolded.connect(partial(self._unfold, entry.under))
            self.buttons[entry.name] = button
            self._column.addWidget(button)

    def choose(self, name: str) -> None:
        """Mark `name` as the one on screen; an unknown one marks none."""
        for key, button in self.buttons.items():
            button.setChecked(key == name)
        chosen = self.buttons.get(name)
        self._open = {chosen.entry.under or name} if chosen is not None else set()
        self._show_under()

    def set_count(self, name: str, count: int, *, late: bool, said: str) -> None:
        """Show how much waits on a screen; one that the role does not have is left out."""
        if (button := self.buttons.get(name)) is not None:
            button.set_count(count, late=late, said=said)

    def fold(self, folded: bool) -> None:
        """Show icons only, or icons and words."""
        self.folded = folded
        self.setFixedWidth(px(FOLDED_PX if folded else WIDTH_PX))
        for button in (self.search, *self.buttons.values()):
            button.fold(folded)

    def _unfold(self, head: str, unfolded: bool) -> None:
        self._open = self._open | {head} if unfolded else self._open - {head}
        self._show_under()

    def _show_under(self) -> None:
        for name, button in self.buttons.items():
            button.is_open = name in self._open
            if button.entry.under in self.buttons:
                button.setVisible(button.entry.under in self._open)
            button.update()

    def _told(self) -> None:
        button = self.sender()
        assert isinstance(button, RailButton)
        self.chosen.emit(button.entry.name)


def _heads_first(entries: Sequence[RailEntry]) -> list[RailEntry]:
    """Return the entries with those under another right below it; one whose head is not there stands by itself."""
    names = {entry.name for entry in entries}
    alone = [entry if entry.under in names else replace(entry, under="") for entry in entries]
    found = []
    for head in alone:
        if not head.under:
            found += [head, *(entry for entry in alone if entry.under == head.name)]
    return found
