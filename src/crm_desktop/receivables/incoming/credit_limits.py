"""The credit limit of a customer as a column of an imported list of contacts."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from crm_desktop.access.company import company
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, DELETE, UPDATE
from crm_desktop.db.work import Work
from crm_desktop.orders.documents import names_of
from crm_desktop.orders.fulfilment import portions
from crm_desktop.receivables.collecting.credit_terms import ENTITY, clean_limit
from crm_desktop.receivables.model import CustomerCredit
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import CLEAR, Difference, Undoer
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

FIELD: Final = "credit_limit"
_FIELD: Final = Field(
    FIELD,
    None,
    N_("Credit limit"),
    14,
    Use.IMPORT,
    Kind.MONEY,
    headers=("Credit line", "信用额度", "信用額度", "授信额度", "授信額度", "赊销额度", "賒銷額度"),
    read=Permission.CREDIT_LIMIT_READ,
    write=Permission.CREDIT_LIMIT_WRITE,
)


class _LimitUndoer:
    """Takes credit limits back that came in with contacts."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the names of the customers."""
        return {id_: name for id_, name in names_of(work, ids).items() if id_ is not None}

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete the limits an import gave."""
        for id_, (row, shown) in _stored(work, ids).items():
            work.note(ENTITY, id_, DELETE, before={"limit": shown}, version=row.version)
        for some in portions(ids):
            gone = delete(CustomerCredit).where(CustomerCredit.contact_id.in_(some))
            work.session.execute(gone, execution_options={"synchronize_session": False})
        return {}

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give customers the limits back they had."""
        limits = {id_: values.get("limit") for id_, values in before.items()}
        known = _stored(work, limits)
        _write(work, {id_: None if text is None else Decimal(text) for id_, text in limits.items() if id_ in known})
        return {id_: _("It is not there any more, or you may not see it.") for id_ in limits if id_ not in known}


class CreditLimits:
    """What `contacts.above.ImportAddition` asks: the credit limit, in the company's currency."""

    undoers: Mapping[str, Undoer] = MappingProxyType({ENTITY: _LimitUndoer()})

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return the limit, for those who may write it."""
        return (_FIELD,) if _FIELD.writable_by(work.actor) else ()

    def check(self, work: Work, values: Mapping[str, Any]) -> str:
        """Return what is wrong with the limit of one row."""
        try:
            clean_limit(_typed(values), company(work).currency)
        except Invalid as error:
            return str(error)
        return ""

    def differences(self, work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> Mapping[int, tuple[Difference, ...]]:
        """Return which limits would change."""
        limits = _limits(work, wanted)
        known = _stored(work, limits)
        found: dict[int, tuple[Difference, ...]] = {}
        for id_, limit in limits.items():
            old = known[id_][1] if id_ in known else None
            if limit != old:
                found[id_] = (Difference(FIELD, _(_FIELD.label), _shown(old), _shown(limit)),)
        return found

    def apply(self, work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> None:
        """Write the limits down."""
        _write(work, _limits(work, wanted))


def _typed(values: Mapping[str, Any]) -> Any:
    value = values.get(FIELD)
    return None if value is CLEAR else value


def _limits(work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> dict[int, Decimal | None]:
    """Return the limit of each customer that has one in its row; None empties. Others than customers have none."""
    said = {id_: _typed(values) for id_, values in wanted.items() if values.get(FIELD) is not None}
    customers: set[int] = set()
    for some in portions(sorted(said)):
        asked = select(Contact.id).where(Contact.id.in_(some), Contact.is_customer)
        customers |= set(work.session.scalars(asked))
    return {id_: limit for id_, limit in said.items() if id_ in customers}


def _stored(work: Work, ids: Iterable[int]) -> dict[int, tuple[CustomerCredit, Decimal | None]]:
    """Return the terms of customers that have any of their own, with their limit."""
    own = company(work).currency
    found: dict[int, tuple[CustomerCredit, Decimal | None]] = {}
    for some in portions(sorted(set(ids))):
        asked = select(CustomerCredit).where(CustomerCredit.contact_id.in_(some))
        for row in work.session.scalars(asked.execution_options(populate_existing=True)):
            limit = row.limit_amount
            found[row.contact_id] = (row, None if limit is None else from_minor(limit, own))
    return found


def _write(work: Work, limits: Mapping[int, Decimal | None]) -> None:
    own = company(work).currency
    known = _stored(work, limits)
    made: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for id_, limit in limits.items():
        minor = clean_limit(limit, own)
        if id_ in known:
            row, old = known[id_]
            if row.limit_amount != minor:
                changed.append({"of": id_, "minor": minor})
                was, now = {"limit": old}, {"limit": limit}
                work.note(ENTITY, id_, UPDATE, before=was, after=now, version=row.version + 1)
        elif limit is not None:
            made.append({"contact_id": id_, "limit_amount": minor, "overdue_days": None, "version": 1})
            work.note(ENTITY, id_, CREATE, after={"limit": limit}, version=1)
    if made:
        work.session.execute(insert(CustomerCredit), made)
    if changed:
        terms: Any = CustomerCredit.__table__
        one = update(terms).where(terms.c.contact_id == bindparam("of"))
        work.session.execute(one.values(limit_amount=bindparam("minor"), version=terms.c.version + 1), changed)
    work.touch("contact", *limits)


def _shown(limit: Decimal | None) -> str:
    return "" if limit is None else f"{limit:,}"
