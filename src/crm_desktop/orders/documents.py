"""What every kind of document shares when it is read and written: header, lines as one part, the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from crm_desktop.access.company import company
from crm_desktop.access.model import User
from crm_desktop.contacts.customers import customer
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.orders import composing, noted, rules
from crm_desktop.orders.composing import Composed, InvalidLine
from crm_desktop.orders.model import Order, OrderLine, Quote, QuoteLine
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.products.model import Product
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor

_AMOUNTS: Final = ("amount", "net", "tax")
_TOTALS: Final = ("subtotal", "discount", "net", "tax", "total")
_FROM_PRODUCT: Final = ("code", "name", "unit", "tax_percent")
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """What is different between quotes, orders and invoices: tables, and what people decide about them."""

    entity: str
    document: type[Any]
    line: type[Any]
    parent: str
    header: tuple[str, ...]
    line_names: tuple[str, ...]
    told_of_line: tuple[str, ...] = ()
    """What its lines tell beside what people decide about them."""
    left_behind: tuple[str, ...] = ("dated_on",)
    """What a copy does not take along."""


QUOTES: Final = Kind(
    "quote",
    Quote,
    QuoteLine,
    "quote_id",
    composing.QUOTE_HEADER,
    composing.LINE,
    left_behind=("dated_on", "valid_until"),
)
ORDERS: Final = Kind(
    "order",
    Order,
    OrderLine,
    "order_id",
    composing.ORDER_HEADER,
    composing.ORDER_LINE,
    told_of_line=("delivered", "invoiced"),
    # An order's reference is the number the customer gave that very order.
    # And ordering again is another sale than the one the opportunity was.
    left_behind=("dated_on", "reference", "due_on", "signed_on", "starts_on", "ends_on", "opportunity_id"),
)


def header_of(kind: Kind, row: Any) -> dict[str, Any]:
    """Return what people decided about a document, named as in its record."""
    values = {name: getattr(row, composing.column_of(name)) for name in kind.header}
    values["discount_amount"] = from_minor(row.discount_amount, row.currency)
    return values


def described(work: Work, kind: Kind, row: Any) -> dict[str, Any]:
    """Return what records of documents have in common, the lines included."""
    names = names_of(work, (row.contact_id, row.person_id))
    lines = lines_of(work, kind, row.id, row.currency)
    values = header_of(kind, row)
    values |= {name: getattr(row, name) for name in ("number", "state", "created_at", "created_by")}
    values |= {"updated_at": row.updated_at, "updated_by": row.updated_by}
    values |= {name: from_minor(getattr(row, name), row.currency) for name in _TOTALS}
    values |= {
        "contact_name": names.get(row.contact_id, ""),
        "person_name": names.get(row.person_id, ""),
        "lines": lines,
        "taxes": taxes_of(lines),
    }
    if "opportunity_id" in kind.header:
        values["opportunity_name"] = _opportunity_name(work, row.opportunity_id)
    return values


def lines_of(work: Work, kind: Kind, document_id: int, currency: str) -> tuple[dict[str, Any], ...]:
    """Return the lines of a document in order, with what their kind tells of a line."""
    names = ("id", *kind.line_names, *_AMOUNTS, *kind.told_of_line)
    rows = work.session.execute(
        select(*(getattr(kind.line, name) for name in names))
        .where(getattr(kind.line, kind.parent) == document_id)
        .order_by(kind.line.position, kind.line.id)
    )
    found = []
    for row in rows:
        line = dict(zip(names, row, strict=True))
        for name in _AMOUNTS:
            line[name] = from_minor(line[name], currency)
        found.append(line)
    return tuple(found)


def taxes_of(lines: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return net and tax per rate, the highest rate first, as `totals.total` had it; rates of nothing are left out."""
    rates: dict[Decimal, list[Decimal]] = {}
    for line in lines:
        if line["net"] or line["tax"]:
            sums = rates.setdefault(line["tax_percent"], [Decimal(0), Decimal(0)])
            sums[0] += line["net"]
            sums[1] += line["tax"]
    return tuple(
        {"percent": rate, "net": rates[rate][0], "tax": rates[rate][1]} for rate in sorted(rates, reverse=True)
    )


def names_of(work: Work, ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """Return the names of those contacts that the actor reaches."""
    wanted = {id_ for id_ in ids if id_ is not None}
    rows = work.session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(wanted)))
    return dict(rows.all())


def _opportunity_name(work: Work, opportunity_id: int | None) -> str:
    if opportunity_id is None:
        return ""
    return work.session.scalar(select(Opportunity.name).where(Opportunity.id == opportunity_id)) or ""


