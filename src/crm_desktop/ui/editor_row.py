"""One row of a `RowsEditor`: a phone, an e-mail, an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import LABEL, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.theme import set_ink

_CHOSEN = (Kind.CHOICE, Kind.STATUS, Kind.BOOLEAN, Kind.USER)


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One value of a row. `stretch` shares the spare width, `check` returns why a value is refused.

    `default` is what a new row begins with; a row whose typed values are all empty is no row.
    """

    field: Field
    stretch: int = 0
    required: bool = False
    check: Callable[[Any], str | None] | None = None
    default: Any = None


class EditorRow(QWidget):
    """The editors of one row, its primary mark and the cross that takes it away."""

    edited = Signal(object)
    left = Signal(object)
    entered = Signal(object)
    removed = Signal(object)
    moved = Signal(object, int)
    primary_wanted = Signal(object)

    def __init__(
        self, lines: Sequence[Sequence[RowColumn]], context: EditorContext, *, what: str, primary: bool
    ) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lines = lines
        self._carried: dict[str, Any] = {}
        self.editors: dict[str, Editor] = {}
        self.star = QToolButton(checkable=True)
        self.cross = QToolButton()
        self._error = QLabel(objectName="row_error")
        self._error.setWordWrap(True)
        set_font(self._error, LABEL)
        set_ink(self._error, "danger")
        self._error.hide()
        self._build(context, what, primary)

    @property
    def columns(self) -> tuple[RowColumn, ...]:
        """Return the columns in reading order."""
        return tuple(column for line in self._lines for column in line)

    def _build(self, context: EditorContext, what: str, primary: bool) -> None:
        outer = QVBoxLayout(self)
        blocks = len(self._lines) > 1
        outer.setContentsMargins(0, 4 if blocks else 0, 0, 0)
        outer.setSpacing(6)
        for place, line in enumerate(self._lines):
            row = QHBoxLayout()
            row.setSpacing(8)
            for column in line:
                editor = self._editor(column, context, what)
                part = FieldBox(editor.label, editor.widget) if blocks else editor.widget
                if blocks:
                    part.setSizePolicy(editor.widget.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Preferred)
                row.addWidget(part, column.stretch, Qt.AlignmentFlag.AlignTop)
            if not any(column.stretch for column in line):
                row.addStretch(1)
            if place == 0:
                self._add_marks(row, what, primary)
            outer.addLayout(row)
        outer.addWidget(self._error)

    def _editor(self, column: RowColumn, context: EditorContext, what: str) -> Editor:
        editor = editor_for(column.field, context)
        self.editors[column.field.name] = editor
        name = _("{what}: {field}").format(what=what, field=editor.label)
        for part in editor.parts():
            part.setAccessibleName(name)
            part.installEventFilter(self)
            if hasattr(part, "setPlaceholderText") and len(self._lines) == 1:
                part.setPlaceholderText(editor.label)
        if column.default is not None:
            editor.set_value(column.default)
        editor.edited.connect(lambda: self.edited.emit(self))
        editor.left.connect(lambda: self.left.emit(self))
        editor.committed.connect(lambda: self.entered.emit(self))
        return editor

    def _add_marks(self, row: QHBoxLayout, what: str, primary: bool) -> None:
        set_icon(self.star, "star", "muted")
        self.star.setAccessibleName(_("{what}: use this one first").format(what=what))
        self.star.setToolTip(_("Use this one first"))
        self.star.clicked.connect(lambda: self.primary_wanted.emit(self))
        self.star.setVisible(primary)
        set_icon(self.cross, "x", "muted")
        self.cross.setAutoRaise(True)
        self.cross.setAccessibleName(_("{what}: remove").format(what=what))
        self.cross.setToolTip(_("Remove (Ctrl+Delete). Alt+Up and Alt+Down move it."))
        self.cross.clicked.connect(lambda: self.removed.emit(self))
        for mark in (self.star, self.cross):
            mark.installEventFilter(self)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)

    def value(self) -> dict[str, Any]:
        """Return the row by field name, with whatever else it was loaded with (its id)."""
        return {**self._carried, **{name: editor.value() for name, editor in self.editors.items()}}

    def fill(self, row: Mapping[str, Any]) -> None:
        """Show a row."""
        self._carried = {name: value for name, value in row.items() if name not in self.editors}
        for name, editor in self.editors.items():
            editor.set_value(row.get(name))

    def clear(self) -> None:
        """Show what a new row begins with."""
        self._carried = {}
        for column in self.columns:
            self.editors[column.field.name].set_value(column.default)

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is typed; a kind that is merely chosen does not make a row."""
        typed = [self.editors[c.field.name] for c in self.columns if c.field.kind not in _CHOSEN]
        return all(editor.is_empty() for editor in typed or self.editors.values())

    def problem(self) -> tuple[str, str] | None:
        """Return (field name, reason) of the first value that cannot be saved."""
        if self.is_blank:
            return None
        for column in self.columns:
            editor = self.editors[column.field.name]
            reason = editor.problem()
            if reason is None and column.required and editor.is_empty():
                reason = _("{label} is needed.").format(label=editor.label)
            if reason is None and column.check and not editor.is_empty():
                reason = column.check(editor.value())
            if reason:
                return column.field.name, reason
        return None

    def show_problem(self, name: str = "", reason: str = "") -> None:
        """Mark the value `name` and say the reason under the row; without a reason all is well."""
        for own, editor in self.editors.items():
            editor.set_error(reason if reason and own == name else None)
        self._error.setText(reason)
        self._error.setVisible(bool(reason))

    @property
    def has_error(self) -> bool:
        """Return whether an error stands under the row."""
        return not self._error.isHidden()

    def set_read_only(self, read_only: bool) -> None:
        """Let the row be read and copied only."""
        for editor in self.editors.values():
            if not editor.locked:
                editor.set_read_only(read_only)
        self.star.setEnabled(not read_only)
        self.cross.setVisible(not read_only)

    def focus(self) -> None:
        """Put the keyboard into the wrong value, else where typing begins."""
        wrong = [editor for editor in self.editors.values() if editor.error]
        typed = [self.editors[c.field.name] for c in self.columns if c.field.kind not in _CHOSEN]
        (wrong or typed or list(self.editors.values()))[0].focus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remove with Ctrl+Delete, move with Alt+Up and Alt+Down."""
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        ):
            action = self._key(event)
            if action is not None:
                if event.type() == QEvent.Type.KeyPress:
                    action()
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> Callable[[], None] | None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return lambda: self.removed.emit(self)
        if alt and event.key() == Qt.Key.Key_Up:
            return lambda: self.moved.emit(self, -1)
        if alt and event.key() == Qt.Key.Key_Down:
            return lambda: self.moved.emit(self, 1)
        return None
