"""The one description of the fields of the letterhead."""

from typing import Final

from crm_desktop.reports.letterhead import WORDED
from crm_desktop.reports.model import Letterhead
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.permissions import Permission

LABELS: Final = {
    "name": N_("Company name on paper"),
    "address": N_("Address"),
    "phone": N_("Phone"),
    "email": N_("Email"),
    "website": N_("Website"),
    "tax_number": N_("Tax number"),
    "bank": N_("Bank and account"),
    "footer": N_("Footer"),
    "colour": N_("Colour"),
    "wording": N_("Wording in other languages"),
    "logo_sha256": N_("Logo"),
    "seal_sha256": N_("Seal"),
}
"""What the columns are called, in the journal too."""

_KINDS: Final = {"address": Kind.NOTE, "bank": Kind.NOTE, "footer": Kind.NOTE}


def _field(name: str, reads: object, label: str, key: str) -> Field:
    return Field(name, reads, label, 30, Use.FORM, _KINDS.get(key, Kind.TEXT), write=Permission.COMPANY_WRITE)


def worded_name(language: str, name: str) -> str:
    """Return the form's name for what is said in one language: "zh_Hans_name"."""
    return f"{language}_{name}"


LETTERHEAD_FIELDS: Final = (
    *(
        _field(name, getattr(Letterhead, name), LABELS[name], name)
        for name in ("name", "address", "phone", "email", "website", "tax_number", "bank", "footer")
    ),
    *(_field(worded_name(language, name), None, LABELS[name], name) for language in LANGUAGES for name in WORDED),
)
"""What the settings page asks; logo, seal and colour have editors of their own."""
