"""The list of opportunities with the pane beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from crm_desktop.activities import kinds, service
from crm_desktop.db.work import Database
from crm_desktop.pipeline import reasons
from crm_desktop.pipeline import service as opportunities
from crm_desktop.pipeline.ui.list_screen import OpportunitiesScreen, opportunities_screen
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


@pytest.fixture
def pumps(hope: Callable[..., int], file_database: Database, staff: Firm) -> int:
    """An opportunity of a customer who was called and is to be called again."""
    id_ = hope("Pumps", amount="1000", expected_on=date(2026, 12, 24), notes="For the second hall")
    with file_database.begin(staff.anna) as work:
        call = next(one.id for one in kinds.kinds(work) if one.key == "call")
        contact_id = opportunities.get(work, id_)["contact_id"]
        again = {"due_on": date(2026, 12, 1), "kind_id": call, "subject": "Ask for the drawing"}
        said = {"kind_id": call, "notes": "Wants three of them", "next": again}
        service.log(work, contact_id, said)
    return id_


@pytest.fixture
def show(qtbot: Any, idle: Idle) -> Callable[[Office], OpportunitiesScreen]:
    def open_list(office: Office) -> OpportunitiesScreen:
        screen = opportunities_screen(office.desk)
        qtbot.addWidget(screen)
        screen.resize(1300, 640)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen

    return open_list


def shown(screen: OpportunitiesScreen) -> str:
    return "\n".join(label.text() for label in screen.preview.findChildren(QLabel))


def test_the_pane_says_what_it_is_and_what_comes_next(
    qtbot: Any, open_office: Callable[..., Office], show: Any, staff: Firm, pumps: int
) -> None:
    office = open_office(staff.anna)
    screen = show(office)
    qtbot.waitUntil(lambda: "Atlas" in {one.text() for one in screen.preview.findChildren(Button)})
    text = shown(screen)
    for part in ("Enquiry", "CNY 1,000", "24 Dec 2026", "Ask for the drawing", "Wants three of them", "second hall"):
        assert part in text
    assert "Why lost" not in text
    customer = next(one for one in screen.preview.findChildren(Button) if one.text() == "Atlas")
    customer.click()
    assert office.opened[-1][0] == "contact"


def test_a_lost_one_says_why_and_whoever_sees_no_activities_is_told_of_none(
    qtbot: Any, open_office: Callable[..., Office], show: Any, staff: Firm, pumps: int, file_database: Database
) -> None:
    with file_database.begin(staff.anna) as work:
        reason = next(one.id for one in reasons.reasons(work) if one.key == "price")
        opportunities.lose(work, pumps, opportunities.get(work, pumps).version, reason, "Too dear by far")
    reader = replace(staff.anna, permissions=staff.anna.permissions - {Permission.ACTIVITY_READ})
    office = open_office(reader)
    screen = show(office)
    screen.preview.show_record(pumps)
    qtbot.waitUntil(lambda: "Pumps" in shown(screen))
    text = shown(screen)
    assert "Price too high · Too dear by far" in text
    assert "Last said" not in text
    assert "Next step" not in text
