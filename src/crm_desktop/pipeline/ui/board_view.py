"""The board itself: columns of cards that are walked and moved by keyboard, and dragged with the mouse."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip

from crm_desktop.pipeline.board import Board, Card
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.board_layout import CARD_PX, BoardLayout
from crm_desktop.pipeline.ui.board_model import NOWHERE, BoardModel
from crm_desktop.pipeline.ui.board_painter import BoardPainter
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import token

_EDGE_PX: Final = 40
_SCROLL_MS: Final = 30
_SCROLL_PX: Final = 18
_WALK: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (0, -5),
    Qt.Key.Key_PageDown: (0, 5),
    Qt.Key.Key_Home: (0, -10_000),
    Qt.Key.Key_End: (0, 10_000),
}


class BoardView(QAbstractScrollArea):
    """`moved` asks for a card to go to a stage, `won` and `lost` that it ends; nothing moves before somebody answers.

    `opened` carries the card that Enter or a double click asks for, `menu_wanted` where the menu belongs.
    """

    opened = Signal(int)
    moved = Signal(int, int)
    won = Signal(int)
    lost = Signal(int)
    menu_wanted = Signal(QPoint)
    current_changed = Signal()
    dropped = Signal()
    """The hand is empty again, whatever came of it."""

    def __init__(self, formats: Callable[[], Formats], called: Callable[[int], str], *, may_move: bool) -> None:
        super().__init__()
        self.model = BoardModel()
        self.may_move = may_move
        self._formats, self._called = formats, called
        self._pressed: QPoint | None = None
        self._dragged: int | None = None
        self._grip = QPoint()
        self._pointer = QPoint(-1, -1)
        self._scroller = QTimer(self)
        self._scroller.setInterval(_SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_on)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(_("Board of open opportunities"))

    # What is shown

    def show_board(self, board: Board) -> None:
        """Show a board; the keyboard and the scroll bars stay where they are."""
        self.model.show(board)
        self.refresh()

    def refresh(self) -> None:
        """Draw what the model has now."""
        self._fit()
        self.viewport().update()
        self._tell()

    @property
    def is_dragging(self) -> bool:
        """Return whether a card is in the hand."""
        return self._dragged is not None

    def current(self) -> Card | None:
        """Return the card the keyboard is on."""
        return self.model.card(self.model.current)

    def layout_now(self) -> BoardLayout:
        """Return where everything stands."""
        columns = self.model.columns
        size = self.viewport().size()
        lines = max((len(column.sums.total) for column in columns), default=0)
        counts = tuple(len(column.cards) for column in columns)
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return BoardLayout(counts, lines, size.width(), size.height(), across, down)

    def card_rect(self, id_: int) -> QRect:
        """Return where a card stands in the viewport; an empty rectangle when it is not there."""
        x, y = self.model.place(id_)
        return self.layout_now().card(x, y) if x >= 0 else QRect()

    def _fit(self) -> None:
        layout = self.layout_now()
        room = max(1, layout.height - layout.head_height)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, layout.content_height - room))
        down.setPageStep(room)
        down.setSingleStep(px(CARD_PX) // 3)
        across.setRange(0, max(0, layout.content_width - layout.width))
        across.setPageStep(layout.width)
        # By columns: half a column reads badly.
        across.setSingleStep(layout.column_width)

    def show_current(self) -> None:
        """Scroll until the card of the keyboard is wholly in view."""
        place = self.model.place()
        if place == NOWHERE:
            return
        layout = self.layout_now()
        box, gap = layout.card(*place), px(8)
        for bar, before, after in (
            (self.verticalScrollBar(), box.top() - gap - layout.head_height, box.bottom() + gap - layout.height),
            (self.horizontalScrollBar(), box.left() - gap, box.right() + gap - layout.width),
        ):
            if before < 0:
                bar.setValue(bar.value() + before)
            elif after > 0:
                bar.setValue(bar.value() + after)

    def _tell(self) -> None:
        """Say the current card to who listens, screen readers among them."""
        card = self.current()
        x, _y = self.model.place()
        stage = self._called(self.model.stages[x].id) if x >= 0 else ""
        self.setAccessibleDescription(words.tip(card, stage, self._formats()) if card is not None else "")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.current_changed.emit()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw columns, cards, heads and what is in the hand."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), token("surface"))
        layout = self.layout_now()
        drawn = BoardPainter(self._formats(), self._called)
        aimed = layout.column_at(self._pointer) if self.is_dragging and not self._over_strip(layout) else None
        for place, column in enumerate(self.model.columns):
            area = layout.column(place)
            if not area.intersects(event.rect()):
                continue
            self._paint_cards(painter, layout, drawn, place, event.rect())
            drawn.head(painter, layout, place, column, aimed=place == aimed)
            painter.fillRect(QRect(area.right(), 0, 1, layout.height), token("line"))
        if self.is_dragging:
            self._paint_hand(painter, layout, drawn)

    def _paint_cards(
        self, painter: QPainter, layout: BoardLayout, drawn: BoardPainter, place: int, shown: QRect
    ) -> None:
        column = self.model.columns[place]
        hovered = None if self.is_dragging else layout.place_at(self._pointer)
        for row, card in enumerate(column.cards):
            box = layout.card(place, row)
            if not box.intersects(shown) or card.id == self._dragged:
                continue
            focused, current = self.hasFocus(), card.id == self.model.current
            drawn.card(painter, box, card, current=current, focused=focused, hovered=hovered == (place, row))
        left = column.sums.count - len(column.cards)
        if left > 0:
            said = _("{count} more: see the list").format(count=f"{left:,}")
            drawn.more(painter, layout.below(place), said)
        elif not column.cards:
            drawn.more(painter, layout.below(place), _("Nothing here"))

    def _paint_hand(self, painter: QPainter, layout: BoardLayout, drawn: BoardPainter) -> None:
        drawn.drops(painter, layout.drop_strip(), self._strip_part(layout))
        card = self.model.card(self._dragged)
        if card is not None:
            size = layout.card(0, 0).size()
            drawn.card(painter, QRect(self._pointer - self._grip, size), card, current=True, focused=True)

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, move the card with Ctrl and an arrow, open it with Enter."""
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape and self.is_dragging:
            self._let_go()
        elif control and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move_beside(-1 if key == Qt.Key.Key_Left else 1)
        elif key in _WALK and not control:
            if self.model.walk(*_WALK[key]):
                self.refresh()
            self.show_current()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.current is not None:
            self.opened.emit(self.model.current)
        else:
            super().keyPressEvent(event)

    def _move_beside(self, step: int) -> None:
        id_ = self.model.current
        stage = self.model.beside(id_, step) if id_ is not None else None
        if id_ is not None and stage is not None and self.may_move:
            self.moved.emit(id_, stage.id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the card under the pointer."""
        place = self.layout_now().place_at(event.position().toPoint())
        if place is None:
            return
        card = self.model.columns[place[0]].cards[place[1]]
        self.model.current = card.id
        if event.button() == Qt.MouseButton.LeftButton and self.may_move:
            self._pressed = event.position().toPoint()
            self._grip = self._pressed - self.layout_now().card(*place).topLeft()
        self.refresh()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light what is under the pointer; carry a card once the pointer went far enough."""
        self._pointer = event.position().toPoint()
        far = QApplication.startDragDistance()
        if self._pressed is not None and not self.is_dragging:
            if (self._pointer - self._pressed).manhattanLength() >= far:
                self._dragged = self.model.current
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                self._scroller.start()
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop the card where the pointer is."""
        self._pointer, id_ = event.position().toPoint(), self._dragged
        layout = self.layout_now()
        part, column = self._strip_part(layout), layout.column_at(self._pointer)
        inside = self.viewport().rect().contains(self._pointer)
        self._let_go()
        if id_ is None or not inside:
            return
        if part == "won":
            self.won.emit(id_)
        elif part == "lost":
            self.lost.emit(id_)
        elif column is not None and column != self.model.place(id_)[0]:
            self.moved.emit(id_, self.model.stages[column].id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the card."""
        place = self.layout_now().place_at(event.position().toPoint())
        if place is not None:
            self._let_go()
            self.opened.emit(self.model.columns[place[0]].cards[place[1]].id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the card, at the card when the keyboard asked."""
        if self.model.current is None:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.card_rect(self.model.current).center()))
        elif self.layout_now().place_at(event.pos()) is not None:
            self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        super().leaveEvent(event)
        if not self.is_dragging:
            self._pointer = QPoint(-1, -1)
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say all of a card in its tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.layout_now().place_at(event.pos())
            if place is not None and not self.is_dragging:
                column = self.model.columns[place[0]]
                text = words.tip(column.cards[place[1]], self._called(column.stage.id), self._formats())
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns their new widths."""
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Draw everything anew: the heads stand still."""
        self.viewport().update()

    def _over_strip(self, layout: BoardLayout) -> bool:
        return self.is_dragging and layout.drop_strip().contains(self._pointer)

    def _strip_part(self, layout: BoardLayout) -> str:
        """Return "won" or "lost" when a dragged card is over that half of the strip."""
        if not self._over_strip(layout):
            return ""
        return "won" if self._pointer.x() < layout.width // 2 else "lost"

    def _let_go(self) -> None:
        was_dragging, self._pressed, self._dragged = self.is_dragging, None, None
        self._scroller.stop()
        self.viewport().unsetCursor()
        self.viewport().update()
        if was_dragging:
            self.dropped.emit()

    def _scroll_on(self) -> None:
        """Scroll while a card is held at an edge."""
        layout, at = self.layout_now(), self._pointer
        for bar, place, length in (
            (self.horizontalScrollBar(), at.x(), layout.width),
            (self.verticalScrollBar(), at.y() - layout.head_height, layout.height - layout.head_height),
        ):
            if bar.maximum() and not self._over_strip(layout):
                step = -_SCROLL_PX if place < _EDGE_PX else _SCROLL_PX if place > length - _EDGE_PX else 0
                bar.setValue(bar.value() + step)
