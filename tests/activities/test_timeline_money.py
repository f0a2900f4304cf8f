"""What a timeline tells of promises and statements: whether they were kept, and that they went out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.activities import timeline
from crm_desktop.activities.above import Entry
from crm_desktop.activities.timeline_report import TIMELINE
from crm_desktop.activities.timeline_words import Teller
from crm_desktop.app import report_files, session
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import statement_traces
from crm_desktop.receivables.collecting.statement_files import STATEMENT
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.published import publish
from crm_desktop.shared.report import Asked
from tests.companies import Firm
from tests.receivables import conftest as books
from tests.receivables.documents import customer, pay, posted
from tests.receivables.test_promises import promised

assert session, "hangs the features into the timeline, as in the program"
accountant = books.accountant
MONEY = frozenset({"money"})


def told(database: Database, by: Actor, contact_id: int, source: str, groups: frozenset[str] | None = None) -> Any:
    """Return the entries of a source with their words."""
    with database.read(by) as work:
        teller = Teller(Formats.of(date(2026, 11, 20), {}, "Asia/Shanghai"), "CNY")
        found: list[tuple[Entry, str]] = []
        for one in timeline.page(work, contact_id, groups=groups, limit=1000):
            if one.source == source:
                line = teller.line(one)
                found.append((one, " · ".join(part for part in (line.headline, line.detail) if part)))
        return found


@pytest.fixture
def _on_the_20th(database: Database) -> Iterator[None]:
    before = database.clock
    database.clock = FixedClock(datetime(2026, 11, 20, 1, tzinfo=UTC))
    yield
    database.clock = before


@pytest.mark.usefixtures("_on_the_20th")
def test_a_promise_says_whether_it_was_kept(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    posted(database, contact_id, 5000)
    for made, due, amount, person in ((2, 5, 1000, "Wang"), (6, 9, 700, ""), (12, 15, 90, ""), (18, 25, 80, "")):
        promised(
            database,
            firm.anna,
            contact_id,
            amount,
            date(2026, 11, due),
            made_on=date(2026, 11, made),
            person=person,
        )
    pay(database, accountant, contact_id, 1000, dated_on=date(2026, 11, 4))
    with database.begin(firm.anna) as work:
        third = next(one for one in promises.promises_of(work, contact_id) if one.due_on.day == 15)
        promises.withdraw(work, third.id, third.version)
    for groups in (None, MONEY):
        found = told(database, firm.anna, contact_id, "promise", groups)
        assert [words for _entry, words in found] == [
            "Promise: 80.00 by 25 Nov",
            "Promise: 90.00 by 15 Nov · Withdrawn",
            "Promise: 700.00 by 9 Nov · Broken",
            "Promise: 1,000.00 by 5 Nov · Kept · Wang",
        ]
        assert [entry.tone for entry, _words in found] == ["plain", "plain", "danger", "success"]
    with database.read(firm.boss) as work:
        table = TIMELINE.answer(work, Asked(contact_id=contact_id, by="money"))
    details = [row[table.place("detail")] for row in table.rows if str(row[table.place("told")]).startswith("Promise")]
    assert details == ["", "Withdrawn", "Broken", "Kept · Wang"]


@pytest.mark.usefixtures("_on_the_20th")
def test_a_timeline_and_collections_judge_alike(database: Database, firm: Firm, accountant: Actor) -> None:
    """Promises that overlap, of two currencies, with money that is reckoned to the one due first."""
    contact_id = customer(database, firm.anna)
    chance = random.Random(7)
    first = date(2026, 10, 1)
    for _number in range(25):
        made = first + timedelta(chance.randrange(45))
        due = made + timedelta(chance.randrange(16))
        promised(
            database,
            firm.anna,
            contact_id,
            chance.randrange(1, 9) * 100,
            due,
            made_on=made,
            currency=chance.choice(("CNY", "EUR")),
        )
    for _number in range(25):
        day = first + timedelta(chance.randrange(50))
        foreign = {"currency": "EUR", "rate": 8} if chance.random() < 0.4 else {}
        pay(database, accountant, contact_id, chance.randrange(1, 6) * 100, dated_on=day, **foreign)
    with database.read(firm.anna) as work:
        judged = {one.id: one.state for one in promises.promises_of(work, contact_id)}
        assert promises.states_of(work, contact_id) == judged
    assert {"kept", "broken", "open"} <= set(judged.values())


def sent(database: Database, by: Actor, contact_id: int) -> list[str]:
    return [words for _entry, words in told(database, by, contact_id, "statement", MONEY)]


def take_out(database: Database, by: Actor, path: Path, asked: Asked) -> None:
    with database.read(by) as work:
        rows = report_files.write_report(work, path, STATEMENT, asked)
    with database.begin(by) as work:
        report_files.note_report(work, path, STATEMENT, rows, asked)
    publish(path)


def test_a_statement_that_went_out_is_told(database: Database, firm: Firm, accountant: Actor, tmp_path: Path) -> None:
    contact_id = customer(database, firm.anna)
    posted(database, contact_id, 3000, dated_on=date(2026, 9, 15))
    assert not sent(database, accountant, contact_id)
    asked = Asked(from_on=date(2026, 1, 1), to_on=date(2026, 10, 31), form="activity", contact_id=contact_id)
    take_out(database, accountant, tmp_path / "one.pdf", asked)
    with database.begin(accountant) as work:
        statement_traces.note_statements(work, Asked(form="open", contact_id=contact_id), statement_traces.MAILED)
    assert sent(database, accountant, contact_id) == [
        "Statement of account · 17:30 · Email · Open items on 20 Nov · 3,000.00 · Li Na",
        "Statement of account · 17:30 · Saved as a file · 1 Jan to 31 Oct · 3,000.00 · Li Na",
    ]
    entry = told(database, accountant, contact_id, "statement")[0][0]
    assert (entry.entity, entry.id, entry.by) == ("statement", contact_id, accountant.user_id)
    steps = told(database, accountant, contact_id, "step", timeline.GROUPS)
    assert "Li Na: Statement · Sent" in [words.split(" · 1")[0] for _entry, words in steps]


def test_all_statements_leave_a_trace_each(database: Database, firm: Firm, accountant: Actor, tmp_path: Path) -> None:
    owing = [customer(database, firm.anna, name) for name in ("Atlas", "Borealis")]
    paid = customer(database, firm.anna, "Ceres")
    for contact_id in owing:
        posted(database, contact_id, 100)
    take_out(database, accountant, tmp_path / "figures.csv", Asked())
    assert not any(sent(database, accountant, one) for one in owing), "a list of balances is no statement"
    take_out(database, accountant, tmp_path / "all.xlsx", Asked())
    assert [len(sent(database, accountant, one)) for one in (*owing, paid)] == [1, 1, 0]


def test_statements_in_two_currencies_are_one_trace(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    posted(database, contact_id, 100)
    pay(database, accountant, contact_id, 30, currency="EUR", rate=8)
    with database.begin(accountant) as work:
        statement_traces.note_statements(work, Asked(contact_id=contact_id), statement_traces.PRINTED)
    assert sent(database, accountant, contact_id) == [
        "Statement of account · 17:30 · Printed · Until 20 Nov · 100.00 · EUR \u221230.00 · Li Na"
    ]


def test_the_scope_of_statements(database: Database, firm: Firm, accountant: Actor) -> None:
    """Who buys from a firm that is a customer too is not told what it owes; who sells to others notes nothing."""
    contact_id = customer(database, firm.boss, "Both", is_supplier=True, owner=firm.anna.user_id)
    posted(database, contact_id, 100)
    with database.begin(accountant) as work:
        statement_traces.note_statements(work, Asked(contact_id=contact_id), statement_traces.PRINTED)
    assert len(sent(database, firm.anna, contact_id)) == 1
    assert len(sent(database, firm.manager, contact_id)) == 1
    assert not sent(database, firm.buyer, contact_id)
    with database.read(firm.buyer) as work:
        steps = timeline.page(work, contact_id, groups=timeline.GROUPS)
        assert not [one for one in steps if one.source == "step" and one.values["event"].entity == "statement"]
    with database.begin(firm.outsider) as work:
        assert statement_traces.note_statements(work, Asked(contact_id=contact_id)) == 0
    with database.begin(firm.admin) as work, pytest.raises(NotAllowed):
        statement_traces.note_statements(work, Asked(contact_id=contact_id))
