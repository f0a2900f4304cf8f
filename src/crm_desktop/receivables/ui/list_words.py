"""How the lists of receivables look and what they say."""

from typing import Any, Final

from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.money import Money
from crm_desktop.ui.looks import Look, ink_of_next_step


def _danger(value: Any, _today: Any) -> str | None:
    return "danger" if value else None


def _minus_muted(value: Any, _today: Any) -> str | None:
    return "muted" if isinstance(value, Money) and not value.amount else None


_CUSTOMER: Final = Look(token="text", weight=500)
_NUMBER: Final = Look(token="text", chars=12)
_LATE: Final = Look(ink=_danger, chars=7)
_DUE: Final = Look(ink=ink_of_next_step, chars=9)
_OPEN: Final = Look(token="text", weight=500, ink=_minus_muted)
INVOICE_LOOKS: Final = {
    "number": _NUMBER,
    "customer": _CUSTOMER,
    "next_due_on": _DUE,
    "late": _LATE,
    "open_amount": _OPEN,
    "total": Look(token="text"),
}
RECEIPT_LOOKS: Final = {"number": _NUMBER, "customer": _CUSTOMER, "amount": Look(token="text"), "open_amount": _OPEN}
INSTALMENT_LOOKS: Final = {
    "invoice": _NUMBER,
    "customer": _CUSTOMER,
    "due_on": _DUE,
    "late": _LATE,
    "open_amount": _OPEN,
}
TAX_INVOICE_LOOKS: Final = {"number": Look(token="text", chars=18), "customer": _CUSTOMER}


def counted_invoices(count: int) -> str:
    """Return the whole phrase for a number of invoices and credit notes."""
    return ngettext("{count} invoice", "{count} invoices", count).format(count=f"{count:,}")


def counted_receipts(count: int) -> str:
    """Return the whole phrase for a number of receipts."""
    return ngettext("{count} receipt", "{count} receipts", count).format(count=f"{count:,}")


def counted_instalments(count: int) -> str:
    """Return the whole phrase for a number of instalments."""
    return ngettext("{count} instalment", "{count} instalments", count).format(count=f"{count:,}")


def counted_tax_invoices(count: int) -> str:
    """Return the whole phrase for a number of tax invoices."""
    return ngettext("{count} tax invoice", "{count} tax invoices", count).format(count=f"{count:,}")


def open_of_total(opened: Money, total: Money) -> str:
    """Return what is open of a sum in one currency, for the foot of a list."""
    values = {"currency": total.currency, "open": number_text(opened.amount), "total": number_text(total.amount)}
    return _("{currency} {open} open of {total}").format(**values)


def unused_of_total(unused: Money, total: Money) -> str:
    """Return what is not allocated of a sum in one currency, for the foot of a list."""
    values = {"currency": total.currency, "open": number_text(unused.amount), "total": number_text(total.amount)}
    return _("{currency} {total}, of which {open} not allocated").format(**values)
