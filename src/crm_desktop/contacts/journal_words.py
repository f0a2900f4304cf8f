"""What happened to a contact, in words: a headline, and each field before → after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crm_desktop.access.sentences import ACTIONS
from crm_desktop.contacts import above, rules, wording
from crm_desktop.contacts.history import Event
from crm_desktop.contacts.service import ENTITY
from crm_desktop.shared.display import choice_label, list_separator
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _

CREATED, OWNER, DETAILS, PEOPLE, FILES, OTHER = "created", "owner", "details", "people", "files", "other"

_LABELS: Final[Mapping[str, str]] = {
    "owner_id": N_("Owner"),
    "points": N_("Phones and e-mails"),
    "addresses": N_("Addresses"),
    "people": N_("People"),
    "files": N_("Files"),
    "tags": N_("Tags"),
    "archived_at": N_("Archived"),
}
_UNSAID: Final = frozenset(
    {"main_phone", "main_email", "main_city", "owned_since", "custom", "merged_into_id", "id", "owner_key"}
)
"""Columns that follow from others, or that the headline tells."""


@dataclass(frozen=True, slots=True)
class Words:
    """What makes values readable: descriptions by field name and the names of users."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Sequence[Field], names: Mapping[int, str]) -> "Words":
        """Return the words of these fields."""
        return cls({one.name: one for one in fields}, names)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event, as text."""

    label: str
    before: str
    after: str

    def sentence(self) -> str:
        """Return "Status: Prospect → Customer"."""
        if not self.before:
            return _("{field}: {value}").format(field=self.label, value=self.after)
        return _("{field}: {before} → {after}").format(
            field=self.label, before=self.before, after=self.after or _("empty")
        )


def headline(event: Event, spoken: Words) -> str:
    """Return who did what, in one sentence."""
    if event.entity != ENTITY:
        return _of_another(event)
    who, names = event.actor_name, set(event.after) | set(event.before)
    if event.action == "create":
        return _("{person} added this contact").format(person=who)
    if event.action == "merge":
        return _("{person} merged {other} into this contact").format(person=who, other=event.after.get("merged", ""))
    if event.action == "distinct":
        return _("{person} said that a similar contact is another one").format(person=who)
    if "merged_into_id" in names:
        return _("{person} merged this contact into another one").format(person=who)
    if "archived_at" in names:
        archived = event.after.get("archived_at") is not None
        said = _("{person} archived this contact") if archived else _("{person} brought this contact back")
        return said.format(person=who)
    if "owner_id" in names:
        return _owner_changed(event, spoken)
    if names == {"files"}:
        added = len(event.after.get("files") or ()) > len(event.before.get("files") or ())
        said = _("{person} added a file") if added else _("{person} removed a file")
        return said.format(person=who)
    return _("{person} changed this contact").format(person=who)


def _of_another(event: Event) -> str:
    """Return who did what to a record of a feature above."""
    told = above.told()
    record = _(told.entities.get(event.entity, event.entity))
    number = event.after.get("number") or event.before.get("number")
    if number:
        record = f"{record} {number}"
    action = _({**ACTIONS, **told.actions}.get(event.action, event.action))
    return _("{person}: {record} · {action}").format(person=event.actor_name, record=record, action=action)


def _owner_changed(event: Event, spoken: Words) -> str:
    owner_id = event.after.get("owner_id")
    if owner_id is None:
        return _("{person} released this contact to the public pool").format(person=event.actor_name)
    name = wording.owner(spoken.names, owner_id)
    if event.before.get("owner_id") is None and name == event.actor_name:
        return _("{person} claimed this contact from the public pool").format(person=event.actor_name)
    return _("{person} handed this contact to {name}").format(person=event.actor_name, name=name)


def group(event: Event) -> str:
    """Return which filter of the history an event belongs to."""
    if event.entity != ENTITY:
        return OTHER
    names = set(event.after) | set(event.before)
    if event.action in ("create", "merge") or names & {"archived_at", "merged_into_id"}:
        return CREATED
    if "owner_id" in names:
        return OWNER
    if names == {"files"}:
        return FILES
    return PEOPLE if names <= {"people"} else DETAILS


def changes(event: Event, spoken: Words) -> list[Change]:
    """Return what an event changed, field by field; a new contact is told by its headline."""
    if event.action != "update" or event.entity != ENTITY:
        return []
    found = []
    for name in dict.fromkeys((*event.before, *event.after)):
        if name in _UNSAID or (name == "archived_at"):
            continue
        before, after = event.before.get(name), event.after.get(name)
        said = Change(_label(name, spoken), _value(name, before, spoken), _value(name, after, spoken))
        if said.before or said.after:
            found.append(said)
    return found


def _label(name: str, spoken: Words) -> str:
    if name in _LABELS:
        return _(_LABELS[name])
    described = spoken.fields.get(name)
    return _(described.label) if described is not None else name.removeprefix("custom.")


def _value(name: str, value: Any, spoken: Words) -> str:
    if name == "owner_id":
        return wording.owner(spoken.names, value)
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return list_separator().join(text for text in (_item(name, one) for one in value) if text)
    described = spoken.fields.get(name)
    if described is not None and described.kind in (Kind.CHOICE, Kind.STATUS):
        return choice_label(described, value)
    return " ".join(str(value).split())


def _item(name: str, one: Any) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    if name == "points":
        return f"{wording.of_choice(rules.POINT_KINDS, one.get('kind'))} {one.get('value', '')}"
    if name == "addresses":
        return wording.address_line(one)
    role = one.get("role")
    return f"{one.get('name', '')} ({role})" if role else str(one.get("name", ""))
