"""The manager's lists count what was done and who changed hands, for those who reach the customers."""

from __future__ import annotations

from datetime import date

from crm_desktop.contacts import handover
from crm_desktop.db.work import Database
from crm_desktop.home import page, review
from crm_desktop.home.periods import Days, last_months, month_before, year_before
from crm_desktop.reports.table_pdf import table_pdf
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.display import Formats
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked
from tests.companies import Firm
from tests.home.books import TODAY, customer_of

MONTH = Asked(date(2026, 11, 1), date(2026, 11, 30))


def test_calls_count_contacts_by_colleague_and_kind(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        whole = review.calls(work, Asked())
        month = review.calls(work, MONTH)
    everybody = {row[0]: row for row in whole.rows}
    # Twelve customers, five people in turn; of the six shipped kinds a note and a task are no contact.
    assert everybody["Lin Wei"][whole.place("all")] == 3 * 4
    assert everybody["Lin Wei"][whole.place("customers")] == 3
    assert sum(row[whole.place("all")] for row in whole.rows) == 12 * 4
    assert sum(row[month.place("all")] for row in month.rows) < 12 * 4
    assert whole.totals()[0][whole.place("all")] == 48


def test_calls_are_those_with_customers_in_reach(books: Database, firm: Firm) -> None:
    with books.read(firm.anna) as work:
        mine = review.calls(work, Asked())
    # Her two customers, and the two that nobody owns.
    assert sum(row[mine.place("all")] for row in mine.rows) == 4 * 4


def test_customers_nobody_spoke_to_come_longest_first(books: Database, firm: Firm) -> None:
    customer_of(books, "Never called", firm.anna.user_id)
    customer_of(books, "In the pool", None)
    with books.read(firm.boss) as work:
        none = review.untouched(work, Asked())
        some = review.untouched(work, Asked(form="14"))
    assert [row[0] for row in none.rows] == ["Never called"]
    assert next(row[0] for row in some.rows) == "Never called"
    assert all(row[some.place("silent")] is None or row[some.place("silent")] > 14 for row in some.rows)
    with books.read(firm.chen) as work:
        assert not review.untouched(work, Asked()).rows


def test_who_changed_hands_is_told_to_those_who_reach_it(books: Database, firm: Firm) -> None:
    one = customer_of(books, "Moved", firm.anna.user_id)
    with books.begin(firm.manager) as work:
        handover.assign(work, [one], firm.chen.user_id)
    with books.begin(firm.chen) as work:
        handover.release(work, [one])
    with books.read(firm.boss) as work:
        told = review.handed_over(work, MONTH)
    assert [row[1:4] for row in told.rows] == [
        ("Moved", "Chen Jie", "Public pool"),
        ("Moved", "Anna Weber", "Chen Jie"),
    ]
    assert told.rows[0][0] == TODAY
    with books.begin(SYSTEM) as work:
        handover.assign(work, [one], firm.outsider.user_id)
    with books.read(firm.anna) as work:
        assert not review.handed_over(work, MONTH).rows
    with books.read(firm.boss) as work:
        assert not review.handed_over(work, Asked(date(2026, 1, 1), date(2026, 10, 31))).rows


def test_the_page_tells_every_figure_line_by_line(books: Database, firm: Firm) -> None:
    with books.read(firm.boss) as work:
        table = page.table(work, Asked(currency="USD"))
        paper = page.paper(work, "USD")
    amounts = [row[2] for row in table.rows if row[2] is not None]
    assert {one.currency for one in amounts if isinstance(one, Money)} == {"USD"}
    assert {row[0] for row in table.rows} >= {"Today", "Invoiced and received", "What customers owe"}
    assert len([row for row in table.rows if row[0] == "Invoiced and received"]) == 24
    printed = table_pdf(paper)
    assert printed.data.startswith(b"%PDF")
    assert printed.pages >= 1


def test_periods_compare_like_with_like() -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 30))
    assert month_before(march) == Days(date(2026, 2, 1), date(2026, 2, 28))
    whole = Days(date(2027, 2, 1), date(2027, 2, 28))
    assert month_before(whole) == Days(date(2027, 1, 1), date(2027, 1, 31))
    assert year_before(Days(date(2028, 2, 1), date(2028, 2, 29))) == Days(date(2027, 2, 1), date(2027, 2, 28))
    months = last_months(date(2026, 1, 15))
    assert months[0] == Days(date(2025, 2, 1), date(2025, 2, 28))
    assert months[-1] == Days(date(2026, 1, 1), date(2026, 1, 15))
    assert Days(date(2026, 11, 1), date(2026, 11, 9)).words(Formats.of(date(2026, 11, 20), {})) == "1–9 Nov"
