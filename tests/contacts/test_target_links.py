"""Whom a cell of another sheet means."""

from __future__ import annotations

from crm_desktop.contacts import service
from crm_desktop.contacts.incoming.links import CustomerLinks, Named
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.importing import ImportOptions
from tests.companies import Firm


def new(database: Database, actor: Actor, name: str, **values: object) -> int:
    with database.begin(actor) as work:
        return service.create(work, {"name": name, **values})


def test_a_cell_means_a_contact_by_code_number_or_name(database: Database, firm: Firm) -> None:
    id_ = new(database, firm.boss, "Vins et alcools Chevalier SA", code="VINET", registration_number="FR 83-404")
    other = new(database, firm.boss, "Vinet", code="OTHER")
    with database.read(firm.boss) as work:
        links = CustomerLinks(work, ImportOptions())
        wanted = [
            Named(code="vinet"),
            Named(name="vins et alcools chevalier"),
            Named(registration="FR83404"),
            Named(name="FR 83 404"),
            Named(code="VINET", name="Something else"),
            Named(code="unknown", name="Vinet"),
            Named(name="OTHER"),
        ]
        found = links.find([*wanted, Named(), Named(name="Nobody Ltd")])
    assert [found[one].id for one in wanted] == [id_, id_, id_, id_, id_, other, other]
    assert (found[Named()].id, found[Named()].missing) == (None, False)
    assert found[Named(name="Nobody Ltd")].missing


def test_several_that_fit_are_offered_and_the_exact_name_wins(database: Database, firm: Firm) -> None:
    ids = [new(database, firm.boss, name) for name in ("Atlas Ltd", "Atlas GmbH", "Borealis", "Borealis")]
    with database.read(firm.boss) as work:
        found = CustomerLinks(work, ImportOptions()).find([Named(name="atlas gmbh"), Named(name="Borealis")])
        answered = CustomerLinks(work, ImportOptions(answers={("customer", "borealis"): ids[3]})).find(
            [Named(name="Borealis")]
        )
    assert found[Named(name="atlas gmbh")].id == ids[1]
    doubt = found[Named(name="Borealis")]
    assert (doubt.id, doubt.field, [one.id for one in doubt.candidates]) == (None, "customer", ids[2:])
    assert answered[Named(name="Borealis")].id == ids[3]


def test_a_supplier_is_no_customer_and_a_colleagues_customer_is_not_shown(database: Database, firm: Firm) -> None:
    new(database, firm.boss, "Exotic Liquids", is_customer=False, is_supplier=True)
    new(database, firm.outsider, "Atlas")
    with database.read(firm.boss) as work:
        (supplier,) = CustomerLinks(work, ImportOptions()).find([Named(name="Exotic Liquids")]).values()
    with database.read(firm.manager) as work:
        (hidden,) = CustomerLinks(work, ImportOptions()).find([Named(name="Atlas")]).values()
    assert "supplier" in supplier.why
    assert "Ole Berg" in hidden.why
    assert not supplier.missing
    assert not hidden.missing


def test_missing_ones_are_made_once_and_told_in_the_journal(database: Database, firm: Firm) -> None:
    named = [Named(name="Atlas Ltd"), Named(name="Atlas Limited"), Named(code="B1", name="Borealis")]
    with database.begin(firm.boss) as work:
        links = CustomerLinks(work, ImportOptions(owner=firm.chen.user_id))
        ids = links.create_missing(named, {named[2]: firm.anna.user_id})
        assert {entity for entity, _id in work.notes.by_row} == {"contact"}
    assert ids[named[0]] == ids[named[1]]
    with database.read(firm.boss) as work:
        assert work.session.get_one(Contact, ids[named[2]]).code == "B1"
        assert work.session.get_one(Contact, ids[named[2]]).owner_id == firm.anna.user_id
        assert work.session.get_one(Contact, ids[named[0]]).owner_id == firm.chen.user_id
