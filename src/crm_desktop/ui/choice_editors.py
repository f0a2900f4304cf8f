"""Editors for what is chosen: one of several, a user, yes or no."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy

from crm_desktop.shared.i18n import _
from crm_desktop.ui.editor import Editor, field_width
from crm_desktop.ui.fonts import px

LONGEST_LIST = 14
"""Entries an open list shows before it scrolls."""


class ChoiceEditor(Editor):
    """One of `choices`, (stored value, label shown); `empty` is the label of "nothing chosen", None
    where something must be."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[tuple[Any, str]],
        empty: str | None = "",
        chars: int = 0,
    ) -> None:
        self.combo = QComboBox()
        super().__init__(name, label, self.combo)
        self._offered = len(choices) + (empty is not None)
        if empty is not None:
            self.combo.addItem(empty, None)
        for key, text in choices:
            self.combo.addItem(text, key)
        self.combo.setMaxVisibleItems(LONGEST_LIST)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setMinimumWidth(field_width(max(8, chars)))
        self.combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.watch(self.combo)
        self.combo.activated.connect(self.notice)

    def value(self) -> Any:
        return self.combo.currentData()

    def fill(self, value: Any) -> None:
        while self.combo.count() > self._offered:
            self.combo.removeItem(self.combo.count() - 1)
        place = self._place(value)
        if place < 0 and value not in (None, ""):
            # A key that is no longer offered (a retired level, a user who left) must survive a save.
            self.combo.addItem(self.retired(value), value)
            place = self.combo.count() - 1
        self.combo.setCurrentIndex(place)

    def _place(self, value: Any) -> int:
        keys = [self.combo.itemData(place) for place in range(self.combo.count())]
        if value in keys:
            return keys.index(value)
        return keys.index(None) if value in (None, "") and None in keys else -1

    def retired(self, value: Any) -> str:
        """Return what to show for a value that is not among the choices."""
        return str(value)

    def set_read_only(self, read_only: bool) -> None:
        self.combo.setEnabled(not read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll the page, not change a value somebody scrolls past."""
        if isinstance(event, QWheelEvent):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class UserEditor(ChoiceEditor):
    """A user by name; nobody is one of the answers."""

    def retired(self, value: Any) -> str:
        return _("A user who left (number {number})").format(number=value)


class TickEditor(Editor):
    """Yes or no, with the label beside the box."""

    def __init__(self, name: str, label: str) -> None:
        self.box = QCheckBox(label)
        super().__init__(name, label, self.box)
        self.box.setMinimumHeight(px(30))
        self.box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.watch(self.box)
        self.box.clicked.connect(self.notice)

    def value(self) -> bool:
        return self.box.isChecked()

    def fill(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def set_read_only(self, read_only: bool) -> None:
        self.box.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, read_only)
        self.box.setEnabled(not read_only)
