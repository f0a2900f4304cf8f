"""Words several screens of contacts share."""

from collections.abc import Mapping
from typing import Any, Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.wording import of_choice, owner
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.record import Record

STATUS_TONES: Final = {"customer": "success", "prospect": "info", "lapsed": "neutral"}
KIND_ICONS: Final = {rules.COMPANY: "building-2", rules.PERSON: "user"}
POINT_ICONS: Final = {
    "mobile": "phone",
    "phone": "phone",
    "fax": "printer",
    "email": "mail",
    "web": "globe",
}
CHAT_ICON: Final = "message-square"

_WHY: Final = {
    "registration": N_("same registration number"),
    "phone": N_("same phone or e-mail"),
    "email": N_("same e-mail"),
    "name": N_("same name"),
    "similar": N_("similar name"),
}


def counted(count: int) -> str:
    """Return the whole phrase for a number of contacts."""
    return ngettext("{count} contact", "{count} contacts", count).format(count=f"{count:,}")


def on_button(name: str) -> str:
    """Return a name as a button shows it: its "&" is no key to press."""
    return name.replace("&", "&&")


def why(reason: str) -> str:
    """Return what makes two contacts look alike, in words."""
    return _(_WHY.get(reason, _WHY["similar"]))


def kind(key: object) -> str:
    """Return what a contact is: company or person."""
    return of_choice(rules.KINDS, key)


def status(key: object) -> str:
    """Return the status in words."""
    return of_choice(rules.STATUSES, key)


def icon_of_point(point: Mapping[str, Any]) -> str:
    """Return the icon of a phone, e-mail or chat id."""
    return POINT_ICONS.get(str(point.get("kind")), CHAT_ICON)


def facts(record: Record, names: Mapping[int, str]) -> list[str]:
    """Return the line of facts under a name."""
    return [
        kind(record["kind"]),
        record["short_name"],
        record["city"],
        owner(names, record["owner"]),
        record["code"],
        record["registration_number"],
    ]
