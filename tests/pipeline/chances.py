"""Opportunities for the tests, and short ways to read them."""

from __future__ import annotations

from typing import Any

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.pipeline import reasons, service, stages
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.record import Record


def chance(database: Database, by: Actor, contact_id: int, name: str = "Ball bearings", **values: Any) -> int:
    with database.begin(by) as work:
        return service.create(work, contact_id, {"name": name, **values})


def chance_of(database: Database, by: Actor, id_: int) -> Record:
    with database.read(by) as work:
        return service.get(work, id_)


def version_of(database: Database, id_: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(Opportunity, id_).version


def stage_ids(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        return {one.name or one.key: one.id for one in stages.stages(work, all=True)}


def reason_ids(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        return {one.name or one.key: one.id for one in reasons.reasons(work, all=True)}


def history(database: Database, id_: int) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """What the journal says of an opportunity, oldest first: action, before, after."""
    with database.read(SYSTEM) as work:
        found = work.session.query(JournalEntry).filter_by(entity="opportunity", entity_id=id_)
        return [(one.action, one.before, one.after) for one in found.order_by(JournalEntry.id)]
