"""Companies with very many orders for the benchmarks: a few real ones, repeated by the database itself."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, select

from benchmarks.companies import FOLDER, Measured, postgres_company, sqlite_company
from crm_desktop.contacts.model import Contact
from crm_desktop.db import schema
from crm_desktop.db.base import Base
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.orders import service
from crm_desktop.products import service as products
from crm_desktop.shared.actor import SYSTEM

CONTACTS = 100_000
_PATTERNS = 20
_YEARS = 10
_FILLED = ("sales_order", "order_line")


def sqlite_orders(size: int) -> Measured:
    """Return a file with `CONTACTS` contacts and about `size` orders, making it when it is not there."""
    base = sqlite_company(CONTACTS)
    path = FOLDER / f"orders-{schema.SCHEMA}-{size}.crm"
    base_path = base.database.path
    base.database.close()
    assert base_path is not None
    if not path.exists():
        making = path.with_suffix(".new")
        shutil.copy(base_path, making)
        database = Database(sqlite_engine(making), path=making)
        _with_patterns(database)
        database.close()
        engine = create_engine(f"sqlite:///{making}")
        with engine.connect() as connection:
            # Nothing else opens it meanwhile, and it is made again when this is killed.
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.commit()
            _fill(connection, size)
        engine.dispose()
        making.rename(path)
    return replace(base, database=Database(sqlite_engine(path), path=path), size=size)


def postgres_orders(url: str, size: int) -> Measured:
    """Return a company with `CONTACTS` contacts and about `size` orders in the empty database behind `url`."""
    company = postgres_company(url, CONTACTS)
    _with_patterns(company.database)
    engine: Engine = company.database.engine
    with engine.connect() as connection:
        _fill(connection, size)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return replace(company, size=size)


def sample_orders(work: Any, count: int, lines: int) -> list[dict[str, Any]]:
    """Return the values of `count` orders of `lines` lines each, for customers and products there are."""
    customers = list(
        work.session.scalars(
            select(Contact.id)
            .where(Contact.is_customer, Contact.kind == "company", Contact.status == "customer")
            .order_by(Contact.id)
            .limit(500)
        )
    )
    items = [item.id for item in products.catalogue(work)]
    return [
        {
            "contact_id": customers[number % len(customers)],
            "dated_on": date(2026, 1 + number % 9, 1 + number % 27),
            "due_on": date(2026, 11, 1 + number % 30),
            "reference": f"PO {number}",
            "lines": [
                {
                    "product_id": items[(number + place) % len(items)],
                    "quantity": Decimal(1 + (number + place) % 40),
                    "unit_price": Decimal(199 + (number * 7 + place) % 5000) / 10,
                    "discount_percent": Decimal((number + place) % 3 * 5),
                }
                for place in range(lines)
            ],
        }
        for number in range(count)
    ]


def _with_patterns(database: Database) -> None:
    with database.begin(SYSTEM) as work:
        service.create_many(work, sample_orders(work, _PATTERNS, 2), confirmed=True)


def _fill(connection: Connection, size: int) -> None:
    """Repeat the newest orders with their lines: other customers, days, numbers and amounts."""
    began = time.perf_counter()
    repeat(connection, _FILLED, _statements(connection.dialect.name, size))
    print(f"{size:,} orders made in {time.perf_counter() - began:.0f} s")


def repeat(connection: Connection, names: Sequence[str], statements: Sequence[str]) -> None:
    """Run statements that fill tables, which get their indexes afterwards."""
    tables = [Base.metadata.tables[name] for name in names]
    indexes = [index for table in tables for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    for statement in statements:
        connection.exec_driver_sql(statement)
    for index in indexes:
        index.create(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ANALYZE")
    connection.commit()


def _statements(dialect: str, size: int) -> list[str]:
    lite = dialect == "sqlite"
    days = f"n.i * {_YEARS * 365} / {size}"
    day = f"date('2016-11-20', '+' || ({days}) || ' days')" if lite else f"date '2016-11-20' + {days}"
    due = day.replace("2016-11-20", "2016-12-20")
    at = f"{day} || ' 08:00:00.000000'" if lite else f"({day}) + time '08:00'"
    year = f"strftime('%Y', {day})" if lite else f"to_char({day}, 'YYYY')"
    orders = {
        "id": "base.top + n.i",
        "number": f"'S' || {year} || '-' || (1000000 + n.i)",
        "serial": "1000000 + n.i",
        "reference": "'PO ' || n.i",
        "reference_key": "'po' || n.i",
        "dated_on": day,
        "due_on": due,
        "created_at": at,
        "updated_at": at,
        "total": "p.total + n.i * 7919 % 900001",
        "delivered_percent": "n.i * 31 % 41 * 25000",
        "open_net": "n.i * 17 % 500000",
        "contact_id": "b.id",
        "owner_key": "b.owner_key",
        "contact_sort": "b.sort_key",
    }
    lines = {"id": "base.top_line + n.i * 2 + p.place", "order_id": "base.top + n.i"}
    numbers = f"""with recursive n(i) as (select 1 union all select i + 1 from n where i < {size})"""
    return [
        """create temporary table buyer as
        select row_number() over (order by id) - 1 as place, id, owner_key, sort_key
        from contact where is_customer and kind = 'company'""",
        "create unique index buyer_place on buyer (place)",
        f"""create temporary table pattern as select row_number() over (order by id) - 1 as nth, o.*
        from (select * from sales_order order by id desc limit {_PATTERNS}) o""",
        """create temporary table pattern_line as
        select nth, row_number() over (partition by nth order by l.id) - 1 as place, l.*
        from pattern join order_line l on l.order_id = pattern.id""",
        """create temporary table base as select (select max(id) from sales_order) as top,
        (select max(id) from order_line) as top_line, (select count(*) from buyer) as buyers""",
        f"""insert into sales_order ({columns("sales_order")}) {numbers}
        select {columns("sales_order", orders)} from n, base
        join pattern p on p.nth = n.i % {_PATTERNS} join buyer b on b.place = n.i * 7919 % base.buyers""",
        f"""insert into order_line ({columns("order_line")}) {numbers}
        select {columns("order_line", lines)} from n, base join pattern_line p on p.nth = n.i % {_PATTERNS}""",
    ]


def columns(table: str, said: Mapping[str, str] | None = None) -> str:
    """Return the columns of a table that are written, or what is put into them: as the pattern has it, or as said."""
    names = [column.name for column in Base.metadata.tables[table].columns if column.computed is None]
    return ", ".join(names if said is None else [said.get(name, f"p.{name}") for name in names])
