"""What the main window is told of Home; its screen is loaded when it is opened."""

from typing import Final

from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen, ScreenSpec


def home_screen(desk: Desk) -> Screen:
    """Return the figures of the company as this person sees it."""
    from crm_desktop.home.ui.home_screen import HomeScreen

    return HomeScreen(desk)


def day_screen(desk: Desk) -> Screen:
    """Return what this person is to do, and what else needs somebody."""
    from crm_desktop.home.ui.day_screen import DayScreen

    return DayScreen(desk)


HOME: Final = ScreenSpec(
    "home", N_("Home"), "house", home_screen, Permission.REPORT_READ, (Domain.SALES,), "Ctrl+1", "home"
)
DAY: Final = ScreenSpec(
    "day", N_("My day"), "calendar", day_screen, Permission.ACTIVITY_READ, shortcut="Ctrl+Shift+D", group="home"
)
SCREENS: Final = (HOME, DAY)
"""The first in the rail: what opens after login for whoever has it."""
