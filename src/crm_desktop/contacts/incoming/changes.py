"""What a row would change of a contact that is there already."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.fields import FIELDS
from crm_desktop.contacts.incoming.fields import ADDRESS
from crm_desktop.contacts.incoming.matching import Known
from crm_desktop.contacts.incoming.values import Person, Wanted
from crm_desktop.contacts.incoming.writing import Change
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Difference
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import fold

_LABELS: Final = {one.name: one.label for one in FIELDS}
_CHOICES: Final = {one.name: dict(one.choices) for one in FIELDS if one.choices}
_FLAGS: Final = ("is_customer", "is_supplier")


def change_of(known: Known, wanted: Wanted, *, side: Mapping[str, bool], owner_counts: bool) -> Change:
    """Return what differs. `side` are the sides the whole sheet stands on, which are only added."""
    change = Change(known)
    values = change.values
    if wanted.name and wanted.name != known["name"]:
        values["name"] = wanted.name
    for name, value in wanted.columns.items():
        if value != known[name] and not _same_number(name, value, known):
            values[name] = value
    for name in _FLAGS:
        if side.get(name) and name not in wanted.columns and not known[name]:
            values[name] = True
    if owner_counts and wanted.owner not in (-1, known["owner_id"]):
        values["owner_id"] = wanted.owner
    for key, value in wanted.custom.items():
        if value != known["custom"].get(key):
            values[f"custom.{key}"] = value
    if wanted.tags is not None and {fold(name) for name in wanted.tags} != {fold(name) for name in known.tags}:
        values["tags"] = wanted.tags
    if wanted.points and (points := _points(known, wanted)) != known.points:
        values["points"] = points
    if wanted.address and (addresses := _addresses(known, wanted.address)) != known.addresses:
        values["addresses"] = addresses
    return change


def _same_number(name: str, value: str, known: Known) -> bool:
    """Return whether a number is only written otherwise."""
    if name == "code":
        return bool(value) and rules.code_key(value) == known["code_key"]
    return name == "registration_number" and bool(value) and registration_key(value) == known["registration_key"]


def _points(known: Known, wanted: Wanted) -> list[dict[str, str]]:
    """Return the points with the cells of the row put in place of those they stand for.

    A value that is there already, in whatever place and spelling, changes nothing.
    """
    points = [dict(point) for point in known.points]
    key_of = {point["value"]: point["key"] for point in wanted.keyed}
    kinds = {kind for kind, _place in wanted.points}
    taken = []
    for (kind, place), value in wanted.points.items():
        if value and key_of.get(value) in known.point_keys.values():
            continue
        # Without a column of mobile phones "phone" is what lists show: the first of any kind.
        alike = rules.PHONES if kind == "phone" and "mobile" not in kinds else {kind}
        same = [one for one in points if one["kind"] in alike]
        if place < len(same):
            if value:
                same[place]["value"] = value
            else:
                taken.append(same[place])
        elif value:
            points.append({"kind": kind, "value": value, "note": ""})
    return [one for one in points if not any(one is gone for gone in taken)]


def _addresses(known: Known, parts: Mapping[str, str]) -> list[dict[str, str]]:
    first, *others = known.addresses or [{"kind": "office", **dict.fromkeys(ADDRESS, "")}]
    changed = {**first, **parts}
    kept = [changed] if any(changed[part] for part in ADDRESS) else []
    return kept + others


def people_of(change: Change, persons: Sequence[Person]) -> tuple[list[Person], list[tuple[int, Person]]]:
    """Put new roles into the change; return who is not there yet, and who is there already, by id."""
    linked = {name_key: (id_, role) for id_, _name, name_key, role in change.known.people}
    new, there = [], []
    for person in persons:
        if person.key not in linked:
            new.append(person)
            continue
        id_, role = linked[person.key]
        there.append((id_, person))
        if person.role and person.role != role:
            change.roles[id_] = person.role
    return new, there


def new_points(known: Known, person: Person) -> list[dict[str, str]]:
    """Return the points of somebody who is there, with what the sheet adds; nothing is taken away."""
    keys = set(known.point_keys.values())
    added = [{name: one[name] for name in ("kind", "value", "note")} for one in person.points if one["key"] not in keys]
    return [*known.points, *added]


def differences(
    change: Change, new: Sequence[Person], custom: Mapping[str, str], users: Mapping[int, str]
) -> tuple[Difference, ...]:
    """Return the change as a person reads it; `custom` are the labels of the user-defined fields."""
    known = change.known
    found = []
    for name, value in change.values.items():
        if name.startswith("custom."):
            key = name.removeprefix("custom.")
            found.append(Difference(name, custom.get(key, key), str(known["custom"].get(key) or ""), str(value or "")))
        elif name == "owner_id":
            old, now = (users.get(one) or _("Public pool") for one in (known["owner_id"], value))
            found.append(Difference("owner", _(_LABELS["owner"]), old, now))
        elif name in ("points", "addresses"):
            label = _("Phones and e-mails") if name == "points" else _("Address")
            found.append(Difference(name, label, *(_listed(part) for part in (getattr(known, name), value))))
        elif name == "tags":
            found.append(Difference(name, _(_LABELS[name]), ", ".join(known.tags), ", ".join(value)))
        else:
            found.append(Difference(name, _(_LABELS[name]), _shown(name, known[name]), _shown(name, value)))
    people = [person.name for person in new] + [
        f"{name} · {change.roles[id_]}" for id_, name, _key, _role in known.people if id_ in change.roles
    ]
    if people:
        before = ", ".join(f"{name} · {role}" if role else name for _id, name, _key, role in known.people)
        found.append(Difference("person", _("Contact person"), before, ", ".join(people)))
    return tuple(found)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _(_CHOICES[name].get(value, str(value))) if name in _CHOICES and value else str(value)


def _listed(rows: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(
        row["value"] if "value" in row else ", ".join(row[part] for part in ADDRESS if row[part]) for row in rows
    )
