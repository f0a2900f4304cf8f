"""Editors of the letterhead: a picture from a file, and the one colour of the paper."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.reports.paper import DEFAULT_COLOUR
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.editor import Editor, field_width
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.shapes import paint_focus_ring
from crm_desktop.ui.theme import token

COLOURS: Final = (
    (DEFAULT_COLOUR, N_("Petrol")),
    ("#1F4E8C", N_("Blue")),
    ("#2E6B3A", N_("Green")),
    ("#9C2A20", N_("Cinnabar")),
    ("#8A5A00", N_("Ochre")),
    ("#5B3F8C", N_("Violet")),
    ("#182026", N_("Ink")),
)


class _Thumbnail(QWidget):
    """Shows a picture on white, as on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.setFixedSize(px(132), px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self.image.isNull():
            room = self.size() - QSize(px(8), px(8))
            size = self.image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self.image)
        painter.setPen(token("field"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PictureEditor(Editor):
    """A PNG or JPEG; `choose` asks for a file and calls back with its bytes."""

    def __init__(self, name: str, label: str, choose: Callable[[Callable[[bytes], None]], None]) -> None:
        widget = QWidget()
        self.thumbnail = _Thumbnail()
        self.choose = Button(_("Choose…"), icon="folder-open")
        self.remove = Button(_("Remove"), "quiet")
        self._size = text_label("", LABEL, REGULAR, "muted")
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(self.thumbnail)
        column = QVBoxLayout()
        column.setSpacing(px(4))
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._size)
        row.addLayout(column, 1)
        super().__init__(name, label, widget)
        self._data = b""
        self._choose_file = choose
        for button, verb in ((self.choose, self.choose.text()), (self.remove, self.remove.text())):
            button.setAccessibleName(f"{label}: {verb}")
        self.watch(self.choose, self.remove)
        self.choose.clicked.connect(lambda: self._choose_file(self.take))
        self.remove.clicked.connect(lambda: self.take(b""))

    def take(self, data: bytes) -> None:
        """Take what the person chose."""
        self.fill(data)
        self.notice()

    def value(self) -> bytes:
        return self._data

    def fill(self, value: Any) -> None:
        self._data = bytes(value or b"")
        self.thumbnail.image = QImage.fromData(self._data)
        self.thumbnail.update()
        self.remove.setVisible(bool(self._data))
        said = _("{kb} KB").format(kb=f"{len(self._data) / 1000:,.0f}") if self._data else _("PNG or JPEG, up to 2 MB")
        self._size.setText(said)

    def parts(self) -> tuple[QWidget, ...]:
        return (self.choose, self.remove)

    def set_read_only(self, read_only: bool) -> None:
        for button in self.parts():
            button.setEnabled(not read_only)


class _Swatch(QAbstractButton):
    """One colour to choose; the chosen one has a ring and a mark."""

    def __init__(self, colour: str, name: str) -> None:
        super().__init__()
        self.colour = colour
        self.setCheckable(True)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFixedSize(px(28), px(28))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(token("field"))
        painter.setBrush(QColor(self.colour))
        middle = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        painter.drawEllipse(middle)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(Qt.GlobalColor.white)
            third = middle.width() / 3
            painter.drawEllipse(middle.adjusted(third, third, -third, -third))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 4)


class ColourEditor(Editor):
    """Seven colours that suit paper, or any other written as #RRGGBB."""

    def __init__(self, name: str, label: str) -> None:
        widget = QWidget()
        widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        self.group = QButtonGroup(widget)
        self.swatches = {colour: _Swatch(colour, _(said)) for colour, said in COLOURS}
        for swatch in self.swatches.values():
            self.group.addButton(swatch)
            row.addWidget(swatch)
        self.line = QLineEdit()
        self.line.setMaxLength(7)
        self.line.setFixedWidth(field_width(9))
        row.addSpacing(px(8))
        row.addWidget(self.line)
        super().__init__(name, label, widget)
        self.line.setAccessibleName(_("Another colour, written like #0B6677"))
        self.watch(*self.parts())
        for colour, swatch in self.swatches.items():
            swatch.clicked.connect(partial(self._choose, colour))
        self.line.textEdited.connect(self._typed)

    def _choose(self, colour: str) -> None:
        self.line.setText(colour)
        self.notice()

    def _typed(self, _text: str) -> None:
        self._mark()
        self.notice()

    def _mark(self) -> None:
        chosen = self.swatches.get(self.value())
        self.group.setExclusive(False)
        for swatch in self.swatches.values():
            swatch.setChecked(swatch is chosen)
        self.group.setExclusive(chosen is not None)

    def value(self) -> str:
        return self.line.text().strip().upper()

    def fill(self, value: Any) -> None:
        self.line.setText(str(value or DEFAULT_COLOUR).upper())
        self._mark()

    def problem(self) -> str | None:
        text = self.value()
        written = len(text) == 7 and text[0] == "#" and all(char in "0123456789ABCDEF" for char in text[1:])
        return None if written else _("A colour is written like #0B6677.")

    def parts(self) -> tuple[QWidget, ...]:
        return (*self.swatches.values(), self.line)
