"""Whatever happens to activities, a contact's dates are what a plain reading of them all gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm_desktop.activities import kinds, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.target import ACTIVITIES
from crm_desktop.contacts import handover, merge
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.exchange import imports, undoing
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.activities.above_contacts import activities_above
from tests.activities.talked import TODAY, recomputed
from tests.companies import NOW, Firm
from tests.exchange.rows import job, rows

STEPS = (
    *("log", "log", "plan", "plan", "complete", "move", "save", "drop", "reopen", "delete"),
    *("merge", "import", "undo", "flip", "assign", "edit"),
)


@pytest.fixture(autouse=True)
def _above() -> Iterator[None]:
    with activities_above():
        yield


class Play:
    """Does one thing after another to a few firms, as people do."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.batches: list[str] = []
        self.names = 0

    def step(self, work: Work, name: str, chance: random.Random) -> None:
        firms = list(work.session.scalars(select(Contact).where(Contact.merged_into_id.is_(None)).order_by(Contact.id)))
        getattr(self, f"_{name}")(work, chance, chance.choice(firms) if firms else None)

    def _values(self, work: Work, chance: random.Random) -> dict[str, Any]:
        return {"kind_id": chance.choice(kinds.kinds(work)).id, "notes": str(chance.random())}

    def _any(self, work: Work, chance: random.Random, *states: str) -> Activity | None:
        found = list(work.session.scalars(select(Activity).where(Activity.state.in_(states)).order_by(Activity.id)))
        return chance.choice(found) if found else None

    def new(self, work: Work, chance: random.Random) -> None:
        self.names += 1
        side = chance.choice(({}, {"is_supplier": True}, {"is_customer": False, "is_supplier": True}))
        contacts.create(work, {"name": f"Firm {self.names}", "is_customer": True, **side})

    def _log(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        upcoming = {"due_on": TODAY + timedelta(days=chance.randrange(-9, 9))} if chance.random() < 0.4 else None
        when = NOW - timedelta(hours=chance.randrange(500))
        logged = service.log(work, firm.id, self._values(work, chance) | {"done_at": when, "next": upcoming})
        if chance.random() < 0.3:
            work.session.get_one(Activity, logged.id).side = "purchasing"
            contacts.save(work, firm.id, firm.version, {"is_customer": firm.is_customer})

    def _plan(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        due = TODAY + timedelta(days=chance.randrange(-9, 9))
        service.plan(work, firm.id, self._values(work, chance) | {"due_on": due})

    def _complete(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "planned")) is not None:
            service.complete(work, one.id, one.version, self._values(work, chance))

    def _move(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "planned")) is not None:
            service.move(work, one.id, one.version, TODAY + timedelta(days=chance.randrange(-9, 30)))

    def _save(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "planned", "done", "dropped")) is not None:
            changes = self._values(work, chance)
            if one.state == "done":
                changes["done_at"] = NOW - timedelta(hours=chance.randrange(500))
            service.save(work, one.id, one.version, changes)

    def _drop(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "planned")) is not None:
            service.drop(work, one.id, one.version)

    def _reopen(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "done", "dropped")) is not None:
            service.reopen(work, one.id, one.version)

    def _delete(self, work: Work, chance: random.Random, _firm: Contact | None) -> None:
        if (one := self._any(work, chance, "planned", "done", "dropped")) is not None:
            service.delete(work, one.id, one.version)

    def _merge(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        others = select(Contact).where(Contact.merged_into_id.is_(None), Contact.id != (firm.id if firm else 0))
        found = list(work.session.scalars(others.order_by(Contact.id)))
        if firm is not None and len(found) > 1:
            other = chance.choice(found)
            merge.merge(work, firm.id, firm.version, other.id, other.version, {})

    def _import(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        lines = [
            {
                "customer": firm.name,
                "done_at": NOW - timedelta(hours=chance.randrange(500)),
                "notes": str(chance.random()),
                "next_on": TODAY + timedelta(days=chance.randrange(-5, 9)) if chance.random() < 0.5 else None,
            }
            for _ in range(3)
        ]
        done = imports.apply(work, job(ACTIVITIES, rows(*lines)), good_rows_only=True)
        if done.batch:
            self.batches.append(done.batch)
        work.batch = None

    def _undo(self, work: Work, _chance: random.Random, _firm: Contact | None) -> None:
        if self.batches:
            undoing.undo(work, self.batches.pop(), undoing.undoers_of([ACTIVITIES]))

    def _flip(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        sells = chance.random() < 0.5
        contacts.save(work, firm.id, firm.version, {"is_customer": sells, "is_supplier": True})

    def _assign(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        handover.assign(work, [firm.id], chance.choice((None, self.firm.anna.user_id, self.firm.chen.user_id)))

    def _edit(self, work: Work, chance: random.Random, firm: Contact | None) -> None:
        assert firm is not None
        contacts.save(work, firm.id, firm.version, {"notes": str(chance.random())})


def play(database: Database, firm: Firm, by: Actor, seed: int, steps: list[str]) -> None:
    """After each step the firms of this game are looked at, at the end those of the games before it too."""
    chance = random.Random(seed)
    game = Play(firm)
    with database.read(SYSTEM) as work:
        before = work.session.scalar(select(func.max(Contact.id))) or 0
    for _ in range(3):
        with database.begin(by) as work:
            game.new(work, chance)
    for name in steps:
        with database.begin(by) as work:
            game.step(work, name, chance)
        check(database, name, after=before)
    check(database, "the whole game", after=0)


def check(database: Database, name: str, *, after: int) -> None:
    with database.read(SYSTEM) as work:
        for contact in work.session.scalars(select(Contact).where(Contact.id > after)):
            kept = (contact.last_contact_at, contact.next_contact_on)
            assert kept == recomputed(work, contact.id), (name, contact.name)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), steps=st.lists(st.sampled_from(STEPS), min_size=5, max_size=25))
def test_dates_are_what_the_activities_say(database: Database, firm: Firm, seed: int, steps: list[str]) -> None:
    with database.begin(firm.boss) as work:
        for row in work.session.scalars(select(Contact).where(Contact.merged_into_id.is_(None))):
            if row.archived_at is None:
                row.archived_at = NOW
    play(database, firm, firm.boss, seed, steps)


@pytest.mark.parametrize("seed", range(3))
def test_a_long_year(database: Database, firm: Firm, seed: int) -> None:
    chance = random.Random(seed)
    play(database, firm, firm.boss, seed, [chance.choice(STEPS) for _ in range(80)])
