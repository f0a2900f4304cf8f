"""Ageing, balances, posting, receipts, statements and lists of receivables, beside the bare driver."""

import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from benchmarks.companies import Measured
from benchmarks.contacts import Bare
from benchmarks.many_invoices import NOW, drafts
from benchmarks.timing import interleaved, rows, show
from crm_desktop.contacts.row_list import RowList
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.billing import posting
from crm_desktop.receivables.collecting import ageing, balances
from crm_desktop.receivables.collecting.statement_files import write_statements
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES, RECEIPTS
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import receipts
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.fields import Use
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.report import Asked

TODAY = NOW.date()
PAST = TODAY - timedelta(days=400)
BATCH, LARGE, STATEMENTS = 1_000, 50, 1_000
TRYTON_A_SECOND = 4.6
"""Invoices posted in a second, as measured in the research."""
_EDGES = (0, 30, 60, 90, 180)
_LISTS: dict[str, tuple[RowList, tuple[tuple[str, bool], ...], str]] = {
    "invoices": (
        INVOICES,
        (("dated_on", True), ("customer", False), ("total", True)),
        "SELECT o.id, o.number, c.name, o.dated_on, o.next_due_on, o.total, o.open_amount, o.currency FROM invoice o",
    ),
    "receipts": (
        RECEIPTS,
        (("dated_on", True), ("customer", False), ("amount", True)),
        "SELECT o.id, o.number, c.name, o.dated_on, o.method, o.amount, o.open_amount, o.currency FROM receipt o",
    ),
    "instalments": (
        INSTALMENTS,
        (("due_on", False), ("customer", False)),
        "SELECT o.id, o.label, c.name, o.due_on, o.amount, o.open_amount, o.currency FROM instalment o",
    ),
}


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company with receivables."""
    engine = company.database.engine.dialect.name
    bare = BareBooks(company)
    title = f"{engine}, {company.size:,} invoices"
    _ageing(company, bare, title, rounds)
    for name in _LISTS:
        _pages(company, bare, name, title, rounds)
    _posting(company, title, rounds)
    _receipts(company, title, rounds)
    _statements(company, title)


class BareBooks(Bare):
    """The bare driver on the same receivables."""

    def ageing(self) -> object:
        """Add up what is open by customer, from the partial covering index alone."""
        return self._fetch(
            f"SELECT contact_id, currency, {_slots('open_amount')} FROM instalment "
            "WHERE open_amount <> 0 GROUP BY contact_id, currency"
        )

    def totals(self) -> object:
        """Add up what is open."""
        return self._fetch(
            f"SELECT currency, {_slots('open_amount')} FROM instalment WHERE open_amount <> 0 GROUP BY currency"
        )

    def past(self) -> object:
        """Add up what was open on a past day: dated claims, receipts and credit notes less dated allocations."""
        found = []
        for table, amount, column, counts, slots in (
            ("instalment", "amount", "instalment_id", f"claimed_on <= '{PAST}'", _slots("left_open", PAST)),
            ("receipt", "amount", "receipt_id", f"dated_on <= '{PAST}' AND kind = 'receipt'", "sum(left_open)"),
            ("invoice", "total", "credit_id", f"dated_on <= '{PAST}' AND kind = 'credit'", "sum(left_open)"),
        ):
            found.append(self._fetch(self._opened(table, amount, column, counts, slots)))
        return found

    def _opened(self, table: str, amount: str, column: str, counts: str, slots: str) -> str:
        day = "due_on" if table == "instalment" else "dated_on"
        dated = f"dated_on <= '{PAST}'"
        if self._is_file:
            used = f"(SELECT sum(amount) FROM allocation a WHERE a.{column} = t.id AND a.{dated})"
            opened = f"SELECT contact_id, currency, {day}, {amount} - coalesce({used}, 0) AS left_open FROM {table} t"
        else:
            used = f"SELECT {column} AS id, sum(amount) AS used FROM allocation WHERE {dated} GROUP BY {column}"
            opened = (
                f"SELECT contact_id, currency, {day}, {amount} - coalesce(u.used, 0) AS left_open "
                f"FROM {table} t LEFT JOIN ({used}) u ON u.id = t.id"
            )
        return (
            f"WITH opened AS MATERIALIZED ({opened} WHERE {counts.replace('dated_on', 't.dated_on')}) "
            f"SELECT contact_id, currency, {slots} FROM opened WHERE left_open <> 0 GROUP BY contact_id, currency"
        )

    def rows_by_id(self, selected: str) -> Callable[[], object]:
        """Return what reads neighbouring rows of a list: the yardstick."""
        sql = f"{selected} JOIN contact c ON c.id = o.contact_id "
        table = selected.rsplit(" ", 2)[1]
        middle = self._connection.execute(f"SELECT max(id) / 2 FROM {table}").fetchone()[0]
        return lambda: self._fetch(f"{sql} WHERE o.id > {middle} ORDER BY o.id LIMIT 100")


def _slots(left: str, day: date = TODAY) -> str:
    """Return SQL for not due, every bucket, undated and all, as an ageing has them."""
    edges = [(day - timedelta(days=days)).isoformat() for days in _EDGES]
    made = [f"sum(CASE WHEN due_on >= '{edges[0]}' THEN {left} ELSE 0 END)"]
    for young, old in itertools.pairwise(edges):
        made.append(f"sum(CASE WHEN due_on < '{young}' AND due_on >= '{old}' THEN {left} ELSE 0 END)")
    made.append(f"sum(CASE WHEN due_on < '{edges[-1]}' THEN {left} ELSE 0 END)")
    made.append(f"sum(CASE WHEN due_on IS NULL THEN {left} ELSE 0 END)")
    return ", ".join([*made, f"sum({left})"])


def _ageing(company: Measured, bare: BareBooks, title: str, rounds: int) -> None:
    def aged(actor: Actor, as_of: date | None = None) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return ageing.ageing(work, as_of)

        return run

    def totals(actor: Actor) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return balances.totals(work)

        return run

    yardstick = "bare driver, today, a row a customer"
    things = {
        yardstick: bare.ageing,
        "ageing today, all": aged(company.everything),
        "ageing today, own": aged(company.own),
        "bare driver, totals": bare.totals,
        "home page totals, all": totals(company.everything),
        "home page totals, own": totals(company.own),
    }
    goals = {"ageing today, all": "<= 1.5"} | dict.fromkeys(
        ("home page totals, all", "home page totals, own"), "<= 20 ms"
    )
    show(f"{title}: balances", rows(interleaved(things, rounds), yardstick, goals))
    yardstick = "bare driver, a past day, a row a customer"
    things = {yardstick: bare.past, "ageing of a past day, all": aged(company.everything, PAST)}
    goals = {"ageing of a past day, all": "<= 1.5"}
    show(f"{title}: a past day", rows(interleaved(things, max(3, rounds // 10)), yardstick, goals))


def _pages(company: Measured, bare: BareBooks, name: str, title: str, rounds: int) -> None:
    listed, sorts, selected = _LISTS[name]
    names = tuple(field.name for field in listed.described.fields if Use.DEFAULT in field.uses)

    def page(actor: Actor, listing: Listing) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return listed.first_page(work, listing, names)

        return run

    yardstick = "bare driver, 100 rows by id"
    things = {yardstick: bare.rows_by_id(selected)}
    goals = {}
    scopes = {"all": company.everything, "team": company.team, "own": company.own}
    for (by, descending), (scope, actor) in itertools.product(sorts, scopes.items()):
        things[f"first page by {by}, {scope}"] = page(actor, Listing(sorts=(Sort(by, descending),)))
        goals[f"first page by {by}, {scope}"] = "<= 1.5" if scope == "all" else "<= 2 x all, 10 ms"
    show(f"{title}: pages of {name}", rows(interleaved(things, rounds), yardstick, goals))


def _posting(company: Measured, title: str, rounds: int) -> None:
    """Post drafts of a line each: one by one without and with the paper, and a batch in one transaction."""
    few = max(5, rounds // 5)
    places = itertools.count()

    def versions(count: int) -> list[tuple[int, int]]:
        with company.begin(company.everything) as work:
            ids = drafts(work, count, first=next(places) % 5 * BATCH)
            return [(id_, work.get(Invoice, id_).version) for id_ in ids]

    waiting = versions(2 * (few + 2))

    def alone() -> None:
        with company.begin(company.everything) as work:
            posting.post_many(work, [waiting.pop()])

    def with_paper() -> None:
        with company.begin(company.everything) as work:
            posting.post(work, *waiting.pop())

    things = {"post one": alone, "post one and store its paper": with_paper}
    taken = interleaved(things, few)
    batches = []
    for _round in range(3):
        given = versions(BATCH)
        began = time.perf_counter()
        with company.begin(company.everything) as work:
            posting.post_many(work, given)
        batches.append((time.perf_counter() - began) * 1000)
    show(f"{title}: posting", rows(taken, "post one", {"post one": "<= 5 ms"}))
    best = BATCH / min(batches) * 1000
    print(f"{f'batch of {BATCH:,}, invoices a second (best)':46} {best:10,.0f} {best / TRYTON_A_SECOND:18.0f}  >= 500")


def _receipts(company: Measured, title: str, rounds: int) -> None:
    """Post receipts over many instalments of one customer."""
    few = max(5, rounds // 5)
    wanted = (few + 2) * LARGE
    with company.begin(SYSTEM) as work:
        ids = drafts(work, wanted, same_customer=True)
        one = work.get(Invoice, ids[0]).contact_id
        posting.post_many(work, [(id_, work.get(Invoice, id_).version) for id_ in ids])
    with company.begin(SYSTEM) as work:
        asked = select(Instalment.id, Instalment.open_amount).where(Instalment.invoice_id.in_(ids))
        claims = [(id_, from_minor(left, "CNY")) for id_, left in work.session.execute(asked)]

    def receive(count: int) -> Callable[[], object]:
        def run() -> object:
            chosen = {claims.pop()[0]: Decimal("0.01") for _place in range(count)}
            values = {"contact_id": one, "currency": "CNY", "amount": Decimal("0.01") * count, "method": "transfer"}
            with company.begin(company.everything) as work:
                return receipts.post(work, values, chosen)

        return run

    over = f"a receipt over {LARGE} instalments"
    claims += claims[: few + 2]  # a cent each leaves enough for a second one
    taken = interleaved({"a receipt over one instalment": receive(1), over: receive(LARGE)}, few)
    goals = {over: "<= 50 ms"}
    show(f"{title}: receipts", rows(taken, "a receipt over one instalment", goals))


class _Until:
    """Cancels a batch after so many steps, and remembers when the step of each was told."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.told: list[float] = []

    def step(self, done: int, total: int | None = None) -> None:
        """Take note of a step. Raises Cancelled."""
        self.told.append(time.perf_counter())
        if done >= self.steps:
            raise Cancelled


def _statements(company: Measured, title: str) -> None:
    """Write statements of a quarter to one PDF until 1,000 are done, then cancel."""
    watch = _Until(STATEMENTS)
    asked = Asked(TODAY - timedelta(days=90), TODAY, "", form="activity")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statements.pdf"
        try:
            with company.read(company.everything) as work:
                write_statements(work, path, asked, watch)
        except Cancelled:
            pass
        ended = time.perf_counter()
        left = list(Path(folder).iterdir())
    gaps: Sequence[float] = [later - first for first, later in itertools.pairwise(watch.told)] or [0.0]
    print(f"\n{title}: statements")
    print(f"{f'{STATEMENTS:,} statements to one PDF':46} {(ended - began) * 1000:10.0f} ms")
    print(f"{'longest time without progress':46} {max(gaps) * 1000:10.0f} ms")
    print(f"{'from cancelling to the end':46} {(ended - watch.told[-1]) * 1000:10.0f} ms, files left: {len(left)}")
