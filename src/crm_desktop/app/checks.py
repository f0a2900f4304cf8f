"""`crm-desktop check`: is the file whole, are derived values in step?"""

from sqlalchemy import func, or_, select, text

from crm_desktop.app.opening import is_server
from crm_desktop.app.session import open_database
from crm_desktop.contacts.model import POOL, Contact, ContactSearch
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import proof
from crm_desktop.receivables import proof as money_proof
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import N_, _, ngettext


class Damaged(UserError):
    """The check found something; the sentences say what."""

    message = N_("{findings}")


def check_company(address: str) -> list[str]:
    """Return nothing when the file at `address` is in order.

    Raises Damaged with every finding, and what `open_file` raises. A server checks itself.
    """
    if is_server(address):
        raise Invalid("database", N_("A PostgreSQL server checks its own storage; this command is for company files."))
    database = open_database(address)
    assert database is not None
    try:
        findings = check_database(database)
    finally:
        database.close()
    if findings:
        raise Damaged(findings=" ".join(findings))
    return []


def check_database(database: Database) -> list[str]:
    """Return a sentence for everything that is wrong, nothing when all is well."""
    with database.read(SYSTEM) as work:
        return [*_storage(work), *_owners(work), *_search(work), *proof.findings(work), *money_proof.findings(work)]


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
