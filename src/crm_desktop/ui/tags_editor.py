"""Tags as small chips in one field, with type-ahead over the tags in use."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from crm_desktop.shared.i18n import _
from crm_desktop.ui.completions import dress_completions
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.flow_layout import FlowLayout
from crm_desktop.ui.fonts import LABEL, px, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.theme import token

SEPARATORS = ",，、;；\n"
"""Each of these ends a tag, so that a list can be pasted."""


class TagsFrame(QFrame):
    """Looks like an input, and gives the keyboard to the line in it wherever it is clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.focused = False
        self.read_only = False
        self.wrong = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        strong = self.focused or self.wrong
        colour = "danger" if self.wrong else "focus" if self.focused else "line" if self.read_only else "field"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if strong else 1
        painter.setPen(QPen(token(colour), width))
        painter.setBrush(token("sunken" if self.read_only else "surface"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setFocus(Qt.FocusReason.MouseFocusReason)


class TagChip(QFrame):
    """One tag and the cross that takes it away."""

    def __init__(self, tag: str, remove: Any) -> None:
        super().__init__()
        self.tag = tag
        self.setObjectName("tag")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 2, 0)
        row.setSpacing(2)
        word = QLabel(tag)
        set_font(word, LABEL, 400)
        self.cross = QToolButton()
        self.cross.setAutoRaise(True)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.setAccessibleName(_("Remove the tag {tag}").format(tag=tag))
        self.cross.setToolTip(self.cross.accessibleName())
        set_icon(self.cross, "x", "muted", 12)
        self.cross.setFixedSize(px(18), px(18))
        self.cross.clicked.connect(lambda: remove(tag))
        row.addWidget(word)
        row.addWidget(self.cross)
        self.setFixedHeight(px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(token("line"), 1))
        painter.setBrush(token("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class TagsEditor(Editor):
    """A tuple of tag names. Enter, Tab or a comma ends a tag, Backspace in front takes the last away."""

    def __init__(self, name: str, label: str, known: Sequence[str] = (), allow_new: bool = True) -> None:
        self.frame = TagsFrame()
        super().__init__(name, label, self.frame)
        self._known = {tag.casefold(): tag for tag in known}
        self._allow_new = allow_new
        self._tags: list[str] = []
        self.frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.line = QLineEdit()
        # The frame around it draws the border; a font-independent rule, so no theme change touches it.
        height = f"min-height: {px(22)}px; max-height: {px(22)}px"
        self.line.setStyleSheet(f"QLineEdit {{ border: 0; padding: 0; {height}; background: transparent; }}")
        self.line.setTextMargins(px(2), 0, 0, 0)
        self.line.setMinimumWidth(px(90))
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(_("Add a tag"))
        self._flow = FlowLayout(self.frame)
        self._flow.setContentsMargins(6, 4, 6, 4)
        self._flow.addWidget(self.line)
        self.frame.setFocusProxy(self.line)
        self._complete()
        self.watch(self.line)
        self.line.textEdited.connect(self._typed)

    def _complete(self) -> None:
        completer = QCompleter(sorted(self._known.values()), self.line)
        dress_completions(completer)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.line.setCompleter(completer)

    def value(self) -> tuple[str, ...]:
        return tuple(self._tags)

    def state(self) -> Any:
        return (*self._tags, "\0" + self.line.text()) if self.line.text().strip() else tuple(self._tags)

    def fill(self, value: Any) -> None:
        self._tags = []
        self.line.clear()
        for tag in value or ():
            self._tags.append(str(tag))
        self._show()

    def problem(self) -> str | None:
        text = self.line.text().strip()
        if text and not self._allow_new and text.casefold() not in self._known:
            return _("There is no tag “{tag}”. Choose one of the list.").format(tag=text)
        return None

    def is_empty(self) -> bool:
        return not self._tags and not self.line.text().strip()

    def parts(self) -> tuple[QWidget, ...]:
        return (self.line,)

    def set_error(self, text: str | None) -> None:
        super().set_error(text)
        self.frame.wrong = bool(text)
        self.frame.update()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.line.setPlaceholderText("" if read_only else _("Add a tag"))
        self.frame.read_only = read_only
        self.frame.update()
        for chip in self._chips():
            chip.cross.setVisible(not read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End a tag with Enter or Tab, take the last one away with Backspace."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.frame.focused = event.type() == QEvent.Type.FocusIn
            self.frame.update()
            if event.type() == QEvent.Type.FocusOut and not self._popup_open():
                self._finish()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if self.composition.active or self.line.isReadOnly():
            return False
        text = self.line.text().strip()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if text:
                self._take(text)
            else:
                self.committed.emit()
            return True
        if event.key() == Qt.Key.Key_Backspace and not self.line.text() and self._tags:
            self.remove(self._tags[-1])
            return True
        return False

    def _popup_open(self) -> bool:
        completer = self.line.completer()
        return completer is not None and completer.popup().isVisible()

    def _typed(self, text: str) -> None:
        if any(mark in text for mark in SEPARATORS):
            for mark in SEPARATORS:
                text = text.replace(mark, "\n")
            *whole, rest = text.split("\n")
            self.line.setText(rest.lstrip())
            for tag in whole:
                self._add(tag)
            self._show()
        self.notice()

    def _take(self, text: str) -> None:
        """Make a chip of `text`."""
        if self._add(text):
            self.line.clear()
            self._show()
        self.notice()

    def _finish(self) -> None:
        """Make a chip of what was typed when the focus leaves, so that it is saved with the rest."""
        if self.line.text().strip():
            self._take(self.line.text())

    def _add(self, text: str) -> bool:
        tag = " ".join(text.split())
        tag = self._known.get(tag.casefold(), tag)
        if not tag or (not self._allow_new and tag.casefold() not in self._known):
            return False
        if tag.casefold() not in (other.casefold() for other in self._tags):
            self._tags.append(tag)
        return True

    def remove(self, tag: str) -> None:
        """Take `tag` away as the person does."""
        if tag in self._tags:
            self._tags.remove(tag)
            self._show()
            self.line.setFocus()
            self.notice()

    def _chips(self) -> list[TagChip]:
        items = [self._flow.itemAt(place) for place in range(self._flow.count())]
        return [item.widget() for item in items if item and isinstance(item.widget(), TagChip)]

    def _show(self) -> None:
        for chip in self._chips():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for tag in self._tags:
            chip = TagChip(tag, self.remove)
            chip.cross.setVisible(not self.line.isReadOnly())
            self._flow.insert_before_last(chip)
        self._flow.invalidate()
        self.frame.updateGeometry()
