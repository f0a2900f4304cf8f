"""The list of contacts as the toolkit wants it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from crm_desktop.contacts import custom, lists, service
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.contacts.rules import DefinedField
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.fields import Use, readable
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.list_source import ServiceSource

ENTITY: Final = service.ENTITY
SCREEN: Final = "contacts"
CLOSE_CHARS: Final = 3
"""Beginning of a typed text by which a near hit is looked for."""


def defined_fields(work: Any) -> list[DefinedField]:
    """Return the user-defined fields in use."""
    return custom.defined_fields(work)


class ContactSource(ServiceSource):
    """The contacts an actor may see; `defined` are the company's own fields."""

    def __init__(self, actor: Actor, defined: Sequence[DefinedField] = ()) -> None:
        super().__init__(ENTITY, readable((*FIELDS, *custom_fields(defined)), actor, Use.TABLE), lists)

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Return the tags in use; other texts are typed."""
        if field_name == "tags":
            return [(tag, tag) for tag in service.all_tags(work)]
        return ()

    def close_match(self, work: Any, listing: Listing) -> str:
        """Say which filter hides a hit, or which name is near to what was typed."""
        if listing.text and listing.filters:
            everywhere = replace(listing, filters=())
            page = lists.first_page(work, everywhere, ("name",), 1)
            if page.rows:
                count = lists.count(work, everywhere)[0]
                if count == 1:
                    return _("Without the filters there is one match: {name}.").format(name=page.rows[0][1])
                return _("Without the filters there are {count} matches, the first is {name}.").format(
                    count=f"{count:,}", name=page.rows[0][1]
                )
        beginning = listing.text.strip()
        while len(beginning) > CLOSE_CHARS:
            beginning = beginning[:-1]
            hits = lists.search(work, beginning, 1)
            if hits:
                return _("There is one close match: {name}.").format(name=hits[0][1])
        return ""
