"""Contacts out of a sheet where a PostgreSQL server enforces what each person reaches."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from crm_desktop.contacts import service
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange import undoing
from crm_desktop.shared.errors import NotAllowed, Unavailable
from crm_desktop.shared.importing import Identity, Verdict
from crm_desktop.shared.permissions import Permission
from tests.db.server_company import ServerCompany
from tests.exchange.rows import bring_in, check, rows, take_back

pytestmark = pytest.mark.postgres


def new(company: ServerCompany, login: str, name: str, **values: object) -> int:
    with database(company, login).begin(company.actor(login)) as work:
        assert work.is_guarded
        return service.create(work, {"name": name, **values})


def database(company: ServerCompany, login: str) -> Database:
    return Database(company.engine(login))


def count(company: ServerCompany) -> int:
    with database(company, "olga").read(company.actor("olga")) as work:
        return work.session.scalar(select(func.count(Contact.id))) or 0


def test_a_manager_imports_changes_and_takes_back(company: ServerCompany) -> None:
    mia, before = company.actor("mia"), count(company)
    there = new(company, "ann", "Atlas Ltd", code="A1", points=[{"kind": "phone", "value": "+44 113 496 0021"}])
    hidden = new(company, "bob", "Borealis Oy", code="B1", points=[{"kind": "mobile", "value": "+8613800138000"}])
    given = rows(
        {"code": "A1", "level": "A", "person": "Jo", "phone": "+44 113 496 0022", "owner": company.ids["cy"]},
        {"code": "B1", "name": "Borealis"},
        {"name": "Corvus Limited"},
        {"name": "Cygnus GmbH", "person": "Max", "city": "Bonn", "tags": "New", "owner": company.ids["cy"]},
        {"name": "Draco", "mobile": "+86 138 0013 8000"},
        {"name": "Equus", "owner": company.ids["bob"]},
    )
    planned = check(database(company, "mia"), mia, CONTACTS, given)
    assert [one.verdict for one in planned] == [
        Verdict.UPDATE,
        Verdict.INVALID,
        Verdict.NEW,
        Verdict.NEW,
        Verdict.NEW,
        Verdict.INVALID,
    ]
    assert "Bob" in planned[1].why
    assert "colleague" in planned[4].similar
    done = bring_in(database(company, "mia"), mia, CONTACTS, given, good_rows_only=True)
    with database(company, "cy").read(company.actor("cy")) as work:
        record = service.get(work, there)
        assert (record["level"], record["phone"]) == ("A", "+44 113 496 0022")
        assert [one["name"] for one in record["people"]] == []  # Jo is in the hands of who had the company before
    assert count(company) == before + 7
    undone = take_back(database(company, "mia"), mia, done.batch, CONTACTS)
    assert (undone.removed, undone.restored, undone.kept) == (5, 1, ())
    assert count(company) == before + 2
    with database(company, "ann").read(company.actor("ann")) as work:
        record = service.get(work, there)
        assert (record["level"], record["phone"], record["people"]) == ("", "+44 113 496 0021", ())
    assert hidden


def test_a_purchaser_brings_in_suppliers_and_no_customers(company: ServerCompany) -> None:
    pat, before = company.actor("pat"), count(company)
    (refused,) = check(database(company, "pat"), pat, CONTACTS, rows({"name": "Atlas"}))
    assert refused.verdict is Verdict.INVALID
    done = bring_in(database(company, "pat"), pat, CONTACTS, rows({"name": "Atlas"}), chosen={"side": "suppliers"})
    assert done.counts["new"] == 1
    take_back(database(company, "pat"), pat, done.batch, CONTACTS)
    assert count(company) == before


def test_the_server_deletes_only_what_an_import_made(company: ServerCompany) -> None:
    mine, before = new(company, "mia", "Atlas"), count(company)
    with (
        pytest.raises((DBAPIError, Unavailable)),
        database(company, "mia").begin(company.actor("mia")) as work,
    ):
        CONTACTS.undoers["contact"].remove(work, [mine], _Silent())
    assert count(company) == before


class _Silent:
    def step(self, done: int, total: int | None = None) -> None:
        """Say nothing."""


def test_a_rep_may_not_import_nor_undo(company: ServerCompany) -> None:
    mia, ann = company.actor("mia"), company.actor("ann")
    assert not ann.may(Permission.CONTACT_IMPORT)
    with pytest.raises(NotAllowed):
        check(database(company, "ann"), ann, CONTACTS, rows({"name": "Atlas"}))
    done = bring_in(database(company, "mia"), mia, CONTACTS, rows({"name": "Atlas"}))
    with pytest.raises(Exception, match="not known"), database(company, "ann").begin(ann) as work:
        undoing.undo(work, done.batch, undoing.undoers_of([CONTACTS]))


def test_an_exported_row_of_a_colleague_is_no_record(company: ServerCompany) -> None:
    id_ = new(company, "bob", "Atlas")
    given = rows({"id": Identity(id_, 1), "name": "Atlas"})
    (planned,) = check(database(company, "mia"), company.actor("mia"), CONTACTS, given)
    assert (planned.verdict, planned.id) == (Verdict.INVALID, None)
