"""What is open at the right of a customer's overview: the ageing bar, and the instalments due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.collecting.balances import Balance, CustomerCard, OpenItem, bucket_labels
from crm_desktop.receivables.ui.collecting.ageing_bar import AgeingBar
from crm_desktop.receivables.ui.collecting.credit_words import late_text
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.card import Card, CardTable
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.plain_table import PlainColumn

MOST: Final = 6


@dataclass(frozen=True, slots=True)
class _Open:
    card: CustomerCard
    items: Sequence[OpenItem]


class OpenInstalments(Card):
    """Hidden while nothing is open."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(_("Open instalments"))
        self._desk, self._contact_id = desk, contact_id
        self.link(_("Ageing as of today"), lambda: self.tab_wanted.emit("money"))
        self.hide()

    def reload(self) -> None:
        """Read them again."""
        contact_id = self._contact_id

        def read(work: Any) -> _Open:
            return _Open(balances.card(work, contact_id), balances.open_items(work, contact_id))

        self._desk.tasks.read(self, read, self._show, coalesce="open")

    def _show(self, found: _Open) -> None:
        if not found.card.balances:
            self.show_page(None)
            return
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for balance in found.card.balances:
            column.addWidget(self._aged(balance, found.card))
        if found.items:
            column.addWidget(self._table(found.items))
        column.addWidget(self._total(found))
        self.show_page(page)

    def _aged(self, balance: Balance, card: CustomerCard) -> QWidget:
        """Return the bar of one currency with its figures below."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(px(16), 0, px(16), px(12))
        column.setSpacing(px(6))
        bar = AgeingBar()
        bar.show_balance(balance, card.bounds)
        figures = QHBoxLayout()
        figures.setSpacing(px(14))
        labels = (_("Not due"), *(_("{days} d").format(days=one) for one in bucket_labels(card.bounds)))
        amounts = (balance.not_due, *balance.buckets)
        shown = [(label, amount) for label, amount in zip(labels, amounts, strict=True) if amount]
        shown += [(_("No day yet"), balance.undated)] if balance.undated else []
        shown += [(_("Not allocated"), -balance.unapplied)] if balance.unapplied else []
        for label, amount in shown:
            one = QVBoxLayout()
            one.setSpacing(0)
            one.addWidget(text_label(label, LABEL, REGULAR, "muted"))
            one.addWidget(text_label(number_text(amount), LABEL, REGULAR, "text2"))
            figures.addLayout(one)
        figures.addStretch(1)
        if any(amounts):
            column.addWidget(bar)
        column.addLayout(figures)
        return part

    def _table(self, items: Sequence[OpenItem]) -> CardTable:
        formats = Formats.of(self._desk.today, self._desk.names)
        currencies = {one.currency for one in items}
        label = _("Open {currency}").format(currency=next(iter(currencies))) if len(currencies) == 1 else _("Open")

        def amount(one: OpenItem) -> str:
            text = number_text(one.open)
            return text if len(currencies) == 1 else f"{one.currency} {text}"

        columns = (
            PlainColumn("number", _("Instalment"), 16, _called, grows=True),
            PlainColumn("due_on", _("Due"), 10, lambda one: formats.day(one.due_on) if one.due_on else one.event),
            PlainColumn("late", _("Late"), 8, lambda one: late_text(one.late) if (one.late or 0) > 0 else "",
                        right=True, ink="danger"),
            PlainColumn("open", label, 12, amount, right=True),
        )  # fmt: skip
        table = CardTable(columns, _("Open instalments"), items[:MOST])
        table.opened.connect(self._open)
        return table

    def _open(self, one: OpenItem) -> None:
        if one.invoice_id is not None and self._desk.actor.may(Permission.INVOICE_READ):
            self._desk.open_record("invoice", one.invoice_id)
        elif one.order_id is not None:
            self._desk.open_record("order", one.order_id)

    def _total(self, found: _Open) -> QWidget:
        foot = grounded("sunken")
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(px(16), px(6), px(8), px(6))
        more = len(found.items) - MOST
        row.addWidget(text_label(_("Total, {count} more").format(count=more) if more > 0 else _("Total"),
                                 BODY, REGULAR, "text2"))  # fmt: skip
        row.addStretch(1)
        alone = len(found.card.balances) == 1
        for balance in found.card.balances:
            text = number_text(balance.balance)
            row.addWidget(text_label(text if alone else f"{balance.currency} {text}", BODY, SEMIBOLD))
        column.addLayout(row)
        column.addWidget(hairline())
        return foot


def _called(one: OpenItem) -> str:
    return " · ".join(part for part in (one.number, one.place) if part)
