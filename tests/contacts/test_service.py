"""Contacts through their services, on both engines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from crm_desktop.contacts import custom, duplicates, files, handover, history, lists, merge, service
from crm_desktop.contacts.model import Contact, ContactSearch
from crm_desktop.contacts.rules import Owned
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from crm_desktop.shared.listing import Filter, Listing, Sort
from tests.companies import Firm


def new(database: Database, actor: Actor, name: str, **values: object) -> int:
    with database.begin(actor) as work:
        return service.create(work, {"name": name, **values})


def names(database: Database, actor: Actor, listing: Listing | None = None) -> list[str]:
    with database.read(actor) as work:
        page = lists.first_page(work, listing or Listing(), ["name"])
        counted, _capped = lists.count(work, listing or Listing())
        ids, _more = lists.ids(work, listing or Listing())
        assert counted == len(page.rows) == len(ids)
        assert [row[0] for row in page.rows] == list(ids)
        return [row[1] for row in page.rows]


def test_a_contact_comes_back_as_it_was_written(database: Database, firm: Firm) -> None:
    contact_id = new(
        database,
        firm.anna,
        " 宁波华新机电有限公司 ",
        short_name="华新",
        status="customer",
        level="A",
        points=[
            {"kind": "mobile", "value": "138 0574 2210", "note": "buyer"},
            {"kind": "email", "value": "wang@huaxin.example", "note": ""},
            {"kind": "wechat", "value": "", "note": ""},
        ],
        addresses=[{"kind": "office", "street": "中山路 1 号", "city": "宁波"}],
        tags=["VIP", "vip", "Bearings"],
        notes="Line one\nline two",
    )
    with database.read(firm.anna) as work:
        record = service.get(work, contact_id)
    assert record["name"] == "宁波华新机电有限公司"
    assert record["owner"] == firm.anna.user_id
    assert [point["value"] for point in record["points"]] == ["138 0574 2210", "wang@huaxin.example"]
    assert (record["phone"], record["email"], record["city"]) == (
        "138 0574 2210",
        "wang@huaxin.example",
        "宁波",
    )
    assert record["tags"] == ("Bearings", "vip")
    assert record["notes"] == "Line one\nline two"
    assert record["is_customer"]
    assert not record["is_supplier"]


def test_different_fields_merge_and_the_same_field_conflicts(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.anna, "Atlas", status="prospect")
    with database.read(firm.anna) as work:
        loaded = service.get(work, contact_id).version
    with database.begin(firm.boss) as work:
        service.save(work, contact_id, loaded, {"status": "customer"})
    with database.begin(firm.anna) as work:
        service.save(work, contact_id, loaded, {"short_name": "At"})
    with pytest.raises(Conflict) as caught, database.begin(firm.anna) as work:
        service.save(work, contact_id, loaded, {"status": "lapsed"})
    assert dict(caught.value.theirs) == {"status": "customer"}
    assert dict(caught.value.original) == {"status": "prospect"}
    assert caught.value.changed_by == "Lin Wei"
    with database.begin(firm.anna) as work:
        service.save(work, contact_id, caught.value.version, {"status": "lapsed"})
    with database.read(firm.anna) as work:
        record = service.get(work, contact_id)
    assert (record["status"], record["short_name"]) == ("lapsed", "At")


def test_details_conflict_like_fields(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.anna, "Atlas", points=[{"kind": "phone", "value": "1111111"}])
    with database.read(firm.anna) as work:
        loaded = service.get(work, contact_id).version
    with database.begin(firm.boss) as work:
        service.save(work, contact_id, loaded, {"points": [{"kind": "phone", "value": "2222222"}]})
    with pytest.raises(Conflict) as caught, database.begin(firm.anna) as work:
        service.save(work, contact_id, loaded, {"points": [{"kind": "phone", "value": "3333333"}]})
    assert set(caught.value.theirs) == {"points"}


def test_each_role_sees_its_own(database: Database, firm: Firm) -> None:
    new(database, firm.anna, "Anna's")
    new(database, firm.chen, "Chen's")
    new(database, firm.outsider, "Ole's")
    new(database, firm.boss, "Pool")
    supplier = new(database, firm.buyer, "Supplier")
    assert names(database, firm.anna) == ["Anna's", "Pool"]
    assert names(database, firm.manager) == ["Anna's", "Chen's", "Pool"]
    assert names(database, firm.boss) == ["Anna's", "Chen's", "Ole's", "Pool", "Supplier"]
    assert names(database, firm.buyer) == ["Supplier"]
    with pytest.raises(NotAllowed), database.read(firm.admin) as work:
        lists.first_page(work, Listing(), ["name"])
    with pytest.raises(NotFound), database.read(firm.anna) as work:
        service.get(work, supplier)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("华", {"宁波华新机电有限公司", "华东贸易"}),
        ("华新", {"宁波华新机电有限公司"}),
        ("hx", {"宁波华新机电有限公司"}),
        ("ohnso", {"Johnson & Sons"}),
        ("05742210", {"宁波华新机电有限公司"}),
        ("華新", {"宁波华新机电有限公司"}),
        ("john sons", {"Johnson & Sons"}),
        ('"', {"宁波华新机电有限公司", "华东贸易", "Johnson & Sons"}),
        ("nobody", set()),
    ],
)
def test_any_fragment_finds(database: Database, firm: Firm, asked: str, found: set[str]) -> None:
    new(database, firm.anna, "宁波华新机电有限公司", points=[{"kind": "mobile", "value": "138-0574-2210"}])
    new(database, firm.anna, "华东贸易")
    new(database, firm.anna, "Johnson & Sons")
    new(database, firm.outsider, "华新 out of scope")
    assert set(names(database, firm.anna, Listing(text=asked))) == found
    with database.read(firm.anna) as work:
        hits = {hit[1] for hit in lists.search(work, asked)}
    assert hits == (found if asked != '"' else set())


def test_a_renamed_contact_is_found_by_its_new_name_only(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.anna, "王小明")
    with database.begin(firm.anna) as work:
        service.save(work, contact_id, service.get(work, contact_id).version, {"name": "李大伟"})
    assert names(database, firm.anna, Listing(text="小明")) == []
    assert names(database, firm.anna, Listing(text="大伟")) == ["李大伟"]


def test_filters_sorts_and_tags(database: Database, firm: Firm) -> None:
    new(database, firm.anna, "Beta", status="customer", tags=["big"], level="B")
    new(database, firm.anna, "Alpha", status="prospect", level="A")
    new(database, firm.anna, "Gamma", status="customer", level="A")
    shown = lambda *filters, **rest: names(database, firm.anna, Listing(filters=filters, **rest))  # noqa: E731
    assert shown(Filter("status", "is", ("customer",))) == ["Beta", "Gamma"]
    assert shown(Filter("tags", "is", ("BIG",))) == ["Beta"]
    assert shown(Filter("tags", "empty")) == ["Alpha", "Gamma"]
    assert shown(Filter("name", "contains", ("amm",))) == ["Gamma"]
    assert shown(Filter("created_at", "from", (date(2026, 11, 21),))) == []
    assert shown(Filter("created_at", "to", (date(2026, 11, 20),))) == ["Alpha", "Beta", "Gamma"]
    assert shown(sorts=(Sort("level"), Sort("name", descending=True))) == ["Gamma", "Alpha", "Beta"]
    assert shown(sorts=(Sort("name", descending=True),)) == ["Gamma", "Beta", "Alpha"]


@pytest.mark.parametrize("person", ["anna", "manager", "outsider", "boss", "buyer"])
@pytest.mark.parametrize("sorts", [(), (Sort("updated_at", descending=True),), (Sort("city"),)])
def test_filters_on_the_owner_find_what_the_whole_list_says(
    database: Database, firm: Firm, person: str, sorts: tuple[Sort, ...]
) -> None:
    for number in range(3):
        for owner in (firm.anna, firm.chen, firm.boss):
            new(database, owner, f"Firm {number} {owner.login}", owner=owner.user_id)
        new(database, firm.boss, f"Pool {number}", owner=None)
    actor = getattr(firm, person)
    with database.read(actor) as work:
        listed = lists.first_page(work, Listing(sorts=sorts), ["name", "owner"]).rows
    anna, chen = firm.anna.user_id, firm.chen.user_id
    for asked, owners in (
        (Filter("owner", "is", (anna,)), {anna}),
        (Filter("owner", "is", (anna, chen)), {anna, chen}),
        (Filter("owner", "is", (None,)), set()),
        (Filter("owner", "is", (4711,)), set()),
        (Filter("owner", "empty"), {None}),
        (Filter("owner", "not_empty"), {row[2] for row in listed} - {None}),
        (Filter("owner", "is_not", (anna,)), {row[2] for row in listed} - {anna}),
    ):
        expected = [row[1] for row in listed if row[2] in owners]
        assert names(database, actor, Listing(filters=(asked,), sorts=sorts)) == expected, asked
        found = [name for name in expected if name.startswith("Firm")]
        assert names(database, actor, Listing(text="firm", filters=(asked,), sorts=sorts)) == found, asked


def test_who_owns_the_rows_is_told_once_where_one_partition_is_walked(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told twice, a server expects a row or two and sorts all of an owner's contacts for every page."""
    new(database, firm.anna, "Anna's", owner=firm.anna.user_id)
    asked: list[str] = []

    def kept(work: Work, sql: str, parameters: Any) -> Any:
        asked.append(sql.partition("WHERE")[2].partition("ORDER BY")[0])
        return whole(work, sql, parameters)

    whole = Work.compiled_rows
    monkeypatch.setattr(Work, "compiled_rows", kept)
    mine = Listing(filters=(Filter("owner", "is", (firm.anna.user_id,)),))
    for actor in (firm.anna, firm.boss):
        with database.read(actor) as work:
            assert [row[1] for row in lists.first_page(work, mine, ["name"]).rows] == ["Anna's"]
        assert "owner_id" not in asked[-1]
        assert "owner_key IN" not in asked[-1]
        assert f"owner_key = {firm.anna.user_id}" in asked[-1]


