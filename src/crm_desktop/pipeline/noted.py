"""What the journal tells of an opportunity: stages and reasons by their words, amounts as figures.

So a conflict can compare both sides, and a person can read what happened, whatever the ids are.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.activities import naming
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import exponent, from_minor, round_half_away, without_zeros

token: Final = naming.token
_NAMES: Final = {"stage_id": "stage", "lost_reason_id": "lost_reason", "salesperson_id": "salesperson"}
"""What the journal calls a value of a record."""
_TYPED: Final = {journal: record for record, journal in _NAMES.items()}
_DAYS: Final = frozenset({"expected_on", "opened_on", "closed_on"})
_FIGURES: Final = frozenset({"amount", "probability"})


def told(work: Work, row: Opportunity) -> dict[str, Any]:
    """Return what the journal says by words and figures instead of the columns."""
    reason = None if row.lost_reason_id is None else work.get(LostReason, row.lost_reason_id)
    return {
        "stage": token(work.get(Stage, row.stage_id)),
        "probability": row.probability,
        "amount": amount_of(row),
        "salesperson": row.salesperson_id,
        "lost_reason": None if reason is None else token(reason),
    }


def amount_of(row: Opportunity) -> Decimal:
    """Return the amount of an opportunity as a figure of its currency."""
    return from_minor(row.amount or 0, row.currency)


def as_noted(work: Work, changes: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return changes of a record as the journal would tell them, so that both sides can be compared.

    Raises Invalid.
    """
    made: dict[str, Any] = {}
    for name, value in changes.items():
        made[_NAMES.get(name, name)] = value
        if name == "stage_id":
            made["stage"] = token(stage(work, value))
        elif name == "lost_reason_id" and value is not None:
            made["lost_reason"] = token(reason(work, value))
        elif name == "amount":
            code = rules.checked_currency(changes.get("currency", currency))
            made["amount"] = round_half_away(rules.checked_amount(value), exponent(code))
        elif name == "probability" and value is not None:
            made["probability"] = rules.checked_probability(value)
        elif name == "name":
            made["name"] = rules.checked_name(value)
        elif name in ("source", "notes", "lost_note"):
            made[name] = rules.cleaned(name, value)
    return made


def as_typed(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of the journal, named and typed as a record has them."""
    made: dict[str, Any] = {}
    for name, value in values.items():
        typed: Any = value
        if value is None:
            typed = None
        elif name in ("stage", "lost_reason"):
            rows = naming.rows_of(work, Stage if name == "stage" else LostReason)
            typed = next((row.id for row in rows if token(row) == value), None)
        elif name in _DAYS:
            typed = date.fromisoformat(value)
        elif name in _FIGURES:
            typed = Decimal(value) if name == "amount" else without_zeros(Decimal(value))
        made[_TYPED.get(name, name)] = typed
    return made


def stage(work: Work, stage_id: Any) -> Stage:
    """Return a stage. Raises Invalid("stage_id")."""
    row = work.session.scalars(select(Stage).where(Stage.id == stage_id)).one_or_none()
    if row is None:
        raise Invalid("stage_id", N_("This stage no longer exists. Choose another one."))
    return row


def first_stage(work: Work) -> Stage:
    """Return the stage a new opportunity begins in."""
    first: Stage = next(row for row in naming.rows_of(work, Stage) if row.active)
    return first


def reason(work: Work, reason_id: Any) -> LostReason:
    """Return a reason. Raises Invalid("lost_reason_id")."""
    row = work.session.scalars(select(LostReason).where(LostReason.id == reason_id)).one_or_none()
    if row is None:
        raise Invalid("lost_reason_id", N_("Choose why it was lost."))
    return row


def called(row: Stage) -> str:
    """Return what a stage is called in the language on screen."""
    return row.name or _(rules.STAGE_WORDS.get(row.key, row.key))
