"""Run as a program: loads everything once, then forks people who talk to customers until they are killed.

Reads `FILE`, one a line: a company that `test_killed_talking` furnished; answers `pid N`, `done OPERATION WHAT` for all
that was acknowledged, and `dead` when the person ended.
"""

from __future__ import annotations

import itertools
import os
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from crm_desktop.access import rules
from crm_desktop.access.company import today
from crm_desktop.activities import service
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.activities.pool import running
from crm_desktop.app import session
from crm_desktop.contacts.model import Contact
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database, Work
from crm_desktop.pipeline import service as pipeline
from crm_desktop.pipeline.model import Opportunity, Stage
from crm_desktop.receivables.collecting import collections
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from tests.companies import NOW
from tests.soak.nursery import say

assert session, "what hangs on contacts does so as in the program"

TALKED, POOLED, NEGLECT = "Talked to", "Pooled", "neglect"


def log(work: Work, contact_id: int, mark: str) -> None:
    service.log(work, contact_id, {"kind_id": _call(work), "notes": mark, "next": _step(work, mark)})


def complete(work: Work, contact_id: int, mark: str) -> None:
    asked = select(Activity).where(Activity.contact_id == contact_id, Activity.state == "planned")
    row = work.session.scalars(asked.order_by(Activity.id).limit(1)).first()
    if row is None:
        log(work, contact_id, mark)
    else:
        service.complete(work, row.id, row.version, {"notes": mark, "next": _step(work, mark)})


def collect(work: Work, contact_id: int, mark: str) -> None:
    day = today(work)
    promised = {"currency": "CNY", "amount": 5, "by": day + timedelta(days=3)}
    collections.record(work, contact_id, {"said": mark, "next_on": day + timedelta(days=4), **promised})


def move(work: Work, _contact_id: int, _mark: str) -> None:
    row = work.session.scalars(select(Opportunity)).one()
    stages = work.session.scalars(select(Stage.id).where(Stage.active).order_by(Stage.position)).all()
    pipeline.move(work, row.id, row.version, stages[(stages.index(row.stage_id) + 1) % len(stages)])


def neglect(work: Work, _contact_id: int, _mark: str) -> None:
    """Give the pool's customers back to somebody who forgets them, all at once."""
    owned = {"owner_id": 1, "owner_key": 1, "owned_since": work.now - timedelta(days=99)}
    forgotten = select(Contact.id).where(Contact.name.startswith(POOLED), Contact.owner_key == 0)
    if ids := work.session.scalars(forgotten).all():
        work.session.execute(update(Contact).where(Contact.id.in_(ids)).values(**owned))
        work.note("contact", None, NEGLECT)


def pool(work: Work, _contact_id: int, _mark: str) -> None:
    running.run(work)


DEEDS: tuple[Callable[[Work, int, str], None], ...] = (log, complete, collect, move, neglect, pool)


def talk_for_ever(path: Path) -> None:
    database = Database(sqlite_engine(path), path=path, clock=FixedClock(NOW))
    boss = rules.combine(user_id=1, login="boss", name="Lin Wei", roles=["owner"], team_ids=())
    with database.read(SYSTEM) as work:
        ids = work.session.scalars(select(Contact.id).where(Contact.name.startswith(TALKED))).all()
    for contact_id, deed in zip(itertools.cycle(ids), itertools.cycle(DEEDS), strict=False):
        mark = str(uuid.uuid4())
        with database.begin(SYSTEM if deed in (neglect, pool) else boss, operation_id=mark) as work:
            deed(work, contact_id, mark)
        say(f"done {mark} {deed.__name__}")


def _call(work: Work) -> int:
    return work.session.scalars(select(ActivityKind.id).where(ActivityKind.key == "call")).one()


def _step(work: Work, mark: str) -> dict[str, object]:
    return {"kind_id": _call(work), "subject": mark, "due_on": today(work) + timedelta(days=2), "remind_minutes": 0}


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                talk_for_ever(Path(line.rstrip("\n")))
            except BaseException as error:  # noqa: BLE001 - the test is told, whatever it is
                say(f"error {type(error).__name__} {error}")
            os._exit(1)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("dead")


if __name__ == "__main__":
    main()
