"""A window on a real company in a SQLite file: a desk per person, the screens of contacts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.access import people
from crm_desktop.contacts import service
from crm_desktop.contacts.ui import specs
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.record import Record
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.companies import Firm


@dataclass
class Office:
    """One person's desk, with what was opened and said on it."""

    desk: Desk
    actor: Actor
    opened: list[tuple[str, int | None]] = field(default_factory=list)
    toasts: list[tuple[str, str, Any]] = field(default_factory=list)


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    return qapp


@pytest.fixture
def staff(file_database: Database, founded_file: tuple[Path, Firm]) -> Firm:
    assert file_database, "which begins with these people"
    return founded_file[1]


@pytest.fixture
def open_office(
    app: QApplication, file_database: Database, staff: Firm, tmp_path: Path
) -> Iterator[Callable[[Actor], Office]]:
    """Seat a person at a desk of their own; all desks share the file and hear of each other's commits."""
    made: list[Office] = []
    keeper = QObject()

    def open_for(actor: Actor) -> Office:
        @contextmanager
        def begin(*, operation_id: str, writes: bool) -> Iterator[Any]:
            if writes:
                with file_database.begin(actor, origin=operation_id, operation_id=operation_id) as work:
                    yield work
            else:
                with file_database.read(actor) as work:
                    yield work

        hub = ChangeHub(keeper)
        file_database.published.append(hub.publish)
        dialogs = Dialogs()
        dialogs.will_answer()
        with file_database.read(actor) as work:
            names = people.names(work)
        opened: list[tuple[str, int | None]] = []
        toasts: list[tuple[str, str, Any]] = []

        def toast(text: str, action: str = "", on_action: Any = None, kind: str = "info") -> None:
            toasts.append((text, action, on_action))

        desk = Desk(
            tasks=Tasks(begin, dialogs.show_error),
            changes=hub,
            dialogs=dialogs,
            settings=Settings(tmp_path / f"{actor.login}-{len(made)}.ini"),
            actor=actor,
            clock=file_database.clock,
            language="en",
            timezone="Asia/Shanghai",
            currency="CNY",
            names=names,
            open_record=lambda entity, id_: opened.append((entity, id_)),
            toast=toast,
        )
        made.append(Office(desk, actor, opened, toasts))
        return made[-1]

    yield open_for
    for office in made:
        office.desk.tasks.close()


@pytest.fixture
def idle(qtbot: Any) -> Callable[[Office], None]:
    """Wait until a desk reads and writes nothing more, and what arrived is on screen."""

    def wait(office: Office) -> None:
        for _round in range(3):
            qtbot.waitUntil(lambda: bool(office.desk.tasks.idle), timeout=10_000)
            QApplication.processEvents()

    return wait


@pytest.fixture
def make(file_database: Database, staff: Firm) -> Callable[..., int]:
    """Write down a contact; `by` defaults to the boss, who reaches everything."""

    def new(name: str, by: Actor | None = None, **values: Any) -> int:
        with file_database.begin(by or staff.boss) as work:
            return service.create(work, {"name": name, **values})

    return new


@pytest.fixture
def stored(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    """Return a contact as it is in the database."""

    def read(contact_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return service.get(work, contact_id)

    return read


@pytest.fixture
def show_list(qtbot: Any, idle: Callable[[Office], None]) -> Callable[[Office], Any]:
    """Open the list of contacts on a desk and return the list inside the tab."""
    tabs: list[QWidget] = []

    def show(office: Office) -> Any:
        screen = specs.contacts_screen(office.desk)
        tabs.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1366, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        idle(office)
        screen.list.view.setFocus()
        return screen.list

    return show


@pytest.fixture
def show_contact(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open a contact (None: a new one) on a desk and return the record inside the tab."""
    tabs: list[QWidget] = []

    def show(office: Office, contact_id: int | None, **more: Any) -> Any:
        screen = specs.contact_record(office.desk, contact_id, **more)
        tabs.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen.record

    return show
