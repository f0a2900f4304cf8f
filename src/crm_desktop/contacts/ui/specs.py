"""What the main window is told of contacts; the screens themselves are loaded when they are opened."""

from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.contacts.ui.related import Above
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

ENTITY: Final = "contact"
DUPLICATES_ENTITY: Final = "contact_duplicates"
BOTH_SIDES: Final = (Domain.SALES, Domain.PURCHASING)


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of the search that is everywhere: two lines, and what opens it."""

    entity: str
    id: int
    title: str
    detail: str
    icon: str


def contacts_screen(desk: Desk) -> Screen:
    """Return the list of contacts."""
    from crm_desktop.contacts.ui.contacts_screen import ContactsScreen

    return ContactsScreen(desk)


def duplicates_screen(desk: Desk) -> Screen:
    """Return the finder of duplicates."""
    from crm_desktop.contacts.ui.duplicates_screen import DuplicatesScreen

    return DuplicatesScreen(desk)


def custom_fields_screen(desk: Desk) -> Screen:
    """Return the settings page of the company's own fields."""
    from crm_desktop.contacts.ui.custom_fields_screen import CustomFieldsScreen

    return CustomFieldsScreen(desk)


def contact_record(
    desk: Desk,
    contact_id: int | None,
    drafts: DraftStore | None = None,
    company: str = "",
    above: Above | None = None,
) -> Screen:
    """Return the tab of a contact, None for a new one; `company` names the data set in the draft folder."""
    from crm_desktop.contacts.ui.contact_screen import ContactScreen

    return ContactScreen(desk, contact_id, drafts, company, above)


def find_contacts(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among contacts; runs on the database lane, [] without the permission."""
    from crm_desktop.contacts import lists
    from crm_desktop.contacts.ui import words

    if not work.actor.may(Permission.CONTACT_READ):
        return []
    return [
        Found(
            ENTITY,
            id_,
            name,
            " · ".join(part for part in (words.kind(kind), city, phone) if part),
            words.KIND_ICONS.get(kind, "building-2"),
        )
        for id_, name, kind, phone, city in lists.search(work, text)
    ]


CONTACTS: Final = ScreenSpec(
    "contacts", N_("Contacts"), "users", contacts_screen, Permission.CONTACT_READ, BOTH_SIDES, "Ctrl+2", "sales"
)
DUPLICATES: Final = ScreenSpec(
    "duplicates", N_("Duplicates"), "copy", duplicates_screen, Permission.CONTACT_MERGE, BOTH_SIDES, "", "tools"
)
CUSTOM_FIELDS: Final = ScreenSpec(
    "contact_fields",
    N_("Contact fields"),
    "sliders-horizontal",
    custom_fields_screen,
    Permission.FIELD_DEFINE,
    (),
    "",
    "settings",
)
SCREENS: Final = (CONTACTS,)
"""In the rail."""
TOOLS: Final = (DUPLICATES,)
"""Opened from Ctrl+K and from the list, by `desk.open_record("contact_duplicates", None)`."""
SETTINGS: Final = (CUSTOM_FIELDS,)
"""Sections of the settings."""
RECORDS: Final = {ENTITY: contact_record}
"""Which tab `desk.open_record` opens for an entity."""
