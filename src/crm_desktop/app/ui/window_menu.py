"""The ☰ menu, also behind F10: what is done with the program rather than with a record."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.activities.ui.specs import LOG_KEYS, form_title
from crm_desktop.app.ui import screens
from crm_desktop.app.ui.account_page import THEMES
from crm_desktop.app.ui.contact_in_front import log_in_front
from crm_desktop.shared.i18n import LANGUAGES, _, current_language
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import key_text
from crm_desktop.ui.icons import icon
from crm_desktop.ui.settings import THEME
from crm_desktop.ui.theme import CHOICES

if TYPE_CHECKING:
    from crm_desktop.app.ui.main_window import MainWindow


class WindowMenu(QObject):
    """Made anew each time it drops, so that marks and words are those of the moment."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        actor = window.session.actor
        self.new_records = [
            self._action(_(new.text), new.icon, self._opener(new.entity))
            for new in screens.NEW_RECORDS
            if actor.may(new.permission)
        ]
        self.talking = [
            self._action(form_title(plan=False), "phone", lambda: log_in_front(window), LOG_KEYS),
            self._action(form_title(plan=True), "square-check", lambda: log_in_front(window, plan=True)),
        ]
        if not actor.may(Permission.ACTIVITY_WRITE):
            self.talking = []
        self.bring_in = self._action(_("Import a file…"), "upload", window.open_import)
        self.imports = self._action(_("Imports"), "history", lambda: window.open_screen(screens.IMPORTS.name))
        self.importing = [self.bring_in, self.imports] if screens.IMPORTS.offered_to(actor) else []
        self.another = self._action(_("Open another company…"), "folder-open", window.another_company_wanted.emit)
        self.keys = self._action(_("Keys"), "keyboard", window.show_keys, "F1")
        self.lock = self._action(_("Lock"), "lock", window.lock_wanted.emit, "Ctrl+Shift+L")
        self.log_out = self._action(_("Log out"), "log-out", window.log_out_wanted.emit)
        self.quit = self._action(_("Quit"), "x", window.quit_wanted.emit, "Ctrl+Q")

    def _action(self, text: str, icon_name: str, slot: Any, keys: str = "") -> QAction:
        action = QAction(text, self)
        action.setProperty("icon_name", icon_name)
        if keys:
            # Told behind the words only: the window itself answers to the keys.
            action.setText(f"{text}\t{key_text(keys)}")
        action.triggered.connect(lambda _checked=False: slot())
        return action

    def _opener(self, entity: str) -> Any:
        return lambda: self._window.open_record(entity, None)

    def commands(self) -> list[QAction]:
        """Return what Ctrl+K offers of it."""
        program = [self.another, self.keys, self.lock, self.log_out, self.quit]
        return [*self.talking, *self.new_records, *self.importing[:1], *program]

    def build(self) -> QMenu:
        """Return the menu as it stands now."""
        menu = QMenu(self._window)
        for action in (*self.commands(), self.imports):
            action.setIcon(icon(str(action.property("icon_name")), "text2"))
        menu.addActions(self.talking)
        menu.addActions(self.new_records)
        menu.addActions(self.importing)
        menu.addAction(self.another)
        menu.addSeparator()
        self._add_languages(menu.addMenu(icon("languages", "text2"), _("Language")))
        self._add_themes(menu.addMenu(icon("moon", "text2"), _("Colours")))
        menu.addAction(self.keys)
        menu.addSeparator()
        menu.addAction(self.lock)
        menu.addAction(self.log_out)
        menu.addAction(self.quit)
        return menu

    def drop(self, under: QWidget) -> QMenu:
        """Show it under its button."""
        menu = self.build()
        menu.aboutToHide.connect(menu.deleteLater)
        place = under.mapToGlobal(under.rect().bottomRight())
        place.setX(place.x() - menu.sizeHint().width())
        menu.popup(place)
        menu.setActiveAction(menu.actions()[0])
        return menu

    def _add_languages(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for key, name in LANGUAGES.items():
            self._add_choice(menu, group, name, key == current_language(), self._window.choose_language, key)

    def _add_themes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        chosen = self._window.settings.get(THEME)
        for key in CHOICES:
            self._add_choice(menu, group, _(THEMES[key]), key == chosen, self._window.choose_theme, key)

    def _add_choice(self, menu: QMenu, group: QActionGroup, text: str, on: bool, choose: Any, key: str) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: choose(key))
        group.addAction(action)
