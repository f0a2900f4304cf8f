"""A desk over a real file, for the screens of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.companies import Firm, found_firm


@pytest.fixture
def people(file_database: Database) -> Firm:
    """The people of a small firm, on a file."""
    return found_firm(file_database)


@pytest.fixture
def toasts() -> list[str]:
    """What was said at the bottom right."""
    return []


@pytest.fixture
def make_desk(
    qapp: Any, file_database: Database, tmp_path: Path, toasts: list[str]
) -> Iterator[Callable[[Actor], Desk]]:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    made: list[Tasks] = []

    def make(actor: Actor) -> Desk:
        @contextmanager
        def begin(*, operation_id: str, writes: bool) -> Iterator[Any]:
            opened = file_database.begin(actor, operation_id=operation_id) if writes else file_database.read(actor)
            with opened as work:
                yield work

        dialogs = Dialogs()
        dialogs.will_answer()
        tasks = Tasks(begin, dialogs.show_error)
        changes = ChangeHub()
        file_database.published.append(changes.publish)
        made.append(tasks)
        return Desk(
            tasks, changes, dialogs, Settings(tmp_path / "settings.ini"), actor, file_database.clock, "en",
            "Asia/Shanghai", "CNY", {}, lambda *_: None, lambda text, *_a, **_k: toasts.append(text),
        )  # fmt: skip

    yield make
    for tasks in made:
        tasks.close()


@pytest.fixture
def desk(make_desk: Callable[[Actor], Desk], people: Firm) -> Desk:
    """The owner's desk."""
    return make_desk(people.boss)


@pytest.fixture
def show(qtbot: Any) -> Callable[[Any], Any]:
    """Shows a window and waits until it has read and drawn."""

    def show(window: Any) -> Any:
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(lambda: window.desk.tasks.idle)
        return window

    return show
