"""What would become of a sheet of quotes or orders: each document refused, new, changed, or there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm_desktop.contacts.incoming.links import CustomerLinks, Link, Named
from crm_desktop.contacts.service import check_reach
from crm_desktop.db.work import Work
from crm_desktop.orders.batch import Made
from crm_desktop.orders.composing import InvalidLine
from crm_desktop.orders.documents import Kind
from crm_desktop.orders.incoming.changes import Changes
from crm_desktop.orders.incoming.composing import Composing
from crm_desktop.orders.incoming.fields import FIELDS_OF
from crm_desktop.orders.incoming.numbers import Numbers, Stored
from crm_desktop.orders.incoming.sheet import SheetDocument, documents_of
from crm_desktop.shared import import_reasons
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ImportOptions, ImportRow, OnMatch, Planned, Verdict
from crm_desktop.shared.progress import Progress

_STEP: Final = 200
NOBODY: Final = -1
"""Stands for a customer that is made with the import."""


@dataclass(slots=True)
class NewDocument:
    """A document that comes in: `party` names a customer that is made with it.

    `products` are (code, name) of products that are made with it, by the place of their line. `shipped_on` is
    the day all of it went out, as the sheet says.
    """

    made: Made
    party: Named | None
    products: Mapping[int, tuple[str, str]]
    shipped_on: date | None


@dataclass(slots=True)
class ChangedDocument:
    """A document that is there and changes: values by the names of its record. Its lines stay."""

    changes: Mapping[str, Any]


class Planning:
    """Plans one sheet: everything that many documents need is asked once."""

    def __init__(
        self, work: Work, kind: Kind, fields: Sequence[Field], rows: Sequence[ImportRow], options: ImportOptions
    ) -> None:
        self.work = work
        self.options = options
        self.documents = documents_of(rows, fields)
        self.numbers = Numbers(work, kind, self.documents)
        self.changes = Changes(work, kind, fields)
        self.composing = Composing(work, kind, options)
        self.customers = CustomerLinks(work, options).find({one.party for one in self.documents if any(one.party)})
        self.composing.know({link.id for link in self.customers.values() if link.id is not None})
        self.changes.know(self.documents, self.numbers)
        self.first: dict[int, int] = {}

    def planned(self, progress: Progress) -> list[Planned]:
        """Return what becomes of each document, in the order of their first rows. Raises Cancelled."""
        found = []
        for place, document in enumerate(self.documents):
            if place % _STEP == 0:
                progress.step(place, len(self.documents))
            found.append(self._planned(document))
        return found

    def _planned(self, document: SheetDocument) -> Planned:
        if document.refusal is None and (stored := self.numbers.find(document)) is not None:
            return self._there(document, stored)
        if document.refusal is None:
            self.numbers.check_new(document)
        made = None if document.refusal else self._new(document)
        if isinstance(made, Planned):
            return made
        if document.refusal is not None or made is None:
            return _refused(document)
        return Planned(Verdict.NEW, document.rows, lines=len(made.made.lines), payload=made)

    def _there(self, document: SheetDocument, stored: Stored) -> Planned:
        """Return what becomes of a document that is there already."""
        if stored.id in self.first:
            why = import_reasons.same_as(self.first[stored.id])
            return Planned(Verdict.DUPLICATE, document.rows, stored.id, stored.version, why=why)
        self.first[stored.id] = document.rows[0].number
        if self.options.on_match is OnMatch.ERROR:
            document.refuse(_("{number} is there already.").format(number=document.number), "number")
            return _refused(document, stored)
        if self.options.on_match is OnMatch.SKIP:
            return self._skipped(document, stored, import_reasons.skipped())
        link = self.customers.get(document.party)
        if link is not None and link.id is None and (link.why or link.missing):
            _refuse_party(document, link)
        changes = self.changes.of(document, stored, None if link is None else link.id)
        if document.refusal is not None:
            return _refused(document, stored)
        if not changes:
            return self._skipped(document, stored, import_reasons.nothing_differs())
        return Planned(
            Verdict.UPDATE,
            document.rows,
            stored.id,
            stored.version,
            why=_("Its lines stay as they are.") if document.items else "",
            differences=self.changes.told(changes, stored),
            payload=ChangedDocument(changes),
        )

    def _skipped(self, document: SheetDocument, stored: Stored, why: str) -> Planned:
        return Planned(Verdict.SKIP, document.rows, stored.id, stored.version, why=why)

    def _new(self, document: SheetDocument) -> NewDocument | Planned | None:
        """Return a document as it comes in, None when it is refused."""
        contact_id = self._customer(document)
        if contact_id is None:
            return None
        known = self.numbers.draft(document, contact_id, self.composing.state(document))
        if known is not None:
            return self._there(document, known)
        try:
            composed = self.composing.document(document, contact_id)
        except InvalidLine as error:
            row = document.items[min(error.position, len(document.items)) - 1]
            why = _("Row {row}: {sentence}").format(row=row.number, sentence=error)
            document.refuse(why, "line_due_on" if error.column == "due_on" else error.column)
            return None
        except Invalid as error:
            document.refuse(str(error), FIELDS_OF.get(error.field, error.field))
            return None
        if document.refusal is not None:
            return None
        return NewDocument(
            composed.made,
            document.party if contact_id == NOBODY else None,
            composed.products,
            composed.shipped_on,
        )

    def _customer(self, document: SheetDocument) -> int | None:
        """Return the customer of a new document, `NOBODY` for one that is made with it; None: it is refused."""
        link = self.customers.get(document.party)
        if link is None or (link.id is None and not link.why and not link.missing):
            document.refuse(_("The customer is missing."), "customer")
        elif link.id is not None:
            if self.composing.may_buy(link.id):
                return link.id
            document.refuse(_("{name} is archived. Bring it back first.").format(name=link.label), "customer")
        elif not (link.missing and self.options.create_missing):
            _refuse_party(document, link)
        elif not self._may_own(document):
            document.refuse(_("You can only make customers for people of your own team."), "salesperson")
        else:
            return NOBODY
        return None

    def _may_own(self, document: SheetDocument) -> bool:
        """Return whether a customer may be made for whoever sold it something."""
        try:
            check_reach(self.work, document.said("salesperson") or self.options.owner)
        except NotAllowed:
            return False
        return True


def _refuse_party(document: SheetDocument, link: Link) -> None:
    named = next((text for text in document.party if text), "")
    why = link.why or _("There is no customer “{text}”.").format(text=named)
    document.refuse(why, link.field or "customer", link.candidates)


def _refused(document: SheetDocument, stored: Stored | None = None) -> Planned:
    refusal = document.refusal
    assert refusal is not None
    return Planned(
        Verdict.INVALID,
        document.rows,
        None if stored is None else stored.id,
        None if stored is None else stored.version,
        why=refusal.why,
        field=refusal.field,
        candidates=refusal.candidates,
    )
