"""The record of an opportunity, its pane on the customer's record, and the settings of stages and reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from crm_desktop.db.work import Database
from crm_desktop.orders import quotes
from crm_desktop.orders.ui.opportunity_documents import OpportunityDocuments
from crm_desktop.orders.ui.specs_records import FOR_CONTACT, RECORDS
from crm_desktop.pipeline import reasons, service, stages
from crm_desktop.pipeline.ui import specs
from crm_desktop.pipeline.ui.lost_dialog import LostDialog
from crm_desktop.pipeline.ui.stages_screen import ReasonDialog, StageDialog
from crm_desktop.shared.record import Record
from crm_desktop.ui.drafts import DraftStore
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


@dataclass(frozen=True)
class Tab:
    """An opportunity of Anna's, "Pumps", open on her desk."""

    record: Any
    id: int
    office: Office
    wait: Callable[[], None]

    def press(self, action: str) -> None:
        """Trigger an action of the record and wait until it is carried out."""
        self.record.actions_here[action].trigger()
        self.wait()

    def save(self) -> None:
        """Save the record and wait until it is stored."""
        self.record.save()
        self.wait()


@pytest.fixture
def pumps(
    open_office: Callable[..., Office],
    staff: Firm,
    hope: Callable[..., int],
    show_hope: Callable[..., Any],
    idle: Idle,
) -> Tab:
    office = open_office(staff.anna)
    id_ = hope("Pumps")
    return Tab(show_hope(office, id_), id_, office, lambda: idle(office))


