"""Settings → Company."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.access import company
from crm_desktop.access.company import CompanyProfile
from crm_desktop.access.fields import COMPANY_FIELDS
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.completions import dress_completions
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.settings_page import SettingsPage, SettingsSpec

MB: Final = 1_000_000

SPEC: Final = SettingsSpec(
    "company",
    N_("Company"),
    "building-2",
    Permission.COMPANY_WRITE,
    N_("The settings of the company are not saved"),
    company.company,
    company.update_company,
)
_LIMITS: Final = {"name": (True, 200), "currency": (False, 3), "timezone": (False, 60), "country": (False, 2)}
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


class CompanyScreen(SettingsPage):
    """The settings of the company."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        super().__init__(desk, SPEC, RecordForm(COMPANY_FIELDS, context, _LIMITS), parent)
        self._suggest_timezones()
        self.begin()

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        for section in _SECTIONS:
            self.add_section(column, *section)

    def values_of(self, profile: CompanyProfile) -> Mapping[str, Any]:
        """Return the values of the form: the size of files in megabytes."""
        values = profile.values()
        return values | {"attachment_limit_mb": values["attachment_limit_bytes"] // MB}

    def changes(self) -> dict[str, Any]:
        """Return what differs, the size of files in bytes."""
        changes = super().changes()
        if "attachment_limit_mb" in changes:
            limit_mb = changes.pop("attachment_limit_mb")
            changes["attachment_limit_bytes"] = None if limit_mb is None else limit_mb * MB
        return changes

    def field_of(self, name: str) -> str:
        """Return the field beside which a refusal belongs."""
        return "attachment_limit_mb" if name == "attachment_limit_bytes" else name

    def _suggest_timezones(self) -> None:
        line = self.form.editor("timezone").widget
        if isinstance(line, QLineEdit):
            completer = QCompleter(sorted(available_timezones()), line)
            dress_completions(completer)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
