"""Invoices on account, over an instalment before goods: what they say, and how later invoices take them off."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm_desktop.db.work import Work
from crm_desktop.orders import composing, totals
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.documents import ORDERS, header_of
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.orders.parties import language_of
from crm_desktop.receivables import rules
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.reports.paper_text import in_language
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor, to_minor

_PART: Final = N_("On account of order {number}: {part}")
_LESS: Final = N_("Less invoice {number} on account")
_ONE: Final = Decimal(1)


def lines(
    order_lines: Sequence[Mapping[str, Any]], part: Instalment, order: Order, language: str
) -> list[dict[str, Any]]:
    """Return the lines of an invoice over an instalment, taxes included: one per tax rate of the order.

    They add up to the instalment to the cent.
    """
    worth: dict[Decimal, int] = {}
    for line in order_lines:
        if line["kind"] == order_rules.ITEM:
            gross = to_minor(line["net"] + line["tax"], order.currency)
            worth[line["tax_percent"]] = worth.get(line["tax_percent"], 0) + gross
    rates = sorted((rate for rate, gross in worth.items() if gross), reverse=True) or [Decimal(0)]
    shares = totals.spread(part.amount, [worth.get(rate, 1) for rate in rates])
    called = part.label or part.event or str(part.position + 1)
    name = in_language(_PART, language).format(number=order.number, part=called)
    return [
        _line(name, from_minor(share, order.currency), rate, None)
        for rate, share in zip(rates, shares, strict=True)
        if share
    ]


def deducted(work: Work, order: Order, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `lines` and discount of a draft, what was invoiced on account of its order taken off.

    Never more than the draft is worth. A discount in percent becomes an amount then: it is not for the
    lines that deduct.
    """
    open_ones = _not_deducted(work, order)
    if not open_ones:
        return {}
    made = composing.compose(
        {**values, "dated_on": order.dated_on, "lines": values["lines"]}, composing.HEADER, composing.INVOICE_LINE
    )
    included = bool(values["prices_include_tax"])
    left = made.columns["total"] if included else made.columns["net"]
    expected = made.columns["total"]
    language = language_of(work, header_of(ORDERS, order))
    found = list(values["lines"])
    for number, line_id, rate, net, gross in open_ones:
        taken = min(gross if included else net, left)
        if taken > 0:
            left -= taken
            expected -= gross
            name = in_language(_LESS, language).format(number=number)
            found.append(_line(name, -from_minor(taken, order.currency), rate, line_id))
    less = {
        "lines": found,
        "discount_percent": Decimal(0),
        "discount_amount": from_minor(made.columns["discount"], order.currency),
    }
    _even(order, {**values, **less}, expected, len(open_ones))
    return less


def _even(order: Order, values: Mapping[str, Any], expected: int, most: int) -> None:
    """Take the cents out by which taxes of parts differ from the tax of the whole: the last deduction has them."""
    made = composing.compose({**values, "dated_on": order.dated_on}, composing.HEADER, composing.INVOICE_LINE)
    over = int(made.columns["total"]) - expected
    if 0 < abs(over) <= most:
        values["lines"][-1]["unit_price"] -= from_minor(over, order.currency)


def _line(name: str, price: Decimal, rate: Decimal, origin_line_id: int | None) -> dict[str, Any]:
    return {
        "kind": order_rules.ITEM,
        "name": name,
        "quantity": _ONE,
        "unit_price": price,
        "tax_percent": rate,
        "order_line_id": None,
        "origin_line_id": origin_line_id,
    }


def _not_deducted(work: Work, order: Order) -> list[tuple[str, int, Decimal, int, int]]:
    """Return number, line, tax rate, net and gross (minor units) of what was invoiced on account and not taken off."""
    asked = (
        select(Invoice.number, InvoiceLine.id, InvoiceLine.tax_percent, InvoiceLine.net, InvoiceLine.tax)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(
            Invoice.order_id == order.id,
            Invoice.instalment_id.is_not(None),
            Invoice.kind == rules.INVOICE,
            Invoice.state == rules.POSTED,
            InvoiceLine.kind == order_rules.ITEM,
        )
        .order_by(Invoice.id, InvoiceLine.position)
    )
    rows = work.session.execute(asked).all()
    line, document = aliased(InvoiceLine), aliased(Invoice)
    taken_off = (
        select(line.origin_line_id, document.kind, func.sum(line.net), func.sum(line.tax))
        .join(document, document.id == line.invoice_id)
        .where(line.origin_line_id.in_([row.id for row in rows]))
        .group_by(line.origin_line_id, document.kind)
    )
    less: dict[int, tuple[int, int]] = {}
    for line_id, kind, net, tax in work.session.execute(taken_off):
        # On an invoice a deduction is negative; a credit note of the invoice on account is positive.
        sign = -1 if kind == rules.INVOICE else 1
        before = less.get(line_id or 0, (0, 0))
        less[line_id or 0] = (before[0] + sign * int(net), before[1] + sign * int(tax))
    found = []
    for number, line_id, rate, net, tax in rows:
        off = less.get(line_id, (0, 0))
        if net + tax - sum(off) > 0:
            found.append((number or "", line_id, rate, net - off[0], net + tax - sum(off)))
    return found
