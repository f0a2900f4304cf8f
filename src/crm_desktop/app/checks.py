"""`crm-desktop check`: is the file whole, are derived values in step?"""

from dataclasses import dataclass

from sqlalchemy import func, or_, select, text

from crm_desktop.access import company
from crm_desktop.app.session import log_in, open_database
from crm_desktop.backup import state
from crm_desktop.backup.state import BackupState
from crm_desktop.contacts.model import POOL, Contact, ContactSearch
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import proof
from crm_desktop.pipeline import proof as pipeline_proof
from crm_desktop.receivables import proof as money_proof
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.i18n import N_, _, ngettext


class Damaged(UserError):
    """The check found something; the sentences say what."""

    message = N_("{findings}")


class SeesTooLittle(NotAllowed):
    """A check that sees a part would take what is out of sight for missing."""

    message = N_("A server is checked by somebody who sees everything in it. Log in as an owner.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A company in which everything is in order, and how old its last backup is."""

    backup: BackupState
    moved_to: str = ""
    """Where the company lives now, when this is the place it left."""


def check_company(address: str, person: tuple[str, str] | None = None) -> Checked:
    """Check the company at `address`; on a server as the `person`, login and password.

    Raises Damaged with every finding, SeesTooLittle, and what opening it raises.
    """
    if person is not None:
        return _check_server(address, *person)
    database = open_database(address)
    assert database is not None
    try:
        findings = check_database(database)
        if not findings:
            with database.read(SYSTEM) as work:
                return Checked(state.state(work), company.company(work).moved_to)
    finally:
        database.close()
    raise Damaged(findings=" ".join(findings))


def _check_server(address: str, login: str, password: str) -> Checked:
    """Check as a person the schema, the protection of every table, the values, the backups."""
    # Opening refuses another schema and a table that the server does not protect.
    here = log_in(address, login, password)
    try:
        if not here.actor.reaches_everything:
            raise SeesTooLittle
        with here.database.read(here.actor) as work:
            findings, backup = of_values(work), state.state(work)
            moved_to = company.company(work).moved_to
    finally:
        here.database.close()
    if findings:
        raise Damaged(findings=" ".join(findings))
    return Checked(backup, moved_to)


def check_database(database: Database) -> list[str]:
    """Return a sentence for everything that is wrong, nothing when all is well."""
    with database.read(SYSTEM) as work:
        return [*_storage(work), *of_values(work)]


def of_values(work: Work) -> list[str]:
    """Return a sentence for everything among the values that does not add up; the storage is not looked at."""
    return [
        *_owners(work),
        *_search(work),
        *proof.findings(work),
        *pipeline_proof.findings(work),
        *money_proof.findings(work),
    ]


def _storage(work: Work) -> list[str]:
    connection = work.session.connection()
    problems = [row[0] for row in connection.execute(text("PRAGMA integrity_check(5)")) if row[0] != "ok"]
    orphans = len(connection.execute(text("PRAGMA foreign_key_check")).all())
    found = [_("The file is damaged: {what}").format(what=problem) for problem in problems]
    if orphans:
        found.append(
            ngettext("{count} row points to nothing.", "{count} rows point to nothing.", orphans).format(count=orphans)
        )
    return found


def _owners(work: Work) -> list[str]:
    wrong = work.session.scalar(
        select(func.count())
        .select_from(Contact)
        .where(or_(Contact.owner_key != func.coalesce(Contact.owner_id, POOL), Contact.sort_key == ""))
    )
    if not wrong:
        return []
    return [
        ngettext("{count} contact has a wrong key.", "{count} contacts have wrong keys.", wrong).format(count=wrong)
    ]


def _search(work: Work) -> list[str]:
    unindexed = work.session.scalar(
        select(func.count())
        .select_from(Contact)
        .where(Contact.merged_into_id.is_(None), ~Contact.id.in_(select(ContactSearch.contact_id)))
    )
    if not unindexed:
        return []
    said = ngettext(
        "{count} contact cannot be found by search.", "{count} contacts cannot be found by search.", unindexed
    )
    return [said.format(count=unindexed)]
