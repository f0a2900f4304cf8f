"""While a backup is being restored nobody saves what would be in neither the safety copy nor the restored data."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.app import restoring as road
from crm_desktop.app.session import Session
from crm_desktop.db.epoch import DataReplaced
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.progress import Quiet
from tests.backup.places import demo_file
from tests.backup.restored import PASSWORD, back_up, company_in, enter, name_of, rename


class Colleague:
    """Progress of a restore at whose every step a colleague saves in another window."""

    def __init__(self, window: Session, *, cancels: bool = False) -> None:
        self.window, self.cancels = window, cancels
        self.saved = self.refused = 0

    def step(self, done: int, total: int | None = None) -> None:
        try:
            rename(self.window, 4, f"Saved {self.saved}")
            self.saved += 1
        except DataReplaced:
            self.refused += 1
        if self.cancels:
            raise Cancelled


@pytest.fixture
def company(template_file: Path, tmp_path: Path) -> Path:
    return company_in(tmp_path, demo_file(template_file, tmp_path / "demo.crm", contacts=10))


def test_a_colleague_is_refused_from_before_the_safety_copy_on(company: Path) -> None:
    session, window = enter(company), enter(company)
    made = back_up(session)
    colleague = Colleague(window)
    with road.prepare(made, "", Quiet()) as prepared:
        road.restore(prepared, str(company), session=session, password=PASSWORD, progress=colleague)
    assert colleague.saved == 0
    assert colleague.refused > 0
    session.database.close()
    window.database.close()


def test_a_restore_that_was_stopped_lets_everybody_save_again(company: Path) -> None:
    session, window = enter(company), enter(company)
    made = back_up(session)
    with road.prepare(made, "", Quiet()) as prepared, pytest.raises(Cancelled):
        road.restore(
            prepared, str(company), session=session, password=PASSWORD, progress=Colleague(window, cancels=True)
        )
    rename(window, 4, "Again")
    rename(session, 3, "Here too")
    assert (name_of(company, 3), name_of(company, 4)) == ("Here too", "Again")
    session.database.close()
    window.database.close()
