"""What Ctrl+K can do now, besides finding records."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from crm_desktop.app.ui import screens
from crm_desktop.app.ui.search_palette import Command
from crm_desktop.shared.i18n import _

if TYPE_CHECKING:
    from crm_desktop.app.ui.main_window import MainWindow


def commands_of(window: "MainWindow") -> Sequence[Command]:
    """Return the commands: of the screen in front first, then screens, settings, the menu."""
    front = window.tabs.front
    offered: list[Command] = []
    if front is not None:
        for action in front.screen.actions_offered():
            if action.isVisible() and action.isEnabled():
                offered.append(_command_of(action, front.title))
    actor = window.session.actor
    go: Callable[[], object]
    for spec in (*screens.rail_of(actor), *screens.tools_of(actor)):
        go = partial(window.open_screen, spec.name)
        offered.append(Command(_(spec.title), _("Screen"), spec.icon, go, spec.shortcut))
    for section in screens.settings_sections(window.session):
        go = partial(window.open_settings, section.name)
        offered.append(Command(_(section.title), _("Settings"), section.icon, go))
    return offered + [_command_of(action, _("Menu")) for action in window.menu.commands()]


def _command_of(action: QAction, detail: str) -> Command:
    keys = action.shortcut().toString()
    icon = str(action.property("icon_name") or "") or "chevron-right"
    words = action.text().split("\t")[0].replace("&", "")
    return Command(words, detail, icon, action.trigger, keys)
