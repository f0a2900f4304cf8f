"""Words of contacts that screens, histories and reports share."""

from collections.abc import Mapping
from typing import Any

from crm_desktop.shared.i18n import _


def of_choice(choices: tuple[tuple[str, str], ...], key: object) -> str:
    """Return the label of a stored choice; an unknown key shows itself."""
    return _(dict(choices).get(str(key), str(key or "")))


def owner(names: Mapping[int, str], owner_id: int | None) -> str:
    """Return who looks after a contact; nobody is the public pool."""
    if owner_id is None:
        return _("Public pool")
    return names.get(owner_id) or _("A user who left (number {number})").format(number=owner_id)


def address_line(address: Mapping[str, Any]) -> str:
    """Return an address in one line, its parts in their order."""
    parts = (str(address.get(part) or "") for part in ("street", "postcode", "city", "region", "country"))
    return ", ".join(part for part in parts if part)
