"""Opportunities where a PostgreSQL server enforces the scope of every person by itself."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import opportunities
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Order
from crm_desktop.pipeline import board, reports, service, stages
from crm_desktop.pipeline.moving import OpportunityHandover
from crm_desktop.shared.errors import Conflict, NotAllowed, NotFound
from crm_desktop.shared.report import Asked
from tests.db.server_company import ServerCompany
from tests.orders.documents import line

pytestmark = pytest.mark.postgres


def begin(company: ServerCompany, login: str) -> Any:
    return Database(company.engine(login)).begin(company.actor(login))


def chance(company: ServerCompany, login: str, name: str = "Atlas") -> int:
    with begin(company, login) as work:
        assert work.is_guarded
        contact_id = contacts.create(work, {"name": name, "is_customer": True})
        return service.create(work, contact_id, {"name": f"For {name}", "amount": 100})


def counted(company: ServerCompany, login: str) -> int:
    with company.attempt(login) as connection:
        return int(connection.scalar(text("select count(*) from crm.opportunity")) or 0)


def test_each_sees_their_own_and_the_manager_the_teams(company: ServerCompany) -> None:
    mine = chance(company, "ann")
    chance(company, "bob", "Borealis")
    seen = {"olga": 2, "mia": 1, "ann": 1, "bob": 1, "cy": 0, "pat": 0, "adi": 0}
    assert {login: counted(company, login) for login in seen} == seen
    for login, count in (("olga", 2), ("mia", 1), ("ann", 1), ("bob", 1), ("cy", 0)):
        with begin(company, login) as work:
            assert board.board(work).sums.count == count
            assert sum(row[1] for row in reports.forecast(work, Asked()).rows) == count
    with pytest.raises(NotFound), begin(company, "bob") as work:
        service.win(work, mine, 1)


def test_a_manager_and_a_rep_move_one_card(company: ServerCompany) -> None:
    id_ = chance(company, "ann")
    with begin(company, "ann") as work:
        _first, second, third, *_rest = stages.stages(work)
        service.move(work, id_, 1, second.id)
    with pytest.raises(Conflict, match="Ann moved this opportunity to “Qualified”"), begin(company, "mia") as work:
        service.move(work, id_, 1, third.id)


def test_an_order_of_a_rep_wins_and_its_end_reopens(company: ServerCompany) -> None:
    id_ = chance(company, "ann")
    with begin(company, "ann") as work:
        order_id = orders.create(work, opportunities.order_for(work, id_) | {"lines": (line(),)})
        orders.confirm(work, order_id, work.get(Order, order_id).version)
        assert service.get(work, id_)["state"] == "won"
    with begin(company, "mia") as work:
        orders.cancel(work, order_id, work.get(Order, order_id).version, "fell through")
    with begin(company, "ann") as work:
        assert service.get(work, id_)["state"] == "open"


def test_an_administrator_hands_over_what_only_others_see(company: ServerCompany) -> None:
    id_, ann, bob = chance(company, "ann"), company.ids["ann"], company.ids["bob"]
    with begin(company, "adi") as work:
        assert OpportunityHandover().count(work, ann) == 1
        assert OpportunityHandover().hand_over(work, ann, bob) == 1
        assert OpportunityHandover().count(work, ann) == 0
    with begin(company, "ann") as work:
        assert service.get(work, id_)["salesperson_id"] == bob
    with company.attempt("ann") as connection, pytest.raises(DBAPIError):
        connection.execute(text("select crm.hand_over_opportunities(:a, :b, now()::timestamp)"), {"a": bob, "b": ann})


def test_stages_are_changed_by_managers_only(company: ServerCompany) -> None:
    with begin(company, "mia") as work:
        stages.save_stage(work, None, 0, {"name": "Trial", "probability": 60})
    with pytest.raises(NotAllowed), begin(company, "ann") as work:
        stages.save_stage(work, None, 0, {"name": "Mine", "probability": 60})


@pytest.mark.parametrize(
    "statement",
    [
        "update crm.opportunity set amount = 0 where id = :id",
        "update crm.opportunity set owner_key = 0 where id = :id",
        "delete from crm.opportunity where id = :id",
        "update crm.pipeline_stage set probability = 0 where :id > 0",
        "delete from crm.lost_reason where :id > 0",
    ],
)
def test_a_colleague_changes_nothing_by_plain_sql(company: ServerCompany, statement: str) -> None:
    id_ = chance(company, "ann")

    def kept() -> list[Any]:
        with company.admin() as connection:
            return [
                connection.execute(text(f"select * from crm.{name} order by id")).all()
                for name in ("opportunity", "pipeline_stage", "lost_reason")
            ]

    before = kept()
    with company.attempt("bob") as connection:
        with contextlib.suppress(DBAPIError):
            assert connection.execute(text(statement), {"id": id_}).rowcount == 0
        connection.commit()
    assert kept() == before
