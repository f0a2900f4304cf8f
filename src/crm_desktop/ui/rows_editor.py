"""An editor for repeated rows: any number of phones, e-mails, chat ids, addresses."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.merge import same
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.editor_row import EditorRow, RowColumn
from crm_desktop.ui.fonts import LABEL, set_font
from crm_desktop.ui.theme import set_ink

__all__ = ["RowColumn", "RowsEditor"]


class RowsEditor(Editor):
    """Rows of values, each a dict by field name; the value is a tuple of them in their order.

    `lines` holds the columns: one line makes a row, several a small block. `what` names one row
    ("Phone") for screen readers, `add_text` is the verb of the button ("Add a phone"). With `primary`
    each dict has that key and exactly one row says True. Rows nothing is typed in are left out.

    Enter in the last row begins another, in an empty one it goes on; Ctrl+Delete removes a row and
    Ctrl+Z in the editor brings it back, Alt+Up and Alt+Down move it.
    """

    def __init__(
        self,
        name: str,
        label: str,
        lines: Sequence[Sequence[RowColumn]],
        context: EditorContext,
        *,
        what: str,
        add_text: str,
        primary: str = "",
    ) -> None:
        frame = QWidget()
        super().__init__(name, label, frame)
        self._lines, self._context = lines, context
        self._what, self._primary = what, primary
        self._rows: list[EditorRow] = []
        self._removed: list[tuple[int, dict[str, Any]]] = []
        self._read_only = False
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self._body = QVBoxLayout()
        self._body.setSpacing(16 if len(lines) > 1 else 6)
        outer.addLayout(self._body)
        outer.addLayout(self._make_foot(add_text))
        shortcut = QShortcut(QKeySequence.StandardKey.Undo, frame)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.undo_removal)
        self.fill(())
        self._last = self.state()

    def _make_foot(self, add_text: str) -> QHBoxLayout:
        self._add = Button(add_text, "quiet", icon="plus")
        self._add.clicked.connect(self.add_row)
        self._undo_text = QLabel()
        set_font(self._undo_text, LABEL)
        set_ink(self._undo_text, "muted")
        self._undo = Button(_("Undo"), "link")
        self._undo.setToolTip("Ctrl+Z")
        self._undo.clicked.connect(self.undo_removal)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._add)
        foot.addStretch(1)
        foot.addWidget(self._undo_text)
        foot.addWidget(self._undo)
        return foot

    @property
    def rows(self) -> tuple[EditorRow, ...]:
        """Return the rows on screen, empty ones included."""
        return tuple(self._rows)

    def value(self) -> tuple[dict[str, Any], ...]:
        rows = [row for row in self._rows if not row.is_blank]
        values = [row.value() for row in rows]
        if self._primary:
            chosen = next((place for place, row in enumerate(rows) if row.star.isChecked()), 0)
            for place, value in enumerate(values):
                value[self._primary] = place == chosen
        return tuple(values)

    def state(self) -> Any:
        return (self.value(), tuple(editor.state() for row in self._rows for editor in row.editors.values()))

    def notice(self, *_args: object) -> None:
        if any(editor.composition.active for row in self._rows for editor in row.editors.values()):
            return
        state = self.state()
        if state != self._last:
            self._last = state
            self.edited.emit()

    def fill(self, value: Sequence[Mapping[str, Any]] | None) -> None:
        # Rows that stand already are filled again: saving must not take the keyboard out of one.
        wanted: list[Mapping[str, Any] | None] = list(value or ()) or [None]
        for row in self._rows[len(wanted) :]:
            self._drop(row)
        del self._rows[len(wanted) :]
        self._removed = []
        for row, values in zip(self._rows, wanted, strict=False):
            self._fill_row(row, values)
        for values in wanted[len(self._rows) :]:
            self._insert(len(self._rows), values)
        self._show_marks()
        self._order_tabs()

    def parts(self) -> tuple[QWidget, ...]:
        cells = [part for row in self._rows for part in self._stops(row)]
        return (*cells, self._add)

    def _stops(self, row: EditorRow) -> list[QWidget]:
        parts = [part for editor in row.editors.values() for part in editor.parts()]
        return [*parts, *([row.star] if self._primary else []), row.cross]

    def problem(self) -> str | None:
        wrong = 0
        for row in self._rows:
            found = row.problem()
            row.show_problem(*(found or ()))
            wrong += found is not None
        return _("Look at the marked rows.") if wrong else None

    def set_error(self, text: str | None) -> None:
        self.error = text or None
        self.widget.setAccessibleDescription(text or "")
        if not text:
            for row in self._rows:
                row.show_problem()

    def set_row_error(self, place: str, text: str) -> None:
        """Mark one value: `place` is "0.number", counted over the rows that are not empty."""
        number, __, name = place.partition(".")
        filled = [row for row in self._rows if not row.is_blank]
        if number.isdigit() and int(number) < len(filled):
            filled[int(number)].show_problem(name, text)
        self.error = text

    def is_empty(self) -> bool:
        return not self.value()

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        for row in self._rows:
            row.set_read_only(read_only)
        self._add.setVisible(not read_only)

    def focus(self) -> None:
        wrong = [row for row in self._rows if row.has_error]
        (wrong or self._rows)[0].focus()

    def add_row(self) -> None:
        """Begin a row, or go to the empty one that is there already."""
        if not self._rows[-1].is_blank:
            self._insert(len(self._rows), None)
        self._settle()
        self._rows[-1].focus()

    def undo_removal(self) -> None:
        """Bring the row removed last back to its place."""
        if not self._removed:
            return
        place, values = self._removed.pop()
        if len(self._rows) == 1 and self._rows[0].is_blank:
            self._drop(self._rows.pop())
        row = self._insert(min(place, len(self._rows)), values)
        self._settle()
        row.focus()

    def _insert(self, place: int, values: Mapping[str, Any] | None) -> EditorRow:
        what = self._what if not place else f"{self._what} {place + 1}"
        row = EditorRow(self._lines, self._context, what=what, primary=bool(self._primary))
        if values is not None:
            self._fill_row(row, values)
        row.set_read_only(self._read_only)
        row.edited.connect(self._row_edited)
        row.left.connect(self._row_left)
        row.entered.connect(self._row_entered)
        row.removed.connect(self._remove)
        row.moved.connect(self._move)
        row.primary_wanted.connect(self._choose_primary)
        self._rows.insert(place, row)
        self._body.insertWidget(place, row)
        return row

    def _fill_row(self, row: EditorRow, values: Mapping[str, Any] | None) -> None:
        row.show_problem()
        if values is None:
            row.clear()
        else:
            row.fill({name: value for name, value in values.items() if name != self._primary})
        row.star.setChecked(bool(self._primary and values and values.get(self._primary)))

    def _drop(self, row: EditorRow) -> None:
        self._body.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _row_edited(self, row: EditorRow) -> None:
        if row.has_error and row.problem() is None:
            row.show_problem()
            if not any(other.has_error for other in self._rows):
                self.error = None
        self._show_marks()
        self.notice()

    def _row_left(self, row: EditorRow) -> None:
        found = row.problem()
        # The next value of the same row may still be missing because it comes next.
        if found and not row.editors[found[0]].is_empty():
            row.show_problem(*found)
        if self._leaves():
            self.left.emit()

    def _row_entered(self, row: EditorRow) -> None:
        if row is not self._rows[-1]:
            self._rows[self._rows.index(row) + 1].focus()
        elif row.is_blank:
            self.committed.emit()
        else:
            self.add_row()

    def _remove(self, row: EditorRow) -> None:
        if self._read_only:
            return
        place = self._rows.index(row)
        if not row.is_blank:
            values = row.value()
            if self._primary:
                values[self._primary] = row.star.isChecked()
            self._removed.append((place, values))
        self._rows.remove(row)
        self._drop(row)
        if not self._rows:
            self._insert(0, None)
        self._settle()
        self._rows[min(place, len(self._rows) - 1)].focus()

    def _move(self, row: EditorRow, by: int) -> None:
        place = self._rows.index(row) + by
        if self._read_only or not 0 <= place < len(self._rows):
            return
        focused = row.focusWidget()
        self._rows.remove(row)
        self._rows.insert(place, row)
        self._body.removeWidget(row)
        self._body.insertWidget(place, row)
        self._settle()
        if focused is not None:
            focused.setFocus()

    def _choose_primary(self, row: EditorRow) -> None:
        for other in self._rows:
            other.star.setChecked(other is row)
        self._settle()

    def _settle(self) -> None:
        """Bring marks, Tab order and listeners in line after a change of the rows."""
        self._show_marks()
        self._order_tabs()
        self.notice()

    def _order_tabs(self) -> None:
        """Let Tab go through the rows where the editor stands; rows added later come last otherwise."""
        before: QWidget | None = self._add.previousInFocusChain()
        while (
            before is not None
            and before is not self._add
            and (self.widget.isAncestorOf(before) or not before.focusPolicy() & Qt.FocusPolicy.TabFocus)
        ):
            before = before.previousInFocusChain()
        parts = self.parts() if before is None or before is self._add else (before, *self.parts())
        for first, second in itertools.pairwise(parts):
            QWidget.setTabOrder(first, second)

    def _show_marks(self) -> None:
        blank = len(self._rows) == 1 and self._rows[0].is_blank
        for row in self._rows:
            row.cross.setVisible(not self._read_only and not blank)
            row.star.setVisible(bool(self._primary) and len(self._rows) > 1)
        filled = [row for row in self._rows if not row.is_blank]
        if self._primary and filled and not any(row.star.isChecked() for row in filled):
            for row in self._rows:
                row.star.setChecked(row is filled[0])
        self._undo.setVisible(bool(self._removed))
        self._undo_text.setVisible(bool(self._removed))
        if self._removed:
            text = self._named(self._removed[-1][1])
            self._undo_text.setText(_("{what} removed.").format(what=text))

    def _named(self, values: Mapping[str, Any]) -> str:
        """Return what a person calls the row: the first text in it."""
        texts = [values.get(column.field.name) for line in self._lines for column in line if column.stretch]
        return next((str(text) for text in texts if text and not same(text, "")), self._what)
