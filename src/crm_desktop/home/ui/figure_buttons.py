"""Figures that are pressed: the headline ones, and a line with its bar. Each opens its list."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.home.figures import Figure
from crm_desktop.home.ui.figure_words import figure_sentence, not_added_text, value_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.shapes import paint_focus_ring
from crm_desktop.ui.theme import theme, token

HEADLINE: Final = 24
"""Size of the figures that are read first."""
_LINE_PX: Final = 17
_ROW_PX: Final = 26
_BAR_PX: Final = 11
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FigureButton(QAbstractButton):
    """What the two kinds have in common: a figure, the pointer over it, Enter, and what is told of it."""

    figure_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure: Figure | None = None
        self._under_pointer = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._open)
        theme().changed.connect(self.update)

    def show_figure(self, figure: Figure) -> None:
        """Show a figure; the whole of it is in the tooltip."""
        self.figure = figure
        self.setAccessibleName(figure_sentence(figure))
        opens = _("Opens its list") if figure.opens is not None else ""
        self.setToolTip("\n".join(part for part in (figure_sentence(figure), opens) if part))
        pointer = Qt.CursorShape.PointingHandCursor if figure.opens is not None else Qt.CursorShape.ArrowCursor
        self.setCursor(pointer)
        self.updateGeometry()
        self.update()

    def _open(self) -> None:
        if self.figure is not None and self.figure.opens is not None:
            self.figure_opened.emit(self.figure)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
            event.accept()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self._under_pointer = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show it plain again."""
        super().leaveEvent(event)
        self._under_pointer = False
        self.update()

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._under_pointer and self.figure is not None and self.figure.opens is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1))


class Headline(FigureButton):
    """One of the figures on top: its name, the figure, and what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.failed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_failure(self) -> None:
        """Say that the figure could not be read; the old one is not shown as if it held."""
        self.failed = True
        self.setAccessibleName(_("This figure could not be read. Press F5 to try again."))
        self.setToolTip(self.accessibleName())
        self.update()

    def show_figure(self, figure: Figure) -> None:
        """Show a figure."""
        self.failed = False
        super().show_figure(figure)

    def lines(self) -> tuple[str, ...]:
        """Return what stands below the figure."""
        if self.figure is None:
            return ()
        return tuple(line for line in (*self.figure.said, not_added_text(self.figure.not_added)) if line)

    def sizeHint(self) -> QSize:
        """Return room for the name, the figure, and its lines."""
        written = max(len(self.lines()), 2)
        figure = "" if self.figure is None else value_text(self.figure.value)
        wide = QFontMetrics(font(HEADLINE, SEMIBOLD)).horizontalAdvance(figure) + px(24)
        return QSize(max(wide, px(150)), px(18 + 32 + 8) + written * px(_LINE_PX) + px(6))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a figure is never cut off."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, figure and lines."""
        painter = QPainter(self)
        self._paint_ground(painter)
        if self.figure is None and not self.failed:
            painter.end()
            return
        room = QRect(px(8), px(4), self.width() - px(16), self.height() - px(8))
        if self.failed:
            painter.setFont(font(LABEL))
            painter.setPen(token("muted"))
            wrapped = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignTop.value
            painter.drawText(room, wrapped, self.accessibleName())
            painter.end()
            return
        assert self.figure is not None
        self._line(painter, room.left(), room.top(), px(18), self.figure.label, LABEL, "muted")
        painter.setFont(font(HEADLINE, SEMIBOLD))
        painter.setPen(token("danger" if self.figure.tone == "danger" else "text"))
        painter.drawText(
            QRect(room.left(), room.top() + px(18), room.width(), px(32)), _LEFT, value_text(self.figure.value)
        )
        top = room.top() + px(18 + 32 + 2)
        for line in self.lines():
            self._line(painter, room.left(), top, px(_LINE_PX), line, LABEL, "text2")
            top += px(_LINE_PX)
        painter.end()

    def _line(self, painter: QPainter, left: int, top: int, high: int, text: str, size: int, ink: str) -> None:
        painter.setFont(font(size, REGULAR))
        painter.setPen(token(ink))
        wide = self.width() - px(16)
        shown = QFontMetrics(font(size)).elidedText(text, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRect(left, top, wide, high), _LEFT, shown)


class BarRow(FigureButton):
    """One line of bars: name, bar, figure at the right. `share` of the longest bar, `label_px` for the name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._label_px, self._figure_px = 0.0, px(94), 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bar(self, figure: Figure, share: float, label_px: int, figure_px: int) -> None:
        """Show a figure as a bar beside its neighbours, whose names and figures need so much room."""
        self._share, self._label_px, self._figure_px = share, label_px, figure_px
        self.show_figure(figure)

    def sizeHint(self) -> QSize:
        """Return one line."""
        return QSize(px(260), px(_ROW_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, bar and figure."""
        painter = QPainter(self)
        self._paint_ground(painter)
        if self.figure is None:
            painter.end()
            return
        inset, high = px(8), self.height()
        label = QRect(inset, 0, self._label_px, high)
        painter.setFont(font(BODY))
        painter.setPen(token("text2"))
        shown = QFontMetrics(font(BODY)).elidedText(self.figure.label, Qt.TextElideMode.ElideRight, label.width())
        painter.drawText(label, _LEFT, shown)
        painter.setPen(token("danger" if self.figure.tone == "danger" else "text"))
        painter.drawText(QRect(inset, 0, self.width() - 2 * inset, high), _RIGHT, value_text(self.figure.value))
        begin = inset + self._label_px + px(10)
        room = self.width() - inset - self._figure_px - px(16) - begin
        long = room * self._share
        if self.figure.slot and long > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token(self.figure.slot))
            painter.drawRoundedRect(QRectF(begin, (high - px(_BAR_PX)) / 2, max(long, 2.0), px(_BAR_PX)), 2, 2)
        painter.end()
