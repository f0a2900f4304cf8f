"""A document of a sheet as it is stored: customers and products found, lines priced, everything totalled.

What was agreed and carried out elsewhere comes in as what it is:

- an order still to be delivered is confirmed, under the number it has there. It is in the backlog, planned
  to be claimed, and keeps what its products cost today.
- a finished one is closed at once, with the reason why: nothing of it is to be delivered or claimed here, so
  it swells neither the backlog nor what is planned. What was sold counts in sales of its own day. Nobody
  knows what it cost then, so it has no margin.
- when the sheet has the day it was shipped, that is written down as a delivery of all its lines (see
  `orders.taken_over`): what is delivered always follows from deliveries.
- a cancelled one is cancelled; a draft is a draft, and the sheet's number is its reference, because a draft
  has no number yet.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.exchange.sheets.number_patterns import currency_code
from crm_desktop.orders import rules
from crm_desktop.orders.batch import Batch, Made, customers_of
from crm_desktop.orders.documents import ORDERS, Kind
from crm_desktop.orders.incoming.fields import STATES, STORED, WRITTEN
from crm_desktop.orders.incoming.lines import Lines
from crm_desktop.orders.incoming.sheet import SheetDocument
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ImportOptions
from crm_desktop.shared.permissions import Permission

STATE: Final = "state"
PRICES: Final = "prices"
FREIGHT: Final = "freight"
AS_LINE: Final = "line"
INCLUDES, EXCLUDES = "include", "exclude"
_NOON: Final = time(12, tzinfo=UTC)


@dataclass(slots=True)
class ComposedDocument:
    """A new document; `products` are (code, name) of missing products by the place of their line."""

    made: Made
    products: dict[int, tuple[str, str]] = field(default_factory=dict)
    shipped_on: date | None = None


class Composing:
    """Composes documents of one sheet."""

    def __init__(self, work: Work, kind: Kind, options: ImportOptions) -> None:
        self.work = work
        self.kind = kind
        self.options = options
        self.batch = Batch(work, kind, (), hold=False)
        self.lines = Lines(work, self.batch, options)
        self.users = set(work.session.scalars(select(User.id)))
        self.may_confirm = work.actor.may(Permission.ORDER_CONFIRM)
        self.may_deliver = work.actor.may(Permission.DELIVERY_WRITE)

    def know(self, contact_ids: Iterable[int]) -> None:
        """Let documents be of these customers, as far as they may; they are held only when something is stored."""
        self.batch.customers.update(customers_of(self.work, contact_ids, hold=False))

    def may_buy(self, contact_id: int) -> bool:
        """Return whether documents may be made for a customer that `know` was told of."""
        return contact_id in self.batch.customers

    def state(self, document: SheetDocument) -> str:
        """Return the state a document comes in with: what it says itself, else what was chosen for the sheet."""
        said = str(document.said("state") or "")
        if said:
            return STATES.get(said, said)
        if self.kind is ORDERS and document.said("shipped_on") is not None:
            return rules.CLOSED
        usual = rules.CONFIRMED if self.kind is ORDERS else rules.SENT
        return self.options.chosen.get(STATE) or usual

    def document(self, document: SheetDocument, contact_id: int) -> ComposedDocument:
        """Return a document ready to be stored; one that cannot be is refused. Raises Invalid, InvalidLine."""
        values = self._values(document) | {"contact_id": contact_id}
        lines, products = self.lines.of(document)
        if not lines and document.refusal is None:
            document.refuse(_("There is no line for {number}.").format(number=document.number))
        if document.refusal is not None:
            return ComposedDocument(Made({}, ()))
        if self.kind is ORDERS and self.options.chosen.get(FREIGHT) == AS_LINE and document.said("freight"):
            lines.append(_freight(document.said("freight")))
        self.batch.customers.setdefault(contact_id, (0, ""))
        columns = self._columns(document, self.state(document))
        made = self.batch.made(values | {"lines": lines}, columns, 1)
        self.lines.check_amounts(document, made)
        shipped_on = None
        if self.kind is ORDERS:
            shipped_on = self._order(document, made)
        return ComposedDocument(made, products, shipped_on)

    def _values(self, document: SheetDocument) -> dict[str, Any]:
        """Return what a document says for its record."""
        values = {STORED.get(name, name): said for name in WRITTEN if (said := document.said(name)) is not None}
        if "dated_on" not in values:
            document.refuse(_("The date is missing."), "dated_on")
        for name in ("salesperson", "created_by"):
            if (said := document.said(name)) is not None and said not in self.users:
                document.refuse(_("This colleague does not exist."), name)
        values.setdefault("salesperson", self.options.owner)
        if "currency" in values:
            values["currency"] = currency_code(str(values["currency"]), self.batch.own)
            if not re.fullmatch("[A-Z]{3}", values["currency"]):
                document.refuse(_("A currency is three letters, such as CNY or EUR."), "currency")
        prices = self.options.chosen.get(PRICES)
        if prices in (INCLUDES, EXCLUDES):
            values["prices_include_tax"] = prices == INCLUDES
        return values

    def _columns(self, document: SheetDocument, state: str) -> dict[str, Any]:
        """Return what does not follow from what a document says: number, state, who wrote it and when."""
        written_on = document.said("created_at")
        columns: dict[str, Any] = {
            "number": document.number,
            "state": state,
            "created_at": self.work.now if written_on is None else _instant(written_on),
            "created_by": document.said("created_by") or self.options.owner,
        }
        if self.kind is ORDERS:
            columns["end_reason"] = self._end_reason(document, state)
            return columns
        sent = state != rules.DRAFT
        columns["sent_at"] = _instant(document.said("dated_on")) if sent and document.said("dated_on") else None
        if state in (rules.ACCEPTED, rules.LOST):
            columns["decided_on"] = document.said("decided_on")
        if state == rules.LOST:
            columns["lost_reason"] = document.said("lost_reason") or "other"
        return columns

    def _end_reason(self, document: SheetDocument, state: str) -> str:
        said, shipped_on = document.said("end_reason"), document.said("shipped_on")
        if state == rules.CLOSED:
            if shipped_on is not None:
                return str(said or _("Delivered before it came here."))
            return str(said or _("Finished before it came here."))
        if state == rules.CANCELLED:
            return str(said or _("Cancelled before it came here."))
        return ""

    def _order(self, document: SheetDocument, made: Made) -> date | None:
        """Finish an order: what is open of it, its plan, its number; return the day all of it was shipped."""
        columns, state = made.columns, made.columns["state"]
        shipped_on: date | None = document.said("shipped_on")
        if state != rules.DRAFT and not self.may_confirm:
            document.refuse(_("Your role does not allow binding orders. Let them come in as drafts."), "state")
        if shipped_on is not None and state in (rules.DRAFT, rules.CANCELLED):
            document.refuse(_("It has a day it was shipped, so it is neither a draft nor cancelled."), "shipped_on")
        if state == rules.DRAFT:
            columns["number"] = None
            if not columns["reference"]:
                columns["reference"] = document.number
                columns["reference_key"] = rules.reference_key(document.number)
            return None
        if columns["total"] < 0 or not any(line["quantity"] > 0 for line in made.lines):
            raise Invalid("quantity", N_("There is nothing in it that is sold."))
        if state == rules.CONFIRMED and shipped_on is None:
            columns["open_net"] = columns["net"]
            made.plan = self.batch.plan({}, columns)
        return shipped_on if self.may_deliver else None


def _freight(amount: Decimal) -> Mapping[str, Any]:
    return {"name": _("Freight"), "quantity": Decimal(1), "unit_price": amount, "tax_percent": Decimal(0)}


def _instant(day: date) -> datetime:
    # Noon is the same day nearly everywhere.
    return day if isinstance(day, datetime) else datetime.combine(day, _NOON)
