"""A walk through every screen of a company without anybody watching: for the self-test and the pictures."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from crm_desktop.app import session as sessions
from crm_desktop.app.ui import screens
from crm_desktop.app.ui.main_window import MainWindow, build_main_window
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.005
_CALM_ROUNDS = 4
_SOON_MS = 400
"""What waits no longer than this, such as for typing to end, is waited for; a message stays on screen meanwhile."""


def settle(tasks: Tasks) -> None:
    """Let the windows work until nothing is queued or about to begin. Raises TimeoutError after a minute."""
    until = time.monotonic() + _PATIENCE_SECONDS
    calm = 0
    while calm < _CALM_ROUNDS:
        if time.monotonic() > until:
            raise TimeoutError(f"Still busy with {tasks.busy.label or 'something'}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(_LOOK_SECONDS)  # the lanes need the interpreter
        calm = calm + 1 if tasks.idle else 0
        if calm == _CALM_ROUNDS and _more_comes_soon():
            calm = 0


def _more_comes_soon() -> bool:
    """Tell whether a window waits for typing to end, or something fades in or out."""
    for window in QApplication.topLevelWidgets():
        if not window.isVisible():
            continue
        for timer in window.findChildren(QTimer):
            if timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON_MS:
                return True
        for fading in window.findChildren(QAbstractAnimation):
            if fading.state() is QAbstractAnimation.State.Running:
                return True
    return False


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
    lists: dict[str, str] = {}
    for spec in (*screens.rail_of(window.session.actor), *screens.tools_of(window.session.actor)):
        listing = open_list(window, spec.name)
        if listing is not None:
            lists.setdefault(listing.spec.source.entity, spec.name)
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
    for entity, screen_name in lists.items():
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


def first_id(window: MainWindow, screen_name: str) -> int | None:
    """Return the id of the first row of a list, None when it has none."""
    listing = open_list(window, screen_name)
    return listing.table.id_at(0) if listing is not None else None


def open_list(window: MainWindow, screen_name: str) -> ListScreen | None:
    """Bring a screen in front, wait until it is filled, and return its list, None when it has none."""
    screen = window.open_screen(screen_name)
    settle(window.tasks)
    return list_in(screen)


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
