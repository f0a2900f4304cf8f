"""Renders the screens of the demo company to PNG: languages × themes × sizes into build/screenshots.

`--docs` makes only the pictures of the README, `--guide` those of the guide. Everything is drawn offscreen.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from xlsxwriter import Workbook

from crm_desktop.access.ui.login import Door, LoginWindow, Place
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.founding import NewCompany, create
from crm_desktop.app.ui import tour
from crm_desktop.app.ui.first_run import FirstRun
from crm_desktop.app.ui.main_window import MainWindow
from crm_desktop.app.ui.new_company import NewCompanyWizard
from crm_desktop.app.ui.ways import Ways
from crm_desktop.shared.i18n import LANGUAGES, _
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from tools.first_week import CHINESE, ENGLISH, FirstWeek

BUILD: Final = Path("build") / "screenshots"
DOCS: Final = Path("docs") / "images"
GUIDE: Final = Path("docs") / "guide"
KNOWN: Final = (("0512 6580 2211", "A", 20000, "03/04/2026"), ("+44 113 496 0021", "B", 5000, "21/04/2026"))
FAIR: Final = (
    ("Rossi Componenti S.r.l.", "+39 051 555 0148", "A", 12000, "21/04/2026"),
    ("苏州锐捷自动化科技有限公司", "0512 6580 2212", "B", 30000, "22/04/2026"),
    ("Müller Werkzeug GmbH", "+49 212 555 070", "B", 8000, "31/02/2026"),
    ("東昇精密股份有限公司", "+886 4 2359 0112", "C", None, "23/04/2026"),
    ("Kowalski Trading Sp. z o.o.", "+48 61 555 01 23", "C", 4000, "23/04/2026"),
    ("Rossi Componenti Srl", "+39 051 555 0148", "A", 12000, "24/04/2026"),
    ("Atlas Fasteners Inc.", "+1 216 555 0116", "B", 6000, "24/04/2026"),
)
"""Rows of a list as somebody typed it at a fair."""
SIZES: Final = ((1366, 768), (1920, 1080))
THEMES: Final = ("light", "dark")
CONTACTS: Final = 1_200
DOCS_BYTES: Final = 60_000
_OWNER_WORDS: Final = "four words i know"

Save = Callable[[QWidget, str], None]


@contextmanager
def company(folder: Path, language: str, size: tuple[int, int]) -> Iterator[MainWindow]:
    """Open the demo company in `language` as its owner."""
    address = tour.make_small_demo(folder / f"demo-{language}.crm", CONTACTS, language)
    settings = Settings(folder / f"settings-{language}.ini")
    with tour.window_of(address, settings, "owner", PASSWORD) as window:
        window.resize(*size)
        tour.settle(window.tasks)
        yield window


@contextmanager
def first_windows(folder: Path) -> Iterator[tuple[FirstRun, LoginWindow, Tasks]]:
    """Open what stands before any company."""
    settings = Settings(folder / "first-run.ini")
    settings.company_opened("/home/lin/Demo/demo.crm", _("Demo company"), "2026-11-03T08:00:00+00:00")
    here = datetime.now(UTC).isoformat()
    settings.company_opened("/home/lin/Documents/harbour-lin.crm", "Harbour & Lin Trading", here)
    tasks = Tasks(_no_database)
    door = Door(lambda _login, _password: _no_database(), _no_database, lambda *_three: "")
    window = FirstRun(settings, tasks, Ways(documents=lambda: Path("/home/lin/Documents")))
    place = Place("Harbour & Lin Trading", _("This computer · {file}").format(file="harbour-lin.crm"))
    login = LoginWindow(tasks, door, place, login="chen.jie")
    for one in (login, window):
        one.show()
        one.activateWindow()
        tour.settle(tasks)
    window.choices.focus_row(0)
    try:
        yield window, login, tasks
    finally:
        tasks.close()
        for one in (window, login):
            one.close()
            one.deleteLater()


def _no_database(*_arguments: Any, **_named: Any) -> Any:
    raise RuntimeError("These windows have no company")


def draw_first(folder: Path, save: Save) -> None:
    """Draw first run, its pages, and the login."""
    with first_windows(folder) as (window, login, tasks):
        save(window, "first-run")
        save(login, "login")
        for name, show in (("connect", window.open_connect), ("demo", window.open_demo)):
            show()
            tour.settle(tasks)
            save(window, name)
        window.show_missing("/home/lin/Documents/harbour-lin.crm")
        save(window, "missing-file")
        window.open_new()
        wizard = window.pages.currentWidget()
        assert isinstance(wizard, NewCompanyWizard)
        wizard.name.setText("Harbour & Lin Trading")
        for page in range(3):
            wizard.show_page(page)
            tour.settle(tasks)
            save(window, f"new-company-{page + 1}")


def draw_company(window: MainWindow, save: Save) -> None:
    """Draw the main window with its lists, records, settings, search and dialogs."""
    show_contacts(window)
    save(window, "contacts")
    listing = tour.open_list(window, "contacts")
    assert listing is not None
    usual = listing.table.listing or Listing()
    listing.show_listing(replace(usual, text="zzzz"))
    tour.settle(window.tasks)
    save(window, "no-match")
    listing.show_listing(usual)
    tour.settle(window.tasks)
    for stop in tour.stops(window):
        save(window, stop.replace(": ", "-").replace(" ", "-"))
    draw_duplicate(window, save)
    show_contacts(window)
    for name in ("export_list", "assign", "tag"):
        if name in [action.objectName() for action in window.tabs.front.screen.actions_offered()]:
            draw_dialog(window, name, save)


def draw_dialog(window: MainWindow, name: str, save: Save) -> None:
    """Draw the dialog an action of the screen in front opens."""
    front = window.tabs.front
    assert front is not None
    next(one for one in front.screen.actions_offered() if one.objectName() == name).trigger()
    tour.settle(window.tasks)
    for box in window.findChildren(QDialog):
        if box.isVisible():
            save(box, f"dialog-{name}")
            box.reject()


def draw_empty(folder: Path, language: str, size: tuple[int, int], save: Save) -> None:
    """Draw the list of a company founded just now."""
    path = folder / f"new-{language}-{size[0]}.crm"
    owner = NewCompany("Harbour & Lin Trading", "CNY", "CN", "Asia/Shanghai", language, "Lin Wei", "lin", _OWNER_WORDS)
    address = str(path)
    create(address, owner)
    with tour.window_of(address, Settings(folder / "new.ini"), "lin", _OWNER_WORDS) as window:
        window.resize(*size)
        window.open_screen("contacts")
        tour.settle(window.tasks)
        save(window, "empty")


def show_contacts(window: MainWindow) -> None:
    """Show the list with its first rows chosen and the preview beside it."""
    listing = tour.open_list(window, "contacts")
    assert listing is not None
    tour.settle(window.tasks)
    listing.view.setFocus()
    listing.view.setCurrentIndex(listing.table.index(2, 0))
    tour.settle(window.tasks)


def draw_duplicate(window: MainWindow, save: Save) -> None:
    """Type the name of a contact that is there already into a new one: the strip above the form."""
    listing = tour.open_list(window, "contacts")
    assert listing is not None
    record = listing.table.record(0) or {}
    window.open_record("contact")
    tour.settle(window.tasks)
    field = window.focusWidget()
    if isinstance(field, QLineEdit):
        field.setText(str(record.get("name", "")))
        field.textEdited.emit(field.text())
        field.editingFinished.emit()
        # The look for similar contacts waits until the typing has paused.
        QTest.qWait(1500)
        tour.settle(window.tasks)
    save(window, "new-contact-duplicate")
    window.dialogs.will_answer("discard")
    window.close_front()


def saver(folder: Path) -> Save:
    """Return what saves a widget under a name in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)

    def save(widget: QWidget, name: str) -> None:
        path = folder / f"{name}.png"
        widget.grab().save(str(path))
        print(path)

    return save


