"""Which documents of a sheet are there already, by their id or their number; and numbers that cannot be given."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.composing import column_of
from crm_desktop.orders.documents import ORDERS, QUOTES, Kind
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.incoming.sheet import SheetDocument
from crm_desktop.products.settings import get_settings
from crm_desktop.shared import import_reasons
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.i18n import _

Stored = Any
"""A row of a stored document: id, version, number, state, and the columns of what people decide about it."""
_PREFIXES: Final = {QUOTES.entity: "quote_prefix", ORDERS.entity: "order_prefix"}


class Numbers:
    """What a sheet's documents meet. Documents out of the actor's reach are known by their number alone."""

    def __init__(self, work: Work, kind: Kind, documents: Sequence[SheetDocument]) -> None:
        self.kind = kind
        self.own = re.compile(rf"{re.escape(getattr(get_settings(work), _PREFIXES[kind.entity]))}\d{{4}}-\d{{4,}}")
        numbers = sorted({one.number for one in documents if one.number})
        ids = sorted({one.identity.id for one in documents if one.identity is not None})
        document = kind.document
        columns = [document.id, document.version, document.number, document.state, document.reference_key]
        columns += [document.total, document.net, document.subtotal]
        columns += [getattr(document, column_of(name)) for name in kind.header]
        columns += [document.revision] if kind is QUOTES else []
        # The newest revision of a quote is the one a list shows.
        live = (document.current,) if kind is QUOTES else ()
        asked = select(*columns)
        found = [*_rows(work, asked.where(*live), document.number, numbers), *_rows(work, asked, document.id, ids)]
        self.by_id = {row.id: row for row in found}
        self.by_number = {row.number: row for row in found if row.number}
        self.drafts: dict[tuple[str, int], Stored] = {}
        if kind is ORDERS:
            drafts = asked.where(document.state == rules.DRAFT)
            keys = sorted({rules.reference_key(number) for number in numbers} - {""})
            self.drafts = {
                (row.reference_key, row.contact_id): row for row in _rows(work, drafts, document.reference_key, keys)
            }
        self.elsewhere = _in_use(work, kind, [number for number in numbers if number not in self.by_number])

    def find(self, document: SheetDocument) -> Stored | None:
        """Return the stored document a sheet's one is; the document is refused when its id leads nowhere."""
        if document.identity is None:
            return self.by_number.get(document.number)
        stored = self.by_id.get(document.identity.id)
        if stored is None:
            document.refuse(import_reasons.gone(), "number")
        elif document.number and document.number != (stored.number or ""):
            document.refuse(_("The number of a document stays as it is."), "number")
        return stored

    def draft(self, document: SheetDocument, contact_id: int, state: str) -> Stored | None:
        """Return the draft of this customer that came in with this number as its reference, for a draft."""
        if state != rules.DRAFT:
            return None
        return self.drafts.get((rules.reference_key(document.number), contact_id))

    def check_new(self, document: SheetDocument) -> None:
        """Refuse a document whose number somebody has whom the actor does not see, or that the program will give."""
        if document.number in self.elsewhere:
            document.refuse(_("This number belongs to a document of a colleague's customer."), "number")
        elif self.own.fullmatch(document.number):
            why = _(
                "The program gives numbers like {number} itself, and this one is not there. Let its own numbers begin "
                "otherwise in the settings first."
            )
            document.refuse(why.format(number=document.number), "number")


def _rows(work: Work, asked: Any, column: Any, wanted: Sequence[Any]) -> Iterable[Stored]:
    for some in portions(wanted):
        yield from work.session.execute(asked.where(column.in_(some)))


def _in_use(work: Work, kind: Kind, numbers: Sequence[str]) -> set[str]:
    """Return those of the numbers that documents out of reach have."""
    found: set[str] = set()
    guarded = work.is_guarded and work.actor is not SYSTEM
    with work.system_rights("that a number is taken is told, not by whom"):
        for some in portions(numbers):
            asked: Any = select(kind.document.number).where(kind.document.number.in_(some))
            if guarded:
                asked = select(getattr(func.crm, f"{kind.entity}_numbers_in_use")(list(some)))
            found.update(work.session.scalars(asked))
    return found
