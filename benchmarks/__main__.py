"""Run with `make bench`, or `python -m benchmarks --contacts 1000000 --engine sqlite`."""

import argparse

from benchmarks import backup, contacts, exchange, orders, receivables
from benchmarks.companies import postgres_company, sqlite_company
from benchmarks.many_invoices import postgres_invoices, sqlite_invoices
from benchmarks.many_orders import postgres_orders, sqlite_orders


def main() -> None:
    """Measure the engines and sizes asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--contacts", type=int, nargs="*", default=[100_000])
    parser.add_argument("--orders", type=int, nargs="*", default=[100_000])
    parser.add_argument("--invoices", type=int, nargs="*", default=[100_000])
    parser.add_argument("--imports", type=int, nargs="*", default=[100_000])
    parser.add_argument("--backups", type=float, nargs="*", default=[1.0], help="gigabytes")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--window", action="store_true", help="also measure scrolling and the start of the program")
    asked = parser.parse_args()
    for size in asked.contacts:
        if asked.engine != "postgresql":
            contacts.measure(sqlite_company(size), asked.rounds)
        if asked.engine != "sqlite":
            from tests.postgres import create_database, throwaway_cluster

            with throwaway_cluster() as server:
                contacts.measure(postgres_company(create_database(server), size), asked.rounds)
    for size in asked.orders:
        if asked.engine != "postgresql":
            orders.measure(sqlite_orders(size), asked.rounds)
        if asked.engine != "sqlite":
            from tests.postgres import create_database, throwaway_cluster

            with throwaway_cluster() as server:
                orders.measure(postgres_orders(create_database(server), size), asked.rounds)
    for size in asked.invoices:
        if asked.engine != "postgresql":
            receivables.measure(sqlite_invoices(size), asked.rounds)
        if asked.engine != "sqlite":
            from tests.postgres import create_database, throwaway_cluster

            with throwaway_cluster() as server:
                receivables.measure(postgres_invoices(create_database(server), size), asked.rounds)
    for size in asked.imports if asked.engine != "postgresql" else ():
        exchange.measure(size)
    _measure_backups(asked)
    if asked.window:
        from benchmarks import first_rows, scroll, startup

        scroll.main()
        startup.main()
        first_rows.main(asked.contacts)


def _measure_backups(asked: argparse.Namespace) -> None:
    for gigabytes in asked.backups if asked.engine != "postgresql" else ():
        backup.measure(gigabytes)


if __name__ == "__main__":
    main()
