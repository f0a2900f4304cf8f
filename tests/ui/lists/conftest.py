"""A desk with real lanes over a real SQLite file, and the list screen of a small feature."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout

from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.i18n import N_, ngettext
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import ListSpec, NeverHad, Preview, View
from crm_desktop.ui.looks import Look, ink_of_next_step
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.ui.lists.companies import NAMES, Companies, Connections, make_companies

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class CompanyPreview(Preview):
    """Shows the name of the company, nothing else."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.name = QLabel()
        QVBoxLayout(self).addWidget(self.name)

    def show_record(self, id_: int | None) -> None:
        if id_ is None:
            self.name.setText("")
            return
        self._desk.tasks.read(
            self,
            lambda work: work.execute("SELECT name FROM company WHERE id = ?", (id_,)).fetchone(),
            lambda row: self.name.setText(row[0] if row else ""),
            coalesce="preview",
        )


def settled(qtbot: Any, screen: ListScreen) -> None:
    """Wait for what the screen put off for a moment, such as reading the preview."""
    late = [timer for timer in screen.findChildren(QTimer) if timer.isSingleShot()]
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in late))


@dataclass
class MemoryViews:
    """A `ViewStore` that forgets everything at the end of the test."""

    views: list[View] = field(default_factory=list)

    def load(self, work: Any) -> list[View]:
        return list(self.views)

    def save(self, work: Any, title: str, listing: Listing, key: str = "") -> View:
        view = View(key or f"saved-{len(self.views)}", title, listing, builtin=False)
        self.views = [one for one in self.views if one.key != view.key] + [view]
        return view

    def delete(self, work: Any, key: str) -> None:
        self.views = [one for one in self.views if one.key != key]

    def share(self, work: Any, key: str, shared: bool) -> View:
        view = next(one for one in self.views if one.key == key)
        return View(key, view.title, view.listing, builtin=False, shared=shared)


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    return qapp


@pytest.fixture
def rows() -> int:
    """How many companies there are; a test may ask for another number."""
    return 10_000


@pytest.fixture(scope="session")
def companies_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Returns a file of so many companies, to be copied; made once for each number."""
    folder = tmp_path_factory.mktemp("companies")

    def file_of(rows: int) -> Path:
        path = folder / f"{rows}.sqlite"
        if not path.exists():
            make_companies(path, rows)
        return path

    return file_of


@pytest.fixture
def connections(tmp_path: Path, rows: int, companies_of: Callable[[int], Path]) -> Iterator[Connections]:
    path = Path(shutil.copy(companies_of(rows), tmp_path / "companies.sqlite"))
    connections = Connections(path)
    yield connections
    connections.close()


@pytest.fixture
def desk(app: QApplication, connections: Connections, tmp_path: Path) -> Iterator[Desk]:
    dialogs = Dialogs()
    tasks = Tasks(connections, dialogs.show_error)
    opened: list[tuple[str, int | None]] = []
    desk = Desk(
        tasks=tasks,
        changes=ChangeHub(),
        dialogs=dialogs,
        settings=Settings(tmp_path / "settings.ini"),
        actor=SYSTEM,
        clock=FixedClock(NOW),
        language="en",
        timezone="Asia/Shanghai",
        currency="CNY",
        names=NAMES,
        open_record=lambda entity, id_: opened.append((entity, id_)),
        toast=lambda *args, **kwargs: None,
    )
    OPENED[id(desk)] = opened
    yield desk
    tasks.close()


OPENED: dict[int, list[tuple[str, int | None]]] = {}


@pytest.fixture
def opened(desk: Desk) -> list[tuple[str, int | None]]:
    """What was opened in a tab."""
    return OPENED[id(desk)]


@pytest.fixture
def idle(qtbot: Any, desk: Desk) -> Callable[[], None]:
    """Wait until nothing is being read, and everything that was asked for meanwhile has arrived."""

    def wait() -> None:
        qtbot.waitUntil(lambda: desk.tasks.idle, timeout=10_000)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: desk.tasks.idle, timeout=10_000)
        QApplication.processEvents()

    return wait


def company_spec(store: MemoryViews | None = None) -> ListSpec:
    return ListSpec(
        name="companies",
        title=N_("Contacts"),
        icon="users",
        source=Companies(),
        views=(
            View("all", N_("All"), Listing()),
            View("mine", N_("Mine"), Listing(filters=(Filter("owner", "is", (1,)),))),
            View("idle", N_("Not touched 30 days"), Listing(filters=(Filter("last_on", "to", ("today-31",)),))),
        ),
        never_had=NeverHad(
            N_("Everyone you trade with, in one list"),
            N_("Companies and the people in them. Bring your Excel list, or start with one name."),
            primary="import",
            other="new",
        ),
        counted=lambda n: ngettext("{count} contact", "{count} contacts", n).format(count=f"{n:,}"),
        store=store if store is not None else MemoryViews(),
        primary=ActionSpec("new", N_("New contact"), icon="plus", shortcut="Ctrl+N"),
        quiet=(
            ActionSpec("import", N_("Import"), icon="upload"),
            ActionSpec("export", N_("Export"), icon="download"),
        ),
        bulk=(
            ActionSpec("assign", N_("Assign…"), icon="user-plus"),
            ActionSpec("tag", N_("Tag…"), icon="tag"),
            ActionSpec("archive", N_("Archive"), icon="archive"),
        ),
        looks={
            "last_on": Look(always_ago=True),
            "next_on": Look(token="text", ink=ink_of_next_step),
        },
        preview=CompanyPreview,
        may_share=True,
    )


@pytest.fixture
def store() -> MemoryViews:
    return MemoryViews()


@pytest.fixture
def screen(qtbot: Any, desk: Desk, idle: Callable[[], None], store: MemoryViews) -> Iterator[ListScreen]:
    screen = ListScreen(desk, company_spec(store))
    qtbot.addWidget(screen)
    screen.resize(1178, 660)
    with qtbot.waitExposed(screen):
        screen.show()
    idle()
    screen.view.setFocus()
    settled(qtbot, screen)
    idle()
    yield screen
    idle()