def test_a_save_asks_only_for_what_it_needs(database: Database, firm: Firm) -> None:
    """Each statement is a round trip to a server, and the longest part of a save there."""
    told: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    for _again in range(2):
        contact_id = new(database, firm.anna, "王小明", points=[{"kind": "phone", "value": "0574 2210"}])
    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        new(database, firm.anna, "王小明", points=[{"kind": "phone", "value": "0574 2210"}])
        created = len([one for one in told if not one.startswith(("BEGIN", "select pg_advisory"))])
        with database.begin(firm.anna) as work:
            told.clear()
            service.save(work, contact_id, 1, {"name": "李大伟"})
            saved = len(told)
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)
    assert (created, saved) == (7, 4)


def test_the_same_question_is_answered_for_each_person(database: Database, firm: Firm) -> None:
    """Statements are compiled once and found again: never with somebody else's scope."""
    for owner in (firm.anna, firm.chen, firm.boss):
        new(database, owner, f"Of {owner.login}", owner=owner.user_id)
    for _again in range(2):
        for person, seen in ((firm.anna, 1), (firm.boss, 3), (firm.chen, 1), (firm.manager, 2)):
            with database.read(person) as work:
                found = set(work.session.scalars(select(Contact.name)))
                assert len(found) == seen, person.login
                assert len(set(work.session.scalars(select(ContactSearch.contact_id)))) == seen, person.login


