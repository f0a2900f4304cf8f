"""Payment terms and standing texts: what documents take up instead of typing it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.db.work import Work
from crm_desktop.orders import instalments
from crm_desktop.orders.composing import shown_instalments
from crm_desktop.orders.instalments import Part
from crm_desktop.orders.model import Order, PaymentTerm, StandingText
from crm_desktop.orders.planning import Basis, term_plan
from crm_desktop.orders.rules import WrongState
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.money import to_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line, clean_multiline

TEXT_KINDS: Final = (
    ("opening", N_("Opening")),
    ("terms", N_("Terms")),
    ("delivery_terms", N_("Terms of delivery")),
)
MOST_PARTS: Final = 60
MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Term:
    """A payment term; `parts` end with the remainder, which takes the rounding."""

    id: int
    name: str
    active: bool
    parts: tuple[Part, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Text:
    """A standing text; `kind` is one of `TEXT_KINDS`, `language` "" when it serves every language."""

    id: int
    kind: str
    name: str
    language: str
    body: str
    version: int


@open_to_all("whoever writes an order chooses among them")
def payment_terms(work: Work, *, inactive: bool = False) -> tuple[Term, ...]:
    """Return the payment terms by name, those put away only on request."""
    asked = select(PaymentTerm).order_by(func.lower(PaymentTerm.name), PaymentTerm.id)
    rows = work.session.scalars(asked if inactive else asked.where(PaymentTerm.active))
    return tuple(
        Term(row.id, row.name, row.active, tuple(Part.of(part) for part in row.parts), row.version) for row in rows
    )


@requires(Permission.SALES_SETTINGS_WRITE)
def save_payment_term(
    work: Work, term_id: int | None, version: int, *, name: str, parts: Sequence[Part], active: bool = True
) -> int:
    """Store a payment term (None: a new one) and return its id. Plans made with it stay as they are.

    Raises Invalid("name"), Invalid("parts"), Conflict, NotFound.
    """
    cleaned = clean_line(name)
    if not cleaned:
        raise Invalid("name", N_("A name is needed here."))
    _check_parts(parts)
    stored = [part.as_stored() for part in parts]
    if term_id is None:
        row = PaymentTerm(name=cleaned, active=active, parts=stored)
        work.session.add(row)
    else:
        row = work.edit(PaymentTerm, term_id, version, {"name": cleaned, "active": active, "parts": stored})
        row.name, row.active, row.parts = cleaned, active, stored
    work.session.flush()
    return row.id


@requires(Permission.SALES_SETTINGS_WRITE)
def delete_payment_term(work: Work, term_id: int, version: int) -> None:
    """Delete a payment term that no order uses. Raises WrongState with what to do instead, Conflict, NotFound."""
    row = work.get(PaymentTerm, term_id, version)
    with work.system_rights("whether any order uses it, whoever may see that order"):
        used = work.session.scalar(select(Order.id).where(Order.payment_term_id == term_id).limit(1))
    if used is not None:
        raise WrongState(N_("Orders use this payment term. Make it inactive instead of deleting it."))
    work.session.delete(row)
    work.session.flush()


@open_to_all("shows what a payment term makes of a total that the person typed")
def plan_for(
    work: Work, term_id: int | None, total: Decimal, currency: str, dated_on: date
) -> tuple[dict[str, Any], ...]:
    """Return what a term makes of a total, as records have instalments; no term: all at once. Raises Invalid."""
    return shown_instalments(term_plan(work, Basis(term_id, to_minor(total, currency), currency, dated_on)), currency)


@open_to_all("whoever writes a document chooses among them")
def standing_texts(work: Work, kind: str | None = None) -> tuple[Text, ...]:
    """Return the standing texts by kind and name, of one kind on request."""
    asked = select(StandingText).order_by(StandingText.kind, func.lower(StandingText.name), StandingText.id)
    rows = work.session.scalars(asked if kind is None else asked.where(StandingText.kind == kind))
    return tuple(Text(row.id, row.kind, row.name, row.language, row.body, row.version) for row in rows)


@requires(Permission.SALES_SETTINGS_WRITE)
def save_standing_text(work: Work, text_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Store a standing text (None: a new one; `kind`, `name`, `language`, `body`) and return its id.

    Raises Invalid, Conflict, NotFound.
    """
    cleaned = {
        "kind": values.get("kind"),
        "name": clean_line(str(values.get("name") or "")),
        "language": values.get("language") or "",
        "body": clean_multiline(str(values.get("body") or "")),
    }
    if cleaned["kind"] not in dict(TEXT_KINDS):
        raise Invalid("kind", N_("This value is not known. Choose one of the list."))
    if cleaned["language"] and cleaned["language"] not in LANGUAGES:
        raise Invalid("language", N_("This language is not known. Choose one of the list."))
    for name, message in (("name", N_("A name is needed here.")), ("body", N_("A text is needed here."))):
        if not cleaned[name]:
            raise Invalid(name, message)
    if text_id is None:
        row = StandingText(**cleaned)
        work.session.add(row)
    else:
        row = work.edit(StandingText, text_id, version, cleaned)
        for name, value in cleaned.items():
            setattr(row, name, value)
    work.session.flush()
    return row.id


@requires(Permission.SALES_SETTINGS_WRITE)
def delete_standing_text(work: Work, text_id: int, version: int) -> None:
    """Delete a standing text; documents keep what they took from it. Raises Conflict, NotFound."""
    work.session.delete(work.get(StandingText, text_id, version))
    work.session.flush()


def _check_parts(parts: Sequence[Part]) -> None:
    if not instalments.is_well_formed(parts) or len(parts) > MOST_PARTS:
        raise Invalid("parts", N_("A payment term ends with one remainder, which takes the rounding."))
    percents = sum((part.value for part in parts if part.kind == instalments.PERCENT), Decimal(0))
    if percents > 100:
        raise Invalid("parts", N_("The percentages are more than 100."))
    for place, part in enumerate(parts, 1):
        if part.kind not in dict(instalments.KINDS) or part.value < 0 or not 0 <= part.days <= MOST_DAYS:
            raise Invalid("parts", N_("Part {line}: this is not possible."), line=place)
