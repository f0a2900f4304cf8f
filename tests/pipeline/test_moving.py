"""Opportunities go where their customer goes, and a leaver's to the successor."""

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.access import people
from crm_desktop.activities import above as above_activities
from crm_desktop.activities import timeline
from crm_desktop.app.session import HANDS_OVER
from crm_desktop.contacts import handover, merge
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.pipeline import proof, service
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.pipeline.timeline import SOURCES
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.money import Money
from tests.companies import Firm
from tests.orders.documents import contact_version, customer
from tests.pipeline.chances import chance, chance_of, history, reason_ids


def test_a_merged_contact_takes_its_opportunities_along(database: Database, firm: Firm) -> None:
    loser, survivor = customer(database, firm.anna, "Atlas"), customer(database, firm.chen, "Boreas")
    mine = chance(database, firm.anna, loser)
    theirs = chance(database, firm.chen, survivor, person_id=None)
    with database.begin(firm.manager) as work:
        service.save(work, theirs, 1, {"person_id": loser})
        merge.merge(work, survivor, contact_version(database, survivor), loser, contact_version(database, loser), {})
    record = chance_of(database, firm.chen, mine)
    assert (record["contact_id"], record["contact_name"]) == (survivor, "Boreas")
    assert chance_of(database, firm.chen, theirs)["person_id"] == survivor
    action, before, after = history(database, mine)[-1]
    assert (action, before, after) == ("update", {"contact_id": loser}, {"contact_id": survivor})
    with pytest.raises(NotFound):
        chance_of(database, firm.anna, mine)
    with database.read(SYSTEM) as work:
        row = work.get(Opportunity, mine)
        assert (row.owner_key, row.contact_sort, row.version) == (firm.chen.user_id, "boreas", 2)


def test_a_handed_over_customer_takes_its_opportunities_along(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    id_ = chance(database, firm.anna, contact_id)
    with database.begin(firm.manager) as work:
        handover.assign(work, [contact_id], firm.chen.user_id)
    assert chance_of(database, firm.chen, id_)["salesperson_id"] == firm.anna.user_id
    with pytest.raises(NotFound):
        chance_of(database, firm.anna, id_)


@pytest.mark.parametrize("to_pool", [False, True])
def test_a_leavers_open_ones_go_to_the_successor(database: Database, firm: Firm, to_pool: bool) -> None:
    contact_id = customer(database, firm.anna)
    open_, won = chance(database, firm.anna, contact_id), chance(database, firm.anna, contact_id)
    of_chens = chance(database, firm.chen, customer(database, firm.chen, "B"), salesperson_id=firm.anna.user_id)
    with database.begin(firm.anna) as work:
        service.win(work, won, 1)
    anna = firm.anna.user_id or 0
    heir = None if to_pool else firm.chen.user_id
    with database.begin(firm.boss) as work:
        assert {one.entity: one.count for one in people.burdens(work, anna, HANDS_OVER)} == {
            "contact": 1,
            "opportunity": 2,
        }
        version = people.person(work, anna).version
        moved = people.deactivate(work, anna, version, successor_id=heir, to_pool=to_pool, hands_over=HANDS_OVER)
        assert moved == 3
    assert [chance_of(database, firm.boss, id_)["salesperson_id"] for id_ in (open_, of_chens, won)] == [
        heir,
        heir,
        anna,
    ]
    assert history(database, open_)[-1] == ("update", {"salesperson": anna}, {"salesperson": heir})


def test_a_contact_with_opportunities_stays_a_customer(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.boss, is_supplier=True)
    id_ = chance(database, firm.boss, contact_id)
    with pytest.raises(Invalid, match="stays a customer"), database.begin(firm.boss) as work:
        contacts.save(work, contact_id, contact_version(database, contact_id), {"is_customer": False})
    with pytest.raises(Invalid, match="Atlas has an open opportunity"), database.begin(firm.boss) as work:
        contacts.archive(work, [contact_id])
    with database.begin(firm.boss) as work:
        service.lose(work, id_, 1, reason_ids(database)["silence"])
        assert contacts.archive(work, [contact_id]) == [contact_id]
    assert chance_of(database, firm.boss, id_)["contact_name"] == "Atlas"


def test_a_customers_timeline_tells_how_it_began_and_ended(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    won = chance(database, firm.anna, contact_id, "One", amount=5, opened_on=date(2026, 11, 1))
    lost = chance(database, firm.anna, contact_id, "Two", opened_on=date(2026, 11, 2))
    chance(database, firm.anna, contact_id, "Three", opened_on=date(2026, 11, 3))
    with database.begin(firm.anna) as work:
        service.win(work, won, 1, date(2026, 11, 10))
        service.lose(work, lost, 1, reason_ids(database)["price"], "dear", date(2026, 11, 11))
    before = above_activities.sources(), above_activities.holds()
    above_activities.attach(sources=SOURCES)
    try:
        with database.read(firm.anna) as work:
            told = timeline.page(work, contact_id, groups=frozenset({"talks"}))
        with database.read(firm.chen) as work:
            hidden = [entry for source in SOURCES for entry in source.entries(work, contact_id, None, 50)]
    finally:
        above_activities.attach(sources=before[0], holds=before[1])
    assert hidden == []
    assert [(one.told.format(**one.values), one.detail.format(**one.values), one.tone) for one in told] == [
        ("Opportunity lost: Two", "Price too high", "warn"),
        ("Opportunity won: One", "", "success"),
        ("Opportunity: Three", "Enquiry", "plain"),
        ("Opportunity: Two", "", "plain"),
        ("Opportunity: One", "", "plain"),
    ]
    assert (told[0].notes, told[1].money) == ("dear", Money(Decimal("5.00"), "CNY"))


def test_what_follows_from_other_columns_is_proved(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna), expected_on=date(2026, 12, 1))
    with database.read(SYSTEM) as work:
        assert list(proof.findings(work)) == []
    with database.begin(SYSTEM) as work:
        work.get(Opportunity, id_).expected_sort = date(2026, 12, 2)
    with database.read(SYSTEM) as work:
        assert list(proof.findings(work)) == ["1 opportunity is sorted by another day than it is expected on."]
    with database.read(SYSTEM) as work:
        assert work.session.query(Contact).count() == 1
