"""Customers and suppliers out of a sheet, with their people and addresses."""

from collections.abc import Mapping, Sequence
from typing import Final

from crm_desktop.contacts.above import additions
from crm_desktop.contacts.custom import defined_fields
from crm_desktop.contacts.incoming import apply as incoming_apply
from crm_desktop.contacts.incoming import plan as incoming_plan
from crm_desktop.contacts.incoming.fields import SIDE, SIDES, fields, side_of
from crm_desktop.contacts.incoming.undo import ContactUndoer
from crm_desktop.contacts.service import ENTITY
from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress


class ContactTarget:
    """Takes contacts (`shared.importing.ImportTarget`).

    Rows meet their contact by the hidden id, then by code (on the same side), registration number and name;
    a person by name only when a phone or an e-mail agrees. A name that is there under another code is a
    duplicate. Several rows of one company that name different people are one company.
    """

    name = "contacts"
    label = N_("Contacts")
    sheet_names = (
        "Customers",
        "Suppliers",
        "Vendors",
        "Clients",
        "客户",
        "客戶",
        "供应商",
        "供應商",
        "通讯录",
        "通訊錄",
        "vCard",
    )
    entity = ENTITY
    permission = Permission.CONTACT_IMPORT
    keys: tuple[str, ...] = ("code", "registration_number", "phone", "name")
    required: tuple[tuple[str, ...], ...] = (("name", "person", "employer", "code", "registration_number", "id"),)
    grouped = ""
    percents: frozenset[str] = frozenset()
    choices: tuple[ImportChoice, ...] = (ImportChoice(SIDE, N_("These contacts are"), SIDES),)

    @property
    def undoers(self) -> Mapping[str, Undoer]:
        """Return what takes imports back: what other features added goes first."""
        found: dict[str, Undoer] = {}
        for addition in additions():
            found |= addition.undoers
        return found | {ENTITY: ContactUndoer()}

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be."""
        own = (one for one in fields(defined_fields(work)) if one.writable_by(work.actor))
        return (*own, *(one for addition in additions() for one in addition.fields(work)))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return the side that the sheet's name or headers tell."""
        side = side_of(sheet, headers)
        return {} if side is None else {SIDE: side}

    def plan(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of the rows."""
        return incoming_plan.plan(work, rows, options, progress)

    def apply(self, work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write what was planned."""
        incoming_apply.apply(work, planned, options, progress)


CONTACTS: Final = ContactTarget()
