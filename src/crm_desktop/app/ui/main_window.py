"""The main window: navigation only. Rail, tabs over sheets, strips, status bar, menu, search."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout

from crm_desktop.activities.ui.specs import LOG_KEYS
from crm_desktop.app.ui import screens
from crm_desktop.app.ui.backup_desk import BackupDesk
from crm_desktop.app.ui.commands import commands_of
from crm_desktop.app.ui.contact_in_front import log_in_front
from crm_desktop.app.ui.keys_help import KeysHelp
from crm_desktop.app.ui.places import where
from crm_desktop.app.ui.rail import Rail, RailEntry
from crm_desktop.app.ui.search_palette import Command, SearchPalette
from crm_desktop.app.ui.settings_screen import SettingsScreen
from crm_desktop.app.ui.standing import say_standing
from crm_desktop.app.ui.status_bar import BACKUP, StatusBar
from crm_desktop.app.ui.tabs import NEW, OpenTab, Tabs
from crm_desktop.app.ui.window_desk import desk_of
from crm_desktop.app.ui.window_menu import WindowMenu
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import grounded, hairline
from crm_desktop.ui.list_spec import IMPORT
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import Screen, ScreenSpec
from crm_desktop.ui.settings import WINDOW_GEOMETRY, Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import theme
from crm_desktop.ui.toast import Toast, ToastStack

if TYPE_CHECKING:
    from crm_desktop.app.session import Session
    from crm_desktop.exchange.ui.incoming.wizard import ImportWizard

FOLDS_BELOW_PX: Final = 1200
SMALLEST: Final = (900, 560)
USUAL: Final = (1366, 768)


class MainWindow(QMainWindow):
    """One logged-in person's window. What leads out of it goes up to the app as signals."""

    log_out_wanted = Signal()
    lock_wanted = Signal()
    another_company_wanted = Signal()
    quit_wanted = Signal()
    language_chosen = Signal(str)
    place_changed = Signal(str, str)

    def __init__(
        self, session: "Session", settings: Settings, dialogs: Dialogs | None = None, drafts: Path | None = None
    ) -> None:
        super().__init__()
        self.session, self.settings = session, settings
        self.dialogs = dialogs or Dialogs()
        self.dialogs.set_owner(self)
        self.tasks = Tasks(session.begin, self.dialogs.show_error, self)
        self.changes = ChangeHub(self)
        session.database.published.append(self.changes.publish)
        self._drafts = DraftStore(drafts, session.clock) if drafts is not None else None
        self._leaving = False
        self._imports = count()
        self._specs = {spec.name: spec for spec in screens.rail_of(session.actor)}
        self._tools = {spec.name: spec for spec in screens.tools_of(session.actor)}
        self._lay_out()
        self.toasts = ToastStack(self.whole)
        self.toasts.bottom_px = self.status.minimumHeight() + px(12)
        self.desk = desk_of(self, self._drafts)
        self.backups = BackupDesk(session, self)
        self.backups.state_changed.connect(self._show_backup)
        self.backups.busy_changed.connect(lambda busy: self.status.show_busy(busy, BACKUP))
        self.palette_ = SearchPalette(self.whole, self.tasks, screens.PROVIDERS, self.commands, self.open_record)
        self.menu = WindowMenu(self)
        self._add_keys()
        self.tasks.busy_changed.connect(self.status.show_busy)
        say_standing(self)
        self.setWindowTitle(_("{company} – CRM Desktop").format(company=session.profile.name))
        self.setMinimumSize(px(SMALLEST[0]), px(SMALLEST[1]))
        self._restore_geometry()
        if self._specs:
            self.open_screen(next(iter(self._specs)))
        else:
            self.open_settings()

    # Building

    def _lay_out(self) -> None:
        entries = [
            RailEntry(spec.name, _(spec.title), spec.icon, spec.group, spec.shortcut, screens.UNDER.get(spec.name, ""))
            for spec in self._specs.values()
        ]
        self.rail = Rail(entries, (RailEntry(screens.SETTINGS, _("Settings"), "settings"),))
        self.rail.chosen.connect(self._show_from_rail)
        self.rail.search_wanted.connect(self.search)
        self.tabs = Tabs()
        self.tabs.front_changed.connect(self._show_front)
        self.tabs.close_wanted.connect(self.close_tab)
        self.menu_button = IconButton("menu", _("Menu (F10)"))
        self.menu_button.clicked.connect(self.open_menu)
        self.demo, self.read_only, self.server_gone = Note(), Note(), Note()
        self.demo.action_clicked.connect(self.another_company_wanted)
        sheet = grounded("surface")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.demo, self.read_only, self.server_gone):
            part.clear()
            column.addWidget(part)
        column.addWidget(self.tabs.stack, 1)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, px(6), 0)
        top.addWidget(self.tabs.strip, 1)
        top.addWidget(self.menu_button)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(top)
        right.addWidget(hairline())
        right.addWidget(sheet, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(hairline(vertical=True))
        middle.addLayout(right, 1)
        self.status = StatusBar(*self._facts())
        self.status.keys_wanted.connect(self.show_keys)
        self.status.backups_wanted.connect(self._open_backups)
        self.whole = grounded("window")
        outer = QVBoxLayout(self.whole)
        outer.setContentsMargins(0, px(2), 0, 0)
        outer.setSpacing(0)
        outer.addLayout(middle, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(self.whole)

    def _facts(self) -> tuple[str, str, str, bool]:
        """Return person, role, place and whether the place is a server, as the status bar says them."""
        from crm_desktop.access.rules import ROLES

        actor, on_server = self.session.actor, self.session.server is not None
        roles = ", ".join(_(ROLES[key].label) for key in actor.roles if key in ROLES)
        return actor.name, roles, where(self.session.address), on_server

    def _add_keys(self) -> None:
        keys: list[tuple[str | QKeySequence.StandardKey, Any]] = [
            ("Ctrl+K", self.search), ("Ctrl+W", self.close_front), ("F10", self.open_menu), ("F1", self.show_keys),
            ("Ctrl+Tab", self.tabs.next), ("Ctrl+Shift+Tab", self.tabs.previous), ("Ctrl+Q", self.quit_wanted.emit),
            ("F5", self._reload_front), ("Ctrl+Shift+L", self.lock_wanted.emit),
            (LOG_KEYS, partial(log_in_front, self)),
        ]  # fmt: skip
        keys += [(spec.shortcut, self._opener(spec.name)) for spec in self._specs.values() if spec.shortcut]
        for sequence, slot in keys:
            QShortcut(QKeySequence(sequence), self, slot)

    def _opener(self, name: str) -> Callable[[], object]:
        return lambda: self.open_screen(name)

    # Opening

    def open_list(self, name: str, listing: Listing | None = None) -> Screen | None:
        """Show the list `name` with the filters and the order of `listing`, if one is given."""
        screen = self.open_screen(name)
        if screen is not None and listing is not None:
            screen.show_rows(listing)
        return screen

    def open_screen(self, name: str) -> Screen | None:
        """Show the list or tool `name`, opening its tab once. None when the role does not have it."""
        spec = self._specs.get(name) or self._tools.get(name)
        if spec is None:
            return None
        return self._bring(("screen", name), lambda: spec.factory(self.desk), _(spec.title), spec)

    def open_settings(self, section: str = "") -> Screen:
        """Show the settings, at one of their sections."""
        sections = screens.settings_sections(self.session, self.backups.back_up)
        screen = self._bring((screens.SETTINGS, ""), lambda: SettingsScreen(self.desk, sections), _("Settings"))
        if section and isinstance(screen, SettingsScreen):
            screen.show_section(section)
        return screen

    def open_record(self, entity: str, id_: int | None = None) -> None:
        """Open a record in a tab, the one it has already; None is a new one."""
        if entity in screens.TOOL_ENTITIES:
            self.open_screen(screens.TOOL_ENTITIES[entity])
        elif entity == screens.SETTINGS:
            self.open_settings()
        elif show := screens.DIALOGS.get(entity):
            show(self.desk, self, id_)
        elif make := screens.RECORDS.get(entity):
            dataset = self.session.profile.dataset_id
            key = (entity, str(id_) if id_ is not None else NEW)
            self._bring(key, lambda: make(self.desk, id_, self._drafts, dataset), "")

    def open_import(self, name: str = "", files: Sequence[Path] = ()) -> None:
        """Open the wizard that brings in a file, or turn to the one that has none yet."""
        if waiting := next((tab for tab in self.tabs.all if getattr(tab.screen, "untouched", False)), None):
            self.tabs.show(waiting)
            cast("ImportWizard", waiting.screen).begin_with(name, files)
            return
        key = (IMPORT, str(next(self._imports)))
        self._bring(key, lambda: screens.import_wizard(self.desk, name, files, self.session), "")

    def open_key(self, key: tuple[str, str]) -> None:
        """Open what the tab `key` of another window shows, if this role has it."""
        entity, rest = key
        if entity == "screen":
            self.open_screen(rest)
        elif entity == screens.SETTINGS:
            self.open_settings()
        else:
            self.open_record(entity, None if rest == NEW else int(rest))

    def _bring(self, key: tuple[str, str], make: Any, title: str, spec: ScreenSpec | None = None) -> Screen:
        tab = self.tabs.find(key)
        if tab is None:
            tab = OpenTab(key, make(), title, spec.icon if spec is not None else "")
            self.tabs.add(tab)
            tab.screen.close_wanted.connect(self._close_of_sender)
            tab.screen.state_changed.connect(self._show_keys_of_front)
            tab.screen.title_changed.connect(self._show_keys_of_front)
        self.tabs.show(tab)
        return tab.screen

    def _show_from_rail(self, name: str) -> None:
        if name == screens.SETTINGS:
            self.open_settings()
        else:
            self.open_screen(name)

    def _show_front(self) -> None:
        tab = self.tabs.front
        # A record stands under its list, an import under what it brings in.
        own = "" if tab is None else tab.key[1] if tab.key[0] == "screen" else tab.key[0]
        name = getattr(tab.screen, "stands_under", "") or own if tab is not None else own
        self.rail.choose(f"{name}s" if f"{name}s" in self._specs else name)
        self._show_keys_of_front()
        if tab is not None:
            tab.screen.setFocus()

    def _show_keys_of_front(self) -> None:
        tab = self.tabs.front
        self.tabs.rename_stored()
        hints = () if tab is None else tab.screen.keys()
        self.status.show_keys([hint for hint in hints if hint.keys])

    def _reload_front(self) -> None:
        if self.tabs.front is not None:
            self.tabs.front.screen.reload()

    # Closing

    def close_tab(self, tab: OpenTab) -> bool:
        """Close a tab unless its screen wants to stay."""
        if tab.screen.unsaved:
            self.tabs.show(tab)
        if not tab.screen.can_close():
            return False
        self.tabs.remove(tab)
        if not self.tabs.all:
            QTimer.singleShot(0, self, self._open_first)
        return True

    def close_front(self) -> None:
        """Close the tab in front."""
        if self.tabs.front is not None:
            self.close_tab(self.tabs.front)

    def _close_of_sender(self) -> None:
        tab = self.tabs.of(self.sender())
        if tab is not None:
            # Queued: the screen is still inside its own signal.
            QTimer.singleShot(0, self, lambda: self.close_tab(tab) if tab in self.tabs.all else None)

    def _open_first(self) -> None:
        if not self.tabs.all and not self._leaving:
            if self._specs:
                self.open_screen(next(iter(self._specs)))
            else:
                self.open_settings()

    def may_leave(self) -> bool:
        """Ask every tab with something unsaved; False when the person stays."""
        for tab in self.tabs.all:
            if tab.screen.unsaved:
                self.tabs.show(tab)
                if not tab.screen.can_close():
                    return False
        return True

    def leave(self) -> None:
        """End the work of this window without asking: finish writes, remember the place, close."""
        if self._leaving:
            return
        self._leaving = True
        self.settings.set(WINDOW_GEOMETRY, bytes(self.saveGeometry().data()))
        self.settings.flush()
        published = self.session.database.published
        if self.changes.publish in published:
            published.remove(self.changes.publish)
        self.backups.stop()
        self.tasks.close()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross of the window quits, after asking."""
        if self._leaving:
            event.accept()
            return
        event.ignore()
        self.quit_wanted.emit()

    # Menu, search, help

    def commands(self) -> Sequence[Command]:
        """Return what Ctrl+K can do now: the screen in front first, then screens, settings, the menu."""
        return commands_of(self)

    def search(self) -> None:
        """Open the search that is everywhere."""
        self.palette_.open()

    def open_menu(self) -> None:
        """Drop the ☰ menu under its button."""
        self.menu.drop(self.menu_button)

    def show_keys(self) -> None:
        """Show the keys of the screen in front."""
        front = self.tabs.front
        KeysHelp(front.title if front else "", front.screen.keys() if front else (), self).open()

    def choose_language(self, language: str) -> None:
        """Hand the wish for another language to the app, after the events of this one."""
        QTimer.singleShot(0, self, lambda: self.language_chosen.emit(language))

    def choose_theme(self, choice: str) -> None:
        """Put on the theme at once and remember it."""
        from crm_desktop.ui.settings import THEME

        self.settings.set(THEME, choice)
        theme().choose(choice)

    def toast(self, text: str, action: str = "", on_action: Any = None, kind: str = "info") -> Toast:
        """Show a short message at the bottom right."""
        return self.toasts.show(text, action, on_action, kind=kind)

    def _show_backup(self, state: Any) -> None:
        self.status.show_backup(state.tone, state.sentence, state.detail)

    def _open_backups(self) -> None:
        self.open_settings("backup" if self.session.actor.may(Permission.BACKUP_RUN) else "data")

    def show_server_gone(self, gone: bool) -> None:
        """Say that the data cannot be reached, or take it back."""
        if gone and not self.server_gone.text():
            said = _("The data cannot be reached just now. What you typed stays here; saving works again by itself.")
            self.server_gone.show_message("danger", said, icon="wifi-off")
        elif not gone and self.server_gone.text():
            self.server_gone.clear()
            self._reload_front()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail by itself in a narrow window."""
        super().resizeEvent(event)
        folded = self.width() < px(FOLDS_BELOW_PX)
        if folded != self.rail.folded:
            self.rail.fold(folded)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the icon of each tab in the colours on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "tabs"):
            self.tabs.refresh_icons()

    def _restore_geometry(self) -> None:
        stored = self.settings.get(WINDOW_GEOMETRY)
        if not stored or not self.restoreGeometry(stored):
            self.resize(px(USUAL[0]), px(USUAL[1]))


def build_main_window(
    session: "Session", settings: Settings, dialogs: Dialogs | None = None, drafts: Path | None = None
) -> MainWindow:
    """Return the window of a session, without the login; for the app, tests and pictures."""
    return MainWindow(session, settings, dialogs, drafts)
