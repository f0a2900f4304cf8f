"""Settings → Company."""

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.access import company
from crm_desktop.access.company import CompanyProfile
from crm_desktop.access.fields import COMPANY_FIELDS
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.completions import dress_completions
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.theme import set_ground

MB: Final = 1_000_000

_NAMES = {"attachment_limit_bytes": "attachment_limit_mb"}
_SAVE = ActionSpec(
    "save_company", N_("Save"), icon="save", shortcut=QKeySequence.StandardKey.Save, permission=Permission.COMPANY_WRITE
)


class CompanyScreen(Screen):
    """The settings of the company; everybody may read them, `company:write` changes them."""

    saved = Signal(object)
    """The new `CompanyProfile`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._profile: CompanyProfile | None = None
        self._saving = False
        self.actions_here = ActionSet(self, (_SAVE,), desk.actor.may)
        self.actions_here[_SAVE.name].triggered.connect(self.save)
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        limits = {"name": (True, 200), "currency": (False, 3), "timezone": (False, 60), "country": (False, 2)}
        self.form = RecordForm(COMPANY_FIELDS, context, limits, parent=self)
        self.form.hide()
        self.form.dirty_changed.connect(self._show_dirty)
        self.note = Note()
        self.note.action_clicked.connect(self.reload)
        self.note.clear()
        self._lay_out()
        self._suggest_timezones()
        desk.changes.changed.connect(self._take_changes)
        self._show_dirty(False)
        self.reload()

    def _lay_out(self) -> None:
        head = QWidget()
        head.setMinimumHeight(px(48))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        self._title = title_label(self.title())
        row.addWidget(self._title)
        row.addStretch()
        row.addWidget(button_for(self.actions_here[_SAVE.name], "primary", head))
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(720))
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        self._sections: list[tuple[Any, str]] = []
        for title, text, rows in _SECTIONS:
            self._add_section(column, title, text, rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, hairline(), self.note):
            whole.addWidget(part)
        whole.addWidget(area, 1)

    def _add_section(self, column: QVBoxLayout, title: str, text: str, rows: Sequence[tuple[str, ...]]) -> None:
        heading = section_label(_(title))
        explains = text_label(_(text), BODY, REGULAR, "text2", wrap=True)
        self._sections += [(heading, title), (explains, text)]
        column.addWidget(heading)
        column.addWidget(explains)
        for names in rows:
            column.addLayout(self.form.row(*names))
        column.addSpacing(px(12))

    def _suggest_timezones(self) -> None:
        line = self.form.editor("timezone").widget
        if isinstance(line, QLineEdit):
            completer = QCompleter(sorted(available_timezones()), line)
            dress_completions(completer)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Company")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("building-2")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what can be done here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return [KeyHint("Ctrl+S", _("Save"))]

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return self.form.is_dirty

    def can_close(self) -> bool:
        """Ask only when something typed would be lost."""
        if not self.unsaved:
            return True
        title = _("The settings of the company are not saved")
        return self.desk.dialogs.confirm(title, "", _("Discard what I typed"), keep=_("Stay here"))

    def reload(self) -> None:
        """Read the settings again; what was typed stays."""
        self.desk.tasks.read(self, company.company, self._show, self._show_refusal, coalesce="company")

    # Reading and saving

    def _show(self, profile: CompanyProfile) -> None:
        first = self._profile is None
        self._profile = profile
        values = _for_form(profile)
        if first:
            self.form.load(values)
            self.form.focus_first()
        else:
            self.form.rebase(values)

    def save(self) -> None:
        """Save what differs from the settings that were read."""
        if self._profile is None or self._saving or not self.form.validate():
            return
        changes = self.form.changes()
        if "attachment_limit_mb" in changes:
            limit_mb = changes.pop("attachment_limit_mb")
            changes["attachment_limit_bytes"] = None if limit_mb is None else limit_mb * MB
        version = self._profile.version
        self._saving = True
        self.note.clear()
        self.desk.tasks.write(
            self,
            lambda work: company.update_company(work, version, changes),
            self._show_saved,
            self._show_refusal,
            label=_("Saving the company"),
        )

    def _show_saved(self, profile: CompanyProfile) -> None:
        self._saving = False
        self._profile = profile
        self.form.load(_for_form(profile))
        self._show_dirty(False)
        self.desk.toast(_("The settings are saved."))
        self.saved.emit(profile)

    def _show_refusal(self, error: BaseException) -> None:
        self._saving = False
        if isinstance(error, Invalid) and self.form.field_error(_NAMES.get(error.field, error.field), str(error)):
            return
        if isinstance(error, Conflict):
            said = _("{person} changed the same setting meanwhile. Read it, then decide.")
            who = error.changed_by or _("Somebody else")
            self.note.show_message("warn", said.format(person=who), _("Read again"))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches("company") and not self._saving:
            self.reload()

    def _show_dirty(self, _dirty: bool) -> None:
        self.actions_here.enable(_SAVE.name, self.form.is_dirty)
        self.state_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Say the headings in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_sections"):
            self._title.setText(self.title())
            self.actions_here.retranslate()
            for label, text in self._sections:
                label.setText(_(text))


_SECTIONS: Final = (
    (
        N_("The company"),
        N_("The name stands on letters and reports; the currency and the time zone are those of your books."),
        (("name",), ("currency", "timezone", "country"), ("language",)),
    ),
    (
        N_("Safety"),
        N_("Nobody at the computer: the window locks and asks for the password; nothing typed is lost."),
        (("idle_lock_minutes",),),
    ),
    (
        N_("Files"),
        N_("Attached files are kept with the data, so every backup has them."),
        (("attachment_limit_mb",),),
    ),
)


def _for_form(profile: CompanyProfile) -> dict[str, Any]:
    values = profile.values()
    return values | {"attachment_limit_mb": values["attachment_limit_bytes"] // MB}
