"""What a sheet changes of documents that are there: the header's mapped cells, by the rules of the record.

Lines stay as they are, whatever the sheet says of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company, today
from crm_desktop.access.model import User
from crm_desktop.db.since import changed_since
from crm_desktop.db.work import Work
from crm_desktop.exchange.sheets.number_patterns import currency_code
from crm_desktop.orders import changing, rules
from crm_desktop.orders.composing import clean_header, column_of
from crm_desktop.orders.documents import ORDERS, Kind, header_of, names_of
from crm_desktop.orders.incoming.fields import FIELDS_OF, STATES, STORED, WRITTEN
from crm_desktop.orders.incoming.numbers import Numbers, Stored
from crm_desktop.orders.incoming.sheet import SheetDocument
from crm_desktop.orders.model import Order
from crm_desktop.shared import import_reasons
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.fields import Field
from crm_desktop.shared.fields import Kind as FieldKind
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import CLEAR, Difference
from crm_desktop.shared.money import from_minor

_EMPTY: Final[Mapping[str, Any]] = {"rate": Decimal(1), "discount_percent": Decimal(0), "discount_amount": Decimal(0)}
_NEVER_EMPTY: Final = frozenset({"dated_on", "currency"})


class Changes:
    """Compares documents of a sheet with those there are."""

    def __init__(self, work: Work, kind: Kind, fields: Sequence[Field]) -> None:
        self.work = work
        self.kind = kind
        self.fields = {one.name: one for one in fields}
        self.own = company(work).currency
        users = dict(work.session.execute(select(User.id, User.name)).all())
        self.formats = Formats.of(today(work), users)
        self.since: Mapping[int, Mapping[str, str]] = {}
        self.customers: dict[int | None, str] = {}

    def know(self, documents: Iterable[SheetDocument], numbers: Numbers) -> None:
        """Ask what others changed since the list was exported that these documents come from."""
        old = {}
        for one in documents:
            if one.identity is not None and one.identity.id in numbers.by_id:
                if one.identity.version < numbers.by_id[one.identity.id].version:
                    old[one.identity.id] = one.identity.version
        self.since = changed_since(self.work, self.kind.entity, old)

    def of(self, document: SheetDocument, stored: Stored, contact_id: int | None) -> dict[str, Any]:
        """Return the values of the record that differ; the document is refused when one may not change."""
        self._check_state(document, stored)
        self._check_total(document, stored)
        before = header_of(self.kind, stored)
        asked = {
            STORED.get(name, name): self._asked(document, STORED.get(name, name), document.header[name])
            for name in WRITTEN
            if name in document.header and STORED.get(name, name) in self.kind.header
        }
        if contact_id is not None:
            asked["contact_id"] = contact_id
        if document.refusal is not None:
            return {}
        try:
            cleaned = clean_header(before | asked, self.kind.header)
        except Invalid as error:
            document.refuse(str(error), FIELDS_OF.get(error.field, error.field))
            return {}
        changes = {
            name: value for name, value in asked.items() if cleaned[column_of(name)] != getattr(stored, column_of(name))
        }
        if str(before["currency"]) == self.own and changes.get("currency", self.own) == self.own:
            changes.pop("rate", None)  # the company's own currency has no rate
        self._check(document, stored, changes)
        return changes

    def told(self, changes: Mapping[str, Any], stored: Stored) -> tuple[Difference, ...]:
        """Return the changes as they are shown."""
        before = header_of(self.kind, stored)
        return tuple(
            Difference(
                FIELDS_OF.get(name, name),
                _(self.fields[FIELDS_OF.get(name, name)].label),
                self._shown(name, before[name]),
                self._shown(name, value),
            )
            for name, value in changes.items()
        )

    def _asked(self, document: SheetDocument, name: str, value: Any) -> Any:
        if value is CLEAR and name in _NEVER_EMPTY:
            document.refuse(_("This cannot be empty."), name)
        if name == "currency" and value is not CLEAR:
            return currency_code(str(value), self.own)
        return _EMPTY.get(name) if value is CLEAR else value

    def _check_state(self, document: SheetDocument, stored: Stored) -> None:
        said = document.said("state")
        if said is not None and STATES.get(said, said) != stored.state:
            document.refuse(
                _("What becomes of a document is decided on its own screen, so its state stays as it is."), "state"
            )

    def _check_total(self, document: SheetDocument, stored: Stored) -> None:
        said = document.said("total")
        known = {from_minor(one, stored.currency) for one in (stored.total, stored.net, stored.subtotal)}
        if isinstance(said, Decimal) and said not in known:
            document.refuse(_("The total follows from the lines, and they stay as they are."), "total")

    def _check(self, document: SheetDocument, stored: Stored, changes: Mapping[str, Any]) -> None:
        """Refuse what is fixed by now, and what somebody else changed since the export."""
        try:
            if self.kind is not ORDERS:
                changing.check_quote_changes(stored, changes)
            elif not _stays_open(stored.state, changes):
                changing.check_changes(self.work, self.work.get(Order, stored.id), changes)
        except Invalid as error:
            document.refuse(str(error), FIELDS_OF.get(error.field, error.field))
        except NotAllowed as error:
            document.refuse(str(error))
        for name in changes:
            if who := self.since.get(stored.id, {}).get(column_of(name)):
                field = FIELDS_OF.get(name, name)
                document.refuse(import_reasons.changed_meanwhile(who, [_(self.fields[field].label)]), field)

    def _shown(self, name: str, value: Any) -> str:
        if name == "contact_id":
            if value not in self.customers:
                self.customers |= names_of(self.work, [value])
            return self.customers.get(value, "")
        described = self.fields[FIELDS_OF.get(name, name)]
        if described.kind is FieldKind.NOTE or isinstance(value, str):
            return str(value or "")
        return self.formats.full_text(described, value)


def _stays_open(state: str, changes: Mapping[str, Any]) -> bool:
    """Return whether these values of an order may change without a look at what became of it."""
    if state == rules.DRAFT:
        return True
    return changes.keys() <= (changing.STAYS_OPEN if state == rules.CONFIRMED else changing.AFTER_THE_END)
