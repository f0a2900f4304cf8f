"""Contacts out of a sheet: what becomes of each row, what is written, and how it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from sqlalchemy import String, func, select, type_coerce

from crm_desktop.contacts import above, custom, history, lists, service
from crm_desktop.contacts.model import Contact, ContactSearch
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database, Work
from crm_desktop.exchange import imports
from crm_desktop.products.model import PriceList
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.importing import CLEAR, Difference, Identity, OnMatch, Undoer, Verdict
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import fold
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back

NEW, UPDATE, SKIP, DUPLICATE, INVALID = (
    Verdict.NEW,
    Verdict.UPDATE,
    Verdict.SKIP,
    Verdict.DUPLICATE,
    Verdict.INVALID,
)


def new(database: Database, actor: Actor, name: str, **values: object) -> int:
    with database.begin(actor) as work:
        return service.create(work, {"name": name, **values})


def all_of(database: Database, actor: Actor) -> dict[str, Record]:
    with database.read(actor) as work:
        ids = work.session.scalars(select(Contact.id).order_by(Contact.id))
        return {record["name"]: record for record in (service.get(work, id_) for id_ in ids)}


def found(database: Database, actor: Actor, text: str) -> list[str]:
    with database.read(actor) as work:
        return [row[1] for row in lists.first_page(work, Listing(text=text), ["name"]).rows]


def verdicts(database: Database, actor: Actor, *given: dict[str, object], **decided: object) -> list[Verdict]:
    return [one.verdict for one in check(database, actor, CONTACTS, rows(*given), **decided)]


def test_a_row_becomes_a_contact_with_its_person_and_address(database: Database, firm: Firm) -> None:
    done = bring_in(
        database,
        firm.boss,
        CONTACTS,
        rows(
            {
                "code": "ALFKI",
                "name": "Alfreds Futterkiste",
                "person": "Maria Anders",
                "person_role": "Sales Representative",
                "street": "Obere Str. 57",
                "city": "Berlin",
                "postcode": "12209",
                "country": "Germany",
                "phone": "030-0074321",
                "fax": "030-0076545",
                "owner": firm.anna.user_id,
                "created_at": date(2019, 4, 20),
                "created_by": firm.chen.user_id,
                "tags": "VIP, Food",
            }
        ),
    )
    assert done.counts["new"] == 1
    stored = all_of(database, firm.boss)
    company, person = stored["Alfreds Futterkiste"], stored["Maria Anders"]
    assert (company["code"], company["city"], company["phone"]) == ("ALFKI", "Berlin", "030-0074321")
    assert [point["kind"] for point in company["points"]] == ["phone", "fax"]
    assert company["addresses"][0]["postcode"] == "12209"
    assert company["owner"] == person["owner"] == firm.anna.user_id
    assert company["created_at"] == datetime(2019, 4, 19, 16, tzinfo=UTC)  # midnight in Shanghai
    assert company["created_by"] == firm.chen.user_id
    assert company["tags"] == ("Food", "VIP")
    assert [(one["name"], one["role"]) for one in company["people"]] == [("Maria Anders", "Sales Representative")]
    assert person["kind"] == "person"
    for text in ("alfki", "Futterkiste", "0074321"):
        assert found(database, firm.boss, text) == ["Alfreds Futterkiste"]
    with database.read(firm.boss) as work:
        (entry,) = history.history(work, company.id, limit=5)
        assert entry.action == "create"


def test_who_imports_is_neither_author_nor_owner(database: Database, firm: Firm) -> None:
    bring_in(database, firm.boss, CONTACTS, rows({"name": "Atlas"}))
    (record,) = all_of(database, firm.boss).values()
    assert (record["owner"], record["created_by"]) == (None, None)
    bring_in(database, firm.boss, CONTACTS, rows({"name": "Borealis"}), owner=firm.chen.user_id)
    assert all_of(database, firm.boss)["Borealis"]["owner"] == firm.chen.user_id


def test_rows_of_one_company_with_other_people_are_one_contact(database: Database, firm: Firm) -> None:
    given = rows(
        {"name": "宁波华新有限公司", "person": "王芳", "mobile": "13800138000"},
        {"name": "宁波华新有限公司", "person": "李强", "mobile": "13800138001"},
        {"name": "宁波华新有限公司", "person": "王芳"},
        {"name": "宁波华新有限公司", "person": "赵六", "level": "B"},
    )
    planned = check(database, firm.boss, CONTACTS, given)
    assert [(one.verdict, len(one.rows)) for one in planned] == [(NEW, 2), (DUPLICATE, 1), (DUPLICATE, 1)]
    assert planned[1].why == "It has the same name as row 2."
    bring_in(database, firm.boss, CONTACTS, given)
    stored = all_of(database, firm.boss)
    assert [one["name"] for one in stored["宁波华新有限公司"]["people"]] == ["王芳", "李强"]
    assert stored["李强"]["phone"] == "13800138001"


def test_a_name_under_another_code_is_a_duplicate(database: Database, firm: Firm) -> None:
    given = (
        {"code": "KH5", "name": "北京嘉鑫印刷有限公司", "person": "何娜"},
        {"code": "KH90005", "name": "北京嘉鑫印刷有限公司", "person": "胡洋"},
    )
    planned = check(database, firm.boss, CONTACTS, rows(*given))
    assert [one.verdict for one in planned] == [NEW, DUPLICATE]
    assert verdicts(database, firm.boss, *given, keep_duplicates=True) == [NEW, NEW]
    bring_in(database, firm.boss, CONTACTS, rows(*given))
    (again,) = check(database, firm.boss, CONTACTS, rows(given[1]))
    assert again.verdict is DUPLICATE
    assert "KH5" in again.why
    assert again.id == all_of(database, firm.boss)["北京嘉鑫印刷有限公司"].id


def test_a_name_that_says_little_is_no_duplicate_under_another_code(database: Database, firm: Firm) -> None:
    given = rows({"code": "Val2", "name": "IT", "person": "Val2"}, {"code": "VALON", "name": "IT", "person": "Valon"})
    first, second = check(database, firm.boss, CONTACTS, given)
    assert (first.verdict, second.verdict, second.similar) == (NEW, NEW, "It has the same name as row 2.")
    bring_in(database, firm.boss, CONTACTS, given)
    assert verdicts(database, firm.boss, {"code": "THIRD", "name": "IT"}) == [NEW]
    assert [one.verdict for one in check(database, firm.boss, CONTACTS, given)] == [SKIP, SKIP]


def test_the_same_file_again_changes_nothing(database: Database, firm: Firm) -> None:
    given = rows(
        {"code": "1", "name": "Atlas Ltd", "phone": "+44 113 496 0021", "person": "Jo", "city": "Leeds", "level": "A"},
        {"name": "Borealis Oy", "email": "a@borealis.example", "tags": "x", "is_supplier": True},
    )
    bring_in(database, firm.boss, CONTACTS, given)
    assert [one.verdict for one in check(database, firm.boss, CONTACTS, given)] == [SKIP, SKIP]


def test_an_update_changes_only_what_the_sheet_says(database: Database, firm: Firm) -> None:
    id_ = new(
        database,
        firm.boss,
        "Atlas Ltd",
        code="A1",
        notes="Keep",
        industry="Steel",
        points=[{"kind": "phone", "value": "010 1234567"}, {"kind": "email", "value": "old@atlas.example"}],
        addresses=[{"kind": "billing", "street": "Old Street 1", "city": "Leeds"}],
        tags=["VIP"],
    )
    given = rows(
        {"code": "a1", "name": "Atlas Limited", "industry": CLEAR, "email": "new@atlas.example", "city": "York"}
    )
    (planned,) = check(database, firm.boss, CONTACTS, given)
    assert planned.verdict is UPDATE
    assert {one.field: (one.old, one.new) for one in planned.differences} == {
        "name": ("Atlas Ltd", "Atlas Limited"),
        "industry": ("Steel", ""),
        "points": ("010 1234567; old@atlas.example", "010 1234567; new@atlas.example"),
        "addresses": ("Old Street 1, Leeds", "Old Street 1, York"),
    }
    done = bring_in(database, firm.boss, CONTACTS, given)
    with database.read(firm.boss) as work:
        record = service.get(work, id_)
    assert (record["name"], record["industry"], record["notes"], record["tags"]) == (
        "Atlas Limited",
        "",
        "Keep",
        ("VIP",),
    )
    assert (record["phone"], record["email"], record["city"]) == ("010 1234567", "new@atlas.example", "York")
    assert record.version == (planned.version or 0) + 1
    assert found(database, firm.boss, "new@atlas") == ["Atlas Limited"]
    undone = take_back(database, firm.boss, done.batch, CONTACTS)
    assert (undone.removed, undone.restored, undone.kept) == (0, 1, ())
    with database.read(firm.boss) as work:
        record = service.get(work, id_)
    assert (record["name"], record["industry"], record["email"], record["city"]) == (
        "Atlas Ltd",
        "Steel",
        "old@atlas.example",
        "Leeds",
    )
    assert found(database, firm.boss, "old@atlas") == ["Atlas Ltd"]


def test_people_come_to_a_company_that_is_there_and_go_again(database: Database, firm: Firm) -> None:
    jo = new(database, firm.boss, "Jo Miller", kind="person")
    company = new(database, firm.boss, "Atlas Ltd", people=[{"contact_id": jo, "role": "Buyer"}])
    done = bring_in(
        database,
        firm.boss,
        CONTACTS,
        rows(
            {"name": "Atlas Ltd", "person": "Jo Miller", "person_role": "Director", "person_mobile": "13800138000"},
            {"name": "Atlas Ltd", "person": "Max Black", "person_email": "max@atlas.example"},
        ),
    )
    assert done.counts["update"] == 1
    with database.read(firm.boss) as work:
        people = service.get(work, company)["people"]
    assert [(one["name"], one["role"], one["phone"], one["email"]) for one in people] == [
        ("Jo Miller", "Director", "13800138000", ""),
        ("Max Black", "", "", "max@atlas.example"),
    ]
    take_back(database, firm.boss, done.batch, CONTACTS)
    with database.read(firm.boss) as work:
        people = service.get(work, company)["people"]
        assert [(one["name"], one["role"], one["phone"]) for one in people] == [("Jo Miller", "Buyer", "")]
        assert work.session.scalar(select(func.count(Contact.id))) == 2


def test_what_an_exported_list_says_meets_its_record_by_the_hidden_column(database: Database, firm: Firm) -> None:
    id_ = new(database, firm.boss, "Atlas Ltd", is_customer=False, is_supplier=True)
    given = rows({"id": Identity(id_, 1), "name": "Something else", "level": "A"})
    (planned,) = check(database, firm.boss, CONTACTS, given)
    assert (planned.verdict, planned.id) == (UPDATE, id_)
    # The side of the sheet is no part of an exported list.
    assert {one.field for one in planned.differences} == {"name", "level"}
    (gone,) = check(database, firm.boss, CONTACTS, rows({"id": Identity(id_ + 100, 1), "name": "Gone"}))
    assert gone.verdict is INVALID


def test_a_field_somebody_changed_since_the_export_is_a_conflict(database: Database, firm: Firm) -> None:
    id_ = new(database, firm.boss, "Atlas Ltd", level="C")
    with database.begin(firm.manager) as work:
        service.save(work, id_, 1, {"level": "B"})
    clash, merge = check(
        database, firm.boss, CONTACTS, rows({"id": Identity(id_, 1), "name": "Atlas Ltd", "level": "A"})
    ) + check(database, firm.boss, CONTACTS, rows({"id": Identity(id_, 1), "name": "Atlas Ltd", "industry": "Steel"}))
    assert clash.verdict is INVALID
    assert clash.field == "level"
    assert "Zhou Min" in clash.why
    assert merge.verdict is UPDATE


def test_several_that_fit_are_offered_and_an_answer_decides(database: Database, firm: Firm) -> None:
    ids = [new(database, firm.boss, "Atlas Ltd", code=code) for code in ("A1", "A2")]
    given = rows({"name": "Atlas Ltd", "level": "A"})
    (planned,) = check(database, firm.boss, CONTACTS, given)
    assert planned.verdict is INVALID
    assert [one.id for one in planned.candidates] == ids
    assert planned.candidates[1].label == "Atlas Ltd · A2"
    (chosen,) = check(database, firm.boss, CONTACTS, given, answers={("name", "atlas ltd"): ids[1]})
    assert (chosen.verdict, chosen.id) == (UPDATE, ids[1])
    (made,) = check(database, firm.boss, CONTACTS, given, answers={("name", "atlas ltd"): None})
    assert made.verdict is NEW


def test_a_colleagues_contact_is_told_of_but_neither_shown_nor_changed(database: Database, firm: Firm) -> None:
    new(database, firm.outsider, "Atlas Ltd", code="A1")
    (planned,) = check(database, firm.manager, CONTACTS, rows({"code": "A1", "name": "Atlas"}))
    assert (planned.verdict, planned.id) == (INVALID, None)
    assert "Ole Berg" in planned.why


def test_customers_and_suppliers_are_numbered_apart(database: Database, firm: Firm) -> None:
    bring_in(database, firm.boss, CONTACTS, rows({"code": "1", "name": "Atlas"}))
    given = rows({"code": "1", "name": "Exotic Liquids"}, {"name": "Atlas"})
    side = {"side": "suppliers"}
    bring_in(database, firm.boss, CONTACTS, given, chosen=side)
    stored = all_of(database, firm.boss)
    assert (stored["Exotic Liquids"]["is_customer"], stored["Exotic Liquids"]["is_supplier"]) == (False, True)
    assert (stored["Atlas"]["is_customer"], stored["Atlas"]["is_supplier"]) == (True, True)
    assert CONTACTS.suggest("Suppliers", ["Supplier ID"]) == side


def test_a_word_of_status_in_the_column_of_levels(database: Database, firm: Firm) -> None:
    given = rows({"name": "甲", "level": "潜在"}, {"name": "乙", "level": "A级"}, {"name": "丙", "level": "VIP"})
    one, two, three = check(database, firm.boss, CONTACTS, given)
    assert "潜在" in one.rows[0].remarks["level"]
    assert three.verdict is INVALID
    bring_in(database, firm.boss, CONTACTS, given[:2])
    stored = all_of(database, firm.boss)
    assert (stored["甲"]["status"], stored["甲"]["level"], stored["乙"]["level"]) == ("prospect", "", "A")
    assert two.verdict is NEW


def test_what_cannot_be_is_told_beside_its_cell(database: Database, firm: Firm) -> None:
    planned = check(
        database,
        firm.boss,
        CONTACTS,
        rows(
            {"city": "Leeds"},
            {"name": "x" * 201},
            {"name": "A", "email": "not an address"},
            {"name": "B", "phone": "call me"},
            {"name": "C", "is_customer": False},
            {"name": "D", "person_mobile": "13800138000"},
        ),
    )
    assert {one.verdict for one in planned} == {INVALID}
    assert [one.field for one in planned] == ["name", "name", "email", "phone", "is_customer", "person"]


def test_own_fields_come_in_and_go_back(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        limit = custom.define_field(work, "Shoe size", "number").key
    assert f"custom.{limit}" in {one.name for one in database_fields(database, firm.boss)}
    id_ = new(database, firm.boss, "Atlas")
    done = bring_in(
        database,
        firm.boss,
        CONTACTS,
        rows({"name": "Atlas", f"custom.{limit}": "42.5"}, {"name": "B", f"custom.{limit}": 1}),
    )
    assert str(all_of(database, firm.boss)["Atlas"][f"custom.{limit}"]) == "42.5"
    assert str(all_of(database, firm.boss)["B"][f"custom.{limit}"]) == "1"
    take_back(database, firm.boss, done.batch, CONTACTS)
    with database.read(firm.boss) as work:
        assert service.get(work, id_)[f"custom.{limit}"] is None


def database_fields(database: Database, actor: Actor) -> tuple[object, ...]:
    with database.read(actor) as work:
        return CONTACTS.fields(work)


def test_persons_of_one_name_are_not_one_person(database: Database, firm: Firm) -> None:
    given = (
        {"kind": "person", "name": "王伟", "mobile": "13800138000"},
        {"kind": "person", "name": "王伟", "mobile": "13800138001"},
        {"kind": "person", "name": "王伟", "mobile": "138 0013 8000"},
    )
    assert verdicts(database, firm.boss, *given) == [NEW, NEW, DUPLICATE]


def test_a_person_comes_to_the_company_of_the_sheet_or_the_stored_one(database: Database, firm: Firm) -> None:
    new(database, firm.boss, "Borealis Oy")
    given = rows(
        {"name": "Ann", "employer": "Atlas Ltd", "person_role": "Buyer", "mobile": "13800138000"},
        {"name": "Atlas Ltd", "kind": "company"},
        {"name": "Bob", "employer": "Borealis Oy", "mobile": "13800138001"},
        {"name": "Cy", "employer": "Nowhere GmbH", "mobile": "13800138002"},
    )
    assert [one.verdict for one in check(database, firm.boss, CONTACTS, given)] == [NEW, NEW, NEW, INVALID]
    done = bring_in(database, firm.boss, CONTACTS, given, create_missing=True)
    stored = all_of(database, firm.boss)
    for name, company in (("Ann", "Atlas Ltd"), ("Bob", "Borealis Oy"), ("Cy", "Nowhere GmbH")):
        assert [one["name"] for one in stored[name]["people"]] == [company]
    take_back(database, firm.boss, done.batch, CONTACTS)
    assert list(all_of(database, firm.boss)) == ["Borealis Oy"]


def test_the_name_or_phone_of_another_is_told(database: Database, firm: Firm) -> None:
    new(database, firm.boss, "上海恒鑫电子有限公司", points=[{"kind": "mobile", "value": "13800138000"}])
    like, phone, neither = check(
        database,
        firm.boss,
        CONTACTS,
        rows(
            {"name": "上海恒鑫电子科技有限公司"},
            {"name": "Atlas", "mobile": "138-0013-8000"},
            {"name": "广州诚隆贸易有限公司"},
        ),
    )
    assert "上海恒鑫电子有限公司" in like.similar
    assert "phone" in phone.similar
    assert neither.similar == ""


@pytest.mark.parametrize(("on_match", "verdict"), [(OnMatch.SKIP, SKIP), (OnMatch.ERROR, INVALID)])
def test_what_is_there_may_be_left_alone(database: Database, firm: Firm, on_match: OnMatch, verdict: Verdict) -> None:
    new(database, firm.boss, "Atlas")
    assert verdicts(database, firm.boss, {"name": "Atlas", "level": "A"}, on_match=on_match) == [verdict]


def test_undo_leaves_what_was_touched_since_and_what_has_documents(database: Database, firm: Firm) -> None:
    done = bring_in(database, firm.boss, CONTACTS, rows({"name": "Atlas", "person": "Jo"}, {"name": "Borealis"}))
    with database.begin(firm.boss) as work:
        service.save(work, all_of(database, firm.boss)["Borealis"].id, 1, {"notes": "Seen"})
    undone = take_back(database, firm.boss, done.batch, CONTACTS)
    assert undone.removed == 2
    assert [(one.label, one.reason) for one in undone.kept] == [("Borealis", "It was changed after the import.")]
    assert list(all_of(database, firm.boss)) == ["Borealis"]
    with database.read(firm.boss) as work:
        assert work.session.scalar(select(func.count()).select_from(ContactSearch)) == 1
    assert found(database, firm.boss, "Atlas") == []


def test_an_import_that_fails_leaves_nothing(database: Database, firm: Firm) -> None:
    given = rows({"name": "Atlas"}, {"name": "B", "email": "wrong"})
    with pytest.raises(imports.NotWhole):
        bring_in(database, firm.boss, CONTACTS, given)
    assert all_of(database, firm.boss) == {}
    assert bring_in(database, firm.boss, CONTACTS, given, good_rows_only=True).counts["invalid"] == 1
    assert list(all_of(database, firm.boss)) == ["Atlas"]


def test_a_contact_that_got_a_price_list_stays(database: Database, firm: Firm) -> None:
    done = bring_in(database, firm.boss, CONTACTS, rows({"name": "Atlas", "person": "Jo"}, {"name": "Borealis"}))
    with database.begin(firm.boss) as work:
        atlas = work.session.scalars(select(Contact.id).where(Contact.name == "Atlas")).one()
        work.session.add(PriceList(name="Atlas", currency="CNY", contact_id=atlas))
    undone = take_back(database, firm.boss, done.batch, CONTACTS)
    assert undone.removed == 2
    assert [(one.label, one.reason) for one in undone.kept] == [("Atlas", "It has documents or other records by now.")]


class CreditNotes:
    """A feature above that keeps a word of each contact in memory."""

    undoers: ClassVar[dict[str, Undoer]] = {}

    def __init__(self) -> None:
        self.kept: dict[int, object] = {}

    def fields(self, _work: Work) -> tuple[Field, ...]:
        return (Field("limit", None, "Limit", 10, Use.IMPORT, Kind.MONEY),)

    def check(self, _work: Work, values: Mapping[str, Any]) -> str:
        return "" if values["limit"] is CLEAR or values["limit"] >= 0 else "A limit is no debt."

    def differences(self, _work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> Mapping[int, tuple[Difference, ...]]:
        return {
            id_: (Difference("limit", "Limit", str(self.kept.get(id_)), str(values["limit"])),)
            for id_, values in wanted.items()
            if values["limit"] != self.kept.get(id_)
        }

    def apply(self, _work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> None:
        self.kept |= {id_: values["limit"] for id_, values in wanted.items()}


def test_what_a_feature_above_keeps_comes_in_with_the_sheet(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = CreditNotes()
    monkeypatch.setattr(above, "_now", [above._Attached(additions=(kept,))])
    assert "limit" in {one.name for one in database_fields(database, firm.boss)}  # type: ignore[attr-defined]
    bring_in(database, firm.boss, CONTACTS, rows({"name": "Atlas", "limit": 500}, {"name": "Borealis"}))
    assert list(kept.kept.values()) == [500]
    assert verdicts(
        database,
        firm.boss,
        {"name": "Atlas", "limit": 500},
        {"name": "Borealis", "limit": 1},
        {"name": "C", "limit": -1},
    ) == [SKIP, UPDATE, INVALID]


def test_a_header_is_of_one_column_only(database: Database, firm: Firm) -> None:
    owners: dict[str, set[str]] = {}
    with database.read(firm.boss) as work:
        for one in CONTACTS.fields(work):
            for header in (one.label, *one.headers):
                owners.setdefault(fold(header), set()).add(one.name)
    # In a card "Company" is where somebody works; in a sheet without a column of names it is the name.
    assert {header for header, names in owners.items() if len(names) > 1} == {"company"}


def test_what_is_inserted_in_bulk_is_stored_as_the_program_stores_it(database: Database, firm: Firm) -> None:
    id_ = new(database, firm.boss, "Atlas Ltd", code="A1", owner=firm.anna.user_id, status="customer")
    bring_in(database, firm.boss, CONTACTS, rows({"name": "Borealis", "code": "B1", "owner": firm.anna.user_id}))
    plain = (Contact.updated_at, Contact.created_at, Contact.owned_since, Contact.custom, Contact.archived_at)
    columns = [type_coerce(column, String) if database.path else column for column in plain]
    with database.read(firm.boss) as work:
        one, other = work.session.execute(select(*columns).order_by(Contact.id == id_))
    assert one == other
