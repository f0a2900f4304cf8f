"""People out of a list where a PostgreSQL server keeps the accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access import login, people, rules
from crm_desktop.access.target import PEOPLE
from crm_desktop.contacts import service as contacts
from crm_desktop.db.engine import postgres_url
from crm_desktop.db.server import ServerLogins, connect_as
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from tests.db.server_company import ServerCompany
from tests.exchange.rows import job, rows

pytestmark = pytest.mark.postgres
NEW_PASSWORD = "harbour lantern 88"


def test_people_come_in_without_a_login_until_they_are_given_one(company: ServerCompany) -> None:
    given = rows({"name": "Nancy Davolio"}, {"name": "Andrew Fuller"}, {"name": "Janet Leverling"})
    adi = Database(company.engine("adi"))
    with adi.begin(company.actor("adi")) as work:
        assert work.is_guarded
        done = imports.apply(work, job(PEOPLE, given))
    with adi.read(company.actor("adi")) as work:
        ids = {one.login: one.id for one in people.people(work)}
    with pytest.raises(DBAPIError), connect_as(postgres_url(company.url), "nancy.davolio", NEW_PASSWORD).connect():
        pass
    with adi.begin(company.actor("adi")) as work:
        people.reset_password(work, ids["nancy.davolio"], NEW_PASSWORD, ServerLogins(rules.login_key))
    engine = connect_as(postgres_url(company.url), "nancy.davolio", NEW_PASSWORD)
    nancy = Database(engine)
    actor = login.log_in(nancy, "nancy.davolio", "")
    assert (actor.name, actor.roles) == ("Nancy Davolio", ("sales_rep",))
    with nancy.begin(actor) as work:
        assert contacts.create(work, {"name": "Hers"})
    engine.dispose()
    with Database(company.engine("olga")).begin(company.actor("olga")) as work:
        contacts.create(work, {"name": "His", "owner": ids["andrew.fuller"]})
    with adi.begin(company.actor("adi")) as work:
        undone = undoing.undo(work, done.batch, PEOPLE.undoers)
    # Whoever looks after the accounts sees no contact, but the server knows of it.
    assert undone.removed == 1
    assert {kept.label for kept in undone.kept} == {"Nancy Davolio", "Andrew Fuller"}


def test_nobody_else_is_ever_deleted(company: ServerCompany) -> None:
    for who in ("adi", "olga", "ann"):
        with company.attempt(who) as connection:
            try:
                deleted = connection.execute(text("delete from crm.app_user where login = 'bob'")).rowcount
            except DBAPIError:
                deleted = 0
            assert deleted == 0
    adi = Database(company.engine("adi"))
    with adi.begin(company.actor("adi")) as work:
        by_hand = people.add_person(work, login="by.hand", name="By Hand", role="sales_rep").id
    with company.attempt("adi") as connection:
        connection.execute(text(f"delete from crm.user_role where user_id = {by_hand}"))
        with pytest.raises(DBAPIError, match="only what an import made"):
            connection.execute(text(f"delete from crm.app_user where id = {by_hand}"))
