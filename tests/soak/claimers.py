"""Run as a program: a computer that looks at the plan and takes the backup that is due, when told to.

Reads lines `FILE KEY`; answers "taken" or "left". With "careless" as argument it asks first and writes then.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from crm_desktop.backup import plans
from crm_desktop.backup.model import BackupPlan
from crm_desktop.backup.schedule import Slot, Why
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM


def claim(database: Database, key: str) -> bool:
    with database.read(SYSTEM) as work:
        seen = plans.plan(work).slot
    return plans.claim(database, Slot(datetime.now(UTC), Why.ON_TIME, key), seen)


def claim_carelessly(database: Database, key: str) -> bool:
    with database.read(SYSTEM) as work:
        if plans.plan(work).slot.startswith(key):
            return False
    time.sleep(0.002)
    with database.begin(SYSTEM) as work:
        work.session.execute(update(BackupPlan).values(slot=key))
    return True


def answer(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main() -> None:
    take = claim_carelessly if "careless" in sys.argv else claim
    databases: dict[str, Database] = {}
    answer("ready")
    for line in sys.stdin:
        file, key = line.rstrip("\n").split("\t")
        if file not in databases:
            databases[file] = Database(sqlite_engine(Path(file)), path=Path(file))
        answer("taken" if take(databases[file], key) else "left")
    for database in databases.values():
        database.close()


if __name__ == "__main__":
    main()
