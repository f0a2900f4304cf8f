"""Every figure of Home, for every role and on both engines, is what its list holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from crm_desktop.activities.lists import ACTIVITIES
from crm_desktop.app.features import FEATURES
from crm_desktop.db.work import Database, Work
from crm_desktop.home import tiles
from crm_desktop.home.figures import Figure, MonthsChart, Section
from crm_desktop.home.tiles import TILES, layout
from crm_desktop.receivables.collecting import ageing
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.money import Money
from tests.companies import Firm

LISTS = {feature.name: feature.listing for feature in FEATURES} | {"activities": ACTIVITIES}
CURRENCIES = ("CNY", "USD", "EUR", "JPY")


def figures_in(shown: tiles.Shown) -> Iterator[Figure]:
    if isinstance(shown, Figure):
        yield shown
    elif isinstance(shown, MonthsChart):
        yield from (figure for month in shown.months for figure in month.figures)
    else:
        yield from shown.figures
        yield from (row.figure for row in shown.rows if row.figure is not None)
        if shown.total is not None:
            yield shown.total


def check(work: Work, figure: Figure) -> None:
    opens = figure.opens
    assert opens is not None, figure
    if opens.listing is None:
        assert opens.name == "ageing"
        assert isinstance(figure.value, Money)
        sums = [row[-1] for row in ageing.ageing(work).totals() if row[1] == figure.value.currency]
        assert sum(sums) == figure.value.minor
        return
    listed = LISTS[opens.name]
    if not opens.column:
        assert listed.count(work, opens.listing) == (figure.value, False), figure
        return
    assert isinstance(figure.value, Money)
    sums = {one.currency: one.amount for one in listed.sums(work, opens.listing, opens.column)}
    assert set(sums) <= {figure.value.currency}, figure
    assert opens.sign * sums.get(figure.value.currency, Decimal(0)) == figure.value.amount, figure


@pytest.mark.parametrize("person", ["boss", "manager", "anna", "chen", "outsider", "accountant"])
def test_every_figure_is_what_its_list_holds(books: Database, firm: Firm, accountant: Actor, person: str) -> None:
    actor = accountant if person == "accountant" else getattr(firm, person)
    checked = 0
    with books.read(actor) as work:
        for currency in CURRENCIES:
            for tile in TILES.values():
                for figure in figures_in(tile.run(work, currency)):
                    check(work, figure)
                    checked += bool(figure.length)
    assert checked > 60


@pytest.mark.parametrize("person", ["buyer", "admin"])
def test_home_has_nothing_for_those_beyond_the_wall(books: Database, firm: Firm, person: str) -> None:
    actor = getattr(firm, person)
    assert layout(actor).tiles == ()
    assert not tiles.offered_to(actor)
    with books.read(actor) as work:
        for key in TILES:
            with pytest.raises(NotAllowed):
                tiles.read(work, key)


def test_a_rep_counts_own_customers_only(books: Database, firm: Firm) -> None:
    for key in ("overdue", "received", "ordered", "chances"):
        parts = []
        for person in ("anna", "boss"):
            with books.read(getattr(firm, person)) as work:
                shown = tiles.read(work, key, "CNY")
                assert isinstance(shown, Figure)
                assert isinstance(shown.value, Money)
                parts.append(shown.value.amount)
        assert 0 < parts[0] < parts[1]


def test_other_currencies_are_named_and_never_added(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        yuan, dollars = tiles.read(work, "received", "CNY"), tiles.read(work, "received", "USD")
    assert isinstance(yuan, Figure)
    assert isinstance(dollars, Figure)
    assert dollars.value in yuan.not_added
    assert yuan.value in dollars.not_added
    assert {one.currency for one in yuan.not_added} == {"USD", "EUR"}


def test_what_customers_owe_adds_up(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        shown = tiles.read(work, "owed", "CNY")
    assert isinstance(shown, Section)
    assert shown.total is not None
    assert isinstance(shown.total.value, Money)
    assert sum(one.value.amount for one in shown.figures if isinstance(one.value, Money)) == shown.total.value.amount
    assert {one.key for one in shown.figures} >= {"undated", "unused_receipts", "unused_credits", "late_0", "not_due"}


def test_a_figure_says_period_unit_and_comparison(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        shown = tiles.read(work, "received", "CNY")
    assert isinstance(shown, Figure)
    assert shown.said[0] == "CNY · 1–20 Nov"
    assert "1–20 Oct" in shown.said[1]


def test_worst_debtors_come_first_and_tell_what_was_said(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        shown = tiles.read(work, "debtors", "CNY")
    assert isinstance(shown, Section)
    late = [row.cells["overdue"].amount for row in shown.rows]
    assert late == sorted(late, reverse=True)
    assert all(row.cells["said"] and row.cells["oldest"] == 200 for row in shown.rows)
    assert any("nothing arrived" in row.cells["said"] or "promised" in row.cells["said"] for row in shown.rows)


def test_an_empty_company_shows_zeros_and_sentences(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        for key in TILES:
            shown = tiles.read(work, key)
            if isinstance(shown, Section):
                assert shown.nothing
                assert not shown.rows
                assert all(not one.length for one in shown.figures)
            else:
                assert all(not figure.length for figure in figures_in(shown))


def test_a_currency_between_two_others_is_named_beside_the_chart(
    books: Database, firm: Firm, accountant: Actor
) -> None:
    """Of a day's other currencies all are named, not only the first and the last by their letters."""
    with books.read(firm.boss) as work:
        chart = tiles.read(work, "months", "JPY")
        sums = tiles.read(work, "received", "JPY")
    assert isinstance(chart, MonthsChart)
    assert isinstance(sums, Figure)
    assert {one.currency for one in sums.not_added} <= set(chart.not_added)
    assert {"CNY", "EUR", "USD"} <= set(chart.not_added)
