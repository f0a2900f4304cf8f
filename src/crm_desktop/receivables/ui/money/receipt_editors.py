"""Editors that only money screens have: an amount with its decimals, the account, the uses of a receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from crm_desktop.receivables.ui.money.allocation_table import AllocationTable
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import exponent
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import BODY, SEMIBOLD, px, set_font
from crm_desktop.ui.text_editors import NoteEditor, NumberEditor


@dataclass(frozen=True, slots=True)
class OfferedAccount:
    """An account to choose; an empty `currency` takes any."""

    id: int
    name: str
    currency: str


class MoneyEditor(NumberEditor):
    """An amount of one currency, zero or more; it is written with its decimals when the keyboard leaves."""

    def __init__(self, name: str, label: str, currency: str, chars: int = 13) -> None:
        super().__init__(name, label, chars, None)
        self.currency = currency
        self._decimals = exponent(currency) or None
        set_font(self.line, BODY, SEMIBOLD)
        self.line.editingFinished.connect(self._tidy)

    def set_currency(self, currency: str) -> None:
        """Take amounts of another currency."""
        self.currency = currency
        self._decimals = exponent(currency) or None

    def value(self) -> Decimal | None:
        number = super().value()
        return None if number is None else Decimal(number)

    def fill(self, value: Any) -> None:
        self.line.setText("" if value is None else self._figure(Decimal(value)))

    def problem(self) -> str | None:
        problem = super().problem()
        value = self.value()
        if problem is None and value is not None and value < 0:
            return _("This amount is not below zero.")
        if problem is None and value is not None and value != round(value, exponent(self.currency)):
            return _("Only a whole number can stand here, not {text}.").format(text=self.line.text().strip())
        return problem

    def _figure(self, value: Decimal) -> str:
        places = exponent(self.currency)
        return number_text(round(value, places) if value == round(value, places) else value)

    def _tidy(self) -> None:
        value = self.value()
        if value is not None and self.problem() is None:
            self.fill(value)


class OneOf(ChoiceEditor):
    """A choice whose list changes while the form is open; `names` know what was chosen before."""

    def __init__(self, name: str, label: str, empty: str | None, chars: int) -> None:
        self._names: dict[Any, str] = {}
        super().__init__(name, label, (), empty, chars)
        self._empty = empty

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer other choices; what is chosen stays if it is among them."""
        value = self.value()
        self.combo.clear()
        if self._empty is not None:
            self.combo.addItem(self._empty, None)
        for key, text in choices:
            self.combo.addItem(text, key)
        self._names |= dict(choices)
        widest = max((self.combo.fontMetrics().horizontalAdvance(text) for _key, text in choices), default=0)
        self.combo.view().setMinimumWidth(widest + px(32))
        self._offered = self.combo.count()
        keys = [key for key, _text in choices]
        self.set_value(value if value in keys else None if self._empty is not None else next(iter(keys), None))

    def retired(self, value: Any) -> str:
        return self._names.get(value, super().retired(value))


class Remark(NoteEditor):
    """A note that is one line high until more is written."""

    FEWEST_LINES = 1
    MOST_LINES = 3

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label)
        # As high as the fields beside it while it is one line.
        self.text.document().setDocumentMargin(px(2))
        self.text.document().documentLayout().documentSizeChanged.connect(self._offer_scrolling)
        self._offer_scrolling()

    def _offer_scrolling(self, *_size: object) -> None:
        lines = round(self.text.document().size().height())
        policy = Qt.ScrollBarPolicy
        self.text.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines > self.MOST_LINES else policy.ScrollBarAlwaysOff
        )


class AccountEditor(OneOf):
    """The account money arrives in, one that takes the currency."""

    def __init__(self, accounts: Sequence[OfferedAccount]) -> None:
        super().__init__("account_id", _("Account"), "", 15)
        # Long names of accounts are read in the list that opens; the row of fields stays short.
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(15)
        self.combo.currentTextChanged.connect(self.combo.setToolTip)
        self.accounts = tuple(accounts)
        self.offer([(one.id, one.name) for one in accounts])

    def follow_currency(self, currency: str) -> None:
        """Offer the accounts that take the currency."""
        fitting = [(one.id, one.name) for one in self.accounts if one.currency in ("", currency)]
        self.offer(fitting)
        self._last = self.state()


class UsesEditor(Editor):
    """The amounts typed in the allocation table: row key -> amount, in the order of the rows.

    A restored draft has amounts before the open items are read; they wait in `pending`.
    """

    def __init__(self, table: AllocationTable) -> None:
        self.table = table
        super().__init__("uses", _("Open items"), table)
        self.pending: dict[str, Decimal] | None = None
        table.items.allocated.connect(self.notice)
        self.watch(table.editor)

    def value(self) -> dict[str, Decimal] | None:
        """Return None rather than nothing typed at all, so that an empty form leaves no draft."""
        if self.pending is not None:
            return dict(self.pending) or None
        items = self.table.items
        return {**items.placed(claims=True), **items.placed(claims=False)} or None

    def fill(self, value: Mapping[str, Decimal] | None) -> None:
        self.pending = dict(value or {})
        if self.table.items.rows:
            self.take_pending()

    def take_pending(self) -> None:
        """Put what waited into the rows that are there now."""
        waiting, self.pending = self.pending, None
        if waiting is not None:
            self.table.items.set_amounts(waiting)
            self._last = self.state()

    def propose(self, amounts: Mapping[str, Decimal]) -> None:
        """Put in what the program proposes."""
        self.pending = None
        self.table.items.set_amounts(amounts)
        self._last = self.state()

    def problem(self) -> str | None:
        wrong = self.table.items.wrong
        return next(iter(wrong.values()))[1] if wrong else None

    def parts(self) -> tuple[QWidget, ...]:
        return (self.table,)

    def focus(self) -> None:
        table = self.table
        wrong = next(iter(table.items.wrong), None)
        table.setFocus(Qt.FocusReason.OtherFocusReason)
        if wrong is not None:
            table.go(table.items.row_of(wrong))

    def set_error(self, text: str | None) -> None:
        self.error = text or None
        self.table.said.emit(text or "")

    def set_read_only(self, read_only: bool) -> None:
        self.table.set_writable(not read_only)
