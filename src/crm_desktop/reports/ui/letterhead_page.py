"""Settings → Letterhead: who the company is on paper, with a sample that follows the typing."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.reports import letterhead
from crm_desktop.reports.fields import LABELS, LETTERHEAD_FIELDS, worded_name
from crm_desktop.reports.letterhead import ENTITY, WORDED, LetterheadProfile
from crm_desktop.reports.pictures import MOST_BYTES, checked_picture
from crm_desktop.reports.ui.letterhead_editors import ColourEditor, PictureEditor
from crm_desktop.reports.ui.letterhead_sample import LetterheadSample
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import LANGUAGES, N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import px
from crm_desktop.ui.inner_tabs import InnerTabs
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.settings_page import SettingsPage, SettingsSpec

SPEC: Final = SettingsSpec(
    ENTITY,
    N_("Letterhead"),
    "file-text",
    Permission.COMPANY_WRITE,
    N_("The letterhead is not saved"),
    letterhead.get,
    letterhead.save,
)
_PLAIN: Final = ("name", "address", "phone", "email", "website", "tax_number", "bank", "footer", "colour")
_PICTURES: Final = ("logo", "seal")
_ROWS: Final = (("name",), ("address",), ("phone", "email"), ("website", "tax_number"), ("bank",), ("footer",))


class LetterheadPage(SettingsPage):
    """The letterhead, and beside it the top of a sample page."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        super().__init__(desk, SPEC, RecordForm(LETTERHEAD_FIELDS, context), parent)
        self._add_editors()
        self.sample = LetterheadSample(desk.tasks)
        self.form.edited.connect(self._show_sample)
        self.begin(self.sample)

    def _add_editors(self) -> None:
        self.form.add_editor("colour", ColourEditor("colour", _(LABELS["colour"])))
        for name in _PICTURES:
            label = _(LABELS[f"{name}_sha256"])
            self.form.add_editor(name, PictureEditor(name, label, partial(self._choose_picture, name)))
        if not self.desk.actor.may(Permission.COMPANY_WRITE):
            for name in ("colour", *_PICTURES):
                self.form.editor(name).locked = True
                self.form.editor(name).set_read_only(True)

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        self.add_section(
            column,
            N_("On every paper"),
            N_("Quotes, orders and delivery notes carry this at their top and foot."),
            _ROWS,
        )
        self.add_section(
            column,
            N_("Look"),
            N_("The seal is printed where the company signs. The colour is used for titles and rules."),
            (("colour",),),
        )
        for name in _PICTURES:
            column.addWidget(self.form.box(name))
        column.addSpacing(px(12))
        self.add_heading(column, N_("In another language"), N_("What is left blank is printed as above."))
        self.languages = InnerTabs()
        self._worded = QStackedWidget()
        for language, name in LANGUAGES.items():
            self.languages.add(language, name)
            self._worded.addWidget(self._wording_of(language))
        self.languages.chosen.connect(self._show_language)
        column.addWidget(self.languages)
        column.addWidget(self._worded)

    def _wording_of(self, language: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for name in WORDED:
            column.addLayout(self.form.row(worded_name(language, name)))
        return page

    def values_of(self, profile: LetterheadProfile) -> Mapping[str, Any]:
        """Return the values of the form: each wording in a field of its own."""
        values = {name: getattr(profile, name) for name in (*_PLAIN, *_PICTURES)}
        return values | {
            worded_name(language, name): profile.wording.get(language, {}).get(name, "")
            for language in LANGUAGES
            for name in WORDED
        }

    def changes(self) -> dict[str, Any]:
        """Return what differs, the wordings together."""
        typed = self.form.changes()
        changes: dict[str, Any] = {name: typed[name] for name in (*_PLAIN, *_PICTURES) if name in typed}
        if len(changes) < len(typed):
            changes["wording"] = _wording(self.form.values())
        return changes

    def shown(self, first: bool) -> None:
        """Begin with the wording of the language on screen; let the sample follow."""
        super().shown(first)
        if first:
            self.languages.setCurrentIndex(list(LANGUAGES).index(self.desk.language))
        self._show_sample()

    # Pictures and the sample

    def _choose_picture(self, name: str, take: Callable[[bytes], None]) -> None:
        path = self.desk.dialogs.choose_open_file(_("Choose a picture"), _("Pictures (*.png *.jpg *.jpeg)"))
        if path is not None:
            self.desk.tasks.free(self, lambda _progress: _read_picture(path, name), take, self.refuse)

    def _show_sample(self) -> None:
        if self.profile is None:
            return
        values = self.form.values()
        typed = {name: values[name] for name in (*_PLAIN, *_PICTURES) if self.form.editor(name).problem() is None}
        typed.setdefault("colour", self.profile.colour)
        name = self.profile.company_name
        profile = LetterheadProfile(**typed, wording=_wording(values), company_name=name)
        self.sample.show_profile(profile, self.languages.key_at(self.languages.currentIndex()))

    def _show_language(self, language: str) -> None:
        self._worded.setCurrentIndex(list(LANGUAGES).index(language))
        self._show_sample()


def _read_picture(path: Path, name: str) -> bytes:
    """Read and check a picture before it is shown. Raises Invalid(name)."""
    try:
        with path.open("rb") as file:
            return checked_picture(file.read(MOST_BYTES + 1), name)
    except OSError as error:
        raise Invalid(name, N_("The file cannot be read. Choose another one.")) from error


def _wording(values: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        language: {name: values[worded_name(language, name)] for name in WORDED if values[worded_name(language, name)]}
        for language in LANGUAGES
    }
