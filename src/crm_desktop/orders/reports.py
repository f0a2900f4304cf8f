"""Sales reports: what was ordered, by whom, of what, and what is still to be delivered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, Select, String, cast, func, select, type_coerce

from crm_desktop.access.model import Company, User
from crm_desktop.access.periods import said_period
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.lists import BACKLOG
from crm_desktop.orders.model import Order, OrderLine, OrderLineCost
from crm_desktop.products.model import Product
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.money import Money, from_minor, round_half_away, to_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import Asked, Chart, Report, ReportTable

CUSTOMER, PRODUCT, CATEGORY, SALESPERSON, MONTH = "customer", "product", "category", "salesperson", "month"
GROUPINGS: Final = (
    (CUSTOMER, N_("Customer")),
    (PRODUCT, N_("Product")),
    (CATEGORY, N_("Category")),
    (SALESPERSON, N_("Salesperson")),
    (MONTH, N_("Month")),
)
_SOLD: Final = (rules.CONFIRMED, rules.CLOSED)
_OF_LINES: Final = frozenset({PRODUCT, CATEGORY})


@dataclass(slots=True)
class Sold:
    """What one group sold in one currency."""

    label: str
    currency: str
    orders: int = 0
    quantity: Decimal = Decimal(0)
    net: int = 0
    worth: Decimal = field(default_factory=Decimal)
    """The net in the company's currency."""
    cost: Decimal = field(default_factory=Decimal)


@requires(Permission.REPORT_READ, Permission.ORDER_READ)
def sales(work: Work, asked: Asked) -> ReportTable:
    """Return what was ordered in the period, by customer, product, category, salesperson or month.

    Confirmed orders and those closed short count, by their date, net of tax and per currency. With the
    permission for margins, the margin is in the company's currency at the orders' own rates.
    """
    by = asked.by or CUSTOMER
    groups = _groups(work, asked, by)
    with_margin = work.actor.may(Permission.MARGIN_READ)
    company = work.session.scalar(select(Company.currency)) or ""
    if with_margin:
        _add_costs(work, asked, by, groups)
    ordered = sorted(groups.values(), key=(lambda one: one.label) if by == MONTH else (lambda one: -one.worth))
    rows = [_row(one, by, company if with_margin else "") for one in ordered]
    grouping = _(dict(GROUPINGS)[by])
    return ReportTable(
        title=_("Sales by {grouping}").format(grouping=grouping.lower()),
        said=said_period(work, asked),
        fields=_fields(by, grouping, with_margin=with_margin),
        rows=tuple(rows),
        sums=("orders", "quantity", "net", "margin") if by not in _OF_LINES else ("quantity", "net", "margin"),
        chart=Chart(by, "net"),
    )


def _fields(by: str, grouping: str, *, with_margin: bool) -> tuple[Field, ...]:
    seen = Use.TABLE | Use.EXPORT | Use.SORT
    fields = [
        Field(by, None, grouping, 30, seen),
        Field("orders", None, N_("Orders"), 8, seen, Kind.INTEGER),
        *([Field("quantity", None, N_("Quantity"), 12, seen, Kind.DECIMAL)] if by == PRODUCT else []),
        Field("net", None, N_("Net"), 16, seen, Kind.MONEY),
    ]
    if with_margin:
        fields.append(Field("margin", None, N_("Margin"), 16, seen, Kind.MONEY))
        fields.append(Field("margin_percent", None, N_("Margin %"), 9, seen, Kind.DECIMAL))
    return tuple(fields)


def _row(one: Sold, by: str, company: str) -> tuple[Any, ...]:
    row: list[Any] = [one.label, one.orders]
    if by == PRODUCT:
        row.append(one.quantity)
    row.append(Money.of_minor(one.net, one.currency))
    if company:
        margin = one.worth - one.cost
        row.append(Money.of_minor(to_minor(margin, company), company))
        row.append(round_half_away(100 * margin / one.worth, 1) if one.worth else None)
    return tuple(row)


def _key(by: str) -> tuple[Any, Any]:
    """Return what the rows are grouped by, and what names a group."""
    if by == CUSTOMER:
        return Order.contact_id, Contact.name
    if by == SALESPERSON:
        return Order.salesperson_id, User.name
    if by == MONTH:
        month = func.substr(cast(Order.dated_on, String), 1, 7)
        return month, month
    if by == CATEGORY:
        return Product.category, Product.category
    return func.coalesce(cast(OrderLine.product_id, String), OrderLine.name), func.max(OrderLine.name)