def test_archived_contacts_leave_the_list_and_come_back(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.boss, "Atlas")
    with database.begin(firm.boss) as work:
        assert service.archive(work, [contact_id]) == [contact_id]
    assert names(database, firm.boss) == []
    assert names(database, firm.boss, Listing(filters=(Filter("archived", "is", (True,)),))) == ["Atlas"]
    with database.begin(firm.boss) as work:
        assert service.unarchive(work, [contact_id]) == [contact_id]
    assert names(database, firm.boss) == ["Atlas"]


def test_handing_over_claiming_and_releasing(database: Database, firm: Firm) -> None:
    first, second = new(database, firm.anna, "One"), new(database, firm.anna, "Two")
    with database.begin(firm.manager) as work:
        assert handover.assign(work, [first, second], firm.chen.user_id) == 2
    assert names(database, firm.anna) == []
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        handover.assign(work, [first], firm.outsider.user_id)
    with pytest.raises(NotAllowed), database.begin(firm.chen) as work:
        handover.assign(work, [first], firm.anna.user_id)
    with database.begin(firm.chen) as work:
        assert handover.release(work, [first]) == 1
    with database.begin(firm.anna) as work:
        assert handover.claim(work, [first]) == 1
    with pytest.raises(Owned), database.begin(firm.boss) as work:
        handover.claim(work, [first])
    with database.read(firm.boss) as work:
        owners = [event.after.get("owner_id", "") for event in history.history(work, first)]
    assert owners == [firm.anna.user_id, None, firm.chen.user_id, firm.anna.user_id]


