"""Opportunities: written down, changed, moved, won, lost, reopened; two people at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.pipeline import reasons, rules, service, stages
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from crm_desktop.shared.money import Money
from tests.companies import Firm
from tests.orders.documents import customer
from tests.pipeline.chances import chance, chance_of, history, reason_ids, stage_ids, version_of

TODAY = date(2026, 11, 20)


def test_a_new_one_begins_where_most_begin(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna), "  Ball \n bearings ", amount="12,500")
    record = chance_of(database, firm.anna, id_)
    assert record["name"].split() == ["Ball", "bearings"]
    assert (record["state"], record["probability"], record["currency"]) == ("open", Decimal(10), "CNY")
    assert (record["amount"], record["weighted"]) == (Decimal("12500.00"), Money(Decimal("1250.00"), "CNY"))
    assert (record["salesperson_id"], record["opened_on"], record["contact_name"]) == (
        firm.anna.user_id,
        TODAY,
        "Atlas",
    )
    ((action, before, after),) = history(database, id_)
    assert (action, before) == ("create", {})
    assert (after["stage"], after["amount"], after["probability"]) == ("enquiry", "12500.00", "10")
    assert "stage_id" not in after, "ids tell nobody anything"


def test_it_is_the_chance_of_whoever_looks_after_the_customer(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.manager, customer(database, firm.anna))
    assert chance_of(database, firm.anna, id_)["salesperson_id"] == firm.anna.user_id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("amount", "-1"),
        ("amount", "1,5"),
        ("amount", Decimal("NaN")),
        ("amount", Decimal(10) ** 12),
        ("probability", Decimal(101)),
        ("probability", "-1"),
        ("probability", Decimal("33.333")),
        ("probability", "often"),
        ("currency", "yuan"),
        ("stage_id", 999),
        ("person_id", 999),
        ("salesperson_id", 999),
        ("expected_on", "tomorrow"),
        ("expected_on", date(9999, 1, 1)),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    file_database: Database, firm: Firm, field: str, value: Any
) -> None:
    contact_id = customer(file_database, firm.anna)
    with pytest.raises(Invalid) as refused:
        chance(file_database, firm.anna, contact_id, **{field: value})
    assert refused.value.field == field
    assert str(refused.value)
    id_ = chance(file_database, firm.anna, contact_id)
    with pytest.raises(Invalid) as refused, file_database.begin(firm.anna) as work:
        service.save(work, id_, 1, {field: value})
    assert refused.value.field == field


def test_only_customers_have_opportunities(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        supplier = contacts.create(work, {"name": "Mill", "is_customer": False, "is_supplier": True})
        hidden = contacts.create(work, {"name": "Old"})
        contacts.archive(work, [hidden])
    mine = customer(database, firm.anna)
    for by, contact_id in ((firm.boss, supplier), (firm.boss, hidden), (firm.outsider, mine), (firm.boss, 9999)):
        with pytest.raises(Invalid) as refused:
            chance(database, by, contact_id)
        assert refused.value.field == "contact_id"
    for by in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed):
            chance(database, by, mine)


def test_the_wall_holds(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    for by in (firm.boss, firm.manager, firm.anna):
        assert chance_of(database, by, id_)["name"] == "Ball bearings"
    for by in (firm.chen, firm.outsider):
        for act in (
            lambda work: service.get(work, id_),
            lambda work: service.save(work, id_, 1, {"name": "Mine"}),
            lambda work: service.win(work, id_, 1),
            lambda work: service.move(work, id_, 1, 2),
        ):
            with pytest.raises(NotFound), database.begin(by) as work:
                act(work)
    for by in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed):
            chance_of(database, by, id_)


def test_what_is_saved_is_told_in_words(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna), amount=100)
    changes = {
        "name": "Roller bearings",
        "amount": Decimal("2500.5"),
        "stage_id": ids["quoted"],
        "expected_on": date(2026, 12, 24),
        "salesperson_id": firm.chen.user_id,
        "notes": "two\nlines",
        "source": "fair",
    }
    with database.begin(firm.anna) as work:
        assert service.save(work, id_, 1, changes) == 2
    record = chance_of(database, firm.anna, id_)
    assert {name: record[name] for name in changes} == changes | {"amount": Decimal("2500.50")}
    assert record["probability"] == 50, "the stage brings its chance along"
    _action, before, after = history(database, id_)[-1]
    assert (before["stage"], after["stage"]) == ("enquiry", "quoted")
    assert (before["amount"], after["amount"]) == ("100.00", "2500.50")
    assert after["salesperson"] == firm.chen.user_id
    assert after.keys().isdisjoint({"state", "expected_sort", "stage_id"})


def test_another_currency_takes_the_figure_along(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna), amount="100.40")
    with database.begin(firm.anna) as work:
        service.save(work, id_, 1, {"currency": "jpy"})
    record = chance_of(database, firm.anna, id_)
    assert (record["amount"], record["currency"]) == (Decimal(100), "JPY")
    assert record["weighted"] == Money(Decimal(10), "JPY")


def test_it_stays_with_its_customer(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    other = customer(database, firm.anna, "Other")
    with pytest.raises(Invalid, match="stays with its customer"), database.begin(firm.anna) as work:
        service.save(work, id_, 1, {"contact_id": other})


def test_a_move_takes_the_chance_of_the_stage(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna), probability=33)
    with database.begin(firm.anna) as work:
        service.move(work, id_, 1, ids["negotiating"])
    assert chance_of(database, firm.anna, id_)["probability"] == 80
    with database.begin(firm.anna) as work:
        service.move(work, id_, 2, ids["negotiating"])
    assert version_of(database, id_) == 2, "where it is already"


def test_two_people_move_one_card_and_the_second_is_told(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    with database.begin(firm.anna) as work:
        service.move(work, id_, 1, ids["quoted"])
    with pytest.raises(Conflict) as told, database.begin(firm.manager) as work:
        service.move(work, id_, 1, ids["negotiating"])
    assert str(told.value) == "Anna Weber moved this opportunity to “Quoted” meanwhile. Look at it, then move it again."
    assert chance_of(database, firm.anna, id_)["stage_id"] == ids["quoted"]
    with database.begin(firm.manager) as work:
        service.move(work, id_, 1, ids["quoted"])
    assert version_of(database, id_) == 2, "both wanted the same"


def test_different_fields_of_one_card_merge(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna), amount=100)
    with database.begin(firm.anna) as work:
        service.save(work, id_, 1, {"amount": 900, "probability": 15})
    with database.begin(firm.manager) as work:
        service.move(work, id_, 1, ids["quoted"])
    with database.begin(firm.boss) as work:
        service.save(work, id_, 1, {"notes": "asked twice"})
    record = chance_of(database, firm.anna, id_)
    assert (record["amount"], record["stage_id"], record["notes"]) == (900, ids["quoted"], "asked twice")
    assert record["probability"] == 15, "what a colleague set meanwhile stays"


def test_the_same_field_is_a_conflict_with_both_sides(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna), amount=100, expected_on=date(2026, 12, 1))
    with database.begin(firm.anna) as work:
        mine = {"amount": 900, "stage_id": ids["qualified"], "expected_on": date(2027, 1, 1)}
        service.save(work, id_, 1, mine | {"salesperson_id": firm.chen.user_id})
    with pytest.raises(Conflict) as told, database.begin(firm.manager) as work:
        service.save(
            work,
            id_,
            1,
            {"amount": 800, "stage_id": ids["quoted"], "expected_on": None, "salesperson_id": firm.boss.user_id},
        )
    assert told.value.theirs == {
        "amount": Decimal(900),
        "stage_id": ids["qualified"],
        "expected_on": date(2027, 1, 1),
        "salesperson_id": firm.chen.user_id,
    }
    assert told.value.original == {
        "amount": Decimal(100),
        "stage_id": ids["enquiry"],
        "expected_on": date(2026, 12, 1),
        "salesperson_id": firm.anna.user_id,
    }
    assert (told.value.version, told.value.changed_by) == (2, "Anna Weber")
    with database.begin(firm.manager) as work:
        service.save(work, id_, 1, {"amount": "900.00"})


def test_won_and_reopened(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna), amount=100)
    with database.begin(firm.anna) as work:
        service.win(work, id_, 1)
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["closed_on"], record["probability"]) == ("won", TODAY, 10)
    for act in (
        lambda work: service.win(work, id_, 2),
        lambda work: service.lose(work, id_, 2, 1),
        lambda work: service.move(work, id_, 2, stage_ids(database)["quoted"]),
        lambda work: service.save(work, id_, 2, {"stage_id": stage_ids(database)["quoted"]}),
    ):
        with pytest.raises(rules.WrongState, match=r"won"), database.begin(firm.anna) as work:
            act(work)
    with database.begin(firm.anna) as work:
        service.save(work, id_, 2, {"closed_on": TODAY, "amount": 120})
        service.reopen(work, id_, 2)
    assert chance_of(database, firm.anna, id_)["closed_on"] is None
    with pytest.raises(rules.WrongState, match="open already"), database.begin(firm.anna) as work:
        service.reopen(work, id_, 4)
    assert [one[0] for one in history(database, id_)] == ["create", "win", "reopen"]


def test_lost_for_a_reason(database: Database, firm: Firm) -> None:
    ids = reason_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    for nothing in (None, 0, 999):
        with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
            service.lose(work, id_, 1, nothing)  # type: ignore[arg-type]
        assert refused.value.field == "lost_reason_id"
    with database.begin(firm.anna) as work:
        service.lose(work, id_, 1, ids["price"], " too dear ")
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["lost_reason_id"], record["lost_note"]) == ("lost", ids["price"], "too dear")
    action, _before, after = history(database, id_)[-1]
    assert (action, after["lost_reason"], after["state"]) == ("lose", "price", "lost")
    with database.begin(firm.anna) as work:
        service.save(work, id_, 2, {"lost_reason_id": ids["time"], "lost_note": "too late"})
    assert chance_of(database, firm.anna, id_)["lost_reason_id"] == ids["time"]
    with database.begin(firm.anna) as work:
        service.reopen(work, id_, 3)
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["lost_reason_id"], record["lost_note"]) == ("open", None, "")


def test_nothing_ends_before_it_began(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna), opened_on=date(2026, 11, 1))
    with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
        service.win(work, id_, 1, date(2026, 10, 31))
    assert refused.value.field == "closed_on"
    with database.begin(firm.anna) as work:
        service.win(work, id_, 1, date(2026, 11, 1))
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        service.save(work, id_, 2, {"closed_on": date(2026, 1, 1)})


def test_a_colleague_who_was_faster_is_named_by_the_state(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    with database.begin(firm.manager) as work:
        service.save(work, id_, 1, {"amount": 5})
    with database.begin(firm.anna) as work:
        service.win(work, id_, 1)
    with pytest.raises(rules.WrongState, match="won already"), database.begin(firm.manager) as work:
        service.lose(work, id_, 1, reason_ids(database)["price"])


def test_stages_are_kept_by_who_may(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    with database.begin(firm.manager) as work:
        trial = stages.save_stage(work, None, 0, {"name": "Trial run", "probability": "60"})
        stages.move_stage(work, trial, 2)
        stages.save_stage(work, ids["quoted"], 1, {"name": "Offer made", "probability": 55})
    with database.read(firm.anna) as work:
        assert [stages.called(one) for one in stages.stages(work)] == [
            "Enquiry",
            "Qualified",
            "Trial run",
            "Offer made",
            "Negotiating",
        ]
        assert ("Trial run", "Trial run") in stages.choices(work)
    for by in (firm.anna, firm.buyer):
        with pytest.raises(NotAllowed), database.begin(by) as work:
            stages.save_stage(work, trial, 1, {"name": "Mine"})
    with database.begin(firm.boss) as work:
        version = next(one.version for one in stages.stages(work) if one.id == ids["quoted"])
        stages.save_stage(work, ids["quoted"], version, {"name": "Quoted"})
        assert next(one for one in stages.stages(work) if one.id == ids["quoted"]).name == "", "its own word again"


@pytest.mark.parametrize("name", ["", "ENQUIRY", "trial", "x" * 61])
def test_a_stage_needs_a_name_of_its_own(file_database: Database, firm: Firm, name: str) -> None:
    with file_database.begin(firm.boss) as work:
        stages.save_stage(work, None, 0, {"name": "Trial", "probability": 1})
    with pytest.raises(Invalid) as refused, file_database.begin(firm.boss) as work:
        stages.save_stage(work, None, 0, {"name": name, "probability": 1})
    assert refused.value.field == "name"


def test_the_last_stage_and_the_last_reason_stay(database: Database, firm: Firm) -> None:
    for kept, save in ((stage_ids(database), stages.save_stage), (reason_ids(database), reasons.save_reason)):
        *others, last = kept.values()
        with database.begin(firm.boss) as work:
            for id_ in others:
                save(work, id_, 1, {"active": False})
        with pytest.raises(Invalid) as refused, database.begin(firm.boss) as work:
            save(work, last, 1, {"active": False})
        assert refused.value.field == "active"


def test_reasons_are_kept_like_stages(database: Database, firm: Firm) -> None:
    with database.begin(firm.manager) as work:
        own = reasons.save_reason(work, None, 0, {"name": "Embargo"})
        reasons.move_reason(work, own, 0)
    with database.read(firm.anna) as work:
        assert reasons.called(reasons.reasons(work)[0]) == "Embargo"
        assert reasons.called(reasons.reasons(work)[1]) == "Price too high"
    with pytest.raises(Invalid), database.begin(firm.boss) as work:
        reasons.save_reason(work, None, 0, {"name": "embargo"})


def test_two_people_change_one_stage(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    with database.begin(firm.boss) as work:
        stages.save_stage(work, ids["enquiry"], 1, {"probability": 20})
    with database.begin(firm.manager) as work:
        stages.save_stage(work, ids["enquiry"], 1, {"name": "Lead"})
    with pytest.raises(Conflict), database.begin(firm.manager) as work:
        stages.save_stage(work, ids["enquiry"], 1, {"probability": 30})


def test_a_person_need_not_be_one_of_the_customers(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        person = contacts.create(work, {"kind": "person", "name": "Mei", "is_customer": True})
    id_ = chance(database, firm.anna, contact_id, person_id=person)
    assert chance_of(database, firm.anna, id_)["person_name"] == "Mei"
    with database.read(SYSTEM) as work:
        assert work.get(Contact, person).name == "Mei"