def _of_period(statement: Select[Any], asked: Asked) -> Select[Any]:
    statement = statement.where(Order.state.in_(_SOLD))
    if asked.from_on is not None:
        statement = statement.where(Order.dated_on >= asked.from_on)
    if asked.to_on is not None:
        statement = statement.where(Order.dated_on <= asked.to_on)
    return statement


def _joined(statement: Select[Any], by: str) -> Select[Any]:
    if by == CUSTOMER:
        return statement.join(Contact, Contact.id == Order.contact_id)
    if by == SALESPERSON:
        return statement.outerjoin(User, User.id == Order.salesperson_id)
    if by == CATEGORY:
        return statement.outerjoin(Product, Product.id == OrderLine.product_id)
    return statement


def _groups(work: Work, asked: Asked, by: str) -> dict[tuple[Any, str], Sold]:
    key, label = _key(by)
    of_lines = by in _OF_LINES
    quantity = func.sum(OrderLine.quantity) if of_lines else func.sum(0)
    net = func.sum(OrderLine.net if of_lines else Order.net)
    statement = select(
        key, label, Order.currency, Order.rate, func.count(Order.id.distinct()), quantity, type_coerce(net, BigInteger)
    ).select_from(Order)
    if of_lines:
        statement = statement.join(OrderLine, OrderLine.order_id == Order.id).where(OrderLine.kind == rules.ITEM)
    names = () if by == PRODUCT or label is key else (label,)
    statement = _of_period(_joined(statement, by), asked).group_by(key, *names, Order.currency, Order.rate)
    groups: dict[tuple[Any, str], Sold] = {}
    for one_key, name, currency, rate, orders, pieces, amount in work.session.execute(statement):
        sold = groups.setdefault((one_key, currency), Sold(name or _nothing(by), currency))
        sold.orders += orders
        sold.quantity += Decimal(pieces)
        sold.net += int(amount)
        sold.worth += from_minor(int(amount), currency) * rate
    return groups


def _nothing(by: str) -> str:
    return _("No category") if by == CATEGORY else _("Nobody")


def _add_costs(work: Work, asked: Asked, by: str, groups: dict[tuple[Any, str], Sold]) -> None:
    """Add what the lines cost: quantities are summed per cost, so that no product can overflow a column."""
    key, _label = _key(by)
    statement = (
        select(key, Order.currency, OrderLineCost.cost, func.sum(OrderLine.quantity))
        .select_from(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(OrderLineCost, OrderLineCost.line_id == OrderLine.id)
    )
    statement = _of_period(_joined(statement, by), asked).group_by(key, Order.currency, OrderLineCost.cost)
    for one_key, currency, cost, quantity in work.session.execute(statement):
        if (one_key, currency) in groups:
            groups[one_key, currency].cost += cost * quantity


@requires(Permission.REPORT_READ, Permission.ORDER_READ)
def backlog(work: Work, asked: Asked) -> ReportTable:
    """Return every line of a confirmed order that is not wholly delivered, by the day it is promised.

    The period is that of the promised day; lines without one appear when no last day is asked for.
    """
    filters = [
        Filter("due_on", op, (day,)) for op, day in (("from", asked.from_on), ("to", asked.to_on)) if day is not None
    ]
    columns = ("due_on", "customer", "order", "code", "product", "quantity", "delivered", "open", "unit", "salesperson")
    described = {one.name: one for one in BACKLOG.fields(work)}
    rows = _every(work, Listing(filters=tuple(filters), sorts=(Sort("due_on"),)), columns)
    return ReportTable(
        title=_("To deliver"),
        said=said_period(work, asked),
        fields=tuple(described[name] for name in columns),
        rows=tuple(row[1:] for row in rows),
    )


def _every(work: Work, listing: Listing, columns: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
    after: Any = None
    while True:
        ids, after = BACKLOG.ids(work, listing, after)
        for start in range(0, len(ids), 500):
            yield from BACKLOG.rows(work, columns, ids[start : start + 500]).rows
        if after is None:
            return


SALES: Final = Report("sales", N_("Sales"), N_("What was ordered, net of tax."), sales, GROUPINGS)
BACKLOG_REPORT: Final = Report(
    "backlog", N_("To deliver"), N_("Open lines of confirmed orders, by the day they are promised."), backlog
)
