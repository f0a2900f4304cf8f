"""A page of the settings: sections of fields over one row of the database, saved as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.theme import set_ground


@dataclass(frozen=True, slots=True)
class SettingsSpec:
    """What a page of the settings is about; `title` and `unsaved` (the question on leaving) are marked.

    `read(work)` returns the profile and `write(work, version, changes)` stores changes of it and returns
    the new one; a profile has a `version`. Both run on the database lane.
    """

    entity: str
    title: str
    icon: str
    permission: Permission
    unsaved: str
    read: Callable[[Any], Any]
    write: Callable[[Any, int, dict[str, Any]], Any]


class SettingsPage(Screen):
    """Everybody may read it; who has the permission changes it. Call `begin` last when subclassing."""

    saved = Signal(object)
    """The new profile."""

    def __init__(self, desk: Desk, spec: SettingsSpec, form: RecordForm, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.spec, self.form = spec, form
        self.profile: Any = None
        self._saving = False
        self._said: list[tuple[QLabel, str]] = []
        save = ActionSpec(
            f"save_{spec.entity}",
            N_("Save"),
            icon="save",
            shortcut=QKeySequence.StandardKey.Save,
            permission=spec.permission,
        )
        self.actions_here = ActionSet(self, (save,), desk.actor.may)
        self._save = self.actions_here[save.name]
        self._save.triggered.connect(self.save)
        form.setParent(self)
        form.hide()
        self.note = Note()
        self.note.clear()

    def begin(self, beside: QWidget | None = None) -> None:
        """Lay the page out, with something beside the fields, and read what is stored."""
        self._lay_out(beside)
        self.note.action_clicked.connect(self.reload)
        self.form.dirty_changed.connect(self._show_dirty)
        self.desk.changes.changed.connect(self._take_changes)
        self._show_dirty(False)
        self.reload()

    # What a page says

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        raise NotImplementedError

    def values_of(self, profile: Any) -> Mapping[str, Any]:
        """Return the values of the form for a profile."""
        values: Mapping[str, Any] = profile.values()
        return values

    def changes(self) -> dict[str, Any]:
        """Return what differs from the profile that was read, as `write` takes it."""
        return self.form.changes()

    def field_of(self, name: str) -> str:
        """Return the field of the form beside which a refusal of the value `name` belongs."""
        return name

    def shown(self, first: bool) -> None:
        """A profile was put into the form; `first` when nothing stood there before."""
        if first:
            self.form.focus_first()

    def add_heading(self, column: QVBoxLayout, title: str, text: str) -> None:
        """Begin a section; both texts are marked and follow the language."""
        heading, explains = section_label(_(title)), text_label(_(text), BODY, REGULAR, "text2", wrap=True)
        self._said += [(heading, title), (explains, text)]
        column.addWidget(heading)
        column.addWidget(explains)

    def add_section(self, column: QVBoxLayout, title: str, text: str, rows: tuple[tuple[str, ...], ...]) -> None:
        """Add a section of fields, the names of each row side by side."""
        self.add_heading(column, title, text)
        for names in rows:
            column.addLayout(self.form.row(*names))
        column.addSpacing(px(12))

    # What the window uses

    def title(self) -> str:
        """Return the name of the page."""
        return _(self.spec.title)

    def icon(self) -> QIcon:
        """Return the icon of the page."""
        return icon(self.spec.icon)

    def actions_offered(self) -> tuple[QAction, ...]:
        """Return what can be done here."""
        return tuple(self.actions_here.offered())

    def keys(self) -> tuple[KeyHint, ...]:
        """Return the keys of this page."""
        return (KeyHint("Ctrl+S", _("Save")),)

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return self.form.is_dirty

    def can_close(self) -> bool:
        """Ask only when something typed would be lost."""
        if not self.unsaved:
            return True
        title = _(self.spec.unsaved)
        return self.desk.dialogs.confirm(title, "", _("Discard what I typed"), keep=_("Stay here"))

    def reload(self) -> None:
        """Read what is stored again; what was typed stays."""
        self.desk.tasks.read(self, self.spec.read, self._show, self.refuse, coalesce=self.spec.entity)

    # Reading and saving

    def _show(self, profile: Any) -> None:
        first, self.profile = self.profile is None, profile
        self.note.clear()
        if first:
            self.form.load(self.values_of(profile))
        else:
            self.form.rebase(self.values_of(profile))
        self.shown(first)

    def save(self) -> None:
        """Save what differs from what was read."""
        if self.profile is None or self._saving or not self.form.validate():
            return
        changes, version, write = self.changes(), self.profile.version, self.spec.write
        if not changes:
            return
        self._saving = True
        self.note.clear()
        label = _("Saving the settings")
        self.desk.tasks.write(
            self, lambda work: write(work, version, changes), self._show_saved, self.refuse, label=label
        )

    def _show_saved(self, profile: Any) -> None:
        self._saving = False
        self.profile = profile
        self.form.load(self.values_of(profile))
        self._show_dirty(False)
        self.shown(False)
        self.desk.toast(_("The settings are saved."), kind="success")
        self.saved.emit(profile)

    def refuse(self, error: BaseException) -> None:
        """Say why something was refused: beside the field, or above the page."""
        self._saving = False
        if isinstance(error, Invalid) and self.form.field_error(self.field_of(error.field), str(error)):
            return
        if isinstance(error, Conflict):
            said = _("{person} changed the same setting meanwhile. Read it, then decide.")
            who = error.changed_by or _("Somebody else")
            self.note.show_message("warn", said.format(person=who), _("Read again"))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches(self.spec.entity) and not self._saving:
            self.reload()

    def _show_dirty(self, _dirty: bool) -> None:
        self.actions_here.enable(self._save.objectName(), self.form.is_dirty)
        self.state_changed.emit()

    # How it is put together

    def _lay_out(self, beside: QWidget | None) -> None:
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(720 if beside is None else 640))
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        self.fill(column)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(area, 1)
        if beside is not None:
            body.addWidget(hairline(vertical=True))
            body.addWidget(beside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (self._head(), hairline(), self.note):
            whole.addWidget(part)
        whole.addLayout(body, 1)

    def _head(self) -> QWidget:
        head, row = head_row()
        self._title = title_label(self.title())
        row.addWidget(self._title)
        row.addStretch()
        row.addWidget(button_for(self._save, "primary", head))
        return head

    def changeEvent(self, event: QEvent) -> None:
        """Say the headings in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_title"):
            self._title.setText(self.title())
            self.actions_here.retranslate()
            for label, text in self._said:
                label.setText(_(text))
