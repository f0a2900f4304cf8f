"""Run as a program: imports contacts into a file, or takes an import back, and is killed in the middle of writing.

Arguments: the file, `import` or the batch to take back, and at which statement that writes contacts it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from crm_desktop.access import people, rules
from crm_desktop.app.targets import UNDOERS
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from tests.exchange.rows import job, rows

assert people, "the tables of people are known: a contact points to them"

COUNT = 1500
GIVEN = [{"code": f"K{number}", "name": f"Firm {number}", "phone": f"138{number:08}"} for number in range(COUNT)]


def main() -> None:
    path, what, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    database = Database(sqlite_engine(path), path=path)
    boss = rules.combine(user_id=1, login="boss", name="Lin Wei", roles=["owner"], team_ids=())
    written = 0

    @event.listens_for(database.engine, "after_cursor_execute")
    def die(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal written
        if statement.lstrip()[:6].upper() in {"INSERT", "DELETE", "UPDATE"}:
            written += 1
            if written == last:
                os.kill(os.getpid(), signal.SIGKILL)

    with database.begin(boss) as work:
        if what == "import":
            imports.apply(work, job(CONTACTS, rows(*GIVEN)))
        else:
            undoing.undo(work, what, UNDOERS)


if __name__ == "__main__":
    main()