def add(work: Work, kind: Kind, values: dict[str, Any], /, **columns: Any) -> Any:
    """Store a new document with its lines and return its row. Raises Invalid."""
    contact = customer(work, values.get("contact_id"))
    values = _with_rate(work, values)
    composed = composing.compose(values | {"lines": _with_products(work, values, ())}, kind.header, kind.line_names)
    _check_references(work, composed.columns, {})
    row = kind.document(
        **composed.columns,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        created_at=work.now,
        created_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
        **columns,
    )
    work.session.add(row)
    work.session.flush()
    _write_lines(work, kind, row, composed.lines, [])
    return row


def change(work: Work, kind: Kind, row: Any, changes: Mapping[str, Any]) -> Composed:
    """Write the changes over a document that is locked, total it anew, and raise its version. Raises Invalid."""
    stored = _line_rows(work, kind, row.id)
    known = [{"id": line.id} | {name: getattr(line, name) for name in kind.line_names} for line in stored]
    values = _with_rate(work, header_of(kind, row) | {"lines": known} | dict(changes))
    if values["contact_id"] != row.contact_id:
        contact = customer(work, values["contact_id"])
        row.owner_key, row.contact_sort = contact.owner_key, contact.sort_key
        if "opportunity_id" not in changes:
            values["opportunity_id"] = None
    composed = composing.compose(values | {"lines": _with_products(work, values, known)}, kind.header, kind.line_names)
    known_references = header_of(kind, row) | {"salesperson_id": row.salesperson_id}
    _check_references(work, composed.columns, known_references)
    for name, value in composed.columns.items():
        setattr(row, name, value)
    raise_version(work, row)
    _write_lines(work, kind, row, composed.lines, stored)
    return composed


def raise_version(work: Work, row: Any) -> None:
    """Give the row a new version with the next flush, whatever else changed, so that open windows notice."""
    row.updated_at = work.now
    row.updated_by = work.actor.user_id
    flag_modified(row, "updated_at")


def note_part(work: Work, kind: Kind, row: Any, part: str, before: Any, after: Any) -> None:
    """Write a change of a part into the journal under the document itself."""
    work.session.flush()
    contact_id = row.contact_id
    work.note(
        kind.entity,
        row.id,
        UPDATE,
        before={part: before},
        after={part: after},
        contact_id=contact_id,
        version=row.version,
    )


def note_step(work: Work, kind: Kind, row: Any, step: str, **told: Any) -> None:
    """Name in the journal what somebody decided about a document."""
    work.session.flush()
    work.note(kind.entity, row.id, step, after=told, contact_id=row.contact_id, version=row.version)


def step(work: Work, kind: Kind, id_: int, version: int, *states: str) -> Any:
    """Return the document, locked, for a step that only these states allow.

    Raises WrongState when somebody was faster, Conflict when the document reads otherwise by now.
    """
    row = work.edit(kind.document, id_, version, {})
    if row.state not in states:
        raise rules.WrongState
    if row.version != version:
        raise Conflict(theirs={}, original={}, version=row.version)
    return row


def editable(work: Work, kind: Kind, id_: int, version: int, changes: Mapping[str, Any]) -> Any:
    """Return the locked document, ready for changes made over `version`.

    Raises Conflict with the values of both sides, named and typed as in a record.
    """
    currency = str(work.session.scalar(select(kind.document.currency).where(kind.document.id == id_)) or "")
    stored = {
        composing.column_of(name): noted.as_noted(kind.line_names, name, value, currency)
        for name, value in changes.items()
    }
    try:
        return work.edit(kind.document, id_, version, stored)
    except Conflict as conflict:
        sides = (
            {noted.name_of(name): noted.as_typed(name, value, currency) for name, value in side.items()}
            for side in (conflict.theirs, conflict.original)
        )
        theirs, original = sides
        raise Conflict(
            theirs=theirs, original=original, version=conflict.version, changed_by=conflict.changed_by
        ) from conflict


def check_worth(work: Work, kind: Kind, row: Any) -> None:
    """Raise Invalid unless the document says something that can be sold to its customer."""
    customer(work, row.contact_id)
    check_sold(_line_rows(work, kind, row.id), row.total)


def check_sold(lines: Iterable[Any], total: int) -> None:
    """Raise Invalid("lines") unless some line has a quantity and the total (minor units) is not below 0."""
    if not any(line.kind == rules.ITEM and line.quantity > 0 for line in lines):
        raise Invalid("lines", N_("There is no line with a quantity yet."))
    if total < 0:
        raise Invalid("lines", N_("The deductions are more than what is sold."))


