"""Files on a contact, kept in the database so that one backup, one rule and one transaction cover them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm_desktop.access.model import Company
from crm_desktop.contacts.model import Attachment, AttachmentContent, Contact
from crm_desktop.contacts.rows import add_missing, check_not_merged, locked
from crm_desktop.contacts.service import note_part
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line

SAFE_TO_OPEN = frozenset(
    {
        ".pdf",
        ".txt",
        ".csv",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".bmp",
        ".docx",
        ".xlsx",
        ".pptx",
        ".odt",
        ".ods",
    }
)
"""Endings that may be handed to the system to open; everything else can only be saved."""

MOST_NAME_CHARS = 120


@dataclass(frozen=True, slots=True)
class File:
    """A file on a contact; `size` in bytes."""

    id: int
    name: str
    size: int
    added_at: datetime
    added_by: int | None


@requires(Permission.CONTACT_READ)
def files_of(work: Work, contact_id: int) -> list[File]:
    """Return the files of a contact, newest first."""
    rows = work.session.execute(
        select(Attachment.id, Attachment.name, Attachment.size, Attachment.added_at, Attachment.added_by)
        .where(Attachment.contact_id == contact_id)
        .order_by(Attachment.added_at.desc(), Attachment.id.desc())
    )
    return [File(*row) for row in rows]


@requires(Permission.CONTACT_WRITE)
def add_file(work: Work, contact_id: int, name: str, data: bytes) -> int:
    """Put a file on a contact and return its id.

    Raises Invalid when it is larger than the company allows, NotFound also for the loser of a merge.
    """
    contact = _locked(work, contact_id)
    check_not_merged(work, contact)
    limit = work.session.scalar(select(Company.attachment_limit_bytes)) or 0
    if limit and len(data) > limit:
        raise Invalid(
            "files",
            N_("{name} has {size} MB; files may have at most {limit} MB. The limit is in the company settings."),
            name=name,
            size=f"{len(data) / 1e6:.1f}",
            limit=f"{limit / 1e6:.0f}",
        )
    digest = hashlib.sha256(data).hexdigest()
    add_missing(work, AttachmentContent, sha256=digest, size=len(data), data=data)
    before = names_of(work, contact_id)
    row = Attachment(
        contact_id=contact_id,
        name=shown_name(name),
        size=len(data),
        sha256=digest,
        added_at=work.now,
        added_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    note_part(work, contact, "files", before, (*before, row.name))
    return row.id


@requires(Permission.CONTACT_READ)
def read_file(work: Work, file_id: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file. Raises NotFound."""
    row = work.get(Attachment, file_id)
    content = work.session.scalars(select(AttachmentContent).where(AttachmentContent.sha256 == row.sha256)).one()
    return row.name, content.data


@requires(Permission.CONTACT_WRITE)
def remove_file(work: Work, file_id: int) -> None:
    """Take a file off its contact; its content stays until no backup needs it."""
    row = work.get(Attachment, file_id)
    contact = _locked(work, row.contact_id)
    before = names_of(work, contact.id)
    work.session.delete(row)
    work.session.flush()
    note_part(work, contact, "files", before, names_of(work, contact.id))


def shown_name(name: str) -> str:
    """Return a file name without folders, streams or control characters, its ending kept."""
    bare = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1].replace(":", "_")).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    if dot and len(bare) > MOST_NAME_CHARS:
        bare = f"{stem[: MOST_NAME_CHARS - len(ending) - 1]}.{ending}"
    return bare[:MOST_NAME_CHARS] or "file"


def may_open(name: str) -> bool:
    """Return whether the system may open a file of this name; others can only be saved."""
    return any(name.lower().endswith(ending) for ending in SAFE_TO_OPEN)


def _locked(work: Work, contact_id: int) -> Contact:
    found = locked(work, [contact_id])
    if not found:
        raise NotFound
    return found[0]


def names_of(work: Work, contact_id: int) -> tuple[str, ...]:
    """Return the names of a contact's files, oldest first."""
    return tuple(
        work.session.scalars(select(Attachment.name).where(Attachment.contact_id == contact_id).order_by(Attachment.id))
    )
