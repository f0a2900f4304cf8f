"""Two people at once: what changes while a sheet is looked at, and the same sheet brought in twice together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from crm_desktop.app.targets import TARGETS
from crm_desktop.contacts import merge, service
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from crm_desktop.exchange.imports import NotWhole
from crm_desktop.products import service as products
from crm_desktop.products.target import PRODUCTS
from crm_desktop.receivables.target import INVOICES
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.importing import ImportTarget, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, job, rows, take_back

LISTS: dict[str, tuple[ImportTarget, str, list[dict[str, Any]]]] = {
    "contacts": (CONTACTS, "contact", [{"code": f"K{n}", "name": f"Firm {n} Trading"} for n in range(30)]),
    "products": (PRODUCTS, "product", [{"code": f"P{n}", "name": f"Pump {n}"} for n in range(30)]),
    "invoices": (
        INVOICES,
        "invoice",
        [
            {"number": f"F-{n}", "customer": "Atlas", "dated_on": date(2026, 5, 1), "amount": Decimal(10 + n)}
            for n in range(30)
        ],
    ),
}


def together(*doings: Callable[[], object]) -> list[object]:
    """Do all of it at the same time; returns what each gave back or raised."""
    gate, answers = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers[place] = doing()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place, doing)) for place, doing in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(answers)


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def new_contact(database: Database, firm: Firm, **values: Any) -> Any:
    with database.begin(firm.boss) as work:
        return service.create(work, {"kind": "company", **values})


@pytest.mark.parametrize("what", LISTS)
def test_the_same_sheet_twice_at_once_makes_no_doubles(database: Database, firm: Firm, what: str) -> None:
    target, table, given = LISTS[what]
    new_contact(database, firm, name="Atlas")
    before = count(database, table)
    asked = job(target, rows(*given), create_missing=True)
    with database.read(firm.boss) as work:
        imports.check(work, asked)

    def come() -> object:
        with database.begin(firm.boss) as work:
            return imports.apply(work, job(target, rows(*given), create_missing=True))

    answers = together(come, come, come)
    assert count(database, table) == before + len(given), answers
    strange = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, UserError)]
    assert not strange


def test_missing_customers_are_made_once_by_two_sheets_at_once(database: Database, firm: Firm) -> None:
    def come(prefix: str) -> Callable[[], object]:
        given = [
            {"number": f"{prefix}-{n}", "customer": f"Nobody {n}", "dated_on": date(2026, 5, 1), "amount": Decimal(5)}
            for n in range(20)
        ]

        def doing() -> object:
            with database.begin(firm.boss) as work:
                return imports.apply(work, job(INVOICES, rows(*given), create_missing=True))

        return doing

    answers = together(come("A"), come("B"))
    assert count(database, "invoice") == 40, answers
    assert count(database, "contact") == 20


@pytest.mark.parametrize("how", ["edited", "archived", "merged"])
def test_changed_while_it_was_looked_at(database: Database, firm: Firm, how: str) -> None:
    made = bring_in(
        database, firm.boss, CONTACTS, rows({"code": "K1", "name": "Acme Trading"}, {"code": "K2", "name": "Borea"})
    )
    one, two = ids(database)
    asked = job(CONTACTS, rows({"code": "K1", "city": "Berlin"}, {"code": "K2", "city": "Bonn"}))
    with database.read(firm.boss) as work:
        checked = imports.check(work, asked)
    assert [planned.verdict for planned in checked] == [Verdict.UPDATE, Verdict.UPDATE]
    with database.begin(firm.manager) as work:
        disturb(work, how, one, two)
    with pytest.raises(NotWhole) as refused, database.begin(firm.boss) as work:
        imports.apply(work, asked, checked)
    assert refused.value.planned[0].verdict is Verdict.INVALID or how == "merged"
    assert refused.value.planned[0].why or refused.value.planned[1].why
    assert count(database, "contact_address") == 0
    undone = take_back(database, firm.boss, made.batch, *TARGETS)
    assert undone.kept
    assert all(kept.reason for kept in undone.kept)


def ids(database: Database) -> Sequence[int]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT id FROM contact ORDER BY id")).scalars())


def disturb(work: Any, how: str, one: int, two: int) -> None:
    if how == "edited":
        service.save(work, one, service.get(work, one).version, {"notes": "spoken to"})
    elif how == "archived":
        service.archive(work, [one])
    else:
        versions = (service.get(work, id_).version for id_ in (one, two))
        merge.merge(work, one, next(versions), two, next(versions), {})


def test_taken_back_while_somebody_edits(database: Database, firm: Firm) -> None:
    given = [{"code": f"K{n}", "name": f"Firm {n}"} for n in range(60)]
    made = bring_in(database, firm.boss, CONTACTS, rows(*given))
    numbers = list(ids(database))

    def undo() -> object:
        with database.begin(firm.boss) as work:
            return undoing.undo(work, made.batch, undoing.undoers_of(TARGETS))

    def edit() -> int:
        saved = 0
        for number in reversed(numbers):
            try:
                with database.begin(firm.manager) as work:
                    service.save(work, number, service.get(work, number).version, {"notes": "spoken to"})
                saved += 1
            except UserError:
                continue
        return saved

    undone, saved = together(undo, edit)
    assert isinstance(saved, int), saved
    assert isinstance(undone, undoing.Undone | UserError), undone
    assert count(database, "contact") >= saved, "what somebody saved is gone"


def test_a_code_that_somebody_stores_in_the_same_moment_stops_the_import_in_words(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file the one writer waits; on a server the other's product appears between plan and insertion."""
    if database.path is not None:
        pytest.skip("a file has one writer at a time")
    plan = type(PRODUCTS).plan

    def planned_and_overtaken(*given: Any) -> Any:
        found = plan(*given)
        with database.begin(firm.boss) as work:
            products.create(work, {"code": "P7", "name": "Somebody's pump"})
        return found

    monkeypatch.setattr(type(PRODUCTS), "plan", planned_and_overtaken)
    with pytest.raises(Invalid):
        bring_in(database, firm.boss, PRODUCTS, rows(*LISTS["products"][2]))
    assert count(database, "product") == 1
