"""Written once, checked for every registered feature."""

import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect as inspect_mapping
from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.activities.model import Activity
from crm_desktop.app.features import FEATURES, GROUND_SERVICES, REPORTS, Feature
from crm_desktop.contacts.model import Contact, ContactPoint
from crm_desktop.db.work import Database
from crm_desktop.orders.lists import DELIVERIES, ORDERS, QUOTES
from crm_desktop.orders.model import Delivery, DeliveryLine, Instalment, Order, OrderLine, Quote, QuoteLine
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Use
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, needed
from crm_desktop.shared.published import part_of
from crm_desktop.shared.report import Asked, Report
from tests.companies import Firm, copy_on_server, server_company, settle_file, sqlite_company
from tests.conformance.filled import (
    EXAMS,
    fill,
    of_customers,
    reached,
    visible_activities,
    visible_contacts,
    visible_lines,
)
from tests.postgres import drop_database

PEOPLE = ("boss", "manager", "anna", "chen", "outsider", "buyer", "admin")
REVIEWS = ("home", "calls", "untouched", "handed_over", "quiet_customers", "pool_warning")
MONEY_REPORTS = ("ageing", "collections", "due", "statement", "payments", "on_time")


@pytest.fixture(scope="module")
def filled_file(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with something of every feature, to be copied."""
    template, firm = founded_file
    path = tmp_path_factory.mktemp("filled") / "filled.crm"
    database = sqlite_company(template, path)
    fill(database, firm)
    settle_file(database)
    return path


@pytest.fixture(scope="module")
def filled_on_server(postgres_server: str, founded_on_server: tuple[str, Firm]) -> str:
    """Name of a database with something of every feature, to be copied."""
    template, firm = founded_on_server
    url = copy_on_server(postgres_server, template)
    database = server_company(url)
    fill(database, firm)
    database.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture
def file_database(filled_file: Path, tmp_path: Path) -> Iterator[Database]:
    database = sqlite_company(filled_file, tmp_path / "company.crm")
    yield database
    database.close()


@pytest.fixture
def company_url(postgres_server: str, filled_on_server: str) -> Iterator[str]:
    url = copy_on_server(postgres_server, filled_on_server)
    yield url
    drop_database(url)


every_feature = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


@every_feature
def test_every_column_is_described_or_hidden(feature: Feature) -> None:
    columns = {attribute.key for attribute in inspect_mapping(feature.model).column_attrs}
    described = {one.reads.key for one in feature.fields if getattr(one.reads, "key", None)}
    assert columns - described - feature.hidden == set()
    assert feature.hidden <= columns


@every_feature
def test_field_names_are_unique_and_labels_given(feature: Feature) -> None:
    names = [one.name for one in feature.fields]
    assert len(names) == len(set(names))
    assert all(one.label and one.chars > 0 for one in feature.fields)
    headers = [header.casefold() for one in feature.fields for header in (one.label, *one.headers)]
    assert len(headers) == len(set(headers))


@every_feature
def test_choices_are_what_the_column_holds(feature: Feature) -> None:
    for one in feature.fields:
        if one.shapes:
            assert dict(one.shapes).keys() == dict(one.choices).keys()


@pytest.mark.parametrize(
    "module", sorted({*GROUND_SERVICES, *(one for feature in FEATURES for one in feature.services)}, key=str)
)
def test_every_service_says_who_may_call_it(module: object) -> None:
    unguarded = [
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__  # type: ignore[attr-defined]
        and not name.startswith("_")
        and next(iter(inspect.signature(function).parameters), "") in ("work", "database")
        and not hasattr(function, "permissions")
    ]
    inner = {"tags_of", "names_of", "prices_of", "set_tags", "note_part", "check_reach", "country", "set_password"}
    assert set(unguarded) - inner == set()


def test_permissions_are_in_alphabetical_order() -> None:
    assert [one.value for one in Permission] == sorted(one.value for one in Permission)


@pytest.mark.parametrize("person", PEOPLE)
def test_scope_holds_everywhere(database: Database, firm: Firm, tmp_path: Path, person: str) -> None:
    for feature in FEATURES:
        check_scope(database, firm, tmp_path / f"{feature.name}.xlsx", feature, getattr(firm, person))


def check_scope(database: Database, firm: Firm, path: Path, feature: Feature, actor: Actor) -> None:
    exam = EXAMS[feature.name]
    visible = exam.visible(database, actor)
    listing = feature.listing
    if not actor.may(exam.read):
        with pytest.raises(NotAllowed), database.read(actor) as work:
            listing.ids(work, Listing())
        return
    with database.read(actor) as work:
        everything = list(range(1, 200))
        assert set(listing.ids(work, Listing())[0]) == visible
        assert {row[0] for row in listing.first_page(work, Listing(), [exam.column], 500).rows} == visible
        assert listing.count(work, Listing()) == (len(visible), False)
        assert visible <= {row[0] for row in listing.rows(work, [exam.column], everything).rows}
        assert listing.names(work, everything).keys() >= visible
        for text in exam.words:
            found = set(listing.ids(work, Listing(text=text))[0])
            assert found <= visible
            assert listing.count(work, Listing(text=text))[0] == len(found)
            assert {hit[0] for hit in listing.search(work, text, 500)} <= visible
        for one in (one for one in feature.fields if Use.SORT in one.uses and one.readable_by(actor)):
            assert set(listing.ids(work, Listing(sorts=(Sort(one.name, descending=True),)))[0]) == visible
        if any(one.name == "owner" for one in feature.fields):
            owned = Listing(filters=(Filter("owner", "is", (firm.anna.user_id,)),))
            assert set(listing.ids(work, owned)[0]) <= visible
    if not actor.may(*needed(feature.write_file)):
        with pytest.raises(NotAllowed), database.read(actor) as work:
            feature.write_file(work, path, Listing(), [exam.column])
        return
    with database.read(actor) as work:
        assert feature.write_file(work, path, Listing(), [exam.column]) == len(visible)
    book = part_of(path).rename(path)
    assert load_workbook(book).active.max_row == len(visible) + 1


@pytest.mark.parametrize("person", PEOPLE)
def test_no_row_out_of_scope_is_named_or_read_by_id(database: Database, firm: Firm, person: str) -> None:
    actor: Actor = getattr(firm, person)
    everything = list(range(1, 200))
    contacts = visible_contacts(database, actor)
    with database.read(actor) as work:
        assert set(work.session.scalars(select(ContactPoint.contact_id))) == contacts
        for model in (Quote, Order, Delivery):
            expected = of_customers(database, actor, model)
            assert set(work.session.scalars(select(model.id))) == expected
        for part, whole, key in (
            (QuoteLine, Quote, "quote_id"),
            (OrderLine, Order, "order_id"),
            (DeliveryLine, Delivery, "delivery_id"),
        ):
            assert set(work.session.scalars(select(getattr(part, key)))) == of_customers(database, actor, whole)
        for listing, model in ((QUOTES, Quote), (ORDERS, Order), (DELIVERIES, Delivery)):
            if actor.may(listing.described.read):
                expected = of_customers(database, actor, model)
                assert {row[0] for row in listing.rows(work, ["customer"], everything).rows} == expected
                assert listing.names(work, everything).keys() == expected


@pytest.mark.parametrize("person", PEOPLE)
def test_reports_count_what_the_person_sees(database: Database, firm: Firm, person: str) -> None:
    for report in REPORTS:
        check_report(database, report, getattr(firm, person))


def check_report(database: Database, report: Report, actor: Actor) -> None:
    if not report.offered_to(actor):
        with pytest.raises(NotAllowed), database.read(actor) as work:
            report.run(work, Asked())
        return
    if report.name in MONEY_REPORTS:
        check_money_report(database, report, actor)
        return
    if report.name in REVIEWS:
        check_review(database, report, actor)
        return
    confirmed = of_customers(database, actor, Order, Order.state == "confirmed")
    sent = of_customers(database, actor, Quote, Quote.state.in_(("sent", "lost")))
    lost = of_customers(database, actor, Quote, Quote.state == "lost")
    expected = {
        "sales": ("orders", len(confirmed)),
        "backlog": ("", len(visible_lines(database, actor))),
        "quotes": ("quotes", len(sent)),
        "lost": ("quotes", len(lost)),
        "forecast": ("opportunities", len(of_customers(database, actor, Opportunity, Opportunity.state == "open"))),
        "funnel": ("here", len(of_customers(database, actor, Opportunity, Opportunity.state != "lost"))),
        "win_rate": ("won", len(of_customers(database, actor, Opportunity, Opportunity.state == "won"))),
        "cycle": ("won", len(of_customers(database, actor, Opportunity, Opportunity.state == "won"))),
        "lost_opportunities": (
            "opportunities",
            len(of_customers(database, actor, Opportunity, Opportunity.state == "lost")),
        ),
    }
    counted, number = expected[report.name]
    with database.read(actor) as work:
        for by, _label in report.groupings or (("", ""),):
            table = report.run(work, Asked(by=by))
            if by in ("product", "category"):
                continue
            assert (sum(row[table.place(counted)] for row in table.rows) if counted else len(table.rows)) == number
            money = [row for row in table.totals() if "net" in table.sums]
            if report.name == "sales" and confirmed:
                nets = work.session.scalars(select(Order.net).where(Order.id.in_(confirmed)))
                assert money[0][table.place("net")].minor == sum(nets)


def check_review(database: Database, report: Report, actor: Actor) -> None:
    """The manager's lists tell of customers in reach; what Home is made of is proved by its own tests."""
    with database.read(SYSTEM) as work:
        done = set(work.session.scalars(select(Activity.id).where(Activity.state == "done")))
        silent = work.session.execute(
            select(Contact.owner_id).where(
                Contact.is_customer, Contact.owner_id.is_not(None), Contact.last_contact_at.is_(None)
            )
        ).all()
    calls = len(done & visible_activities(database, actor))
    unspoken = sum(reached(actor, row.owner_id, Domain.SALES) for row in silent)
    with database.read(actor) as work:
        table = report.run(work, Asked())
    if report.name == "calls":
        assert sum(row[table.place("all")] for row in table.rows) == calls
    elif report.name == "untouched":
        assert len(table.rows) == unspoken > 0
    elif report.name in ("handed_over", "quiet_customers", "pool_warning"):
        assert table.rows == ()
    else:
        assert len(table.rows) > 20


def check_money_report(database: Database, report: Report, actor: Actor) -> None:
    """Reports of receivables have a row for each customer in reach with something open, or for each receipt."""
    with database.read(SYSTEM) as work:
        soon = today(work) + timedelta(30)
    owing = contacts_of(database, actor, Instalment, Instalment.open_amount != 0)
    unused = contacts_of(database, actor, Receipt, Receipt.open_amount != 0)
    unused |= contacts_of(database, actor, Invoice, Invoice.kind == "credit", Invoice.open_amount != 0)
    confirmed = select(Order.id).where(Order.state == "confirmed")
    due = Instalment.due_on <= soon
    falling = contacts_of(database, actor, Instalment, due, Instalment.open_amount != 0)
    falling |= contacts_of(
        database, actor, Instalment, due, Instalment.claimed_on.is_(None), Instalment.order_id.in_(confirmed)
    )
    with database.read(SYSTEM) as work:
        past = Instalment.due_on < today(work)
    late = contacts_of(database, actor, Instalment, past, Instalment.open_amount != 0)
    receipts = of_customers(database, actor, Receipt, Receipt.kind != "kept")
    expected = {
        "ageing": len(owing | unused),
        "statement": len(owing | unused),
        "collections": len(late),
        "due": len(falling),
        "payments": len(receipts),
        "on_time": 0,
    }
    with database.read(actor) as work:
        assert len(report.run(work, Asked()).rows) == expected[report.name]
        sums = {by: report.run(work, Asked(by=by)).totals() for by, _label in report.groupings}
        if report.name == "ageing":
            assert len({rows[0][1:] for rows in sums.values() if rows}) <= 1


def contacts_of(database: Database, actor: Actor, entity: Any, *conditions: Any) -> set[int]:
    ids = of_customers(database, actor, entity, *conditions)
    with database.read(SYSTEM) as work:
        return set(work.session.scalars(select(entity.contact_id).where(entity.id.in_(ids))))


def test_every_sortable_field_has_an_order_without_a_gap(database: Database, firm: Firm) -> None:
    for feature in FEATURES:
        check_order(database, firm, feature)


def check_order(database: Database, firm: Firm, feature: Feature) -> None:
    column = EXAMS[feature.name].column
    sortable = [one.name for one in feature.fields if Use.SORT in one.uses]
    for name in sortable:
        for descending in (False, True):
            asked = Listing(sorts=(Sort(name, descending=descending),))
            with database.read(firm.boss) as work:
                ids, _more = feature.listing.ids(work, asked)
                query, rest = feature.listing._query(work, asked)
                first = query.page(work, rest, [column], limit=11)
                keys = query._ordered(work, rest, (), None, 11)
                second = query.page(work, rest, [column], after=(*keys[-1][1:], keys[-1][0]), limit=500)
            assert [row[0] for row in (*first.rows, *second.rows)] == list(ids)
