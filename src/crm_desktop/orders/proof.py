"""Proves that stored figures of documents follow from their rows; each finding is a sentence."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from crm_desktop.db.numbers import Counter
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Delivery, DeliveryLine, Instalment, Order, OrderLine, Quote, QuoteLine
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.i18n import _, ngettext


def findings(work: Work) -> Iterator[str]:
    """Yield a sentence for everything that does not add up, over all documents there are."""
    for entity, line, key in ((Quote, QuoteLine, QuoteLine.quote_id), (Order, OrderLine, OrderLine.order_id)):
        if wrong := counted(work, off_totals(entity, line, key)):
            yield ngettext(
                "{count} document does not add up to its total.",
                "{count} documents do not add up to their totals.",
                wrong,
            ).format(count=wrong)
    if wrong := counted(work, _off_plans()):
        yield ngettext(
            "The instalments of {count} order do not add up to its total.",
            "The instalments of {count} orders do not add up to their totals.",
            wrong,
        ).format(count=wrong)
    if wrong := counted(work, _off_deliveries()):
        yield ngettext(
            "{count} order line says another delivered quantity than its deliveries.",
            "{count} order lines say another delivered quantity than their deliveries.",
            wrong,
        ).format(count=wrong)
    for entity in (Quote, Order):
        if wrong := counted(work, _of_another_customer(entity)):
            yield ngettext(
                "{count} document names an opportunity of another customer.",
                "{count} documents name opportunities of other customers.",
                wrong,
            ).format(count=wrong)
    for series, serial in (("order", Order.serial), ("delivery", Delivery.serial)):
        # What came in from elsewhere has a number of there, outside the series: no running part, or 0.
        if numbered(work, series) != work.session.scalar(select(func.count(serial)).where(serial > 0)):
            yield _("The numbers of a series have a gap or a double: {series}").format(series=series)


def counted(work: Work, wrong: Select[Any]) -> int:
    """Return how many rows a statement finds."""
    return work.session.scalar(select(func.count()).select_from(wrong.subquery())) or 0


def _sum(column: Any, of: ColumnElement[bool]) -> Any:
    return func.coalesce(select(func.sum(column)).where(of).scalar_subquery(), 0)


def off_totals(entity: Any, line: Any, key: Any) -> Select[Any]:
    """Return the documents that their lines do not add up to; `key` is the lines' column of the document."""
    mine = key == entity.id
    return select(entity.id).where(
        or_(
            entity.net != _sum(line.net, mine),
            entity.tax != _sum(line.tax, mine),
            entity.subtotal != _sum(line.amount, mine),
            entity.total != entity.net + entity.tax,
        )
    )


def _off_plans() -> Select[Any]:
    # Once all of it is claimed, the invoices say what is owed, to the cent of their own rounding.
    agreed = (Instalment.order_id == Order.id) & Instalment.moved_from_id.is_(None)
    planned = select(Instalment.id).where(agreed, Instalment.claimed_on.is_(None)).exists()
    return select(Order.id).where(Order.state != "draft", planned, Order.total != _sum(Instalment.amount, agreed))


def _off_deliveries() -> Select[Any]:
    # Both sides as the whole numbers they are stored as: the sum of a scaled figure has no scale of its own.
    moved = _sum(DeliveryLine.quantity, DeliveryLine.order_line_id == OrderLine.id)
    return select(OrderLine.id).where(OrderLine.delivered != moved)


def _of_another_customer(entity: Any) -> Select[Any]:
    named = Opportunity.id == entity.opportunity_id
    return select(entity.id).join(Opportunity, named).where(Opportunity.contact_id != entity.contact_id)


def numbered(work: Work, series: str) -> int:
    """Return how many numbers of a series were given out, over all years."""
    return work.session.scalar(select(func.coalesce(func.sum(Counter.last), 0)).where(Counter.series == series)) or 0
