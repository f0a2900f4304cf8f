"""Settings → Contact fields: fields a company adds to its contacts."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.contacts import custom, rules, wording
from crm_desktop.contacts.rules import DefinedField
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.two_lines import DETAIL_ROLE, TwoLineDelegate

FIELD_ROLE: Final = Qt.ItemDataRole.UserRole


class FieldDialog(SheetDialog):
    """A new field, or another name and other choices for one; `wanted` carries label, kind, choices."""

    wanted = Signal(str, str, object)

    def __init__(self, described: DefinedField | None, parent: QWidget | None = None) -> None:
        title = _("New field") if described is None else _("Change “{name}”").format(name=described.label)
        super().__init__(title, _("Add the field") if described is None else _("Save"), parent=parent)
        self.label = QLineEdit(described.label if described else "")
        self.kind = QComboBox()
        for key, text in rules.CUSTOM_KINDS:
            self.kind.addItem(_(text), key)
        self.choices = QPlainTextEdit("\n".join(described.choices) if described else "")
        self.choices.setTabChangesFocus(True)
        self.choices.setFixedHeight(px(110))
        self.label_box = FieldBox(_("Name"), self.label, needed=True)
        self.kind_box = FieldBox(_("Kind"), self.kind)
        self.choices_box = FieldBox(_("Choices"), self.choices, hint=_("One on each line."))
        self.note = Note()
        self.note.clear()
        for part in (self.note, self.label_box, self.kind_box, self.choices_box):
            self.body.addWidget(part)
        self.body.addStretch(1)
        if described is not None:
            self.kind.setCurrentIndex(self.kind.findData(described.kind))
            self.kind.setEnabled(False)
            self.explain(_("Values that are written down already stay as they are."))
        self.kind.currentIndexChanged.connect(self._settle)
        self.go.clicked.connect(self._want)
        self._settle()
        self.label.setFocus()

    def refuse(self, error: BaseException) -> None:
        """Say beside the field what is wrong; the dialog stays open."""
        self.go.setEnabled(True)
        boxes = {"label": self.label_box, "kind": self.kind_box, "choices": self.choices_box}
        if isinstance(error, Invalid) and error.field in boxes:
            boxes[error.field].set_error(str(error))
            boxes[error.field].editor.setFocus()
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _settle(self) -> None:
        self.choices_box.setVisible(self.kind.currentData() == "list")

    def _want(self) -> None:
        for box in (self.label_box, self.choices_box):
            box.set_error("")
        lines = [line.strip() for line in self.choices.toPlainText().splitlines() if line.strip()]
        self.go.setEnabled(False)
        self.wanted.emit(self.label.text(), str(self.kind.currentData()), lines)


class CustomFieldsScreen(Screen):
    """The fields in use; a retired one keeps its values and is brought out of sight only."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.list = QListWidget()
        self.list.setAccessibleName(self.title())
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.itemActivated.connect(self.change)
        self.list.currentItemChanged.connect(self._offer)
        self.add_button = Button(_("New field"), "primary", icon="plus")
        self.add_button.clicked.connect(self.add)
        self.change_button = Button(_("Change…"), icon="pencil")
        self.change_button.clicked.connect(self.change)
        self.retire_button = Button(_("Take out of use"), icon="archive")
        self.retire_button.clicked.connect(self.retire)
        self._lay_out()
        desk.changes.changed.connect(self._heard)
        self.reload()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(16), px(10), px(16), px(12))
        outer.setSpacing(px(8))
        header = QHBoxLayout()
        header.addWidget(title_label(self.title()))
        header.addStretch(1)
        header.addWidget(self.add_button)
        outer.addLayout(header)
        text = _(
            "Fields your company needs beside those the program has. "
            "They are in the form, the list, the filters and the files."
        )
        outer.addWidget(text_label(text, BODY, REGULAR, "text2", wrap=True))
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.list, 1)
        verbs = QHBoxLayout()
        verbs.addWidget(self.change_button)
        verbs.addWidget(self.retire_button)
        verbs.addStretch(1)
        inner.addLayout(verbs)
        self.stack = StateStack(body)
        outer.addWidget(self.stack, 1)

    def title(self) -> str:
        """Return the title."""
        return _("Contact fields")

    def icon(self) -> QIcon:
        """Return the icon."""
        return icon("sliders-horizontal")

    def reload(self) -> None:
        """Read the fields again."""
        self.desk.tasks.read(self, custom.defined_fields, self._show, coalesce="fields")

    def add(self) -> None:
        """Ask for a new field."""
        self._open(None)

    def change(self) -> None:
        """Ask for another name or other choices of the current field."""
        if self.current() is not None:
            self._open(self.current())

    def retire(self) -> None:
        """Take the current field out of use after asking: there is no way back by hand."""
        described = self.current()
        if described is None:
            return
        sure = self.desk.dialogs.confirm(
            _("Take “{name}” out of use?").format(name=described.label),
            _("It disappears from forms, lists and files. The values stay stored and in the history."),
            _("Take out of use"),
        )
        if sure:
            self.desk.tasks.write(
                self,
                lambda work: custom.retire_field(work, described.id, described.version),
                lambda _nothing: self.reload(),
            )

    def current(self) -> DefinedField | None:
        """Return the field the keyboard is on."""
        item = self.list.currentItem()
        return item.data(FIELD_ROLE) if item is not None else None

    def _open(self, described: DefinedField | None) -> None:
        dialog = FieldDialog(described, self)

        def store(label: str, kind: str, choices: Sequence[str]) -> None:
            def write(work: Any) -> None:
                if described is None:
                    custom.define_field(work, label, kind, choices)
                else:
                    custom.change_field(work, described.id, described.version, label, choices)

            def done(_nothing: object) -> None:
                dialog.accept()
                self.reload()

            self.desk.tasks.write(dialog, write, done, dialog.refuse)

        dialog.wanted.connect(store)
        dialog.open()

    def _show(self, found: Sequence[DefinedField]) -> None:
        row = max(0, self.list.currentRow())
        self.list.clear()
        for described in found:
            kind = wording.of_choice(rules.CUSTOM_KINDS, described.kind)
            below = f"{kind}: {', '.join(described.choices)}" if described.choices else kind
            item = QListWidgetItem(described.label, self.list)
            item.setData(DETAIL_ROLE, below)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{described.label}, {below}")
            item.setData(FIELD_ROLE, described)
        self.list.setCurrentRow(min(row, len(found) - 1))
        if found:
            self.stack.show_content()
        else:
            offer = Offer(_("New field"), self.add, "plus")
            text = _("A text, a number, a date or a choice from a list: whatever you ask every customer.")
            self.stack.show_state(
                EmptyState("sliders-horizontal", _("No fields of your own yet"), text, primary=offer, kind="plain")
            )
        self._offer()

    def _offer(self) -> None:
        for button in (self.change_button, self.retire_button):
            button.setEnabled(self.current() is not None)

    def _heard(self, changes: Changes) -> None:
        if changes.touches("custom_field"):
            self.reload()
