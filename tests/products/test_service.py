"""Products and their costs through the services, on both engines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from crm_desktop.access import journal_view
from crm_desktop.db.work import Database
from crm_desktop.products import costs, history, lists, service
from crm_desktop.products.model import ProductCost
from crm_desktop.products.rules import match
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.products.conftest import Make


def stored(database: Database, actor: Actor, product_id: int) -> Record:
    with database.read(actor) as work:
        return service.get(work, product_id)


def codes(database: Database, actor: Actor, listing: Listing | None = None) -> list[str]:
    with database.read(actor) as work:
        asked = listing or Listing()
        page = lists.first_page(work, asked, ["code"])
        ids, _more = lists.ids(work, asked)
        assert lists.count(work, asked) == (len(page.rows), False)
        assert [row[0] for row in page.rows] == list(ids)
        return [row[1] for row in page.rows]


def test_a_product_comes_back_as_it_was_written(database: Database, firm: Firm, product: Make) -> None:
    product_id = product(
        " 6204-ZZ ",
        "深沟球轴承",
        unit="个",
        category="轴承",
        description="Line one\nline two ",
        list_price=Decimal("12.5"),
        tax_percent=Decimal(13),
        cost="7.25",
    )
    record = stored(database, firm.boss, product_id)
    assert (record["code"], record["name"], record["unit"], record["category"]) == (
        "6204-ZZ",
        "深沟球轴承",
        "个",
        "轴承",
    )
    assert record["description"] == "Line one\nline two"
    assert str(record["list_price"]) == "12.50"
    assert (record["tax_percent"], str(record["cost"]), record["active"]) == (Decimal(13), "7.25", True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "x" * 61}, "code"),
        ({"name": ""}, "name"),
        ({"list_price": "-1"}, "list_price"),
        ({"list_price": "cheap"}, "list_price"),
        ({"tax_percent": "101"}, "tax_percent"),
        ({"cost": "-1"}, "cost"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    database: Database, firm: Firm, product: Make, values: dict[str, object], field: str
) -> None:
    product_id = product("A1", "Atlas")
    with pytest.raises(Invalid) as refused, database.begin(firm.boss) as work:
        service.create(work, {"code": "A2", "name": "Other", **values})
    assert refused.value.field == field
    with pytest.raises(Invalid) as refused, database.begin(firm.boss) as work:
        service.save(work, product_id, 1, values)
    assert refused.value.field == field
    assert codes(database, firm.boss) == ["A1"]


def test_a_code_is_used_once_however_it_is_written(database: Database, firm: Firm, product: Make) -> None:
    product("M8-20")
    other = product("M9")
    with pytest.raises(Invalid) as refused:
        product("ｍ8-20")
    assert refused.value.field == "code"
    with pytest.raises(Invalid), database.begin(firm.boss) as work:
        service.save(work, other, 1, {"code": "m8-20"})
    with database.begin(firm.boss) as work:
        service.save(work, other, 1, {"code": "m9"})
    assert codes(database, firm.boss) == ["M8-20", "m9"]


def test_different_fields_merge_and_the_same_field_conflicts(database: Database, firm: Firm, product: Make) -> None:
    product_id = product("A1", list_price=10, cost=5)
    with database.begin(firm.boss) as work:
        service.save(work, product_id, 1, {"list_price": Decimal(11)})
    with database.begin(firm.manager) as work:
        service.save(work, product_id, 1, {"unit": "pc"})
    with pytest.raises(Conflict) as caught, database.begin(firm.manager) as work:
        service.save(work, product_id, 1, {"list_price": Decimal("12.50")})
    assert dict(caught.value.theirs) == {"list_price": Decimal(11)}
    assert dict(caught.value.original) == {"list_price": Decimal(10)}
    assert caught.value.changed_by == "Lin Wei"
    with database.begin(firm.manager) as work:
        service.save(work, product_id, 1, {"list_price": Decimal("11.00")})
    record = stored(database, firm.boss, product_id)
    assert (record["list_price"], record["unit"]) == (Decimal(11), "pc")


def test_a_role_taken_away_hides_the_costs_from_then_on(database: Database, firm: Firm, product: Make) -> None:
    """The same person with the same reach, but without the right to read costs."""
    product("A1", cost=5)
    with database.read(firm.buyer) as work:
        assert work.session.scalar(select(ProductCost.cost)) == Decimal(5)
    lessened = replace(firm.buyer, permissions=firm.buyer.permissions - {Permission.COST_READ})
    with database.read(lessened) as work:
        assert work.session.scalar(select(ProductCost.cost)) is None


def test_two_people_who_change_the_cost_are_told_of_each_other(database: Database, firm: Firm, product: Make) -> None:
    product_id = product("A1", cost=5)
    version = stored(database, firm.buyer, product_id).version
    with database.begin(firm.boss) as work:
        now = service.save(work, product_id, version, {"cost": Decimal(6)})
    assert now > version
    with pytest.raises(Conflict) as caught, database.begin(firm.buyer) as work:
        service.save(work, product_id, version, {"cost": Decimal(7)})
    assert (dict(caught.value.theirs), dict(caught.value.original)) == ({"cost": Decimal(6)}, {"cost": Decimal(5)})
    with database.begin(firm.buyer) as work:
        service.save(work, product_id, caught.value.version, {"cost": Decimal(7)})
        service.save(work, product_id, caught.value.version + 1, {"cost": None})
    assert stored(database, firm.boss, product_id)["cost"] is None


def test_who_may_not_see_costs_meets_them_nowhere(database: Database, firm: Firm, product: Make) -> None:
    product_id = product("A1", list_price=10, cost="6.66")
    with database.begin(firm.boss) as work:
        service.save(work, product_id, 1, {"cost": Decimal("7.77")})
    for actor in (firm.anna, firm.manager):
        assert "cost" not in stored(database, actor, product_id).values
        with database.read(actor) as work:
            assert "cost" not in {field.name for field in lists.fields(work)}
            told = str(history.product_history(work, product_id))
            assert "7.77" not in told
            assert "6.66" not in told
            for asked in (
                lambda: lists.first_page(work, Listing(), ["cost"]),
                lambda: lists.rows(work, ["code", "cost"], [product_id]),
                lambda: lists.ids(work, Listing(sorts=(Sort("cost"),))),
                lambda: lists.count(work, Listing(filters=(Filter("cost", "from", (Decimal(7),)),))),
                lambda: costs.cost_of(work, [product_id]),
            ):
                with pytest.raises(NotAllowed):
                    asked()
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        service.save(work, product_id, 2, {"cost": Decimal(1)})
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        service.create(work, {"code": "B", "name": "B", "cost": Decimal(1)})
    with database.read(firm.buyer) as work:
        assert "7.77" in str(history.product_history(work, product_id))
        assert lists.first_page(work, Listing(sorts=(Sort("cost"),)), ["cost"]).rows == [(product_id, Decimal("7.77"))]
    with database.read(firm.boss) as work:
        shown = journal_view.entries(work, journal_view.Query(entities=("product_cost",)))
        assert [one.after for one in shown] == [{"cost": "7.77"}, {"cost": "6.66"}]
    with database.read(firm.admin) as work:
        assert not journal_view.entries(work, journal_view.Query(entities=("product_cost", "product")))


def test_below_cost_is_told_to_people_who_see_no_cost(database: Database, firm: Firm, product: Make) -> None:
    first, second = product("A1", cost="5.000001"), product("A2")
    asked = [
        (first, Decimal(5)),
        (first, Decimal("5.000001")),
        (second, Decimal(0)),
        (None, Decimal(0)),
        (999, Decimal(1)),
    ]
    with database.read(firm.anna) as work:
        assert costs.below_cost(work, asked) == [True, False, False, False, False]
        assert costs.below_cost(work, []) == []
        assert costs.below_cost(work, [(None, Decimal(1))]) == [False]
    with pytest.raises(NotAllowed), database.read(firm.buyer) as work:
        costs.below_cost(work, asked)


def test_a_product_is_taken_out_of_sale_never_away(database: Database, firm: Firm, product: Make) -> None:
    first, second = product("A1"), product("A2")
    with database.begin(firm.manager) as work:
        assert service.set_active(work, [first, second, 99], False) == [first, second]
        assert service.set_active(work, [second], True) == [second]
        assert service.set_active(work, [second], True) == []
    assert codes(database, firm.anna) == ["A2"]
    assert codes(database, firm.anna, Listing(filters=(Filter(lists.NOT_SOLD, "is", (True,)),))) == ["A1"]
    with database.read(firm.anna) as work:
        assert [item.code for item in service.catalogue(work)] == ["A2"]
        assert history.product_history(work, first)[0].after == {"active": False}
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        service.set_active(work, [second], False)
    with pytest.raises(NotFound):
        stored(database, firm.anna, 99)


def test_the_list_finds_by_code_name_pinyin_and_category(database: Database, firm: Firm, product: Make) -> None:
    product("6204-ZZ", "深沟球轴承", category="轴承", description="Made in Wuxi")
    product("M8", "Hex bolt 100%", category="Fasteners")
    product("Z9", "Shim_1")
    for text, found in (
        ("6204zz", ["6204-ZZ"]),
        ("sgq", ["6204-ZZ"]),
        ("軸承", ["6204-ZZ"]),
        ("fasten", ["M8"]),
        ("wuxi", ["6204-ZZ"]),
        ("hex m8", ["M8"]),
        ("0%", ["M8"]),
        ("m_1", ["Z9"]),
        ("nothing", []),
    ):
        assert codes(database, firm.anna, Listing(text=text)) == found, text
    by_name = Listing(sorts=(Sort("name", descending=True),))
    assert codes(database, firm.anna, by_name) == ["Z9", "6204-ZZ", "M8"]
    assert codes(database, firm.boss, Listing(filters=(Filter("category", "is", ("轴承",)),))) == ["6204-ZZ"]
    with database.read(firm.anna) as work:
        assert [hit[1:] for hit in lists.search(work, "z9")] == [("Z9", "Shim_1", "")]
        assert lists.search(work, " ") == []
        assert [item.code for item in match(service.catalogue(work), "bolt")] == ["M8"]
        assert service.categories(work) == ["Fasteners", "轴承"]
    with pytest.raises(NotAllowed), database.read(firm.admin) as work:
        service.catalogue(work)


def test_the_catalogue_is_one_statement(database: Database, firm: Firm, product: Make) -> None:
    for number in range(5):
        product(f"A{number}", list_price="1.5")
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    with database.read(firm.anna) as work:
        items = service.catalogue(work)
    assert [item.list_price for item in items] == [Decimal("1.5")] * 5
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) <= 1
