"""Companies with very many receivables for the benchmarks: a few real ones, repeated by the database itself."""

import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, create_engine, select

from benchmarks.companies import FOLDER, Measured, postgres_company, sqlite_company
from benchmarks.many_orders import columns, repeat
from crm_desktop.contacts.model import Contact
from crm_desktop.db import schema
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.billing import invoices, posting
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import receipts
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.money import from_minor

CONTACTS = 100_000
DEBTORS = 50_000
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""The clock of these companies, whenever they are measured."""
_TODAY = NOW.date().isoformat()
_FIRST, _DAYS = "2021-11-20", 5 * 365
_PATTERNS = 20
_TOGETHER = 5
"""How many invoices of a customer a receipt pays."""
_OPEN_EVERY = 30
"""One invoice of so many is paid in part."""
_FILLED = ("invoice", "instalment", "receipt", "allocation")


def sqlite_invoices(size: int, contacts: int = CONTACTS, open_every: int = _OPEN_EVERY) -> Measured:
    """Return a file with `size` invoices of one instalment each and as many allocations, made when it is not there.

    One invoice of `open_every` is paid in part, the others in full.
    """
    base = sqlite_company(contacts)
    more = "" if contacts == CONTACTS else f"-{contacts}"
    more += "" if open_every == _OPEN_EVERY else f"-open-{open_every}"
    path = FOLDER / f"invoices-{schema.SCHEMA}-{size}{more}.crm"
    base_path = base.database.path
    base.database.close()
    assert base_path is not None
    if not path.exists():
        making = path.with_suffix(".new")
        shutil.copy(base_path, making)
        database = Database(sqlite_engine(making), path=making, clock=FixedClock(NOW))
        _with_patterns(database)
        database.close()
        engine = create_engine(f"sqlite:///{making}")
        with engine.connect() as connection:
            # Nothing else opens it meanwhile, and it is made again when this is killed.
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.commit()
            _fill(connection, size, open_every)
        engine.dispose()
        making.rename(path)
    return replace(base, database=Database(sqlite_engine(path), path=path, clock=FixedClock(NOW)), size=size)


def postgres_invoices(url: str, size: int) -> Measured:
    """Return the same in the empty database behind `url`."""
    company = postgres_company(url, CONTACTS)
    for database in (company.database, *company.logins.values()):
        database.clock = FixedClock(NOW)
    _with_patterns(company.database)
    with company.database.engine.connect() as connection:
        _fill(connection, size)
    with company.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return replace(company, size=size)


def drafts(work: Any, count: int, *, first: int = 0, same_customer: bool = False) -> list[int]:
    """Write `count` drafts for as many customers from the `first` on, or for that one, and return their ids."""
    chosen = select(Contact.id).where(Contact.is_customer, Contact.kind == "company").order_by(Contact.id)
    ids = list(work.session.scalars(chosen.offset(first).limit(1 if same_customer else count)))
    ids *= count if same_customer else 1
    line = {"name": "Bearing 6204", "quantity": Decimal(3), "unit_price": Decimal("107.30"), "tax_percent": Decimal(13)}
    return [
        invoices.create(
            work, {"contact_id": id_, "dated_on": date(2026, 11, 20), "payment_term_id": None, "lines": [line]}
        )
        for id_ in ids
    ]


def _with_patterns(database: Database) -> None:
    """Post invoices and pay them by one receipt each: the rows that are repeated."""
    with database.begin(SYSTEM) as work:
        ids = drafts(work, _PATTERNS)
        posting.post_many(work, [(id_, work.get(Invoice, id_).version) for id_ in ids])
        work.session.flush()
        claims = work.session.execute(
            select(Instalment.id, Instalment.contact_id, Instalment.amount).where(Instalment.invoice_id.in_(ids))
        ).all()
        for id_, contact_id, amount in claims:
            worth = from_minor(amount, "CNY")
            receipts.post(work, {"contact_id": contact_id, "currency": "CNY", "amount": worth}, {id_: worth})


def _fill(connection: Connection, size: int, open_every: int = _OPEN_EVERY) -> None:
    began = time.perf_counter()
    repeat(connection, _FILLED, _statements(connection.dialect.name, size, open_every))
    print(f"{size:,} invoices made in {time.perf_counter() - began:.0f} s")


def _statements(dialect: str, size: int, open_every: int) -> list[str]:
    """Return SQL in which n.i counts invoices from 0: the debtors come in turn, the days rise.

    `_TOGETHER` rounds of all debtors are one block, whose invoices one receipt a customer pays some weeks
    after the last of them.
    """
    debtors = min(DEBTORS, size // _TOGETHER)
    block = debtors * _TOGETHER
    group = f"(n.i / {block}) * {debtors} + n.i % {debtors}"
    numbers = "with recursive n(i) as (select 0 union all select i + 1 from n where i < {last})"
    day, due = _day(dialect, "n.i", size), _day(dialect, "n.i", size, 30)
    amount = "10000 + n.i * 7919 % 900001"
    paid = _paid_on(dialect, f"(n.i / {block}) * {block} + {block - debtors} + n.i % {debtors}", size)
    is_open = f"n.i % {open_every} = {7 % open_every}"
    used = f"case when {is_open} then ({amount}) / 3 else {amount} end"
    left = f"({amount}) - ({used})"
    settled = f"case when {is_open} then null else {paid} end"
    who = {"contact_id": "b.id", "owner_key": "b.owner_key", "contact_sort": "b.sort_key"}
    claim = who | {"amount": amount, "open_amount": left, "settled_on": settled, "dated_on": day, "due_on": due}
    document = claim | {"id": "base.invoice + n.i", "number": "'INV-B-' || (1000000 + n.i)", "serial": "1000000 + n.i"}
    document |= {"reference": "'PO ' || n.i", "reference_key": "'po' || n.i", "total": amount}
    document["next_due_on"] = f"case when {is_open} then {due} else null end"
    claim |= {"id": "base.instalment + n.i", "invoice_id": "base.invoice + n.i", "claimed_on": day, "order_id": "null"}
    receipt = who | {"id": "base.receipt + n.i", "number": "'R-B-' || (1000000 + n.i)", "serial": "1000000 + n.i"}
    receipt |= {
        "dated_on": _paid_on(dialect, f"(n.i / {debtors}) * {block} + {block - debtors} + n.i % {debtors}", size),
        "reference": "'T' || n.i",
        "reference_key": "'t' || n.i",
        "amount": "100000 + n.i * 7919 % 900001",
        "open_amount": f"case when n.i % {_OPEN_EVERY} = 7 then 5000 else 0 end",
    }
    use = who | {"id": "base.allocation + n.i", "instalment_id": "base.instalment + n.i"}
    use |= {"receipt_id": f"base.receipt + {group}", "amount": used, "dated_on": paid}
    tail = f"join pattern_{{0}} p on p.nth = n.i % {_PATTERNS} join buyer b on b.place = n.i % {debtors}"
    made = [
        f"""create temporary table buyer as select row_number() over (order by id) - 1 as place, id, owner_key, sort_key
        from (select id, owner_key, sort_key from contact where is_customer order by id limit {debtors}) c""",
        "create unique index buyer_place on buyer (place)",
        "create temporary table base as select "
        + ", ".join(f"(select max(id) + 1 from {name}) as {name}" for name in _FILLED),
    ]
    for name in _FILLED:
        newest = f"select * from {name} order by id desc limit {_PATTERNS}"
        made.append(
            f"create temporary table pattern_{name} as "
            f"select row_number() over (order by id) - 1 as nth, o.* from ({newest}) o"
        )
    for name, said in zip(_FILLED, (document, claim, receipt, use), strict=True):
        rows = size // _TOGETHER if name == "receipt" else size
        made.append(
            f"insert into {name} ({columns(name)}) {numbers.format(last=rows - 1)} "
            f"select {columns(name, said)} from n, base {tail.format(name)}"
        )
    return made


def _day(dialect: str, place: str, size: int, more: int = 0) -> str:
    """Return SQL for the day of the invoice in that place, `more` days later."""
    days = f"(({place}) * {_DAYS} / {size} + {more})"
    return f"date('{_FIRST}', '+' || {days} || ' days')" if dialect == "sqlite" else f"(date '{_FIRST}' + {days})"


def _paid_on(dialect: str, place: str, size: int) -> str:
    least = "min" if dialect == "sqlite" else "least"
    today = f"'{_TODAY}'" if dialect == "sqlite" else f"date '{_TODAY}'"
    return f"{least}({_day(dialect, place, size, 20)}, {today})"
