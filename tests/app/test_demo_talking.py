"""The demo's people talk to customers, plan their days and hope for sales, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.access.model import User
from crm_desktop.activities.model import Activity, ActivityKind, ActivityReminder
from crm_desktop.app.demo.talking_words import TALKING_WORDS
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.actor import SYSTEM

Twins = tuple[str, Database, Database]


def every(database: Database, entity: Any) -> list[Any]:
    with database.read(SYSTEM) as work:
        return list(work.session.scalars(select(entity).order_by(entity.id)))


def test_everybody_who_sells_or_collects_has_something_late_today_and_soon(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        day = today(work)
        logins = dict(work.session.execute(select(User.id, User.login)).all())
    planned = [one for one in every(demo, Activity) if one.state == "planned"]
    for login in ("chen", "anna", "ole", "mia", "accounts"):
        own = [one.due_on for one in planned if logins[one.user_id] == login]
        assert min(own) < day, login
        assert day in own, login
        assert max(own) > day, login
    assert all(one.subject and one.due_sort == one.due_on for one in planned)


def test_talk_is_a_year_old_at_most_and_never_in_the_future(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        now = work.now
    done = [one for one in every(demo, Activity) if one.state == "done"]
    assert len(done) > 300
    assert max(one.done_at for one in done) < now
    assert min(one.done_at for one in done) > now - timedelta(days=370)
    assert all(one.at_sort == one.done_at for one in done)
    debts = {said for _kind, _result, said in TALKING_WORDS["en"].debt_talks}
    assert sum(one.notes in debts for one in done) > 10


def test_contacts_know_when_they_were_last_and_are_next_spoken_to(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        counted = set(work.session.scalars(select(ActivityKind.id).where(ActivityKind.is_contact)))
    last: dict[int, datetime] = {}
    coming: dict[int, Any] = {}
    for one in every(demo, Activity):
        if one.state == "done" and one.kind_id in counted:
            last[one.contact_id] = max(last.get(one.contact_id, one.done_at), one.done_at)
        elif one.state == "planned":
            coming[one.contact_id] = min(coming.get(one.contact_id, one.due_on), one.due_on)
    contacts = every(demo, Contact)
    assert {one.id: one.last_contact_at for one in contacts if one.last_contact_at} == last
    assert {one.id: one.next_contact_on for one in contacts if one.next_contact_on} == coming


def test_opportunities_stand_in_every_stage_won_and_lost_with_their_documents(demo: Database) -> None:
    rows = every(demo, Opportunity)
    stages = {one.id: one.key for one in every(demo, Stage)}
    reasons = {one.id: one.key for one in every(demo, LostReason)}
    assert {stages[one.stage_id] for one in rows if one.state == "open"} == set(stages.values())
    assert len({reasons[one.lost_reason_id] for one in rows if one.state == "lost"}) > 2
    assert len({one.currency for one in rows}) > 1
    won = {one.id: one for one in rows if one.state == "won"}
    orders = {one.opportunity_id: one for one in every(demo, Order) if one.opportunity_id}
    assert won
    assert orders.keys() == won.keys()
    assert all(orders[id_].net == one.amount and orders[id_].dated_on == one.closed_on for id_, one in won.items())
    quotes = [one for one in every(demo, Quote) if one.opportunity_id]
    assert {one.opportunity_id for one in quotes} >= won.keys()
    hoped = {one.id: one for one in rows}
    assert all(hoped[one.opportunity_id].contact_id == one.contact_id for one in quotes)
    assert all(one.closed_on is None or one.closed_on >= one.opened_on for one in rows)


def test_nobody_is_reminded_today(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        day = today(work)
        times = list(work.session.scalars(select(ActivityReminder.remind_at)))
    assert times
    assert min(times) > datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_a_small_demo_has_a_bit_of_everything_in_its_language(twins: Twins) -> None:
    language, *databases = twins
    made = []
    for database in databases:
        talk = [(one.contact_id, one.notes, one.subject, one.due_on) for one in every(database, Activity)]
        hopes = [(one.name, one.state, one.stage_id, one.amount) for one in every(database, Opportunity)]
        made.append((talk, hopes))
    assert made[0] == made[1]
    assert len({stage_id for _name, _state, stage_id, _amount in made[0][1]}) == 4
    words = TALKING_WORDS[language]
    assert {said for _c, said, _s, _d in made[0][0]} & {said for _k, _r, said in words.talks if said}
    assert Counter(name for name, *_rest in made[0][1]).keys() & set(words.chances)
