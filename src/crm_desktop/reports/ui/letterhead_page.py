"""Settings → Letterhead: who the company is on paper, with a sample that follows the typing."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.reports import letterhead
from crm_desktop.reports.fields import LABELS, LETTERHEAD_FIELDS, worded_name
from crm_desktop.reports.letterhead import ENTITY, WORDED, LetterheadProfile
from crm_desktop.reports.pictures import MOST_BYTES, checked_picture
from crm_desktop.reports.ui.letterhead_editors import ColourEditor, PictureEditor
from crm_desktop.reports.ui.letterhead_sample import LetterheadSample
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.i18n import LANGUAGES, N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.inner_tabs import InnerTabs
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.theme import set_ground

_SAVE: Final = ActionSpec(
    "save_letterhead",
    N_("Save"),
    icon="save",
    shortcut=QKeySequence.StandardKey.Save,
    permission=Permission.COMPANY_WRITE,
)
_PLAIN: Final = ("name", "address", "phone", "email", "website", "tax_number", "bank", "footer", "colour")
_PICTURES: Final = ("logo", "seal")
_HEADINGS: Final = {
    "paper": (N_("On every paper"), N_("Quotes, orders and delivery notes carry this at their top and foot.")),
    "look": (N_("Look"), N_("The seal is printed where the company signs. The colour is used for titles and rules.")),
    "wording": (N_("In another language"), N_("What is left blank is printed as above.")),
}


class LetterheadPage(Screen):
    """The letterhead; everybody may look at it, `company:write` changes it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._profile: LetterheadProfile | None = None
        self._saving = False
        self.actions_here = ActionSet(self, (_SAVE,), desk.actor.may)
        self.actions_here[_SAVE.name].triggered.connect(self.save)
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        self.form = RecordForm(LETTERHEAD_FIELDS, context, parent=self)
        self.form.hide()
        self._add_editors()
        self.sample = LetterheadSample(desk.tasks)
        self.note = Note()
        self.note.action_clicked.connect(self.reload)
        self.note.clear()
        self._lay_out()
        self.form.dirty_changed.connect(self._show_dirty)
        self.form.edited.connect(self._show_sample)
        self.languages.chosen.connect(self._show_language)
        desk.changes.changed.connect(self._take_changes)
        self._show_dirty(False)
        self.reload()

    def _add_editors(self) -> None:
        self.form.add_editor("colour", ColourEditor("colour", _(LABELS["colour"])))
        for name in _PICTURES:
            label = _(LABELS[f"{name}_sha256"])
            self.form.add_editor(name, PictureEditor(name, label, partial(self._choose_picture, name)))
        if not self.desk.actor.may(Permission.COMPANY_WRITE):
            for name in ("colour", *_PICTURES):
                self.form.editor(name).locked = True
                self.form.editor(name).set_read_only(True)

    def _lay_out(self) -> None:
        head = QWidget()
        head.setMinimumHeight(px(48))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        self._title = title_label(self.title())
        row.addWidget(self._title)
        row.addStretch()
        row.addWidget(button_for(self.actions_here[_SAVE.name], "primary", head))
        area = QScrollArea()
        area.setWidget(self._settings())
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(area, 1)
        beside.addWidget(hairline(vertical=True))
        beside.addWidget(self.sample)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, hairline(), self.note):
            whole.addWidget(part)
        whole.addLayout(beside, 1)

    def _settings(self) -> QWidget:
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(640))
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        self._said: list[tuple[Any, str]] = []
        self._add_heading(column, "paper")
        for names in (("name",), ("address",), ("phone", "email"), ("website", "tax_number"), ("bank",), ("footer",)):
            column.addLayout(self.form.row(*names))
        column.addSpacing(px(12))
        self._add_heading(column, "look")
        column.addLayout(self.form.row("colour"))
        for name in _PICTURES:
            column.addWidget(self.form.box(name))
        column.addSpacing(px(12))
        self._add_heading(column, "wording")
        self.languages = InnerTabs()
        self._worded = QStackedWidget()
        for language, name in LANGUAGES.items():
            self.languages.add(language, name)
            self._worded.addWidget(self._wording_of(language))
        column.addWidget(self.languages)
        column.addWidget(self._worded)
        column.addStretch(1)
        return inside

    def _wording_of(self, language: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for name in WORDED:
            column.addLayout(self.form.row(worded_name(language, name)))
        return page

    def _add_heading(self, column: QVBoxLayout, key: str) -> None:
        title, text = _HEADINGS[key]
        heading = section_label(_(title))
        explains = text_label(_(text), BODY, REGULAR, "text2", wrap=True)
        self._said += [(heading, title), (explains, text)]
        column.addWidget(heading)
        column.addWidget(explains)

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Letterhead")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("file-text")

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
        title = _("The letterhead is not saved")
        return self.desk.dialogs.confirm(title, "", _("Discard what I typed"), keep=_("Stay here"))

    def reload(self) -> None:
        """Read the letterhead again; what was typed stays."""
        self.desk.tasks.read(self, letterhead.get, self._show, self._show_refusal, coalesce=ENTITY)

    # Reading and saving

    def _show(self, profile: LetterheadProfile) -> None:
        first = self._profile is None
        self._profile = profile
        self.note.clear()
        if first:
            self.form.load(_for_form(profile))
            self.languages.setCurrentIndex(list(LANGUAGES).index(self.desk.language))
            self.form.focus_first()
        else:
            self.form.rebase(_for_form(profile))
        self._show_sample()

    def save(self) -> None:
        """Save what differs from the letterhead that was read."""
        if self._profile is None or self._saving or not self.form.validate():
            return
        typed = self.form.changes()
        changes: dict[str, Any] = {name: typed[name] for name in (*_PLAIN, *_PICTURES) if name in typed}
        if len(changes) < len(typed):
            changes["wording"] = _wording(self.form.values())
        version = self._profile.version
        self._saving = True
        self.note.clear()
        self.desk.tasks.write(
            self,
            lambda work: letterhead.save(work, version, changes),
            self._show_saved,
            self._show_refusal,
            label=_("Saving the letterhead"),
        )

    def _show_saved(self, profile: LetterheadProfile) -> None:
        self._saving = False
        self._profile = profile
        self.form.load(_for_form(profile))
        self._show_dirty(False)
        self._show_sample()
        self.desk.toast(_("The letterhead is saved."), kind="success")

    def _show_refusal(self, error: BaseException) -> None:
        self._saving = False
        if isinstance(error, Invalid) and self.form.field_error(error.field, str(error)):
            return
        if isinstance(error, Conflict):
            said = _("{person} changed the letterhead meanwhile. Read it, then decide.")
            who = error.changed_by or _("Somebody else")
            self.note.show_message("warn", said.format(person=who), _("Read again"))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches(ENTITY) and not self._saving:
            self.reload()

    def _show_dirty(self, _dirty: bool) -> None:
        self.actions_here.enable(_SAVE.name, self.form.is_dirty)
        self.state_changed.emit()

    # Pictures and the sample

    def _choose_picture(self, name: str, take: Callable[[bytes], None]) -> None:
        path = self.desk.dialogs.choose_open_file(_("Choose a picture"), _("Pictures (*.png *.jpg *.jpeg)"))
        if path is not None:
            self.desk.tasks.free(self, lambda _progress: _read_picture(path, name), take, self._show_refusal)

    def _show_sample(self) -> None:
        if self._profile is None:
            return
        values = self.form.values()
        typed = {name: values[name] for name in (*_PLAIN, *_PICTURES) if self.form.editor(name).problem() is None}
        typed.setdefault("colour", self._profile.colour)
        name = self._profile.company_name
        profile = LetterheadProfile(**typed, wording=_wording(values), company_name=name)
        self.sample.show_profile(profile, self.languages.key_at(self.languages.currentIndex()))

    def _show_language(self, language: str) -> None:
        self._worded.setCurrentIndex(list(LANGUAGES).index(language))
        self._show_sample()

    def changeEvent(self, event: QEvent) -> None:
        """Say the headings in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_said"):
            self._title.setText(self.title())
            self.actions_here.retranslate()
            for label, text in self._said:
                label.setText(_(text))


def _read_picture(path: Path, name: str) -> bytes:
    """Read and check a picture before it is shown. Raises Invalid(name)."""
    try:
        with path.open("rb") as file:
            return checked_picture(file.read(MOST_BYTES + 1), name)
    except OSError as error:
        raise Invalid(name, N_("The file cannot be read. Choose another one.")) from error


def _for_form(profile: LetterheadProfile) -> dict[str, Any]:
    values = {name: getattr(profile, name) for name in (*_PLAIN, *_PICTURES)}
    return values | {
        worded_name(language, name): profile.wording.get(language, {}).get(name, "")
        for language in LANGUAGES
        for name in WORDED
    }


def _wording(values: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        language: {name: values[worded_name(language, name)] for name in WORDED if values[worded_name(language, name)]}
        for language in LANGUAGES
    }
