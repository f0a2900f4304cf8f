"""What becomes of the rows of a list of invoices; nothing here is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts.incoming.links import CustomerLinks, Link, Named, named_in
from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing.invoices import AFTER_POSTING
from crm_desktop.receivables.incoming.cells import (
    Cells,
    first_problem,
    given,
    number_of,
    planned_or_refused,
    stored_text,
    text_of,
)
from crm_desktop.receivables.incoming.invoice_fields import LABELS
from crm_desktop.receivables.incoming.matching import Stored, check_same, wanted_changes
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.numbering import is_own_number
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared import import_reasons
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import ID_FIELD, Difference, ImportOptions, ImportRow, Planned, Verdict
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.progress import Progress

DUE: Final = "due"
BY_SETTINGS: Final = "settings"
_PIECE: Final = 500
_EDITABLE: Final = {name: name for name in sorted(AFTER_POSTING)}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A new document: the values `opening.take_over` wants but for its customer, and what was received of it."""

    values: Mapping[str, Any]
    named: Named
    contact_id: int | None
    """None when the customer is to be created."""
    currency: str
    rate: Decimal
    received: int
    received_on: date
    salesperson: int | None
    created_by: int | None


def plan(work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
    """Return what would become of each row, in their order. Raises Cancelled."""
    plan_of = _Plan(work, rows, options)
    planned: list[Planned] = []
    for place, row in enumerate(rows):
        if place % _PIECE == 0:
            progress.step(place, len(rows))
        with planned_or_refused([row], planned):
            planned.append(plan_of.one(row))
    return planned


class _Plan:
    def __init__(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions) -> None:
        self.options = options
        self.settings = get_settings(work)
        self.cells = Cells(work)
        self.customers = CustomerLinks(work, options).find({named_in(row) for row in rows})
        self.stored = Stored(work, Invoice, rows, (text_of(row, "number") for row in rows), LABELS)
        self.instalments = _instalments(work, self.stored.by_id)
        self.seen: dict[Any, tuple[ImportRow, Mapping[str, Any]]] = {}

    def one(self, row: ImportRow) -> Planned:
        """Return what becomes of a row. Raises Invalid, Refused."""
        if (bad := first_problem(row)) is not None:
            return bad
        # A draft of an exported list has no number yet.
        number = text_of(row, "number") if ID_FIELD in row.values else number_of(row, "number")
        before = self.seen.setdefault(number or row.values[ID_FIELD], (row, row.values))
        if before[0] is not row:
            return _double(row, *before)
        found = self.stored.match(row, number)
        return self.new(row, number) if found is None else self.known(row, number, found)

    def new(self, row: ImportRow, number: str) -> Planned:
        """Return what a row that is not here yet brings. Raises Invalid, Refused."""
        if is_own_number(number, self.settings):
            message = N_(
                "The program numbers its own invoices like {number}. Let them begin otherwise in the settings."
            )
            raise Invalid("number", message, number=number)
        named = named_in(row)
        contact_id = self._customer(self.customers[named], named)
        currency = self.cells.currency(row)
        rate = self.cells.rate(row, currency)
        kind, total, left = self._amounts(row, currency)
        dated_on = self._dated_on(row)
        salesperson, author = given(row, "salesperson"), given(row, "created_by")
        values = {name: stored_text(row, name) for name in ("reference", "subject", "notes")} | {
            "number": number,
            "kind": kind,
            "dated_on": dated_on,
            "due_on": self._due_on(row, dated_on) if kind == rules.INVOICE else None,
            "currency": currency,
            "rate": rate,
            "total": from_minor(total, currency),
            "open": from_minor(total if kind == rules.INVOICE else left, currency),
            "salesperson": salesperson,
            "created_by": author,
        }
        if kind == rules.CREDIT and not left:
            return Planned(Verdict.SKIP, [row], why=_("Nothing is left of this credit note."))
        received = total - left if kind == rules.INVOICE else 0
        paid_on = self.cells.day(row, "received_on") or self.cells.day(row, "settled_on") or dated_on
        payload = Incoming(values, named, contact_id, currency, rate, received, paid_on, salesperson, author)
        return Planned(Verdict.NEW, [row], payload=payload)

    def known(self, row: ImportRow, number: str, found: Invoice) -> Planned:
        """Return what becomes of a row whose document is here already. Raises Invalid, Refused."""
        if found.state != rules.POSTED:
            why = _("It is a draft. Change it in the program.")
            return Planned(Verdict.SKIP, [row], found.id, found.version, why=why)
        check_same("number", LABELS["number"], number, found.number)
        self._check_fixed(row, found)
        texts = {name: stored_text(row, name) for name in _EDITABLE}
        changes = wanted_changes(row, found, _EDITABLE, texts)
        self.stored.check_unchanged(row, changes)
        told = [Difference(name, _(LABELS[name]), getattr(found, name), new) for name, new in changes.items()]
        planned = self.stored.becomes(row, found, self.options, told, self._told_of_money(row, found))
        planned.payload = changes
        return planned

    def _customer(self, link: Link, named: Named) -> int | None:
        if link.why:
            raise Refused(link.field or "customer", link.why, link.candidates)
        if link.missing:
            if not self.options.create_missing:
                called = named.name or named.code or named.registration
                raise Refused(link.field or "customer", _("There is no customer {name}.").format(name=called))
            return None
        if link.id is None:
            raise Invalid("customer", N_("The customer is missing."))
        return link.id

    def _dated_on(self, row: ImportRow) -> date:
        dated_on = self.cells.day(row, "dated_on")
        if dated_on is None:
            raise Invalid("dated_on", N_("The date is missing."))
        return dated_on

    def _due_on(self, row: ImportRow, dated_on: date) -> date | None:
        due_on: date | None = given(row, "due_on")
        if due_on is None and self.options.chosen.get(DUE, BY_SETTINGS) == BY_SETTINGS:
            return dated_on + timedelta(days=self.settings.due_days)
        return due_on

    def _amounts(self, row: ImportRow, currency: str) -> tuple[str, int, int]:
        """Return kind, total and what is left of it, in minor units. Raises Invalid, Refused."""
        kind = given(row, "kind") or rules.INVOICE
        # A credit note is above 0 here, and below 0 in lists that add up.
        signed = {name: given(row, name) for name in ("amount", "open", "received")}
        if kind == rules.CREDIT:
            row = ImportRow(row.number, row.values | {n: abs(v) for n, v in signed.items() if v is not None})
        elif signed["amount"] is not None and signed["amount"] < 0:
            raise Invalid("amount", N_("An amount below 0 is a credit note. Say so in a column for the kind."))
        total = self.cells.amount(row, "amount", currency)
        left = self.cells.amount(row, "open", currency, zero=True)
        received = self.cells.amount(row, "received", currency, zero=True)
        settled = given(row, "settled_on") is not None
        if total is None:
            if left is None:
                raise Invalid("amount", N_("The amount is missing."))
            total = left + (received or 0)
        if received is None:
            received = total - left if left is not None else total if settled else 0
        if received > total or (left or 0) > total:
            self._refuse(
                "received" if received > total else "open", received if received > total else left, total, currency
            )
        if left is not None and left != total - received:
            raise Invalid("open", N_("Total, received and still open do not add up."))
        if settled and received != total:
            raise Invalid("settled_on", N_("It is settled on a day, but not all of it was received."))
        if not total:
            raise Invalid("amount", N_("This amount is above 0."))
        return kind, total, total - received

    def _refuse(self, field: str, amount: int | None, total: int, currency: str) -> None:
        message = N_("{amount} is more than the total of {total} {currency}.")
        more, most = (f"{from_minor(minor or 0, currency):,}" for minor in (amount, total))
        raise Invalid(field, message, amount=more, total=most, currency=currency)

    def _check_fixed(self, row: ImportRow, found: Invoice) -> None:
        """Raise Refused when the row says something else of what a posted document keeps."""
        link = self.customers[named_in(row)]
        may_be = {link.id} | {one.id for one in link.candidates}
        if any(named_in(row)) and found.contact_id not in may_be:
            name = self.stored.customers.get(found.contact_id, "")
            check_same("customer", LABELS["customer"], None, name)
        if (kind := given(row, "kind")) is not None and kind != found.kind:
            check_same("kind", LABELS["kind"], None, _(dict(rules.INVOICE_KINDS)[found.kind]))
        if (dated_on := given(row, "dated_on")) is not None:
            check_same("dated_on", LABELS["dated_on"], dated_on, found.dated_on)
        if text_of(row, "currency"):
            check_same("currency", LABELS["currency"], self.cells.currency(row), found.currency)
        if (amount := given(row, "amount")) is not None:
            check_same("amount", LABELS["amount"], abs(amount), from_minor(found.total, found.currency))
        due_on = given(row, "due_on")
        days = {day for day, _amount, _open in self.instalments.get(found.id, ())} | {found.due_on, found.next_due_on}
        if due_on is not None and due_on not in days:
            check_same("due_on", LABELS["due_on"], due_on, found.next_due_on or found.due_on or "–")

    def _told_of_money(self, row: ImportRow, found: Invoice) -> str:
        """Return a sentence when the file knows of other payments than the books, which are left alone."""
        if found.kind != rules.INVOICE:
            return ""
        said, received = given(row, "open"), given(row, "received")
        left = from_minor(found.open_amount, found.currency)
        if said is None and received is not None:
            said = from_minor(found.total, found.currency) - received
        if said is None or said == left:
            return ""
        why = _("It is there already: {left} are open of it here, {said} by the file. Enter what was received.")
        return why.format(left=f"{left:,}", said=f"{said:,}")


def _double(row: ImportRow, first: ImportRow, values: Mapping[str, Any]) -> Planned:
    """Return what becomes of a second row with the number of an earlier one."""
    if row.values == values:
        return Planned(Verdict.DUPLICATE, [row], why=import_reasons.same_as(first.number))
    why = _("Row {row} has the same number, but says something else.").format(row=first.number)
    return Planned(Verdict.INVALID, [row], why=why, field="number")


def _instalments(work: Work, ids: Iterable[int]) -> dict[int, list[tuple[date | None, int, int]]]:
    """Return due day, amount and open amount of the instalments of invoices, by invoice."""
    found: dict[int, list[tuple[date | None, int, int]]] = {}
    for some in portions(sorted(ids)):
        names = (Instalment.invoice_id, Instalment.due_on, Instalment.amount, Instalment.open_amount)
        for invoice_id, *rest in work.session.execute(select(*names).where(Instalment.invoice_id.in_(some))):
            found.setdefault(invoice_id, []).append(tuple(rest))  # type: ignore[arg-type]
    return found
