"""Activities where a PostgreSQL server enforces what every person reads and writes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access import people
from crm_desktop.access.company import today
from crm_desktop.access.rules import login_key
from crm_desktop.activities import kinds, reminders, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.moving import ActivityHandover
from crm_desktop.activities.target import ACTIVITIES
from crm_desktop.contacts import handover, merge
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.handover import ContactHandover
from crm_desktop.contacts.model import Contact
from crm_desktop.db.server import ServerLogins
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import NotFound
from tests.activities.above_contacts import activities_above
from tests.activities.talked import recomputed
from tests.db.server_company import ServerCompany
from tests.exchange.rows import bring_in, rows, take_back

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _above() -> Iterator[None]:
    with activities_above():
        yield


def at(company: ServerCompany, login: str) -> Database:
    return Database(company.engine(login))


def begin(company: ServerCompany, login: str) -> Any:
    return at(company, login).begin(company.actor(login))


def new_contact(company: ServerCompany, login: str, name: str, **values: Any) -> int:
    with begin(company, login) as work:
        return contacts.create(work, {"name": name, "is_customer": True, **values})


def call(company: ServerCompany, login: str, contact_id: int, said: str, **values: Any) -> service.Logged:
    with begin(company, login) as work:
        return service.log(work, contact_id, {"kind_id": kinds.kinds(work)[0].id, "notes": said, **values})


def plan(company: ServerCompany, login: str, contact_id: int, **values: Any) -> int:
    with begin(company, login) as work:
        given = {"kind_id": kinds.kinds(work)[0].id, "due_on": today(work), "remind_minutes": 0}
        return service.plan(work, contact_id, given | values)


def check_dates(company: ServerCompany, contact_id: int) -> None:
    with begin(company, "olga") as work:
        contact = work.get(Contact, contact_id)
        assert (contact.last_contact_at, contact.next_contact_on) == recomputed(work, contact_id)


def test_plain_sql_tells_no_more_than_ones_own_side(company: ServerCompany) -> None:
    both = new_contact(company, "ann", "Both Sides", is_supplier=True)
    for login, said in (("ann", "sold"), ("pat", "bought")):
        call(company, login, both, said)
        made = plan(company, login, both, subject=said)
        with begin(company, login) as work:
            service.save(work, made, 1, {"notes": said})
    check_dates(company, both)
    for login, own, other in (("ann", "sold", "bought"), ("pat", "bought", "sold"), ("bob", "", "")):
        with company.attempt(login) as own_connection:
            told = repr(
                [
                    list(own_connection.execute(text(f"select * from crm.{name}")))
                    for name in ("activity", "journal", "activity_reminder")
                ]
            )
            assert (own in told) or not own
            for word in {"sold", "bought"} - {own}:
                assert f"'{word}'" not in told, (login, word, other)
            written = own_connection.execute(text("update crm.activity set notes = 'x'")).rowcount
            assert written == (2 if own else 0)
            with pytest.raises(DBAPIError, match="permission denied"):
                own_connection.execute(text("delete from crm.activity"))
    for login in ("olga", "abe", "both"):
        with company.attempt(login) as connection:
            assert connection.scalar(text("select count(*) from crm.activity")) == (2 if login == "both" else 4)


def test_the_dates_count_what_the_writer_does_not_see(company: ServerCompany) -> None:
    both = new_contact(company, "ann", "Both Sides", is_supplier=True)
    call(company, "ann", both, "sold")
    call(company, "pat", both, "bought")
    check_dates(company, both)
    with begin(company, "ann") as work:
        assert work.is_guarded
        mine = work.session.scalars(select(Activity)).one()
        service.save(work, mine.id, mine.version, {"done_at": work.now - timedelta(days=2)})
    check_dates(company, both)


def test_two_who_log_at_once_leave_the_later_one(company: ServerCompany) -> None:
    mills = new_contact(company, "ann", "Mills")

    def log(place: int) -> None:
        login = ("ann", "mia", "abe", "olga")[place % 4]
        with begin(company, login) as work:
            when = work.now - timedelta(hours=place)
            service.log(work, mills, {"kind_id": kinds.kinds(work)[0].id, "done_at": when})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(log, range(16)))
    check_dates(company, mills)


def test_plans_follow_their_contact_and_their_person(company: ServerCompany) -> None:
    mills = new_contact(company, "ann", "Mills")
    made = plan(company, "ann", mills)
    other = plan(company, "mia", mills)
    with begin(company, "mia") as work:
        handover.assign(work, [mills], company.ids["cy"])
    with begin(company, "cy") as work:
        assert service.get(work, made)["user_id"] == company.ids["cy"]
        assert service.get(work, other)["user_id"] == company.ids["mia"]
    with company.admin() as connection:
        person = connection.scalar(
            text("select user_id from crm.activity_reminder where activity_id = :id"), {"id": made}
        )
    assert person == company.ids["cy"]
    with begin(company, "adi") as work:
        hands_over = (ContactHandover(), ActivityHandover())
        assert {one.entity: one.count for one in people.burdens(work, company.ids["cy"], hands_over)}["activity"] == 1
        leaver = people.person_by_login(work, "cy")
        people.deactivate(
            work, leaver.id, leaver.version, successor_id=company.ids["bob"], hands_over=hands_over,
            server=ServerLogins(login_key),
        )  # fmt: skip
    with begin(company, "bob") as work:
        assert service.get(work, made)["user_id"] == company.ids["bob"]
        assert reminders.minutes_of(work, made) == 0
    with pytest.raises(NotFound), begin(company, "ann") as work:
        service.get(work, made)


def test_a_merge_takes_activities_along(company: ServerCompany) -> None:
    keeps, goes = new_contact(company, "mia", "Mills"), new_contact(company, "mia", "Mills Ltd")
    call(company, "mia", goes, "hello", next={"due_on": None} | {"due_on": day(company)})
    with begin(company, "mia") as work:
        merge.merge(work, keeps, 1, goes, work.get(Contact, goes).version, {})
    check_dates(company, keeps)
    check_dates(company, goes)
    with begin(company, "mia") as work:
        assert work.get(Contact, keeps).last_contact_at is not None


def day(company: ServerCompany) -> Any:
    with begin(company, "mia") as work:
        return today(work)


def test_an_accountant_brings_in_and_takes_back(company: ServerCompany) -> None:
    mills = new_contact(company, "ann", "Mills")
    database, abe = at(company, "abe"), company.actor("abe")
    with begin(company, "abe") as work:
        before = work.now - timedelta(days=400)
    done = bring_in(database, abe, ACTIVITIES, rows({"customer": "Mills", "done_at": before, "notes": "Old"}))
    check_dates(company, mills)
    with begin(company, "ann") as work:
        assert work.session.scalars(select(Activity.notes)).all() == ["Old"]
    assert take_back(database, abe, done.batch, ACTIVITIES).removed == 1
    with begin(company, "ann") as work:
        assert work.session.scalars(select(Activity.id)).all() == []
