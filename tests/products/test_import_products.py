"""Lists of products coming in from files, and going again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.exchange.imports import NotWhole
from crm_desktop.products import service
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.products.target import PRODUCTS
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.importing import CLEAR, Identity, OnMatch, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back

Make = Callable[..., int]


def stored(database: Database, firm: Firm) -> dict[str, Product]:
    with database.read(firm.boss) as work:
        return {one.code: one for one in work.session.scalars(select(Product))}


def test_a_list_comes_in_and_goes_again(database: Database, firm: Firm) -> None:
    given = rows(
        {"code": "1", "name": "Chai", "unit": "10 boxes x 20 bags", "list_price": Decimal(18), "discontinued": False},
        {
            "code": "2",
            "name": "Guaraná Fantástica",
            "category": "Beverages",
            "discontinued": True,
            "cost": Decimal("3.5"),
        },
        {"name": "Without a code", "tax_percent": Decimal(13), "created_at": date(2024, 5, 6)},
    )
    planned = check(database, firm.boss, PRODUCTS, given)
    assert [one.verdict for one in planned] == [Verdict.NEW] * 3
    done = bring_in(database, firm.boss, PRODUCTS, given)
    assert done.counts["new"] == 3
    found = stored(database, firm)
    assert set(found) == {"1", "2", "P0001"}
    assert (found["1"].list_price, found["1"].active, found["2"].active) == (Decimal(18), True, False)
    assert found["1"].created_by is None
    assert found["P0001"].created_at.isoformat() == "2024-05-05T16:00:00+00:00"
    assert found["P0001"].tax_percent == 13
    with database.read(firm.boss) as work:
        assert service.get(work, found["2"].id)["cost"] == Decimal("3.50")
        assert [one.code for one in service.catalogue(work)] == ["1", "P0001"]
        notes = work.session.execute(
            select(JournalEntry.entity, JournalEntry.action).where(JournalEntry.batch == done.batch)
        ).all()
        assert sorted(map(tuple, notes)).count(("product", "create")) == 3
        assert sorted(map(tuple, notes)).count(("product_cost", "create")) == 1
    again = check(database, firm.boss, PRODUCTS, given[:2])
    assert [(one.verdict, one.why) for one in again] == [
        (Verdict.SKIP, "It is there already, and nothing differs.")
    ] * 2
    undone = take_back(database, firm.boss, done.batch, PRODUCTS)
    assert (undone.removed, undone.restored, undone.kept) == (3, 0, ())
    assert stored(database, firm) == {}
    with database.read(firm.boss) as work:
        assert work.session.scalars(select(ProductCost)).all() == []


def test_only_what_the_file_has_is_changed_and_comes_back(database: Database, firm: Firm, product: Make) -> None:
    item = product("A1", "Bolt", unit="pcs", list_price=10, cost=5, tax_percent=13, description="M8")
    other = product("B1", "Nut", list_price=1)
    given = rows(
        {"code": "a1", "list_price": Decimal("12.5"), "cost": Decimal(6), "description": CLEAR},
        {"name": "Nut", "unit": "box"},
        first=5,
    )
    planned = check(database, firm.boss, PRODUCTS, given)
    assert sorted((change.field, change.old, change.new) for change in planned[0].differences) == [
        ("cost", "5.00", "6.00"),
        ("description", "M8", ""),
        ("list_price", "10.00", "12.50"),
    ]
    done = bring_in(database, firm.boss, PRODUCTS, given)
    assert (done.counts["update"], done.counts["new"]) == (2, 0)
    with database.read(firm.boss) as work:
        one = service.get(work, item)
        assert (one["list_price"], one["cost"], one["description"], one["unit"]) == (
            Decimal("12.50"),
            Decimal("6.00"),
            "",
            "pcs",
        )
        assert service.get(work, other)["unit"] == "box"
    undone = take_back(database, firm.boss, done.batch, PRODUCTS)
    assert (undone.removed, undone.restored, undone.kept) == (0, 2, ())
    with database.read(firm.boss) as work:
        one = service.get(work, item)
        assert (one["list_price"], one["cost"], one["description"], one["tax_percent"]) == (
            Decimal("10.00"),
            Decimal("5.00"),
            "M8",
            Decimal(13),
        )


def test_rows_that_are_the_same_and_rows_that_cannot_be(database: Database, firm: Firm, product: Make) -> None:
    product("T1", "Twin")
    product("T2", "Twin")
    given = rows(
        {"code": "X", "name": "One"},
        {"code": "x", "name": "Another"},
        {"name": "one"},
        {"code": "Y", "name": "One"},
        {"name": "Twin"},
        {"list_price": Decimal(1)},
        {"code": "Z", "name": "Dear", "list_price": Decimal(-1)},
        {"code": "Z", "name": CLEAR},
        {"code": "N"},
        {"code": "T1", "name": "Twin", "unit": "pair"},
        {"code": "T1", "unit": "each"},
        {"code": "W", "name": "Thirds", "list_price": Decimal("3.33333333333")},
        {"code": "V", "name": "Old", "created_at": date(1, 1, 1)},
        {"code": "V", "name": "Young", "created_at": date(2999, 1, 1)},
        {"code": "V" * 61, "name": "Long"},
        {"code": "V", "name": "Taxed", "tax_percent": Decimal(1300)},
    )
    planned = check(database, firm.boss, PRODUCTS, given)
    assert [(one.verdict.value, one.field) for one in planned] == [
        ("new", ""),
        ("duplicate", "code"),
        ("duplicate", "name"),
        ("new", ""),
        ("invalid", "name"),
        ("invalid", "code"),
        ("invalid", "list_price"),
        ("invalid", "name"),
        ("invalid", "name"),
        ("update", ""),
        ("duplicate", ""),
        ("new", ""),
        ("invalid", "created_at"),
        ("invalid", "created_at"),
        ("invalid", "code"),
        ("invalid", "tax_percent"),
    ]
    assert planned[1].why == "The same as row 2."
    assert planned[3].similar == "Row 2 has the same name."
    assert [one.label for one in planned[4].candidates] == ["T1 Twin", "T2 Twin"]
    assert given[11].remarks == {"list_price": "Rounded to 3.333333."}
    with pytest.raises(NotWhole):
        bring_in(database, firm.boss, PRODUCTS, given)
    assert set(stored(database, firm)) == {"T1", "T2"}
    done = bring_in(database, firm.boss, PRODUCTS, given, good_rows_only=True, keep_duplicates=True)
    assert done.counts["new"] == 4
    assert set(stored(database, firm)) == {"T1", "T2", "X", "Y", "W", "P0001"}


def test_the_answer_of_a_person_decides_between_namesakes(database: Database, firm: Firm, product: Make) -> None:
    product("T1", "Twin")
    second = product("T2", "Twin")
    given = rows({"name": "Twin", "unit": "pair"})
    (one,) = check(database, firm.boss, PRODUCTS, given, answers={("name", "twin"): second})
    assert (one.verdict, one.id) == (Verdict.UPDATE, second)
    (one,) = check(database, firm.boss, PRODUCTS, given, answers={("name", "twin"): None})
    assert one.verdict is Verdict.NEW


def test_a_code_belongs_to_one(database: Database, firm: Firm, product: Make) -> None:
    first, second = product("A", "First"), product("B", "Second")
    given = rows(
        {"id": Identity(first, 1), "code": "B"}, {"id": Identity(second, 1), "code": "C"}, {"id": Identity(99, 1)}
    )
    planned = check(database, firm.boss, PRODUCTS, given)
    assert [(one.verdict.value, one.field) for one in planned] == [
        ("invalid", "code"),
        ("update", ""),
        ("invalid", "id"),
    ]


def test_what_somebody_changed_since_the_export_is_not_overwritten(
    database: Database, firm: Firm, product: Make
) -> None:
    item = product("A", "First", list_price=1, cost=1)
    with database.begin(firm.manager) as work:
        service.save(work, item, 1, {"list_price": Decimal(2)})
    given = rows({"id": Identity(item, 1), "list_price": Decimal(3), "unit": "pcs"})
    (one,) = check(database, firm.boss, PRODUCTS, given)
    assert (one.verdict, one.field) == (Verdict.INVALID, "list_price")
    assert one.why == "Zhou Min changed this after the list was exported: List price. Export it again."
    (one,) = check(database, firm.boss, PRODUCTS, rows({"id": Identity(item, 1), "unit": "pcs"}))
    assert one.verdict is Verdict.UPDATE
    with database.begin(firm.boss) as work:
        service.save(work, item, 2, {"cost": Decimal(2)})
    (one,) = check(database, firm.boss, PRODUCTS, rows({"id": Identity(item, 2), "cost": Decimal(7)}))
    assert (one.verdict, one.field) == (Verdict.INVALID, "cost")


def test_matches_are_skipped_or_refused_when_asked(database: Database, firm: Firm, product: Make) -> None:
    product("A", "First")
    given = rows({"code": "A", "name": "Changed"}, {"name": "Numbered?"})
    planned = check(database, firm.boss, PRODUCTS, given, on_match=OnMatch.SKIP, chosen={"codes": "refused"})
    assert [one.verdict for one in planned] == [Verdict.SKIP, Verdict.INVALID]
    planned = check(database, firm.boss, PRODUCTS, given, on_match=OnMatch.ERROR, key="code")
    assert [one.verdict for one in planned] == [Verdict.INVALID, Verdict.INVALID]


def test_what_was_touched_or_is_used_stays(database: Database, firm: Firm, price_list: Make) -> None:
    done = bring_in(
        database,
        firm.boss,
        PRODUCTS,
        rows(
            {"code": "A", "name": "Touched"},
            {"code": "B", "name": "Used", "cost": Decimal(4)},
            {"code": "C", "name": "Free"},
        ),
    )
    found = stored(database, firm)
    with database.begin(firm.manager) as work:
        service.save(work, found["A"].id, 1, {"unit": "pcs"})
    price_list({found["B"].id: 1}, level="A")
    undone = take_back(database, firm.boss, done.batch, PRODUCTS)
    assert undone.removed == 1
    assert {(one.label, one.reason) for one in undone.kept} == {
        ("A Touched", "It was changed after the import."),
        ("B Used", "It is used elsewhere, in a document or a price list."),
    }
    assert set(stored(database, firm)) == {"A", "B"}
    with database.read(firm.boss) as work:
        assert service.get(work, found["B"].id)["cost"] == Decimal("4.00")
    with pytest.raises(Invalid):
        take_back(database, firm.boss, done.batch, PRODUCTS)


def test_who_may_not_is_refused(database: Database, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        check(database, firm.anna, PRODUCTS, rows({"code": "A", "name": "A"}))
    with database.read(firm.manager) as work:
        assert "cost" not in {field.name for field in PRODUCTS.fields(work)}
    with database.read(firm.buyer) as work:
        assert "cost" in {field.name for field in PRODUCTS.fields(work)}


def test_imports_are_taken_back_one_after_the_other(database: Database, firm: Firm) -> None:
    first = bring_in(
        database, firm.boss, PRODUCTS, rows({"code": "A", "name": "First"}, {"code": "B", "name": "Other"})
    )
    second = bring_in(database, firm.boss, PRODUCTS, rows({"code": "A", "name": "Second", "cost": Decimal(2)}))
    assert take_back(database, firm.boss, second.batch, PRODUCTS).restored == 1
    assert stored(database, firm)["A"].name == "First"
    undone = take_back(database, firm.boss, first.batch, PRODUCTS)
    assert (undone.removed, undone.kept) == (2, ())
    assert stored(database, firm) == {}


def test_an_import_stays_under_a_later_one_that_stands(database: Database, firm: Firm) -> None:
    first = bring_in(database, firm.boss, PRODUCTS, rows({"code": "A", "name": "First"}))
    bring_in(database, firm.boss, PRODUCTS, rows({"code": "A", "name": "Second"}))
    assert [kept.label for kept in take_back(database, firm.boss, first.batch, PRODUCTS).kept] == ["A Second"]


def test_prices_are_brought_into_the_tax_mode_they_are_kept_in(database: Database, firm: Firm, product: Make) -> None:
    product("B", "Known", list_price=100, tax_percent=25)
    given = rows(
        {"code": "A", "name": "New", "list_price": Decimal(113), "tax_percent": Decimal(13)},
        {"code": "B", "list_price": Decimal(125)},
        {"code": "C", "name": "Untaxed", "list_price": Decimal(10), "tax_percent": Decimal(0)},
    )
    chosen = PRODUCTS.suggest("产品", ["货号", "含税单价"])
    planned = check(database, firm.boss, PRODUCTS, given, chosen=chosen)
    assert [one.verdict.value for one in planned] == ["new", "skip", "new"]
    assert [row.remarks for row in given] == [
        {"list_price": "100.00 without tax."},
        {"list_price": "100.00 without tax."},
        {},
    ]
    bring_in(database, firm.boss, PRODUCTS, given, chosen=chosen)
    assert stored(database, firm)["A"].list_price == 100
    planned = check(database, firm.boss, PRODUCTS, given[:1], chosen=PRODUCTS.suggest("产品", ["未税单价"]))
    assert [change.new for change in planned[0].differences] == ["113.00"]
    assert PRODUCTS.suggest("Products", ["Unit price"]) == {}
