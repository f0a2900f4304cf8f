"""Run as a program: loads everything once, then starts writers that differ in nothing but their file.

Reads commands, one a line: `save FILE` or `count FILE TIMES`; answers `pid N`, and `dead N` when the
writer ended. Writers are forked before anything is opened, as SQLite demands.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from crm_desktop.access.model import User  # noqa: F401 - a contact points to it
from crm_desktop.contacts.model import Contact, ContactAddress, ContactPoint
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def new_contact(name: str) -> Contact:
    now = datetime.now(UTC)
    return Contact(kind="company", name=name, sort_key=name, name_key=name, created_at=now, updated_at=now, notes="0")


def save_for_ever(path: Path) -> None:
    """One contact with two points and an address per transaction, and both halves of a pair changed."""
    database = Database(sqlite_engine(path), path=path)
    while True:
        operation = str(uuid.uuid4())
        with database.begin(SYSTEM, operation_id=operation) as work:
            contact = new_contact(operation)
            work.session.add(contact)
            work.session.flush()
            work.session.add_all(
                ContactPoint(contact_id=contact.id, kind="phone", value=operation, key=operation) for _ in range(2)
            )
            work.session.add(ContactAddress(contact_id=contact.id, kind="post", street="x" * 3000))
            for half in (1, 2):
                work.session.get_one(Contact, half).notes = operation
        say(f"saved {operation}")


def count_up(path: Path, times: int) -> None:
    database = Database(sqlite_engine(path), path=path)
    for _ in range(times):
        with database.begin(SYSTEM) as work:
            contact = work.session.get_one(Contact, 1)
            contact.notes = str(int(contact.notes) + 1)
    database.close()


def main() -> None:
    for line in sys.stdin:
        command, *arguments = line.rstrip("\n").split("\t")
        path = Path(arguments[0])
        children = int(arguments[2]) if command == "count" else 1
        pids = []
        for _ in range(children):
            pid = os.fork()
            if pid == 0:
                try:
                    save_for_ever(path) if command == "save" else count_up(path, int(arguments[1]))
                except BaseException as error:  # noqa: BLE001 - the test is told, whatever it is
                    say(f"error {type(error).__name__} {error}")
                    os._exit(1)
                os._exit(0)
            say(f"pid {pid}")
            pids.append(pid)
        for pid in pids:
            os.waitpid(pid, 0)
        say("dead")


if __name__ == "__main__":
    main()
