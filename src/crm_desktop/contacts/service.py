"""What people can do with one contact: read it, write it down, change it, put it away."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from crm_desktop.access.model import Company
from crm_desktop.contacts import above, rules
from crm_desktop.contacts.above import attached
from crm_desktop.contacts.custom import defined_fields
from crm_desktop.contacts.details import PARTS, link_ids, read_details, with_names, write_details
from crm_desktop.contacts.index import index_contact
from crm_desktop.contacts.model import POOL, Contact, ContactTag, Tag
from crm_desktop.contacts.rows import add_missing, check_not_merged, first_owner, locked
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission, Scope, open_to_all, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import clean_line, clean_multiline, fold

ENTITY: Final = "contact"
COLUMNS: Final = (
    "kind",
    "code",
    "name",
    "short_name",
    "status",
    "is_customer",
    "is_supplier",
    "registration_number",
    "level",
    "source",
    "industry",
    "language",
    "website",
    "notes",
)
"""Columns a form writes as they are."""


@requires(Permission.CONTACT_READ)
def get(work: Work, contact_id: int) -> Record:
    """Return one contact with its details: columns, `points`, `addresses`, `people`, `tags`, `custom.KEY`.

    The loser of a merge leads to the survivor. Raises NotFound.
    """
    contact = work.get(Contact, contact_id)
    while contact.merged_into_id is not None:
        contact = work.get(Contact, contact.merged_into_id)
    values = {name: getattr(contact, name) for name in COLUMNS}
    values |= {
        "owner": contact.owner_id,
        "archived_at": contact.archived_at,
        "created_at": contact.created_at,
        "created_by": contact.created_by,
        "updated_at": contact.updated_at,
        "updated_by": contact.updated_by,
        "phone": contact.main_phone,
        "email": contact.main_email,
        "city": contact.main_city,
        "tags": tags_of(work, [contact.id]).get(contact.id, ()),
    }
    values |= read_details(work, contact)
    values |= {
        f"custom.{one.key}": rules.typed_custom(one, contact.custom.get(one.key)) for one in defined_fields(work)
    }
    return Record(contact.id, contact.version, values)


@requires(Permission.CONTACT_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a new contact and return its id.

    `values` are field names as in `get`; `owner` defaults to the actor when the actor's scope is not
    "all", else to the public pool. Raises Invalid beside the field, NotAllowed outside the scope.
    """
    kind = values.get("kind") or rules.COMPANY
    owner_id = values["owner"] if "owner" in values else first_owner(work)
    check_reach(work, owner_id)
    contact = Contact(
        kind=kind,
        name="",
        sort_key="",
        name_key="",
        owner_id=owner_id,
        owner_key=owner_id or POOL,
        owned_since=work.now if owner_id else None,
        is_customer=work.actor.scope(Domain.SALES) is not Scope.NONE,
        is_supplier=work.actor.scope(Domain.SALES) is Scope.NONE,
        custom={},
        created_at=work.now,
        created_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
    if not clean_line(str(values.get("name") or "")):
        raise Invalid("name", N_("A contact needs a name."))
    _apply_columns(contact, values)
    _apply_mains(contact, values)
    work.session.add(contact)
    work.session.flush()
    _apply_rest(work, contact, values, is_new=True)
    _check_in_reach(work, contact)
    return contact.id


@requires(Permission.CONTACT_WRITE)
def save(work: Work, contact_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed fields over `version` and return the new version.

    Raises Conflict when somebody else changed one of the same fields meanwhile, Invalid, NotFound; also
    NotFound for the loser of a merge, where nobody would see the change.
    """
    contact = _edited(work, contact_id, version, changes)
    check_not_merged(work, contact)
    if "owner" in changes:
        raise NotAllowed(N_("The owner is changed by handing the contact over."))
    if contact.is_customer and changes.get("is_customer") is False:
        for feature in attached():
            feature.check_stays_customer(work, [contact_id])
    contact.updated_at = work.now
    contact.updated_by = work.actor.user_id
    _apply_columns(contact, changes)
    _apply_rest(work, contact, changes)
    work.session.flush()
    if changes.keys() & {"is_customer", "is_supplier"}:
        _check_in_reach(work, contact)
        above.derive(work, (contact.id,))
    return contact.version


@requires(Permission.CONTACT_DELETE)
def archive(work: Work, ids: Sequence[int]) -> list[int]:
    """Hide contacts from lists and return the ids that were not archived yet.

    Raises Invalid when a feature above still needs one of them in the lists.
    """
    for feature in attached():
        feature.check_may_archive(work, ids)
    changed = []
    for contact in locked(work, ids):
        if contact.archived_at is None:
            contact.archived_at = work.now
            changed.append(contact.id)
    return changed


@requires(Permission.CONTACT_DELETE)
def unarchive(work: Work, ids: Sequence[int]) -> list[int]:
    """Bring archived contacts back into the lists; the loser of a merge stays a redirect. Returns their ids."""
    changed = []
    for contact in locked(work, ids):
        if contact.archived_at is not None and contact.merged_into_id is None:
            contact.archived_at = None
            changed.append(contact.id)
    return changed


@requires(Permission.TAG_WRITE)
def tag(work: Work, ids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> int:
    """Put tags on contacts and take others off; returns how many contacts changed."""
    wanted = locked(work, ids)
    known = tags_of(work, ids)
    gone = {fold(clean_line(name)) for name in remove}
    changed = 0
    for contact in wanted:
        before = known.get(contact.id, ())
        kept = [name for name in before if fold(name) not in gone]
        changed += set_tags(work, contact, [*kept, *add])
    return changed


@open_to_all("the words for tags are offered in every form and filter")
def all_tags(work: Work) -> list[str]:
    """Return every tag in use, alphabetically."""
    return sorted(work.session.scalars(select(Tag.name)), key=str.casefold)


def tags_of(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the tag names of each contact that has some."""
    rows = work.session.execute(
        select(ContactTag.contact_id, Tag.name)
        .join(Tag, Tag.id == ContactTag.tag_id)
        .where(ContactTag.contact_id.in_(list(ids)))
    )
    names: dict[int, list[str]] = {}
    for contact_id, name in rows:
        names.setdefault(contact_id, []).append(name)
    return {contact_id: tuple(sorted(found, key=str.casefold)) for contact_id, found in names.items()}


def set_tags(work: Work, contact: Contact, names: Sequence[str]) -> bool:
    """Give the contact exactly these tags, making new ones as needed; returns whether anything changed."""
    wanted = {fold(name): name for name in (clean_line(raw) for raw in names) if name}
    before = tags_of(work, [contact.id]).get(contact.id, ())
    if {fold(name) for name in before} == wanted.keys():
        return False
    asked = select(Tag).where(Tag.name_key.in_(list(wanted)))
    known = {row.name_key: row for row in work.session.scalars(asked)}
    if missing := sorted(wanted.keys() - known.keys()):
        for key in missing:
            add_missing(work, Tag, name=wanted[key], name_key=key)
        known = {row.name_key: row for row in work.session.scalars(asked)}
    work.session.execute(delete(ContactTag).where(ContactTag.contact_id == contact.id))
    work.session.add_all(ContactTag(contact_id=contact.id, tag_id=known[key].id) for key in wanted)
    after = tuple(sorted((known[key].name for key in wanted), key=str.casefold))
    note_part(work, contact, "tags", before, after)
    return True


def note_part(work: Work, contact: Contact, part: str, before: Any, after: Any) -> None:
    """Write a change of a contact's details into the journal under the contact itself, and raise its version."""
    if part == "people":
        before, after = link_ids(before), link_ids(after)
    contact.updated_at = work.now
    if (ENTITY, contact.id) not in work.notes.by_row:
        # The version must rise even when somebody else saved within the same tick of the clock.
        flag_modified(contact, "updated_at")
    work.session.flush()
    work.note(
        ENTITY,
        contact.id,
        UPDATE,
        before={part: before},
        after={part: after},
        contact_id=contact.id,
        version=contact.version,
    )


def check_reach(work: Work, owner_id: int | None) -> None:
    """Raise NotAllowed when a contact given to `owner_id` would leave what the actor reaches."""
    actor = work.actor
    reach = max(actor.scope(domain) for domain in Domain)
    if owner_id is None or reach is Scope.ALL or owner_id == actor.user_id:
        return
    if reach is not Scope.TEAM or owner_id not in actor.team_ids:
        raise NotAllowed(N_("You can only give contacts to people of your own team."))


def country(work: Work) -> str:
    """Return the company's country, by which phones and numbers without one are read."""
    return work.session.scalar(select(Company.country)) or ""


def _edited(work: Work, contact_id: int, version: int, changes: Mapping[str, Any]) -> Contact:
    """Return the locked contact. Raises what `Work.edit` does, linked contacts told by name again."""
    compared = dict(changes)
    if "people" in compared:
        compared["people"] = link_ids(compared["people"] or ())
    try:
        return work.edit(Contact, contact_id, version, compared)
    except Conflict as conflict:
        if "people" not in conflict.theirs:
            raise
        theirs, original = with_names(work, conflict.theirs["people"], conflict.original["people"] or ())
        raise Conflict(
            theirs={**conflict.theirs, "people": theirs},
            original={**conflict.original, "people": original},
            version=conflict.version,
            changed_by=conflict.changed_by,
        ) from conflict


def _check_in_reach(work: Work, contact: Contact) -> None:
    """Raise NotAllowed when the actor would never see the contact again; a server refuses it by itself."""
    if work.session.scalar(select(Contact.id).where(Contact.id == contact.id)) is None:
        raise NotAllowed(
            N_("You would no longer see this contact. Keep it on your side, or ask a colleague to change it.")
        )


def _apply_columns(contact: Contact, values: Mapping[str, Any]) -> None:
    for name in COLUMNS:
        if name not in values:
            continue
        value = values[name]
        if isinstance(value, str):
            value = clean_multiline(value) if name == "notes" else clean_line(value)
        setattr(contact, name, value if value is not None else "")
    if not contact.name:
        raise Invalid("name", N_("A contact needs a name."))
    if not (contact.is_customer or contact.is_supplier):
        raise Invalid("is_customer", N_("A contact is a customer, a supplier, or both."))
    for name, value in rules.derived(contact.kind, contact.name).items():
        setattr(contact, name, value)
    contact.registration_key = registration_key(contact.registration_number or "")
    contact.code_key = rules.code_key(contact.code or "")


def _apply_mains(contact: Contact, values: Mapping[str, Any]) -> None:
    """Give a new contact what lists show of its details at once, so that it is not written twice."""
    points = rules.checked_points(values.get("points") or ())
    addresses = rules.checked_addresses(values.get("addresses") or ())
    for name, value in rules.main_values(points, addresses).items():
        setattr(contact, name, value)


def _apply_rest(work: Work, contact: Contact, values: Mapping[str, Any], *, is_new: bool = False) -> None:
    for change in write_details(work, contact, values, country, is_new=is_new):
        note_part(work, *change)
    if "tags" in values:
        set_tags(work, contact, values["tags"] or ())
    custom = {name.removeprefix("custom."): value for name, value in values.items() if name.startswith("custom.")}
    if custom:
        _apply_custom(work, contact, custom)
    if values.keys() & (set(PARTS) | {"name", "code", "short_name", "registration_number", "notes"}):
        index_contact(work, contact)


def _apply_custom(work: Work, contact: Contact, values: Mapping[str, Any]) -> None:
    described = {one.key: one for one in defined_fields(work)}
    stored = dict(contact.custom)
    for key, value in values.items():
        if key not in described:
            raise Invalid(f"custom.{key}", N_("This field no longer exists."))
        one = described[key]
        checked = rules.custom_value(one.kind, one.choices, key, value)
        before = stored.get(key)
        if checked == before:
            continue
        if checked is None:
            stored.pop(key, None)
        else:
            stored[key] = checked
        contact.custom = dict(stored)
        note_part(work, contact, f"custom.{key}", before, checked)