def save_small(widget: QWidget, path: Path) -> None:
    """Save a picture for the README, with fewer colours when it would be too large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(path), "PNG", 0)
    if path.stat().st_size > DOCS_BYTES:
        with Image.open(path) as picture:
            flat = picture.convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        flat.save(path, optimize=True)
    print(path, path.stat().st_size)


def check_import(window: MainWindow, folder: Path) -> None:
    """Bring a list of some contacts that are there, some that are not and one that cannot be read to the check."""
    listing = tour.open_list(window, "contacts")
    assert listing is not None
    known = [str((listing.table.record(row) or {}).get("name", "")) for row in (3, 7)]
    path = folder / "Customers of the fair.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("Fair 2026")
        sheet.write_row(0, 0, ("Customers of the fair in Hanover",))
        sheet.write_row(1, 0, ("Name", "Phone", "Level", "Credit limit", "Created"))
        for place, row in enumerate((*((name, *rest) for name, rest in zip(known, KNOWN, strict=True)), *FAIR), 2):
            sheet.write_row(place, 0, row)
    window.open_import("contacts", [path])
    tour.settle(window.tasks)
    wizard = window.tabs.front.screen
    for _step in ("Columns", "Check"):
        wizard.press_primary()
        tour.settle(window.tasks)


def docs(folder: Path) -> None:
    """Make the pictures of the README."""
    tour.application("en", "light")
    with first_windows(folder) as (window, _login, _tasks):
        save_small(window, DOCS / "first-run.png")
    with company(folder, "en", SIZES[0]) as main:
        show_contacts(main)
        save_small(main, DOCS / "contacts-light.png")
        main.open_record("contact", tour.first_id(main, "contacts"))
        tour.settle(main.tasks)
        save_small(main, DOCS / "contact-record.png")
        main.open_record("order", tour.first_id(main, "orders"))
        tour.settle(main.tasks)
        save_small(main, DOCS / "order.png")
        due = main.open_screen("collections")
        tour.settle(main.tasks)
        save_small(main, DOCS / "collections.png")
        main.open_record("receipt_for_contact", due.view.current_id)
        tour.settle(main.tasks)
        QTest.keyClicks(main.focusWidget(), "2000\t")
        tour.settle(main.tasks)
        save_small(main, DOCS / "receipt.png")
        check_import(main, folder)
        save_small(main, DOCS / "import-check.png")
    tour.application("zh_Hans", "dark")
    with company(folder, "zh_Hans", SIZES[0]) as main:
        show_contacts(main)
        save_small(main, DOCS / "contacts-dark-zh.png")
    tour.application("zh_Hant", "dark")
    with company(folder, "zh_Hant", SIZES[0]) as main:
        main.open_screen("reports")
        tour.settle(main.tasks)
        save_small(main, DOCS / "reports-dark-tw.png")


def guide(folder: Path) -> None:
    """Make the pictures of the guide: the first week in an empty company."""
    for language, named, material in (("en", "en", ENGLISH), ("zh_Hans", "zh", CHINESE)):
        tour.application(language, "light")
        owner = NewCompany(
            "Harbour & Lin Trading", "CNY", "CN", "Asia/Shanghai", language, "Lin Wei", "lin", _OWNER_WORDS
        )
        address = str(folder / f"week-{named}.crm")
        create(address, owner)
        pictures = GUIDE / named / "images"
        with tour.window_of(address, Settings(folder / f"week-{named}.ini"), "lin", _OWNER_WORDS) as window:
            window.resize(*SIZES[0])
            FirstWeek(
                window, material, folder, lambda name, shown, to=pictures: save_small(shown, to / f"{name}.png")
            ).walk()


def main() -> int:
    """Draw what the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--docs", action="store_true", help="only the pictures of the README")
    options.add_argument("--guide", action="store_true", help="only the pictures of the guide")
    options.add_argument("--language", choices=list(LANGUAGES), action="append")
    options.add_argument("--theme", choices=THEMES, action="append")
    options.add_argument("--small", action="store_true", help="only 1366 x 768")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="crm-screenshots-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        if chosen.docs:
            docs(folder)
        if chosen.guide:
            guide(folder)
        if chosen.docs or chosen.guide:
            return 0
        for language in chosen.language or LANGUAGES:
            for theme in chosen.theme or THEMES:
                tour.application(language, theme)
                draw_first(folder, saver(BUILD / f"{language}-{theme}"))
                for size in SIZES[: 1 if chosen.small else 2]:
                    save = saver(BUILD / f"{language}-{theme}-{size[0]}")
                    with company(folder, language, size) as window:
                        draw_company(window, save)
                    draw_empty(folder, language, size, save)
                    (folder / f"new-{language}-{size[0]}.crm").unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
