"""Collections with very many open instalments: opening, sorting, and saving a call that leads to the next customer.

The rows are asked as the screen asks them: everybody who owes in one reading on the lane, then the page in front.
"""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from benchmarks.companies import Measured
from benchmarks.timing import interleaved, rows, show
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.collecting import collections
from crm_desktop.receivables.ui.collecting import debtor_rows
from crm_desktop.receivables.ui.collecting.debtor_rows import CaseSource
from crm_desktop.shared.display import Formats
from crm_desktop.shared.listing import Listing, Sort

PAGE = 100
FIRST_PAGE_MS = 300


def measure(company: Measured, rounds: int) -> None:
    """Print the table of one company."""
    today = company.database.clock.now().date()
    with company.read(company.everything) as work:
        opened = work.session.scalar(select(func.count()).where(Instalment.open_amount != 0)) or 0
        due = debtor_rows.read_due(work, None, today)
    currency = due.currencies()[0][0]
    formats = Formats.of(today, {}, "Asia/Shanghai")
    cases = due.of(currency)
    nth = 0

    def page(*sorts: Sort) -> None:
        source = CaseSource(due, cases, formats, frozenset())
        with company.read(company.everything) as work:
            source.first_page(work, Listing(columns=debtor_rows.NARROW, sorts=sorts), PAGE)

    def opening() -> None:
        with company.read(company.everything) as work:
            found = debtor_rows.read_due(work, None, today)
            source = CaseSource(found, found.of(currency), formats, frozenset())
            source.first_page(work, Listing(columns=debtor_rows.NARROW), PAGE)

    def save() -> None:
        nonlocal nth
        nth += 1
        debtor = cases[nth % len(cases)].debtor
        values = {
            "said": "Pays on Friday",
            "currency": currency,
            "amount": Decimal(100),
            "by": today + timedelta(days=3),
            "next_on": today + timedelta(days=4),
        }
        with company.database.begin(company.everything) as work:
            collections.record(work, debtor.contact_id, values)

    things = {
        "opening: everybody who owes, first page": opening,
        "the first page alone": page,
        "sorted by name": lambda: page(Sort("customer")),
        "sorted by next step, latest first": lambda: page(Sort("next", descending=True)),
        "a call with promise and next date": save,
    }
    goals = {"a call with promise and next date": "<= 20 ms"}
    goals |= {name: f"<= {FIRST_PAGE_MS} ms" for name in things if name not in goals}
    taken = interleaved(things, max(3, rounds // 5))
    engine = company.database.engine.dialect.name
    title = f"{engine}, {opened:,} open instalments of {len(due.collected.rows):,} customers: Collections"
    show(title, rows(taken, "the first page alone", goals))
