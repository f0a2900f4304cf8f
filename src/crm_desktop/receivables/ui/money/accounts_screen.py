"""Settings → Accounts: the bank accounts and cash boxes that money arrives in."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.orders.ui.document_editors import CurrencyEditor
from crm_desktop.receivables.money import accounts
from crm_desktop.receivables.money.accounts import AccountRow
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.kept_screen import KeptScreen
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import LineEditor


class AccountsScreen(KeptScreen):
    """The accounts by name; one that is closed stays where its receipts are."""

    page_title = N_("Accounts")
    page_icon = "credit-card"
    entities = ("account",)

    def read(self, work: Any) -> tuple[AccountRow, ...]:
        """Return all accounts."""
        return accounts.accounts(work, inactive=True)

    def columns(self, found: Sequence[AccountRow]) -> Sequence[QWidget]:
        """Return the one column."""
        text = _("A receipt says where the money arrived. An account that is closed is not offered any more.")
        part, column = self.column(
            _("Bank accounts and cash boxes"), text, _("Add an account"), lambda: self.edit(None)
        )
        for one in found:
            name = one.name if one.active else _("{name} (closed)").format(name=one.name)
            below = " · ".join(word for word in (one.number, one.currency or _("any currency")) if word)
            column.addWidget(self.row(name, below, lambda one=one: self.edit(one)))
        column.addStretch(1)
        return (part,)

    def edit(self, account: AccountRow | None) -> None:
        """Open an account, None for a new one."""
        AccountDialog(self.desk, account, self).open()


class AccountDialog(StoredDialog):
    """Name, number and currency of an account, and whether it is open."""

    def __init__(self, desk: Desk, account: AccountRow | None, parent: QWidget) -> None:
        super().__init__(desk, _("New account") if account is None else _("Account"), parent, width=520)
        self._account = account
        self.name = LineEditor("name", _("Name"), 40)
        self.number = LineEditor("number", _("Account number"), 40)
        self.currency = CurrencyEditor("currency", _("Only in currency"))
        self.active = TickEditor("active", _("Open: offered on new receipts"))
        self.active.set_value(account is None or account.active)
        if account is not None:
            for editor in (self.name, self.number, self.currency):
                editor.set_value(getattr(account, editor.name))
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.add(self.number), 1)
        row.addWidget(self.add(self.currency))
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addLayout(row)
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        values = {one.name: one.value() for one in (self.name, self.number, self.currency, self.active)}
        account_id, version = (self._account.id, self._account.version) if self._account else (None, 0)
        return lambda work: accounts.save_account(work, account_id, version, values)