def new_lines(work: Work, kind: Kind, row: Any) -> tuple[dict[str, Any], ...]:
    """Return the lines of a document as lines of another one."""
    asked = select(*(getattr(kind.line, name) for name in composing.LINE))
    rows = work.session.execute(
        asked.where(getattr(kind.line, kind.parent) == row.id).order_by(kind.line.position, kind.line.id)
    )
    return tuple(dict(zip(composing.LINE, line, strict=True)) for line in rows)


def decided(kind: Kind, lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the lines as the journal tells them: only what people decide, never what follows from it."""
    return [{"id": line.id} | {name: getattr(line, name) for name in kind.line_names} for line in lines]


def _line_rows(work: Work, kind: Kind, document_id: int) -> list[Any]:
    asked = select(kind.line).where(getattr(kind.line, kind.parent) == document_id)
    return list(work.session.scalars(asked.order_by(kind.line.position, kind.line.id)))


def _write_lines(work: Work, kind: Kind, row: Any, lines: Sequence[Mapping[str, Any]], stored: Sequence[Any]) -> None:
    """Store the lines; one that stays keeps its row, so that deliveries go on pointing to it."""
    before = decided(kind, stored)
    known = {line.id: line for line in stored}
    written = []
    for values in lines:
        line = known.pop(values["id"], None)
        if line is None:
            line = kind.line(**{kind.parent: row.id})
            work.session.add(line)
        for name, value in values.items():
            if name != "id":
                setattr(line, name, value)
        written.append(line)
    for line in known.values():
        work.session.delete(line)
    work.session.flush()
    after = decided(kind, written)
    if before != after:
        note_part(work, kind, row, "lines", before, after)


def _with_products(
    work: Work, values: Mapping[str, Any], known: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the lines, each product looked up, and what was not typed taken from it. Raises InvalidLine."""
    lines: Sequence[Mapping[str, Any]] = list(values.get("lines") or ())
    wanted = {line["product_id"] for line in lines if line.get("product_id")}
    before = {line["product_id"] for line in known}
    products = products_of(work, wanted - before)
    filled: list[Mapping[str, Any]] = []
    for place, line in enumerate(lines, 1):
        product_id = line.get("product_id")
        if product_id and product_id not in before:
            product = products.get(product_id)
            if product is None:
                raise InvalidLine(place, "product_id", N_("Line {line}: this product no longer exists."))
            # What was sold while it was on sale is invoiced and credited, whatever became of the product.
            was_sold = any(line.get(name) for name in composing.LINKS)
            if not product.active and not was_sold:
                raise InvalidLine(place, "product_id", N_("Line {line}: {name} is no longer sold."), name=product.name)
            line = filled_from(line, product)
        filled.append(line)
    return filled


def _with_rate(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the rate that the company's own currency always has."""
    own = company(work).currency
    return dict(values) | ({"rate": Decimal(1)} if str(values.get("currency") or "").strip().upper() == own else {})


def filled_from(line: Mapping[str, Any], product: Any) -> Mapping[str, Any]:
    """Return a line with what was not typed taken from its product (a row of `products_of`)."""
    missing = {name: getattr(product, name) for name in _FROM_PRODUCT if line.get(name) in (None, "")}
    return {**line, **missing} if missing else line


def products_of(work: Work, ids: Iterable[int]) -> dict[int, Any]:
    """Return `code`, `name`, `unit`, `tax_percent` and `active` of the products there are."""
    wanted = sorted(ids)
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        asked = select(Product.id, Product.code, Product.name, Product.unit, Product.tax_percent, Product.active).where(
            Product.id.in_(wanted[start : start + _AT_ONCE])
        )
        found.update({row.id: row for row in work.session.execute(asked)})
    return found


def _check_references(work: Work, columns: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raise Invalid when the person or the salesperson chosen anew does not exist for the actor."""
    person, salesperson = columns["person_id"], columns["salesperson_id"]
    if (
        person
        and person != before.get("person_id")
        and not work.session.scalar(select(Contact.id).where(Contact.id == person))
    ):
        raise Invalid("person_id", N_("This person no longer exists, or you may not see them."))
    if (
        salesperson
        and salesperson != before.get("salesperson_id")
        and not work.session.scalar(select(User.id).where(User.id == salesperson))
    ):
        raise Invalid("salesperson", N_("This colleague does not exist."))
    opportunity = columns.get("opportunity_id")
    if opportunity and (opportunity, columns["contact_id"]) != (before.get("opportunity_id"), before.get("contact_id")):
        _check_opportunity(work, opportunity, columns["contact_id"])


def _check_opportunity(work: Work, opportunity_id: int, contact_id: int) -> None:
    if work.session.scalar(select(Opportunity.contact_id).where(Opportunity.id == opportunity_id)) != contact_id:
        raise Invalid("opportunity_id", N_("This opportunity is another customer's, or you may not see it."))