def test_a_new_one_of_a_customer_is_typed_and_stored(
    open_office: Callable[..., Office],
    staff: Firm,
    make: Callable[..., int],
    show_hope: Callable[..., Any],
    stored_hope: Callable[[int], Record],
    stage_ids: dict[str, int],
    idle: Idle,
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    atlas = make("Atlas", is_customer=True, owner=staff.anna.user_id)
    record = show_hope(office, None, atlas)
    form = record.opportunity_form
    assert form.contact.value() == (atlas, "Atlas")
    assert not record.unsaved
    record.save()
    assert "name" in form.errors, "it needs a name"
    form.editor("name").focus()
    qtbot.keyClicks(form.editor("name").line, "Bearings for line 2")
    form.apply({"amount": Decimal("12500"), "expected_on": date(2026, 12, 15)})
    form.apply({"stage_id": stage_ids["quoted"]})
    form.follow()
    assert form.editor("probability").value() == Decimal(50), "the chance follows the stage"
    record.save()
    idle(office)
    stored = stored_hope(record.record_id)
    assert (stored["name"], stored["amount"], stored["contact_id"]) == (
        "Bearings for line 2",
        Decimal("12500.00"),
        atlas,
    )
    assert (stored["probability"], stored["expected_on"]) == (Decimal(50), date(2026, 12, 15))
    assert stored["salesperson_id"] == staff.anna.user_id
    assert record.describe(record.record).figures[1].value == "CNY 6,250.00"
    assert form.contact.locked


def test_without_a_customer_it_is_refused_beside_the_field(
    open_office: Callable[..., Office], staff: Firm, show_hope: Callable[..., Any], idle: Idle
) -> None:
    office = open_office(staff.anna)
    record = show_hope(office, None)
    record.opportunity_form.apply({"name": "Pumps"})
    record.save()
    idle(office)
    assert record.record_id is None
    assert "contact" in record.form.errors
    record.opportunity_form.apply({"amount": Decimal(-5), "probability": Decimal(101), "currency": "yuan"})
    record.form.validate()
    assert {"amount", "probability", "currency"} <= record.form.errors.keys()


def test_won_by_one_click_what_is_typed_is_stored_first_and_reopened(
    pumps: Tab, stored_hope: Callable[[int], Record]
) -> None:
    record = pumps.record
    assert not record.form.box("closed_on").isVisible()
    record.opportunity_form.apply({"amount": Decimal(900)})
    pumps.press("win")
    stored = stored_hope(pumps.id)
    assert (stored["state"], stored["amount"]) == ("won", Decimal("900.00"))
    assert record.form.box("closed_on").isVisible()
    assert not record.actions_here["win"].isVisible()
    assert record.actions_here["reopen"].isVisible()
    pumps.press("reopen")
    assert stored_hope(pumps.id)["state"] == "open"
    assert not record.form.box("closed_on").isVisible()


def test_lost_with_a_reason_that_can_be_corrected(
    pumps: Tab, stored_hope: Callable[[int], Record], staff: Firm, file_database: Database
) -> None:
    record = pumps.record
    pumps.press("lose")
    (dialog,) = record.findChildren(LostDialog)
    with file_database.read(staff.boss) as work:
        known = {one.key: one.id for one in reasons.reasons(work)}
    dialog.reason.set_value(known["time"])
    dialog.go.click()
    pumps.wait()
    assert stored_hope(pumps.id)["lost_reason_id"] == known["time"]
    assert record.describe(record.record).figures[1].below == "Delivery time"
    record.opportunity_form.apply({"lost_reason_id": known["price"]})
    pumps.save()
    assert stored_hope(pumps.id)["lost_reason_id"] == known["price"]


def test_a_colleague_changed_the_amount_meanwhile(
    pumps: Tab, stored_hope: Callable[[int], Record], staff: Firm, file_database: Database
) -> None:
    record = pumps.record
    file_database.published.clear()
    with file_database.begin(staff.manager) as work:
        service.save(work, pumps.id, service.get(work, pumps.id).version, {"amount": Decimal(2000)})
    record.opportunity_form.apply({"notes": "Budget approved"})
    pumps.save()
    stored = stored_hope(pumps.id)
    assert (stored["amount"], stored["notes"]) == (Decimal("2000.00"), "Budget approved"), "both stay"


def test_a_quote_begins_with_the_opportunity_and_stays_with_it(
    pumps: Tab, staff: Firm, file_database: Database, qtbot: Any
) -> None:
    record = pumps.record
    record.actions_here["quote"].trigger()
    assert pumps.office.opened == [("quote_for_opportunity", pumps.id)]
    tab = FOR_CONTACT["quote_for_opportunity"](pumps.office.desk, pumps.id, None, "")
    qtbot.addWidget(tab)
    tab.show()
    pumps.wait()
    quote = tab.record
    lines = [{"kind": "text", "name": "as discussed"}]
    assert quote.document.current("opportunity_id") == pumps.id
    values = quote.form.values()
    assert (values["opportunity_id"], values["subject"]) == (pumps.id, "Pumps")
    with file_database.begin(staff.anna) as work:
        made = quotes.create(work, {**values, "lines": lines})
        assert quotes.get(work, made)["opportunity_id"] == pumps.id
    pumps.wait()
    documents = record.findChild(OpportunityDocuments)
    assert documents.sections["quote"].table.rowCount() == 1
    stored = RECORDS["quote"](pumps.office.desk, made, None, "")
    qtbot.addWidget(stored)
    stored.show()
    pumps.wait()
    stored.record.actions_here["open_opportunity"].trigger()
    assert pumps.office.opened[-1] == ("opportunity", pumps.id), "and the way back"


def test_the_customers_record_has_its_opportunities(
    open_office: Callable[..., Office],
    staff: Firm,
    hope: Callable[..., int],
    stored_hope: Callable[[int], Record],
    idle: Idle,
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    id_ = hope("Pumps")
    hope("Of another", customer="Baltic")
    atlas = stored_hope(id_)["contact_id"]
    pane = specs.customer_opportunities(office.desk, atlas)
    qtbot.addWidget(pane)
    counts: list[int] = []
    pane.counted.connect(counts.append)
    pane.show()
    idle(office)
    assert counts[-1] == 1
    hope("Seals")
    idle(office)
    assert counts[-1] == 2
    (button,) = [one for one in pane.findChildren(QPushButton) if one.text() == "New opportunity"]
    button.click()
    assert office.opened == [("opportunity_for_contact", atlas)]


def test_the_list_shows_open_ones_first_and_ctrl_k_finds_them(
    open_office: Callable[..., Office],
    staff: Firm,
    hope: Callable[..., int],
    file_database: Database,
    idle: Idle,
    qtbot: Any,
) -> None:
    office = open_office(staff.boss)
    hope("Pumps")
    won = hope("Seals")
    with file_database.begin(staff.boss) as work:
        service.win(work, won, 1)
    screen = specs.list_screen(office.desk)
    qtbot.addWidget(screen)
    screen.resize(1178, 600)
    screen.show()
    idle(office)
    assert screen.table.rowCount() == 1
    with file_database.read(staff.boss) as work:
        (found,) = specs.find_opportunities(work, "seals")
    assert (found.entity, found.id, found.title) == ("opportunity", won, "Seals")
    with file_database.read(staff.buyer) as work:
        assert specs.find_opportunities(work, "seals") == []


def test_stages_and_reasons_are_kept_in_the_settings(
    open_office: Callable[..., Office],
    staff: Firm,
    file_database: Database,
    idle: Idle,
    qtbot: Any,
) -> None:
    office = open_office(staff.boss)
    screen = specs.settings_screen(office.desk)
    qtbot.addWidget(screen)
    screen.resize(1000, 600)
    screen.show()
    idle(office)
    with file_database.read(staff.boss) as work:
        quoted = next(one for one in stages.stages(work) if one.key == "quoted")
    dialog = StageDialog(office.desk, quoted, screen)
    dialog.chance.set_value(Decimal(60))
    dialog.go.click()
    idle(office)
    with file_database.read(staff.boss) as work:
        again = next(one for one in stages.stages(work) if one.key == "quoted")
    assert (again.probability, again.name) == (Decimal(60), ""), "its shipped name still follows the language"
    new = StageDialog(office.desk, None, screen)
    new.open()
    qtbot.keyClicks(new.name.line, "Sample sent")
    new.chance.set_value(Decimal(101))
    new.go.click()
    idle(office)
    assert new.isVisible(), "a chance over 100 is refused beside its field"
    new.chance.set_value(Decimal(40))
    qtbot.mouseClick(new.go, Qt.MouseButton.LeftButton)
    idle(office)
    other = ReasonDialog(office.desk, None, screen)
    other.name.set_value("Credit refused")
    other.go.click()
    idle(office)
    with file_database.read(staff.boss) as work:
        assert [one.name for one in stages.stages(work)][-1] == "Sample sent"
        assert "Credit refused" in [one.name for one in reasons.reasons(work)]


@pytest.mark.parametrize("entity", ["quote_for_opportunity", "quote_for_contact", "order_for_contact"])
def test_a_document_begun_for_somebody_is_not_unsaved_until_something_is_typed(
    pumps: Tab, qtbot: Any, entity: str
) -> None:
    begun_for = pumps.id if entity == "quote_for_opportunity" else pumps.record.record["contact_id"]
    tab = FOR_CONTACT[entity](pumps.office.desk, begun_for, None, "")
    qtbot.addWidget(tab)
    tab.show()
    pumps.wait()
    assert tab.record.document.customer.customer_name() == "Atlas"
    assert tab.record.form.changes() == {}
    assert not tab.unsaved


def test_a_draft_of_a_quote_begun_from_an_opportunity_keeps_customer_and_opportunity(
    pumps: Tab, qtbot: Any, tmp_path: Path
) -> None:
    drafts = DraftStore(tmp_path / "drafts")
    crashed = FOR_CONTACT["quote_for_opportunity"](pumps.office.desk, pumps.id, drafts, "c")
    qtbot.addWidget(crashed)
    pumps.wait()
    crashed.record.form.apply({"subject": "Pumps for the second hall"})
    crashed.record.drafts.keep()
    again = RECORDS["quote"](pumps.office.desk, None, drafts, "c")
    qtbot.addWidget(again)
    pumps.wait()
    again.record.drafts.restore()
    pumps.wait()
    assert again.record.document.customer.customer_name() == "Atlas"
    assert again.record.form.values()["opportunity_id"] == pumps.id
    assert again.record.form.values()["subject"] == "Pumps for the second hall"
