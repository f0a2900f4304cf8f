"""A journal entry as a sentence a person understands, in the language on screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from crm_desktop.access.rules import ROLES
from crm_desktop.shared.display import Formats, choice_label, list_separator
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import LANGUAGES, N_, _, ngettext

_CHANGES: Final = frozenset({"create", "update", "delete"})
_UNSAID: Final = frozenset({"login_key", "sort_key", "owner_key", "created_at", "id", "dataset_id"})
"""Columns the program keeps for itself."""

ENTITIES: Final[Mapping[str, str]] = {
    "company": N_("Company"),
    "custom_field": N_("Field of our own"),
    "journal": N_("Journal"),
    "login": N_("Logging in"),
    "login_unknown": N_("Login with an unknown name"),
    "team": N_("Team"),
    "user": N_("User"),
}
"""What this feature's entities are called in the journal."""

LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "company": {
        "name": N_("Name"),
        "currency": N_("Currency"),
        "timezone": N_("Time zone"),
        "language": N_("Language"),
        "country": N_("Country"),
        "idle_lock_minutes": N_("Minutes until the screen locks"),
        "attachment_limit_bytes": N_("Largest file (bytes)"),
        "is_demo": N_("Demo company"),
    },
    "team": {"name": N_("Name"), "parent_id": N_("Team above"), "manager_id": N_("Led by")},
    "user": {
        "login": N_("Login"),
        "name": N_("Name"),
        "active": N_("Active"),
        "team_id": N_("Team"),
        "language": N_("Language"),
        "roles": N_("Roles"),
        "must_change_password": N_("Must change the password"),
    },
}
"""The labels of this feature's fields; the app adds those of the other features."""

ACTIONS: Final[Mapping[str, str]] = {
    "create": N_("Added"),
    "update": N_("Changed"),
    "delete": N_("Deleted"),
    "export": N_("Exported"),
    "login": N_("Logged in"),
    "login_failed": N_("Login failed"),
    "login_delayed": N_("Login delayed"),
    "password_changed": N_("Password changed"),
    "password_reset": N_("Password reset"),
    "password_recovered": N_("Password recovered"),
}
"""What the actions are called in the filter of the journal."""

