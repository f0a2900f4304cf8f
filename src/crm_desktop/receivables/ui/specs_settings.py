"""Sections of the settings that receivables add, and the tab of a customer's record; loaded when opened."""

from typing import Any, Final

from crm_desktop.contacts.ui.related import RelatedPane
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen, ScreenSpec

_KEEP: Final = Permission.RECEIVABLE_SETTINGS_WRITE
_SALES: Final = (Domain.SALES,)


def settings_screen(desk: Desk) -> Screen:
    """Return the settings page of receivables."""
    from crm_desktop.receivables.ui.settings_screen import ReceivableSettingsScreen

    return ReceivableSettingsScreen(desk)


def accounts_screen(desk: Desk) -> Screen:
    """Return the settings page of bank accounts and cash boxes."""
    from crm_desktop.receivables.ui.money.accounts_screen import AccountsScreen

    return AccountsScreen(desk)


def dunning_levels_screen(desk: Desk) -> Screen:
    """Return the settings page of dunning letters."""
    from crm_desktop.receivables.ui.collecting.dunning_levels_screen import DunningLevelsScreen

    return DunningLevelsScreen(desk)


def customer_money(desk: Desk, contact_id: int) -> Any:
    """Return the tab of a customer's record with what it owes and how it paid."""
    from crm_desktop.receivables.ui.collecting.customer_money import CustomerMoney

    return CustomerMoney(desk, contact_id)


SETTINGS: Final = (
    ScreenSpec("receivables_settings", N_("Receivables"), "wallet", settings_screen, _KEEP, _SALES, "", "settings"),
    ScreenSpec("accounts", N_("Accounts"), "credit-card", accounts_screen, _KEEP, _SALES, "", "settings"),
    ScreenSpec("dunning_levels", N_("Dunning letters"), "mail", dunning_levels_screen, _KEEP, _SALES, "", "settings"),
)
"""Sections of the settings."""
RELATED: Final = RelatedPane("money", N_("Receivables"), customer_money, Permission.INVOICE_READ)
"""The tab of a customer's record."""
