"""What the main window is told of the public pool; the screens are loaded when they are opened."""

from typing import Final

from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen, ScreenSpec


def pool_screen(desk: Desk) -> Screen:
    """Return who is about to go back to the pool."""
    from crm_desktop.activities.ui.pool_screen import PoolScreen

    return PoolScreen(desk)


def pool_page(desk: Desk) -> Screen:
    """Return the settings page of the rules."""
    from crm_desktop.activities.ui.pool_page import PoolPage

    return PoolPage(desk)


TOOLS: Final = (
    ScreenSpec(
        "pool",
        N_("Going back to the pool"),
        "layers",
        pool_screen,
        Permission.ACTIVITY_READ,
        (Domain.SALES,),
        "",
        "tools",
    ),
)
"""Opened from Ctrl+K, the page of the day and the settings, by `desk.open_record("pool", None)`."""
SETTINGS: Final = (ScreenSpec("pool_rules", N_("Public pool"), "layers", pool_page, Permission.POOL_WRITE),)
"""Sections of the settings."""
