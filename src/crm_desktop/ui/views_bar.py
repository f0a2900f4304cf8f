"""The row of saved views beside the title of a list: one is chosen, a dot marks unsaved changes."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import token


class _ViewTab(QAbstractButton):
    def __init__(self, key: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.count = ""
        self.changed_view = False
        self.setText(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room its text, icon and padding need."""
        # Room for 600 at all times, so that choosing a view moves no other.
        words = QFontMetricsF(font(BODY, SEMIBOLD)).horizontalAdvance(self._shown())
        dot = px(12) if self.changed_view else 0
        return QSize(round(words) + px(20) + dot, max(px(28), self.fontMetrics().height() + 8))

    def _shown(self) -> str:
        return f"{self.text()} {self.count}".strip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isChecked():
            paint_panel(painter, box, token("accent-soft"), None)
        elif self.underMouse():
            paint_panel(painter, box, token("hover"), None)
        if self.hasFocus():
            paint_focus_ring(painter, box)
        painter.setFont(font(BODY, SEMIBOLD if self.isChecked() else REGULAR))
        painter.setPen(token("accent" if self.isChecked() else "text2"))
        words = box.adjusted(0, 0, -px(12), 0) if self.changed_view else box
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._shown())
        if self.changed_view:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("warn"))
            painter.drawEllipse(QRectF(box.right() - px(14), box.center().y() - 3, 6, 6))


class ViewsBar(QWidget):
    """Segments of which exactly one is chosen; arrow keys move the choice."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Saved views"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._group = QButtonGroup(self)
        self._tabs: dict[str, _ViewTab] = {}
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def add_view(self, key: str, text: str, count: str = "") -> None:
        """Append the view `key`; `count` is shown behind its name. The first one is chosen."""
        tab = _ViewTab(key, text, self)
        tab.count = count
        tab.clicked.connect(self._tell)
        self._group.addButton(tab)
        self._tabs[key] = tab
        self._row.addWidget(tab)
        if len(self._tabs) == 1:
            tab.setChecked(True)

    def clear(self) -> None:
        """Take all views away."""
        for tab in self._tabs.values():
            self._group.removeButton(tab)
            self._row.removeWidget(tab)
            tab.deleteLater()
        self._tabs = {}

    def keys(self) -> list[str]:
        """Return the keys of the views in their order."""
        return list(self._tabs)

    def current(self) -> str:
        """Return the key of the chosen view, "" when there is none."""
        return next((key for key, tab in self._tabs.items() if tab.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose `key` without emitting `chosen`; an unknown key changes nothing."""
        if key in self._tabs:
            self._tabs[key].setChecked(True)

    def set_changed(self, key: str, changed: bool) -> None:
        """Mark `key` as differing from what was saved."""
        if tab := self._tabs.get(key):
            tab.changed_view = changed
            tab.setAccessibleDescription(_("changed, not saved") if changed else "")
            tab.updateGeometry()
            tab.update()

    def set_count(self, key: str, count: str) -> None:
        """Show `count` behind the name of `key`."""
        if tab := self._tabs.get(key):
            tab.count = count
            tab.updateGeometry()
            tab.update()

    def _tell(self) -> None:
        self.chosen.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys named in the class."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._tabs:
            super().keyPressEvent(event)
            return
        keys = self.keys()
        place = (keys.index(self.current()) + step) % len(keys)
        self._tabs[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
        self._tabs[keys[place]].click()