def test_a_leavers_contacts_move_in_one_go(database: Database, firm: Firm) -> None:
    moved = handover.ContactHandover()
    for name in ("One", "Two", "Three"):
        new(database, firm.anna, name)
    with database.begin(firm.admin) as work:
        assert moved.count(work, firm.anna.user_id) == 3
        assert moved.hand_over(work, firm.anna.user_id, firm.chen.user_id) == 3
    assert names(database, firm.chen) == ["One", "Three", "Two"]


def test_a_duplicate_is_told_of_across_owners_without_showing_it(database: Database, firm: Firm) -> None:
    new(
        database,
        firm.outsider,
        "上海华新有限公司",
        registration_number="91310000710930141F",
        points=[{"kind": "phone", "value": "021-6888 1234"}],
    )
    mine = new(database, firm.anna, "华新（上海）有限公司")

    def told(**typed: object) -> list[tuple[str, bool]]:
        with database.read(firm.anna) as work:
            return [
                (match.why, match.id is not None) for match in duplicates.look_alikes(work, kind="company", **typed)
            ]

    assert told(registration_number="91310000 710930141f") == [("registration", False)]
    assert told(points=[{"kind": "phone", "value": "+86 21 68881234"}]) == [("phone", False)]
    assert sorted(told(name="上海华新公司")) == [("name", False), ("name", True)]
    assert told(name="上海华新公司", but=mine) == [("name", False)]
    assert told(name="无关") == []


def test_the_finder_groups_and_forgets_what_is_declared_different(database: Database, firm: Firm) -> None:
    first, second = new(database, firm.anna, "Northgate Ltd"), new(database, firm.anna, "Northgate Limited")
    new(database, firm.anna, "Other")
    with database.read(firm.anna) as work:
        groups = duplicates.duplicate_groups(work)
    assert [group.ids for group in groups] == [(first, second)]
    with database.begin(firm.anna) as work:
        duplicates.declare_distinct(work, [first, second])
    with database.read(firm.anna) as work:
        assert duplicates.duplicate_groups(work) == []
        assert [history.history(work, one)[0].action for one in (first, second)] == ["distinct", "distinct"]


