"""Run with `make bench`, or `python -m benchmarks --contacts 1000000 --engine sqlite`."""

import argparse

from benchmarks import backup, collecting, contacts, exchange, home, orders, receivables, talks
from benchmarks.companies import Measured, postgres_company, sqlite_company
from benchmarks.many_invoices import postgres_invoices, sqlite_invoices
from benchmarks.many_orders import postgres_orders, sqlite_orders


def main() -> None:
    """Measure the engines and sizes asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--contacts", type=int, nargs="*", default=[100_000])
    parser.add_argument("--orders", type=int, nargs="*", default=[100_000])
    parser.add_argument("--invoices", type=int, nargs="*", default=[100_000])
    parser.add_argument("--talks", type=int, nargs="*", default=[5_000], help="contacts beside those talked to")
    parser.add_argument("--home", type=int, nargs="*", default=[100_000], help="contacts, and as many invoices")
    parser.add_argument("--debts", type=int, nargs="*", default=[100_000], help="open instalments")
    parser.add_argument("--imports", type=int, nargs="*", default=[100_000])
    parser.add_argument("--backups", type=float, nargs="*", default=[1.0], help="gigabytes")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--window", action="store_true", help="also measure painting, scrolling, the start")
    asked = parser.parse_args()
    for sizes, measure, in_file, on_server in (
        (asked.contacts, _contacts_in_window if asked.window else contacts.measure, sqlite_company, postgres_company),
        (asked.orders, orders.measure, sqlite_orders, postgres_orders),
        (asked.invoices, receivables.measure, sqlite_invoices, postgres_invoices),
        (asked.talks, talks.measure, sqlite_company, postgres_company),
        (asked.home, home.measure, _as_many_contacts, postgres_invoices),
    ):
        for size in sizes:
            if asked.engine != "postgresql":
                measure(in_file(size), asked.rounds)
            if asked.engine != "sqlite":
                from tests.postgres import create_database, throwaway_cluster

                with throwaway_cluster(durable=True) as server:
                    measure(on_server(create_database(server), size), asked.rounds)
    _measure_files(asked)
    if asked.window:
        from benchmarks import first_rows, scroll, startup

        scroll.main()
        startup.main()
        first_rows.main(asked.contacts)


def _contacts_in_window(company: Measured, rounds: int) -> None:
    """Measure the contacts of a company, and how soon what is found of them is painted."""
    from benchmarks import first_hits

    contacts.measure(company, rounds)
    first_hits.measure(company, rounds)


def _as_many_contacts(size: int) -> Measured:
    """Return a file with as many contacts as invoices."""
    return sqlite_invoices(size, contacts=size)


def _measure_files(asked: argparse.Namespace) -> None:
    """Measure what is measured in files only."""
    for size in asked.debts if asked.engine != "postgresql" else ():
        collecting.measure(sqlite_invoices(size, open_every=1), asked.rounds)
    for size in asked.imports if asked.engine != "postgresql" else ():
        exchange.measure(size)
    for gigabytes in asked.backups if asked.engine != "postgresql" else ():
        backup.measure(gigabytes)


if __name__ == "__main__":
    main()
