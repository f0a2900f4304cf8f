"""Writing, opening, listing, finding and printing orders, beside the bare driver where it can do the same."""

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Table

from benchmarks.companies import Measured
from benchmarks.contacts import Bare
from benchmarks.many_orders import sample_orders
from benchmarks.timing import interleaved, rows, show
from crm_desktop.orders import papers, service
from crm_desktop.orders.lists import ORDERS
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.orders.totals import DocumentInput, LineInput, total
from crm_desktop.reports import letterhead
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.fields import Use
from crm_desktop.shared.listing import Listing, Sort

COLUMNS = tuple(field.name for field in ORDERS.described.fields if Use.DEFAULT in field.uses)
MANY, MANY_LINES, LONG = 1_000, 3, 200
_SELECTED = (
    "SELECT o.id, c.name, o.number, o.state, o.due_on, o.delivered_percent, o.dated_on, o.total, o.currency "
    "FROM sales_order o JOIN contact c ON c.id = o.contact_id "
)
_FREE_IDS = 10**9
_YARDSTICK = "bare driver, 100 rows by id"
_MANY_NAME = f"create_many, {MANY:,} orders of {MANY_LINES} lines"


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company with orders."""
    engine = company.database.engine.dialect.name
    bare = BareOrders(company)
    _pages(company, bare, f"{engine}, {company.size:,} orders: pages of 100", rounds)
    _search(company, bare, f"{engine}, {company.size:,} orders: search to the first page", rounds)
    _one(company, f"{engine}, {company.size:,} orders: one order", rounds)
    _writing(company, bare, f"{engine}, {company.size:,} orders: writing", max(3, rounds // 10))


class BareOrders(Bare):
    """The bare driver on the same orders, the customer's name joined as the list shows it."""

    def page_by_id(self) -> object:
        """Read neighbouring rows: the yardstick."""
        return self._fetch(_SELECTED + f"WHERE o.id > {self._middle} ORDER BY o.id LIMIT 100")

    def page_by_day(self) -> object:
        """Read the rows of the first page of the list."""
        return self._fetch(_SELECTED + "ORDER BY o.dated_on DESC, o.id DESC LIMIT 100")

    def known(self, ids: Sequence[int]) -> object:
        """Read rows by their ids, wherever they are."""
        return self._fetch(_SELECTED + f"WHERE o.id IN ({','.join(map(str, ids))})")

    def insert(self, tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
        """Insert the rows of each table, in one transaction."""
        sign = "?" if self._is_file else "%s"
        cursor = self._connection.cursor()
        cursor.execute("BEGIN")
        for table, (names, found) in tables.items():
            signs = ", ".join([sign] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({signs})", found)
        cursor.execute("COMMIT")

    def stored(self, ids: Sequence[int]) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
        """Return the rows of these orders as they are stored, by table, under ids and numbers that are free."""
        free = {"id": _FREE_IDS, "order_id": _FREE_IDS}
        listed = ",".join(map(str, ids))
        found = {}
        for entity, column in ((Order, "id"), (OrderLine, "order_id"), (Instalment, "order_id")):
            table = cast(Table, entity.__table__)
            names = [one.name for one in table.columns if one.computed is None]
            sql = f"SELECT {', '.join(names)} FROM {table.name} WHERE {column} IN ({listed}) ORDER BY id"
            found[str(table.name)] = (
                names,
                [
                    tuple(
                        f"B{value}" if name == "number" else value + free[name] if name in free else value
                        for name, value in zip(names, row, strict=True)
                    )
                    for row in self._connection.execute(sql).fetchall()
                ],
            )
        return found

    @property
    def _middle(self) -> int:
        middle: int = self._connection.execute("SELECT max(id) / 2 FROM sales_order").fetchone()[0]
        return middle


def _pages(company: Measured, bare: BareOrders, title: str, rounds: int) -> None:
    def page(actor: Actor, field: str, descending: bool = False) -> Callable[[], object]:
        listing = Listing(sorts=(Sort(field, descending),))

        def run() -> object:
            with company.read(actor) as work:
                return ORDERS.first_page(work, listing, COLUMNS)

        return run

    def jump() -> object:
        with company.read(company.everything) as work:
            return ORDERS.rows(work, COLUMNS, known)

    with company.read(company.everything) as work:
        ids, _after = ORDERS.ids(work, Listing())
    known = list(ids[-100:])
    scopes = {"all": company.everything, "team": company.team, "own": company.own}
    sorts = {
        "date": ("dated_on", True),
        "total": ("total", True),
        "customer": ("customer", False),
        "due": ("due_on", False),
    }
    things: dict[str, Callable[[], object]] = {
        _YARDSTICK: bare.page_by_id,
        "bare driver, 100 rows by date": bare.page_by_day,
        "bare driver, 100 known ids": lambda: bare.known(known),
    }
    goals = {}
    for (by, sort), (scope, actor) in itertools.product(sorts.items(), scopes.items()):
        name = f"first page by {by}, {scope}"
        things[name] = page(actor, *sort)
        goals[name] = "<= 1.5" if scope == "all" else "<= 2 x all, 10 ms"
    things["jump: 100 known ids"] = jump
    goals["jump: 100 known ids"] = "<= 2"
    show(title, rows(interleaved(things, rounds), _YARDSTICK, goals))


def _search(company: Measured, bare: BareOrders, title: str, rounds: int) -> None:
    def found(text: str, actor: Actor) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return ORDERS.first_page(work, Listing(text=text), COLUMNS)

        return run

    with company.read(company.own) as work:
        page = ORDERS.first_page(work, Listing(sorts=(Sort("customer"),)), ("number", "reference", "customer"))
    _id, number, reference, customer = page.rows[-1]
    asked = {
        "a number": number,
        "a running number": number.rsplit("-", 1)[1],
        "half a number": number[:-4],
        "a reference": reference,
        "a customer": customer,
        "a word of many customers": "johnson",
    }
    things: dict[str, Callable[[], object]] = {_YARDSTICK: bare.page_by_id}
    goals = {}
    for (what, text), actor in itertools.product(asked.items(), (company.everything, company.own)):
        name = f"{what}, {actor.roles[0]}"
        things[name] = found(text, actor)
        goals[name] = "<= 50 ms"
    show(title, rows(interleaved(things, rounds), _YARDSTICK, goals))


def _one(company: Measured, title: str, rounds: int) -> None:
    with company.begin(SYSTEM) as work:
        long_id, short_id = (
            service.create_many(work, sample_orders(work, 1, count), confirmed=True)[0] for count in (LONG, 6)
        )

    def opened(order_id: int) -> Any:
        with company.read(company.everything) as work:
            return service.get(work, order_id)

    inputs = [
        LineInput(line["quantity"], line["unit_price"], line["discount_percent"], line["tax_percent"])
        for line in opened(long_id)["lines"]
    ]
    order = opened(short_id)
    with company.read(company.everything) as work:
        ours = letterhead.get(work).sender("zh_Hans")
    parties = papers.Parties("zh_Hans", ours, str(order["contact_name"]), ("上海市新华路 1 号",), "李芳", "王伟")

    def printed() -> object:
        made = paper_pdf(papers.order_paper(order.values, parties))
        assert made.pages == 1, made.pages
        return made

    began = time.perf_counter()
    printed()
    first = (time.perf_counter() - began) * 1000
    things: dict[str, Callable[[], object]] = {
        f"open an order of {LONG} lines": lambda: opened(long_id),
        f"totals of {LONG} lines": lambda: total(DocumentInput("CNY"), inputs),
        "a one-page PDF": printed,
    }
    goals = dict(zip(things, ("<= 150 ms", "<= 5 ms", "<= 150 ms"), strict=True))
    taken = interleaved(things, rounds)
    show(title, rows(taken, f"open an order of {LONG} lines", goals))
    print(f"{'the first PDF of a process':46} {first:10.3f}")


def _writing(company: Measured, bare: BareOrders, title: str, rounds: int) -> None:
    """Write the same orders by the service and by the driver; each round takes new ids and numbers."""
    with company.begin(SYSTEM) as work:
        given = sample_orders(work, MANY, MANY_LINES)
    taken: dict[str, list[float]] = {"bare driver, executemany of the same rows": [], _MANY_NAME: []}
    plain, ours = taken
    for _round in range(rounds):
        began = time.perf_counter()
        with company.begin(company.everything) as work:
            ids = service.create_many(work, given, confirmed=True)
        taken[ours].append((time.perf_counter() - began) * 1000)
        same = bare.stored(ids)
        began = time.perf_counter()
        bare.insert(same)
        taken[plain].append((time.perf_counter() - began) * 1000)
    show(title, rows(taken, plain, {_MANY_NAME: "<= 15"}))