def test_merging_keeps_everything_and_redirects(database: Database, firm: Firm) -> None:
    keep = new(database, firm.anna, "Northgate Ltd", points=[{"kind": "phone", "value": "0113 496 0021"}], tags=["a"])
    lose = new(
        database,
        firm.anna,
        "Northgate Limited",
        industry="Tools",
        points=[{"kind": "email", "value": "a@northgate.example"}],
        tags=["b"],
        notes="old notes",
    )
    with database.begin(firm.anna) as work:
        person = service.create(
            work, {"name": "Jo", "kind": "person", "people": [{"contact_id": lose, "role": "buyer"}]}
        )
        files.add_file(work, lose, "../c:on/tract.pdf", b"%PDF")
    with database.begin(firm.boss) as work:
        versions = service.get(work, keep).version, service.get(work, lose).version
        merge.merge(work, keep, versions[0], lose, versions[1], {})
    with database.read(firm.anna) as work:
        record = service.get(work, lose)
        assert record.id == keep
        assert (record["industry"], record["notes"], record["tags"]) == ("Tools", "old notes", ("a", "b"))
        assert [point["kind"] for point in record["points"]] == ["phone", "email"]
        assert [one["contact_id"] for one in record["people"]] == [person]
        assert [file.name for file in files.files_of(work, keep)] == ["tract.pdf"]
    assert names(database, firm.anna, Listing(filters=(Filter("kind", "is", ("company",)),))) == ["Northgate Ltd"]


def test_user_defined_fields_keep_their_types(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        kinds = {
            kind: custom.define_field(work, kind, kind, ["Red", "Blue"] if kind == "list" else ()).key
            for kind in ("text", "number", "date", "list")
        }
    values = {"text": "x", "number": Decimal("1.10"), "date": date(2026, 2, 3), "list": "Red"}
    contact_id = new(database, firm.anna, "Atlas", **{f"custom.{kinds[kind]}": value for kind, value in values.items()})
    with database.read(firm.anna) as work:
        record = service.get(work, contact_id)
        assert {kind: record[f"custom.{key}"] for kind, key in kinds.items()} == values
        columns = [f"custom.{key}" for key in kinds.values()]
        assert list(lists.first_page(work, Listing(), columns).rows[0][1:]) == list(values.values())
    assert names(database, firm.anna, Listing(filters=(Filter(f"custom.{kinds['list']}", "is", ("Red",)),))) == [
        "Atlas"
    ]
    with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
        service.save(work, contact_id, record.version, {f"custom.{kinds['list']}": "Green"})
    assert caught.value.field == f"custom.{kinds['list']}"


def test_refusals_stand_beside_their_field(database: Database, firm: Firm) -> None:
    for values, field in (
        ({"name": "  "}, "name"),
        ({"name": "x", "points": [{"kind": "email", "value": "a@b,example"}]}, "points"),
        ({"name": "x", "is_customer": False, "is_supplier": False}, "is_customer"),
    ):
        with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
            service.create(work, values)
        assert caught.value.field == field
    assert names(database, firm.anna) == []


def test_files_have_a_limit_and_one_copy_of_each_content(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.anna, "Atlas")
    with database.begin(firm.anna) as work:
        first = files.add_file(work, contact_id, "a.txt", b"same")
        files.add_file(work, contact_id, "b.txt", b"same")
    with database.read(firm.anna) as work:
        assert files.read_file(work, first) == ("a.txt", b"same")
        assert [(one.before["files"], one.after["files"]) for one in history.history(work, contact_id)[:1]] == [
            ([], ["a.txt", "b.txt"])
        ], "one transaction, one entry, nothing forgotten"
    with pytest.raises(NotFound), database.read(firm.chen) as work:
        files.read_file(work, first)
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        files.add_file(work, contact_id, "big", b"0" * 26_000_000)


def test_nothing_of_a_refused_save_stays(database: Database, firm: Firm) -> None:
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        service.create(work, {"name": "Half", "custom.none": "x"})
    with database.read(firm.boss) as work:
        assert work.session.query(Contact).count() == 0
        assert work.session.query(ContactSearch).count() == 0
