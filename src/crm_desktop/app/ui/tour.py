"""A walk through every screen of a company without anybody watching: for the self-test and the pictures."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from crm_desktop.app import session as sessions
from crm_desktop.app.ui import screens
from crm_desktop.app.ui.main_window import MainWindow, build_main_window
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks

_PATIENCE_SECONDS = 60.0
_CALM_ROUNDS = 5


def settle(tasks: Tasks) -> None:
    """Let the windows work until nothing is queued any more. Raises TimeoutError after a minute."""
    until = time.monotonic() + _PATIENCE_SECONDS
    calm = 0
    while calm < _CALM_ROUNDS:
        if time.monotonic() > until:
            raise TimeoutError(f"Still busy with {tasks.busy.label or 'something'}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        # A finished read often starts the next one, or a timer that waits for typing to end.
        time.sleep(0.02)
        calm = calm + 1 if tasks.idle else 0


@contextmanager
def window_of(address: str, settings: Settings, login: str, password: str) -> Iterator[MainWindow]:
    """Open the main window of a company as one person; no dialog blocks in it."""
    here = sessions.log_in(address, login, password)
    dialogs = Dialogs()
    dialogs.will_answer()
    window = build_main_window(here, settings, dialogs)
    try:
        window.show()
        settle(window.tasks)
        yield window
    finally:
        window.leave()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        here.database.close()


def stops(window: MainWindow) -> Iterator[str]:
    """Bring every screen, section and record in front, one at a time; yields what is shown."""
    for spec in (*screens.rail_of(window.session.actor), *screens.tools_of(window.session.actor)):
        window.open_screen(spec.name)
        settle(window.tasks)
        yield spec.name
    for section in screens.settings_sections(window.session):
        window.open_settings(section.name)
        settle(window.tasks)
        yield f"settings: {section.name}"
    for new in screens.NEW_RECORDS:
        if window.session.actor.may(new.permission):
            window.open_record(new.entity)
            settle(window.tasks)
            yield f"new {new.entity}"
            window.close_front()
    for entity, screen_name in lists_of(window).items():
        if entity in screens.RECORDS and (id_ := first_id(window, screen_name)) is not None:
            window.open_record(entity, id_)
            settle(window.tasks)
            yield entity
    if screens.IMPORTS.offered_to(window.session.actor):
        window.open_import()
        settle(window.tasks)
        yield "import"
    window.search()
    settle(window.tasks)
    yield "search"
    window.palette_.leave()


def lists_of(window: MainWindow) -> dict[str, str]:
    """Return the screen of the list of each kind of record."""
    found = {}
    for spec in screens.rail_of(window.session.actor):
        listing = list_in(window.open_screen(spec.name))
        if listing is not None:
            found[listing.spec.source.entity] = spec.name
    return found


def first_id(window: MainWindow, screen_name: str) -> int | None:
    """Return the id of the first row of a list, None when it has none."""
    screen = window.open_screen(screen_name)
    settle(window.tasks)
    listing = list_in(screen)
    return listing.table.id_at(0) if listing is not None else None


def list_in(screen: object) -> ListScreen | None:
    """Return the list a screen is, or holds once it is prepared."""
    if isinstance(screen, ListScreen):
        return screen
    return screen.findChild(ListScreen) if screen is not None else None  # type: ignore[attr-defined]


def application(language: str, theme_name: str) -> QApplication:
    """Return the application, dressed."""
    from crm_desktop.app.ui.speech import speak
    from crm_desktop.ui.theme import install_theme

    app = QApplication.instance() or QApplication(["crm-desktop"])
    assert isinstance(app, QApplication)
    speak(app, language)
    install_theme(app, theme_name)
    return app


def make_small_demo(path: Path, contacts: int, language: str = "en") -> str:
    """Make a demo company of `contacts` contacts at `path` and return its address."""
    from crm_desktop.app import founding
    from crm_desktop.shared.progress import Quiet

    return founding.make_demo(path, language, Quiet(), contacts=contacts)
