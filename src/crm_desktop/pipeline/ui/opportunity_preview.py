"""The pane beside the list of opportunities: for whom, how much, how likely, what was said and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from crm_desktop.activities import following
from crm_desktop.activities.following import NextStep, Said
from crm_desktop.activities.ui.words import said_line
from crm_desktop.pipeline import reasons, rules, service, stages
from crm_desktop.pipeline.reasons import Reason
from crm_desktop.pipeline.stages import Stage
from crm_desktop.pipeline.ui import words
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.record_preview import RecordPreview


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pane shows; `stage` and `reason` are ids turned into words, steps and talks are the customer's."""

    record: Record
    stage: str
    reason: str
    next: NextStep | None
    said: Said | None
    knows_talks: bool


class OpportunityPreview(RecordPreview):
    """The opportunity the list stands on."""

    entity = service.ENTITY

    def fetch(self, work: Any, id_: int) -> Seen:
        """Return the opportunity with what was said and is planned with its customer."""
        record = service.get(work, id_)
        contact_id = record["contact_id"]
        knows_talks = work.actor.may(Permission.ACTIVITY_READ)
        return Seen(
            record,
            _called(stages.stages(work, all=True), record["stage_id"]),
            _called(reasons.reasons(work, all=True), record["lost_reason_id"]),
            following.next_of(work, [contact_id]).get(contact_id) if knows_talks else None,
            following.last_said(work, [contact_id]).get(contact_id) if knows_talks else None,
            knows_talks,
        )

    def fill(self, column: QVBoxLayout, seen: Seen) -> None:
        """Show it."""
        record = seen.record
        self.add_title(column, str(record["name"]), record.id)
        self.add_contact(column, record["contact_id"], str(record["contact_name"]))
        self.add_facts(column, self._facts(seen))

    def _facts(self, seen: Seen) -> list[tuple[str, str]]:
        record, formats = seen.record, self.formats()
        is_open = record["state"] == rules.OPEN
        amount = f"{record['currency']} {number_text(record['amount'])}"
        expected = formats.full_day(record["expected_on"]) if record["expected_on"] else _("No day yet")
        closed = formats.full_day(record["closed_on"]) if record["closed_on"] else ""
        facts = [
            (_("State"), _(dict(rules.STATES)[record["state"]])),
            (_("Stage"), seen.stage),
            (_("Amount"), f"{amount} · {words.percent(record['probability'])}" if is_open else amount),
            (_("Weighted"), words.money(record["weighted"]) if is_open else ""),
            (_("Expected"), expected if is_open else ""),
            (_("Closed"), closed),
            (_("Why lost"), " · ".join(part for part in (seen.reason, str(record["lost_note"])) if part)),
            (_("Salesperson"), self.desk.names.get(record["salesperson_id"] or 0, "")),
            (_("Person"), str(record["person_name"])),
            (_("Source"), str(record["source"])),
        ]
        if seen.next is not None or (is_open and seen.knows_talks):
            facts.append((_("Next step"), words.next_step(seen.next, formats)))
        if seen.said is not None:
            facts.append((_("Last said"), said_line(seen.said, formats)))
        return [*facts, (_("Notes"), str(record["notes"]))]


def _called(known: Iterable[Stage | Reason], id_: int | None) -> str:
    return next((words.called(one) for one in known if one.id == id_), "")
