"""What opportunities tell in a customer's timeline: that they were opened, and how they ended."""

from typing import Any, Final

from crm_desktop.activities.above import Entry, Word
from crm_desktop.activities.timeline_rows import RowSource, Told
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.fields import token_of
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission

_TALKS: Final = "talks"
_ENDS: Final = "opportunity_end"
_STAGE: Final = token_of(Stage, Opportunity.stage_id).label("stage")
_REASON: Final = token_of(LostReason, Opportunity.lost_reason_id).label("reason")
_COLUMNS: Final = (Opportunity.name, Opportunity.state, Opportunity.currency, Opportunity.amount)


def _opened(row: Any, told: Told) -> Entry:
    stage = Word(rules.STAGE_WORDS.get(row.stage, row.stage))
    return Entry(
        at=told.at,
        source="opportunity",
        group=_TALKS,
        entity="opportunity",
        id=row.its_id,
        icon="trending-up",
        told=N_("Opportunity: {name}"),
        values={"name": row.name, "stage": stage},
        detail="{stage}" if row.state == rules.OPEN else "",
        money=_worth(row),
        by=row.created_by,
        whole_day=True,
    )


def _ended(row: Any, told: Told) -> Entry:
    won = row.state == rules.WON
    reason = Word(rules.REASON_WORDS.get(row.reason, row.reason or ""))
    return Entry(
        at=told.at,
        source=_ENDS,
        group=_TALKS,
        entity="opportunity",
        id=row.its_id,
        icon="trending-up",
        told=N_("Opportunity won: {name}") if won else N_("Opportunity lost: {name}"),
        values={"name": row.name, "reason": reason},
        detail="" if won else "{reason}",
        notes=row.lost_note,
        money=_worth(row),
        by=row.updated_by,
        tone="success" if won else "warn",
        whole_day=True,
    )


def _worth(row: Any) -> Money | None:
    return Money.of_minor(row.amount, row.currency) if row.amount else None


SOURCES: Final = (
    RowSource(
        "opportunity",
        _TALKS,
        (Permission.OPPORTUNITY_READ,),
        Opportunity,
        Opportunity.opened_on,
        (*_COLUMNS, Opportunity.created_by, _STAGE),
        _opened,
        step=1,
    ),
    RowSource(
        _ENDS,
        _TALKS,
        (Permission.OPPORTUNITY_READ,),
        Opportunity,
        Opportunity.closed_on,
        (*_COLUMNS, Opportunity.lost_note, Opportunity.updated_by, _REASON),
        _ended,
        where=lambda _actor: (Opportunity.closed_on.is_not(None),),
        step=4,
    ),
)
"""What `app` hangs into timelines."""
