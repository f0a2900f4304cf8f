"""What amounts of other currencies are worth in the company's: at the last rate a document used, and it is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Order
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import Money, exponent, from_minor, round_half_away
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency was worth in the company's, and the day of the document that says so."""

    currency: str
    rate: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a day into the company's `own` currency; `missing` are currencies that never had one."""

    own: str
    rates: Mapping[str, Rate]
    missing: tuple[str, ...] = ()

    def of(self, minor: int, currency: str) -> Decimal | None:
        """Return what minor units of a currency are worth, rounded; None without a rate."""
        if currency == self.own:
            return from_minor(minor, currency)
        if currency not in self.rates:
            return None
        worth = from_minor(minor, currency) * self.rates[currency].rate
        return round_half_away(worth, exponent(self.own))

    def money(self, minor: int, currency: str) -> Money | None:
        """Return the same as money of the company."""
        worth = self.of(minor, currency)
        return None if worth is None else Money(worth, self.own)

    def sum(self, amounts: Iterable[tuple[int, str]]) -> Money | None:
        """Return what amounts (minor units, currency) are worth together, None when one has no rate."""
        total = Decimal(0)
        for minor, currency in amounts:
            worth = self.of(minor, currency)
            if worth is None:
                return None
            total += worth
        return Money(total, self.own)

    def said(self, formats: Formats) -> str:
        """Return which rates were used, from which days, in words; "" when there was nothing to convert."""
        told = [
            _("1 {currency} = {rate} {own} ({day})").format(
                currency=one.currency, rate=f"{one.rate:f}", own=self.own, day=formats.full_day(one.on)
            )
            for one in sorted(self.rates.values(), key=lambda one: one.currency)
        ]
        told += [_("No rate is known for {currency}").format(currency=currency) for currency in self.missing]
        return "; ".join(told)


@requires(Permission.INVOICE_READ, Permission.RECEIPT_READ)
def rates_on(work: Work, currencies: Iterable[str], day: date) -> Rates:
    """Return the last rate that a document of each currency used until a day; a currency never used has none."""
    own = company(work).currency
    found: dict[str, Rate] = {}
    wanted = sorted({*currencies} - {own})
    for currency in wanted:
        for entity in (Invoice, Receipt, Order):
            asked = select(entity.rate, entity.dated_on).where(entity.currency == currency, entity.dated_on <= day)
            row = work.session.execute(asked.order_by(entity.dated_on.desc(), entity.id.desc()).limit(1)).first()
            if row is not None and (currency not in found or row.dated_on > found[currency].on):
                found[currency] = Rate(currency, row.rate, row.dated_on)
    return Rates(own, found, tuple(currency for currency in wanted if currency not in found))
