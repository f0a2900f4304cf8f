"""A form over the fields of one record: editors by name, what changed, what is wrong.

A feature takes labelled boxes from the form and lays them out by hand, in one page or over several
tabs; the form itself has no layout.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.merge import is_empty, same
from crm_desktop.shared.record import Record
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.editor import Editor, EditorContext, finish_composition
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.fieldbox import FieldBox

Limits = Mapping[str, tuple[bool, int | None]]
"""Field name -> (needed, longest text in characters or None), as the columns have it."""
Check = Callable[[Any], str | None]
"""Returns why a value is refused, in the language on screen, or None."""

GAP_PX = 12


class RecordForm(QWidget):
    """The editors of one record, loaded, edited and saved as a whole.

    Only fields the actor may read are offered. `edited` follows every change by the person,
    `dirty_changed` the unsaved dot, `error_shown` names the field that gets the focus (so that the tab
    holding it can come to the front), `committed` an Enter in the last one-line editor.
    """

    edited = Signal()
    dirty_changed = Signal(bool)
    error_shown = Signal(str)
    errors_changed = Signal()
    committed = Signal()

    def __init__(
        self,
        fields: Sequence[Field],
        context: EditorContext,
        limits: Limits | None = None,
        checks: Mapping[str, Check] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        actor = context.actor
        self.context = context
        self._fields = {field.name: field for field in fields if actor is None or field.readable_by(actor)}
        self._limits = dict(limits or {})
        self._checks = dict(checks or {})
        self._editors: dict[str, Editor] = {}
        self._boxes: dict[str, FieldBox] = {}
        self._loaded: dict[str, Any] = {}
        self._baseline: dict[str, Any] = {}
        self._touched: set[str] = set()
        self._was_dirty = False

    # Building -----------------------------------------------------------------------------------

    def offers(self, name: str) -> bool:
        """Return whether the actor may see the field `name` here."""
        return name in self._fields or name in self._editors

    def field(self, name: str) -> Field | None:
        """Return the description of a field, None for an editor the form did not make."""
        return self._fields.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the editors in use, in the order they were taken."""
        return tuple(self._editors)

    def editor(self, name: str) -> Editor:
        """Return the editor of a field, made when first asked for. Raises KeyError if not offered."""
        if name not in self._editors:
            self.add_editor(name, editor_for(self._fields[name], self.context))
        return self._editors[name]

    def add_editor(self, name: str, editor: Editor) -> Editor:
        """Take in an editor the form does not make itself, such as a `RowsEditor`."""
        self._editors[name] = editor
        editor.set_value(self._loaded.get(name))
        self._baseline[name] = editor.value()
        editor.edited.connect(lambda: self._edited(name))
        editor.left.connect(lambda: self._left(name))
        editor.committed.connect(lambda: self._go_on(name))
        return editor

    def box(self, name: str, label: str | None = None, hint: str = "") -> FieldBox:
        """Return the editor with its label above and room for its error, to be put into a layout."""
        if name not in self._boxes:
            editor = self.editor(name)
            needed = self._limits.get(name, (False, None))[0]
            # A tick box carries its own label beside it.
            text = "" if isinstance(editor, TickEditor) else label or editor.label
            box = FieldBox(text, editor.widget, needed=needed, hint=hint)
            box.setSizePolicy(editor.widget.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Preferred)
            self._boxes[name] = box
        return self._boxes[name]

    def row(self, *names: str) -> QHBoxLayout:
        """Return boxes side by side; those not offered are left out, wide ones share the spare width."""
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        grows = False
        for name in names:
            if self.offers(name):
                box = self.box(name)
                expands = box.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
                grows = grows or expands
                row.addWidget(box, 1 if expands else 0, Qt.AlignmentFlag.AlignTop)
        if not grows:
            row.addStretch(1)
        return row

    def settle_tab_order(self, *names: str) -> None:
        """Make Tab follow `names` (all editors in the order they were taken, if none are given)."""
        parts = [part for name in names or self.names for part in self._editors[name].parts()]
        for before, after in itertools.pairwise(parts):
            QWidget.setTabOrder(before, after)

    # Values -------------------------------------------------------------------------------------

    def load(self, record: Record | Mapping[str, Any]) -> None:
        """Show a record; nothing counts as edited and no error stays."""
        self._loaded = dict(record.values if isinstance(record, Record) else record)
        for name, editor in self._editors.items():
            editor.set_value(self._loaded.get(name))
            self._baseline[name] = editor.value()
        self._touched.clear()
        self.clear_errors()
        self._tell_dirty()

    def loaded(self) -> dict[str, Any]:
        """Return what was loaded, as it is stored."""
        return dict(self._loaded)

    def values(self) -> dict[str, Any]:
        """Return the value of every editor in use."""
        return {name: editor.value() for name, editor in self._editors.items()}

    def changes(self) -> dict[str, Any]:
        """Return only the values that differ from the loaded record."""
        values = {name: editor.value() for name, editor in self._editors.items()}
        return {name: value for name, value in values.items() if not same(value, self._baseline[name])}

    def apply(self, values: Mapping[str, Any]) -> None:
        """Put `values` in as if the person had typed them: a restored draft, a merged record."""
        for name, value in values.items():
            if name in self._editors and not self._editors[name].locked:
                self._editors[name].set_value(value)
                self._touched.add(name)
        self._tell_dirty()
        self.edited.emit()

    def rebase(self, record: Record | Mapping[str, Any], sent: Mapping[str, Any] | None = None) -> None:
        """Take `record` as what is stored now and keep what was typed on top of it.

        A value on screen stays when it differs from the loaded one, or, where `sent` (values saved a
        moment ago) has the field, from that; everything else shows the record.
        """
        stored = dict(record.values if isinstance(record, Record) else record)
        for name, editor in self._editors.items():
            before = sent[name] if sent and name in sent else self._baseline[name]
            typed = editor.value()
            if editor.problem() is not None:
                continue
            # Through the editor, so that the baseline is what it makes of the stored value.
            editor.set_value(stored.get(name, before))
            self._baseline[name] = editor.value()
            if not same(typed, before):
                editor.set_value(typed)
        self._loaded.update(stored)
        self._tell_dirty()

    @property
    def is_dirty(self) -> bool:
        """Return whether something differs from the loaded record."""
        return any(
            editor.problem() is not None or not same(editor.value(), self._baseline[name])
            for name, editor in self._editors.items()
        )

    # Errors -------------------------------------------------------------------------------------

    @property
    def errors(self) -> dict[str, str]:
        """Return the errors on screen by field name."""
        return {name: editor.error for name, editor in self._editors.items() if editor.error}

    def check_field(self, name: str) -> str | None:
        """Return what is wrong with one field, None when nothing is; shows nothing."""
        editor = self._editors[name]
        if editor.locked:
            return None
        needed, longest = self._limits.get(name, (False, None))
        problem = editor.problem()
        if problem:
            return problem
        value = editor.value()
        if needed and editor.is_empty():
            return _("{label} is needed.").format(label=editor.label)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            return _("At most {longest} characters fit here; these are {count}.").format(
                longest=longest, count=len(value)
            )
        check = self._checks.get(name)
        return check(value) if check and not is_empty(value) else None

    def validate(self) -> bool:
        """Check every field, show the errors and go to the first; return whether all is well."""
        finish_composition()
        for name in self._editors:
            self._show(name, self.check_field(name))
        if self.errors:
            self.focus_error(next(iter(self.errors)))
        return not self.errors

    def field_error(self, name: str, text: str) -> bool:
        """Show an error a service found beside its field and go there; return whether it has one.

        `name` may reach into rows: "phones.0.number".
        """
        head, __, rest = name.partition(".")
        if head not in self._editors:
            return False
        editor = self._editors[head]
        if rest and hasattr(editor, "set_row_error"):
            editor.set_row_error(rest, text)
            self.errors_changed.emit()
        else:
            self._show(head, text)
        self.focus_error(head)
        return True

    def focus_error(self, name: str) -> None:
        """Bring the field `name` to the front and put the keyboard there."""
        self.error_shown.emit(name)
        self._editors[name].focus()

    def clear_errors(self) -> None:
        """Take all errors away."""
        for name in self._editors:
            self._show(name, None)

    def set_read_only(self, read_only: bool) -> None:
        """Let the person read and copy, or write again what their role may."""
        for editor in self._editors.values():
            if not editor.locked:
                editor.set_read_only(read_only)

    def focus_first(self) -> None:
        """Put the keyboard into the first field that can be written."""
        for editor in self._editors.values():
            if not editor.locked and editor.parts()[0].isEnabled():
                editor.focus()
                return

    def _show(self, name: str, text: str | None) -> None:
        editor = self._editors[name]
        if editor.error == (text or None):
            return
        editor.set_error(text)
        if name in self._boxes:
            self._boxes[name].set_error(text or "")
        self.errors_changed.emit()

    def _edited(self, name: str) -> None:
        self._touched.add(name)
        # Gone as soon as it is right; a new one never appears while typing.
        if self._editors[name].error and self.check_field(name) is None:
            self._show(name, None)
        self._tell_dirty()
        self.edited.emit()

    def _left(self, name: str) -> None:
        problem = self.check_field(name)
        untouched_gap = name not in self._touched and self._editors[name].is_empty()
        self._show(name, None if untouched_gap else problem)

    def _go_on(self, name: str) -> None:
        """Go to the next field on Enter, as grids and most office programs do."""
        names = list(self._editors)
        for after in names[names.index(name) + 1 :]:
            part = self._editors[after].parts()[0]
            if part.isVisible() and part.isEnabled() and not self._editors[after].locked:
                self._editors[after].focus()
                return
        self.committed.emit()

    def _tell_dirty(self) -> None:
        dirty = self.is_dirty
        if dirty != self._was_dirty:
            self._was_dirty = dirty
            self.dirty_changed.emit(dirty)
