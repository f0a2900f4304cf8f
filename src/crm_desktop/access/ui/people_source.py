"""The people of the company as a list; a few dozen rows, so filters and order are worked out in memory."""

from array import array
from collections.abc import Sequence
from typing import Any

from crm_desktop.access import people, teams
from crm_desktop.access.fields import PERSON_FIELDS
from crm_desktop.access.people import Person
from crm_desktop.access.rules import ROLES
from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.record import Page
from crm_desktop.shared.text import fold
from crm_desktop.ui.list_source import Count, IdChunk


class PeopleSource:
    """A `ListSource` over `people.people`."""

    entity = "user"

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the columns."""
        return tuple(field for field in PERSON_FIELDS if Use.TABLE in field.uses)

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the first rows."""
        found = [row for row in _rows(work) if _matches(row, listing)][:limit]
        return _page(found, listing.columns)

    def ids(self, work: Any, listing: Listing, after: Any, limit: int) -> IdChunk:
        """Return every id at once."""
        return IdChunk(array("q", [row["id"] for row in _rows(work) if _matches(row, listing)]))

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of these people."""
        wanted = set(ids)
        return _page([row for row in _rows(work) if row["id"] in wanted], columns)

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many people match."""
        return Count(sum(_matches(row, listing) for row in _rows(work)))

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Offer nothing beyond what the fields say."""
        return ()

    def close_match(self, work: Any, listing: Listing) -> str:
        """Know no nearest hit."""
        return ""


def status_of(person: Person) -> str:
    """Return "active", "new" or "deactivated"."""
    if not person.active:
        return "deactivated"
    return "active" if person.last_login_at is not None else "new"


def _rows(work: Any) -> list[dict[str, Any]]:
    team_names = {team.id: team.name for team in teams.teams(work)}
    return [
        {
            "id": person.id,
            "name": person.name,
            "login": person.login,
            "roles": tuple(_(ROLES[role].label) for role in person.roles if role in ROLES),
            "team": team_names.get(person.team_id or 0, ""),
            "status": status_of(person),
            "last_login_at": person.last_login_at,
        }
        for person in people.people(work)
    ]


def _matches(row: dict[str, Any], listing: Listing) -> bool:
    said = fold(" ".join((row["name"], row["login"], row["team"], *row["roles"])))
    if not all(word in said for word in fold(listing.text).split()):
        return False
    for one in listing.filters:
        inside = row.get(one.field) in one.values
        if (one.op == "is" and not inside) or (one.op == "is_not" and inside):
            return False
    return True


def _page(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> Page:
    return Page(("id", *columns), [(row["id"], *(row[name] for name in columns)) for row in rows])
