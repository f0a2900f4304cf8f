"""Before a file is written, the company is backed up; when that cannot be done, the person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from crm_desktop.db.work import Database
from crm_desktop.exchange.ui.incoming.state import CHECK, DONE
from crm_desktop.exchange.ui.incoming.wizard import ImportWizard
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.progress import Progress
from crm_desktop.ui.dialogs import Answer
from tests.contacts.conftest import Office

GOODS = (("Code", "Name", "List price"), ("A-1", "Bearing", 8.6), ("A-3", "Bolt", 1.5))


class BackUp:
    """Counts the backups, or fails them."""

    def __init__(self, reason: str = "") -> None:
        self.count = 0
        self.reason = reason

    def __call__(self, progress: Progress) -> object:
        self.count += 1
        progress.step(1, 2)
        if self.reason:
            raise Unavailable(self.reason)
        return None


AtCheck = Callable[[BackUp], tuple[Office, ImportWizard]]


@pytest.fixture
def at_check(open_office: Any, staff: Any, open_wizard: Any, workbook: Any, idle: Any) -> AtCheck:
    """Bring a file up to the check, with this way of backing up."""

    def bring(back_up: BackUp) -> tuple[Office, ImportWizard]:
        office = open_office(staff.boss)
        wizard = open_wizard(office, "products", workbook(Goods=GOODS))
        wizard.state.back_up = back_up
        wizard.press_primary()
        wizard.press_primary()
        idle(office)
        return office, wizard

    return bring


def stored(database: Database) -> int:
    with database.read(SYSTEM) as work:
        return int(work.session.scalar(text("SELECT count(*) FROM product")) or 0)


def press(office: Office, wizard: ImportWizard, idle: Callable[[Office], None]) -> None:
    wizard.check_page.go.click()
    idle(office)
    idle(office)


def test_the_foot_says_that_a_backup_is_made_and_it_is(
    at_check: AtCheck, idle: Callable[[Office], None], file_database: Database
) -> None:
    back_up = BackUp()
    office, wizard = at_check(back_up)
    assert "A backup is made before" in wizard.foot_note.text()
    press(office, wizard, idle)
    assert back_up.count == 1
    assert wizard.step == DONE
    assert stored(file_database) == 2


@pytest.mark.parametrize(("answer", "count"), [(Answer.YES, 2), (Answer.NO, 0)])
def test_without_a_backup_the_person_decides(
    at_check: AtCheck, idle: Callable[[Office], None], file_database: Database, answer: Answer, count: int
) -> None:
    office, wizard = at_check(BackUp("The disk with /backups is full."))
    office.desk.dialogs.will_answer(answer)
    press(office, wizard, idle)
    [asked] = office.desk.dialogs.asked
    assert "The disk with /backups is full." in asked.text
    assert stored(file_database) == count
    assert wizard.step == (DONE if count else CHECK)
    assert not wizard.page.busy