_SENTENCES: Final[Mapping[str, str]] = {
    "create": N_("{person} added {record}"),
    "update": N_("{person} changed {record}"),
    "delete": N_("{person} deleted {record}"),
    "login": N_("{person} logged in"),
    "password_changed": N_("{person} changed their own password"),
    "password_reset": N_("{person} gave {subject} a new password"),
    "password_recovered": N_("{subject} set a new password with the recovery code"),
}
_FAILURES: Final[Mapping[str, str]] = {
    "password": N_("Wrong password for {subject}"),
    "deactivated": N_("Login refused: the account of {subject} is deactivated"),
    "recovery_code": N_("Wrong recovery code for {subject}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry; `subject` names the row it is about as far as it is known."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    entity: str
    entity_id: int | None
    contact_id: int | None
    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    batch: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry, as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the words of the journal mean: entities, actions, fields and the names behind ids.

    `labels` gives marked labels by entity and field, `fields` descriptions where there are any (their
    choices and kinds make values readable); `names` are users and `teams` teams by id. Instants are
    told in the IANA `timezone`, "" for the computer's.
    """

    entities: Mapping[str, str] = field(default_factory=lambda: ENTITIES)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: LABELS)
    fields: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=lambda: ACTIONS)
    names: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    timezone: str = ""

    def entity(self, entity: str) -> str:
        """Return what an entity is called in the language on screen."""
        return _(self.entities.get(entity, entity))

    def action(self, action: str) -> str:
        """Return what an action is called in the language on screen."""
        return _(self.actions.get(action, action))

    def label(self, entity: str, name: str) -> str:
        """Return the label of a field in the language on screen."""
        described = self.fields.get(entity, {}).get(name)
        return _(described.label if described else self.labels.get(entity, {}).get(name, name))

    def value(self, entity: str, name: str, value: Any) -> str:
        """Return a stored value as people read it."""
        if value is None or value in ("", []):
            return _("empty")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        described = self.fields.get(entity, {}).get(name)
        if described and described.kind in (Kind.CHOICE, Kind.STATUS):
            return choice_label(described, value)
        if name in ("owner_id", "manager_id") or (described and described.kind is Kind.USER):
            return self.names.get(value, str(value))
        if name == "team_id" or (entity == "team" and name == "parent_id"):
            return self.teams.get(value, str(value))
        if name == "roles":
            return _joined(_(ROLES[role].label) if role in ROLES else role for role in value)
        if name == "language":
            return LANGUAGES.get(value, str(value))
        if isinstance(value, list):
            return _joined(_item(item) for item in value)
        if name.endswith("_at") and isinstance(value, str):
            # The journal keeps instants as text in UTC.
            return Formats.of(date.min, {}, self.timezone).instant(datetime.fromisoformat(value))
        return _item(value)


def changes(entry: Entry, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Return what an entry changed, field by field; nothing for logins and the like."""
    if entry.action not in _CHANGES:
        return ()
    names = dict.fromkeys((*entry.before, *entry.after))
    return tuple(
        Change(
            vocabulary.label(entry.entity, name),
            vocabulary.value(entry.entity, name, entry.before.get(name)),
            vocabulary.value(entry.entity, name, entry.after.get(name)),
        )
        for name in names
        if name not in _UNSAID and (entry.before.get(name) or entry.after.get(name) is not None)
    )


def describe(entry: Entry, vocabulary: Vocabulary | None = None) -> str:
    """Return one sentence: who did what to which record, and before → after of every field."""
    words = vocabulary or Vocabulary()
    sentence = _headline(entry, words)
    if entry.action != "update":
        return sentence
    said = [
        _("{field}: {before} → {after}").format(field=change.label, before=change.before, after=change.after)
        for change in changes(entry, words)
    ]
    return _("{sentence}. {changes}").format(sentence=sentence, changes="; ".join(said)) if said else sentence


def _headline(entry: Entry, words: Vocabulary) -> str:
    if entry.action == "export":
        rows = entry.after.get("rows", 0)
        return ngettext(
            "{person} exported {count} row: {entity}", "{person} exported {count} rows: {entity}", rows
        ).format(person=entry.actor_name, count=rows, entity=words.entity(entry.entity))
    if entry.action in ("login_failed", "login_delayed"):
        return _failure(entry)
    template = _SENTENCES.get(entry.action)
    if template is None:
        return _("{person}: {action} {record}").format(
            person=entry.actor_name, action=words.action(entry.action), record=_record(entry, words)
        )
    return _(template).format(
        person=entry.actor_name,
        record=_record(entry, words),
        subject=entry.subject or entry.after.get("login", ""),
    )


def _failure(entry: Entry) -> str:
    if entry.entity == "login_unknown":
        said = _("Login with an unknown name")
    else:
        template = _FAILURES.get(str(entry.after.get("reason")), _FAILURES["password"])
        said = _(template).format(subject=entry.subject or entry.after.get("login", ""))
    if entry.action != "login_delayed":
        return said
    attempts = int(entry.after.get("attempts", 0))
    return _("{what}, {count} times in a row; the next attempt has to wait").format(what=said, count=attempts)


def _record(entry: Entry, words: Vocabulary) -> str:
    kind = words.entity(entry.entity)
    if entry.entity == "company":
        return _("the company")
    if name := entry.subject or entry.after.get("file"):
        return _("{kind} “{name}”").format(kind=kind, name=name)
    if entry.entity_id is not None:
        return _("{kind} no. {number}").format(kind=kind, number=entry.entity_id)
    return kind


def _joined(parts: Iterable[str]) -> str:
    return list_separator().join(parts)


def _item(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_item(part) for part in value.values() if part not in (None, ""))
    return " ".join(str(value).split())
