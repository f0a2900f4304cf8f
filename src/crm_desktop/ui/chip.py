"""Filter chips: the name muted, the value in 600, a cross that takes the filter away."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import LABEL, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import token


class Chip(QToolButton):
    """A filter in force. A click opens its menu (or emits `clicked`), the cross or Delete removes it."""

    removed = Signal()

    def __init__(self, name: str, value: str = "", *, removable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._value, self._removable = name, value, removable
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._over_cross = False
        self._describe()

    @property
    def value(self) -> str:
        """Return the value shown."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show another value."""
        self._value = value
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        name = _("Filter {name}: {value}").format(name=self._name, value=self._value)
        self.setAccessibleName(name if self._value else self._name)
        if self._removable:
            self.setToolTip(_("Delete removes this filter"))

    def _longest(self) -> float:
        return px(280)

    def _widths(self) -> tuple[float, float]:
        name = QFontMetricsF(font(LABEL)).horizontalAdvance(self._name)
        value = QFontMetricsF(font(LABEL, SEMIBOLD)).horizontalAdvance(self._value)
        return name, min(value, self._longest())

    def sizeHint(self) -> QSize:
        """Return the room its text, icon and padding need."""
        name, value = self._widths()
        tail = px(20) if self._removable else px(18) if self.menu() else 0
        between = px(6) if self._value and self._name else 0
        return QSize(round(name + value + between) + px(20) + tail, max(px(26), self.fontMetrics().height() + 6))

    def minimumSizeHint(self) -> QSize:
        """Return the same as `sizeHint`: its text is never cut."""
        return self.sizeHint()

    def _cross(self) -> QRectF:
        side = px(14)
        return QRectF(self.width() - side - px(6), (self.height() - side) / 2, side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = "hover" if self.underMouse() and self.isEnabled() else "sunken"
        paint_panel(painter, box, token(ground), token("line"))
        if self.hasFocus():
            paint_focus_ring(painter, box)
        name, value = self._widths()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        left = float(px(10))
        painter.drawText(QRectF(left, 0, name + 2, box.height()), middle, self._name)
        left += name + (px(6) if self._name else 0)
        painter.setFont(font(LABEL, SEMIBOLD))
        painter.setPen(token("text" if self.isEnabled() else "muted"))
        shown = painter.fontMetrics().elidedText(self._value, Qt.TextElideMode.ElideRight, round(value) + 1)
        painter.drawText(QRectF(left, 0, value + 2, box.height()), middle, shown)
        if self._removable:
            paint_icon(painter, self._cross(), "x", "text" if self._over_cross else "muted")
        elif self.menu():
            paint_icon(painter, self._cross(), "chevron-down", "muted")

    def _on_cross(self, event: QMouseEvent) -> bool:
        return self._removable and self._cross().adjusted(-4, -6, 6, 6).contains(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the cross under the pointer."""
        over = self._on_cross(event)
        if over != self._over_cross:
            self._over_cross = over
            self.update()
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the filter away at the cross."""
        if event.button() == Qt.MouseButton.LeftButton and self._on_cross(event):
            self.removed.emit()
            return
        super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has left."""
        self._over_cross = False
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys named in the class."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            if self.menu():
                self.showMenu()
            else:
                self.click()
            return
        super().keyPressEvent(event)


class AddChip(QToolButton):
    """The dashed chip that adds a filter."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room its text, icon and padding need."""
        words = QFontMetricsF(font(LABEL, REGULAR)).horizontalAdvance(self.text())
        return QSize(round(words) + px(38), max(px(26), self.fontMetrics().height() + 6))

    def minimumSizeHint(self) -> QSize:
        """Return the same as `sizeHint`: its text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.hasFocus():
            paint_focus_ring(painter, box)
        else:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(token("line"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(token("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.restore()
        paint_icon(painter, QRectF(px(9), 0, px(14), box.height()), "plus", "text2")
        painter.setFont(font(LABEL))
        painter.setPen(token("text2"))
        painter.drawText(box.adjusted(px(28), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
