"""Which rows of one sheet are the same contact (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.incoming.values import Wanted
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ID_FIELD, Identity, ImportRow

OWN_ORDER: Final = ("code", "registration_number", "name")
"""By what rows meet each other and their contact until a person chooses one key."""

_TELLING: Final = 4
"""A key in Latin letters that is shorter names hardly anybody."""


@dataclass(slots=True)
class Group:
    """The rows of one contact; the first speaks for it, the others only add people.

    `doubled` says why the row is one more of a contact that an earlier row is, `alike` that it only has the
    same name; "" when not.
    """

    rows: list[ImportRow]
    wanted: Wanted
    identity: Identity | None = None
    doubled: str = ""
    alike: str = ""
    people: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        """Return the sheet's number of its first row."""
        return self.rows[0].number


class Grouping:
    """Takes the rows one after the other. `key` is the field they meet by, "" for the usual ones."""

    def __init__(self, key: str) -> None:
        self._fields = (key,) if key else OWN_ORDER
        self._known: dict[tuple[str, str], Group] = {}
        self._persons: dict[str, list[Group]] = {}

    def add(self, row: ImportRow, wanted: Wanted) -> Group | None:
        """Return a new group, or None when the row went into an earlier one."""
        identity = row.values.get(ID_FIELD)
        group = Group([row], wanted, identity if isinstance(identity, Identity) else None)
        if wanted.problems:
            return group
        earlier, why = self._earlier(group)
        if earlier is not None and apart(wanted, earlier.wanted.code_key):
            group.alike, earlier = why.format(number=earlier.number), None
        if earlier is None:
            group.people.update(person.key for person in wanted.persons)
            self._remember(group)
            return group
        if _adds_people(earlier, wanted):
            _join(earlier, row, wanted)
            return None
        group.doubled = why.format(number=earlier.number)
        return group

    def _earlier(self, group: Group) -> tuple[Group | None, str]:
        wanted = group.wanted
        if group.identity is not None:
            earlier = self._known.get((ID_FIELD, str(group.identity.id)))
            return earlier, _("It is the same contact as row {number}.")
        for name in self._fields:
            if name == "code" and (earlier := self._known.get((name, wanted.code_key))):
                return earlier, _("It has the same code as row {number}.")
            if name == "registration_number" and (earlier := self._known.get((name, wanted.registration_key))):
                return earlier, _("It has the same registration number as row {number}.")
            if name == "name" and (earlier := self._of_name(wanted)):
                return earlier, _("It has the same name as row {number}.")
            if name == "phone":
                for key in phone_keys(wanted):
                    if earlier := self._known.get((name, key)):
                        return earlier, _("It has the same phone as row {number}.")
        return None, ""

    def _of_name(self, wanted: Wanted) -> Group | None:
        if wanted.kind == rules.COMPANY:
            return self._known.get(("name", wanted.name_key))
        return next((one for one in self._persons.get(wanted.name_key, ()) if same_person(one.wanted, wanted)), None)

    def _remember(self, group: Group) -> None:
        wanted = group.wanted
        if group.identity is not None:
            self._known[ID_FIELD, str(group.identity.id)] = group
        if wanted.code_key:
            self._known.setdefault(("code", wanted.code_key), group)
        if wanted.registration_key:
            self._known.setdefault(("registration_number", wanted.registration_key), group)
        if wanted.name_key and wanted.kind == rules.COMPANY:
            self._known.setdefault(("name", wanted.name_key), group)
        elif wanted.name_key:
            self._persons.setdefault(wanted.name_key, []).append(group)
        if "phone" in self._fields:
            for key in phone_keys(wanted):
                self._known.setdefault(("phone", key), group)


def apart(wanted: Wanted, code_key: str) -> bool:
    """Return whether another code says more than the same name: a company called "IT" is no other's double."""
    says_little = len(wanted.name_key) < _TELLING and wanted.name_key.isascii()
    return says_little and bool(wanted.code_key and code_key) and wanted.code_key != code_key


def phone_keys(wanted: Wanted) -> Iterator[str]:
    """Yield what the phones of a row are recognised by."""
    for point in wanted.keyed:
        if point["kind"] in rules.PHONES and point["key"]:
            yield point["key"]


def same_person(one: Wanted, other: Wanted) -> bool:
    """Return whether two of one name are one person: many share a name, so a phone or employer must agree."""
    keys, others = ({point["key"] for point in each.keyed} for each in (one, other))
    if keys and others:
        return bool(keys & others)
    return one.employer == other.employer


def _adds_people(earlier: Group, wanted: Wanted) -> bool:
    """Return whether a row says nothing new of its company but one more person."""
    first = earlier.wanted
    if wanted.kind != rules.COMPANY or first.kind != rules.COMPANY or not wanted.persons:
        return False
    if any(person.key in earlier.people for person in wanted.persons):
        return False
    alike = wanted.name_key == first.name_key and wanted.owner in (-1, first.owner) and not wanted.more
    return alike and all(
        not value or value == first_values.get(name)
        for values, first_values in (
            (wanted.columns, first.columns),
            (wanted.address, first.address),
            (wanted.custom, first.custom),
            (wanted.others, first.others),
        )
        for name, value in values.items()
    )


def _join(earlier: Group, row: ImportRow, wanted: Wanted) -> None:
    """Add the person of a further row. A phone or an e-mail that differs there is the person's own."""
    company = {point["key"] for point in earlier.wanted.keyed}
    person = wanted.persons[0]
    person.points += [point for point in wanted.keyed if point["key"] not in company]
    earlier.rows.append(row)
    earlier.wanted.persons += wanted.persons
    earlier.people.update(one.key for one in wanted.persons)
