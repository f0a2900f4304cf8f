"""The tabs over the sheet: chosen one open to it, a dot for what is not saved, a cross to close."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QTabBar, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_panel
from crm_desktop.ui.theme import token

DOT_PX = 6


class _Cross(QAbstractButton):
    """Closes its tab; shows the dot of unsaved work until the pointer is on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.unsaved = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(_("Close this tab (Ctrl+W)"))
        self.setAccessibleName(_("Close this tab"))

    def sizeHint(self) -> QSize:
        """Return a square of 18 px."""
        return QSize(px(18), px(18))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is on it."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has left."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cross or the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.unsaved and not self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("warn"))
            side = px(DOT_PX)
            painter.drawEllipse(QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side))
            return
        if self.underMouse():
            paint_panel(painter, box, token("selection"), None)
        side = px(14)
        paint_icon(painter, QRectF((box.width() - side) / 2, (box.height() - side) / 2, side, side), "x", "muted")


class TabStrip(QTabBar):
    """`QTabBar` with our crosses; middle click closes."""

    close_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setIconSize(QSize(px(14), px(14)))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Open tabs"))

    def add(self, text: str) -> int:
        """Append a tab with its cross; returns its place."""
        place = self.addTab(text)
        cross = _Cross(self)
        cross.resize(cross.sizeHint())
        cross.clicked.connect(self._close_of_sender)
        self.setTabButton(place, QTabBar.ButtonPosition.RightSide, cross)
        return place

    def set_unsaved(self, place: int, unsaved: bool) -> None:
        """Put the dot in the place of the cross."""
        cross = self.tabButton(place, QTabBar.ButtonPosition.RightSide)
        if isinstance(cross, _Cross) and cross.unsaved != unsaved:
            cross.unsaved = unsaved
            cross.setAccessibleDescription(_("Not saved yet") if unsaved else "")
            cross.update()

    def is_unsaved(self, place: int) -> bool:
        """Return whether the dot is there."""
        cross = self.tabButton(place, QTabBar.ButtonPosition.RightSide)
        return isinstance(cross, _Cross) and cross.unsaved

    def tabSizeHint(self, index: int) -> QSize:
        """Keep a long name from pushing the others away."""
        size = super().tabSizeHint(index)
        return QSize(min(size.width(), px(240)), size.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Let many tabs shrink before they scroll."""
        size = super().tabSizeHint(index)
        return QSize(min(size.width(), px(110)), size.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Close with the middle button."""
        if event.button() == Qt.MouseButton.MiddleButton:
            place = self.tabAt(event.position().toPoint())
            if place >= 0:
                self.close_wanted.emit(place)
                return
        super().mouseReleaseEvent(event)

    def _close_of_sender(self) -> None:
        for place in range(self.count()):
            if self.tabButton(place, QTabBar.ButtonPosition.RightSide) is self.sender():
                self.close_wanted.emit(place)
                return
