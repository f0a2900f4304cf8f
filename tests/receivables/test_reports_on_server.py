"""Balances, reports and letters where a PostgreSQL server shows every person only their own rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from crm_desktop.access.company import today
from crm_desktop.app import features
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import ageing, balances, due_list, dunning, statements
from crm_desktop.reports.pages import page_sizes
from crm_desktop.shared.errors import NotAllowed, NotFound
from crm_desktop.shared.report import Asked
from tests.db.server_company import ServerCompany
from tests.receivables.test_on_server import begin, new_contact, pay, post

pytestmark = pytest.mark.postgres


def read(company: ServerCompany, login: str) -> Any:
    return Database(company.engine(login)).read(company.actor(login))


def owing(company: ServerCompany) -> tuple[int, int]:
    """Ann's customer owes 600 of 1,000, overdue, and has 5 unused; Bob's owes 70."""
    mine, theirs = new_contact(company, "ann", "Atlas"), new_contact(company, "bob", "Borealis")
    with read(company, "olga") as work:
        late = today(work) - timedelta(9)
    claim = post(company, mine, (1000, late))
    post(company, theirs, (70, late))
    pay(company, "abe", mine, 405, {claim.instalments[0]: 400})
    return mine, theirs


def test_everybody_gets_the_figures_of_what_they_reach(company: ServerCompany) -> None:
    mine, theirs = owing(company)
    seen = {"ann": {mine}, "bob": {theirs}, "mia": {mine}, "abe": {mine, theirs}, "olga": {mine, theirs}}
    for login, reached in seen.items():
        with read(company, login) as work:
            assert work.is_guarded
            day = today(work)
            for as_of in (None, day, day - timedelta(1)):
                made = ageing.ageing(work, as_of)
                assert {row[0] for row in made.rows} == reached
            assert {one.contact_id for one in due_list.due_customers(work)} == reached
            assert {one.contact_id for one in dunning.proposals(work)} == reached
            total = sum(595 if one == mine else 70 for one in reached)
            assert [one.balance for one in balances.totals(work)] == [total]
            assert balances.card(work, mine).of("EUR").balance == (595 if mine in reached else 0)
            assert dict(statements.customers(work)).keys() == reached
    with read(company, "ann") as work:
        assert statements.statement(work, mine).closing == 595
        with pytest.raises(NotFound):
            statements.statement(work, theirs)


def test_every_report_runs_for_whoever_it_is_offered_to(company: ServerCompany) -> None:
    owing(company)
    for login in ("ann", "mia", "abe", "olga", "pat", "adi"):
        with read(company, login) as work:
            for report in features.REPORTS:
                if report.offered_to(work.actor):
                    report.run(work, Asked())


def test_an_accountant_sends_letters_and_nobody_else(company: ServerCompany) -> None:
    mine, _theirs = owing(company)
    with begin(company, "abe") as work:
        (sent,) = dunning.send(work, [mine])
    with begin(company, "abe") as work:
        assert dunning.save_level(work, 1, 0, {"days": 10}).days == 10
    with read(company, "ann") as work:
        assert [one.level for one in dunning.letters(work, mine)] == [1]
        assert page_sizes(dunning.letter_pdf(work, sent.id))
    with read(company, "bob") as work, pytest.raises(NotFound):
        dunning.letter_pdf(work, sent.id)
    with pytest.raises(NotAllowed), begin(company, "ann") as work:
        dunning.send(work, [mine])
    with company.attempt("bob") as connection:
        assert connection.execute(text("select 1 from crm.dunning_letter")).all() == []
        assert connection.execute(text("select 1 from crm.dunning_line")).all() == []
