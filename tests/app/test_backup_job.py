"""A backup in a process of its own: made like any other, stopped at once, and gone without a trace when killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from crm_desktop.app import backup_job
from crm_desktop.app import session as sessions
from crm_desktop.app.backup_job import make_here, order_of, run_job
from crm_desktop.app.backup_keeper import Keeper
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.session import Session
from crm_desktop.backup import history, plans
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.making import BackupFailed, Order
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.child_process import child_environment
from crm_desktop.shared.errors import Cancelled, NotAllowed
from crm_desktop.shared.progress import Quiet

LogIn = Callable[[str], Session]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class Watch:
    """Progress that remembers, and does something when a share of the work is done."""

    def __init__(self, at: int = 2000, then: Callable[[], None] | None = None) -> None:
        self.steps: list[int] = []
        self._at, self._then = at, then

    def step(self, done: int, total: int | None = None) -> None:
        self.steps.append(done)
        if done >= self._at and self._then is not None:
            self._then()


def stop() -> None:
    raise Cancelled


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "crm-backups.json")


def last(session: Session) -> history.Run:
    with session.database.read(SYSTEM) as work:
        return history.runs(work)[0]


def test_the_job_makes_a_proved_backup_beside_the_file(log_in: LogIn, demo_file: Path) -> None:
    session = log_in("owner")
    watch = Watch()
    made = run_job(session, order_of(session, Kind.MANUAL), watch)
    assert made.path.parent == demo_file.with_name("demo backups")
    assert verify_archive(made.path, seams=SEAMS, progress=Quiet()).manifest == made.manifest
    assert watch.steps == sorted(watch.steps)
    run = last(session)
    assert (run.id, run.status, run.user_name) == (made.run_id, Status.VERIFIED, session.actor.name)


def test_what_went_wrong_comes_back_in_words(log_in: LogIn, tmp_path: Path) -> None:
    session = log_in("owner")
    with pytest.raises(BackupFailed, match=r"nowhere is not there\. Connect its drive"):
        run_job(session, Order(Kind.MANUAL, tmp_path / "nowhere"), Quiet())
    assert last(session).status is Status.FAILED


def test_cancel_stops_it_within_seconds_and_leaves_nothing(log_in: LogIn, tmp_path: Path) -> None:
    session = log_in("owner")
    order = order_of(session, Kind.MANUAL)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_job(session, order, Watch(0, stop))
    assert time.monotonic() - began < backup_job._END_SECONDS + 3
    assert backups(order.folder) == []
    with session.database.read(SYSTEM) as work:
        assert all(run.status is Status.CANCELLED for run in history.runs(work))


def job(session: Session, order: Order) -> subprocess.Popen[bytes]:
    """Start the process as `run_job` does, to do it harm."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crm_desktop.app.backup_job"],
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    asked = {
        "order": order.to_json(),
        "place": backup_job._place_of(session.database),
        "user_id": session.actor.user_id,
        "epoch": session.database.epoch,
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked).encode() + b"\n")
    process.stdin.flush()
    return process


def test_a_killed_one_is_told_and_its_leftovers_go_with_the_next(log_in: LogIn, tmp_path: Path) -> None:
    session = log_in("owner")
    order = order_of(session, Kind.SCHEDULED)
    process = job(session, order)
    assert process.stdout is not None
    for line in process.stdout:  # stopped, so that it is killed in the middle for certain
        if json.loads(line).get("at", 0) >= 100:
            break
    process.kill()
    process.communicate()
    status = last(session).status
    if status is not Status.RUNNING:
        pytest.fail(f"it was done before it was killed: {status}")
    assert list((tmp_path / "cache" / "crm-desktop").glob("crm-backup-*"))
    told = Keeper(session).look()
    assert told is not None
    assert "was interrupted" in told.sentence
    assert backups(order.folder) == []
    run_job(session, order, Quiet())
    assert not list((tmp_path / "cache" / "crm-desktop").glob("crm-backup-*"))


def test_a_job_whose_window_is_gone_ends_by_itself(log_in: LogIn) -> None:
    session = log_in("owner")
    order = order_of(session, Kind.SCHEDULED)
    process = job(session, order)
    process.communicate(timeout=20)  # closes its standard input
    assert process.returncode == 0
    assert backups(order.folder) == []
    assert last(session).status is Status.CANCELLED


def test_nothing_secret_is_an_argument(log_in: LogIn) -> None:
    session = log_in("owner")
    seen: list[str] = []

    class Looking(Watch):
        def step(self, done: int, total: int | None = None) -> None:
            if not seen:
                children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
                seen.extend(Path(f"/proc/{child}/cmdline").read_text() for child in children)

    run_job(session, order_of(session, Kind.MANUAL), Looking())
    assert seen
    assert all(str(session.database.path) not in one for one in seen)


def test_it_runs_at_a_low_priority(log_in: LogIn) -> None:
    session = log_in("owner")
    nice: set[int] = set()

    def look() -> None:
        for child in Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split():
            nice.add(os.getpriority(os.PRIO_PROCESS, int(child)))

    run_job(session, order_of(session, Kind.MANUAL), Watch(1, look))
    assert max(nice) >= 10


def test_a_job_that_dies_at_once_is_said(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session = log_in("owner")
    monkeypatch.setattr(backup_job, "child_command", lambda *_: [sys.executable, "-c", "import sys; sys.exit(3)"])
    with pytest.raises(BackupFailed, match="ended before it was done"):
        run_job(session, order_of(session, Kind.MANUAL), Quiet())


def test_one_that_does_not_listen_is_killed(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session = log_in("owner")
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    monkeypatch.setattr(backup_job, "child_command", lambda *_: [sys.executable, "-c", deaf])
    monkeypatch.setattr(backup_job, "_END_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_job(session, order_of(session, Kind.MANUAL), Watch(0, stop))
    assert time.monotonic() - began < 10
    assert signal.SIGKILL


# On a server


@pytest.fixture
def server(postgres_url: str) -> Iterator[LogIn]:
    """A small company on a server; returns who logs in to it."""
    from crm_desktop.access import people

    sessions.found_company(
        postgres_url, name="Harbour", currency="CNY", timezone="Asia/Shanghai", language="en",
        owner_login="boss", owner_name="Boss", password="correct horse 9",
    )  # fmt: skip
    address = make_url(postgres_url)
    bare = f"postgresql://{address.host}:{address.port}/{address.database}"
    opened: list[Session] = []

    def enter(login: str) -> Session:
        opened.append(sessions.log_in(bare, login, "correct horse 9"))
        return opened[-1]

    boss = enter("boss")
    with boss.database.begin(boss.actor) as work:
        for login, role in (("rep", "sales_rep"), ("admin", "administrator")):
            people.create_user(
                work, login=login, name=login, roles=[role], password="correct horse 9", server=boss.server
            )
    yield enter
    for session in opened:
        session.database.close()


@pytest.mark.postgres
def test_on_a_server_whoever_may_runs_it_and_sees_everything(server: LogIn, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    for login in ("boss", "admin"):
        session = server(login)
        with session.database.read(session.actor) as work:
            version = plans.plan(work).version
        with session.database.begin(session.actor) as work:
            plans.save_plan(work, version, {"active": True, "folder": str(target)})
        made = run_job(session, order_of(session, Kind.SCHEDULED), Quiet())
        assert made.manifest.engine == "postgresql"
        assert made.manifest.counts["app_user"] == 3
        assert last(session).status is Status.VERIFIED


@pytest.mark.postgres
def test_on_a_server_nobody_else_runs_one(server: LogIn, tmp_path: Path) -> None:
    session = server("rep")
    order = Order(Kind.MANUAL, tmp_path)
    for make in (run_job, make_here):
        with pytest.raises(NotAllowed):
            make(session, order, Quiet())
    keeper = Keeper(session)
    assert keeper.look() is None
    assert not keeper.wants_exit_run()
    with session.database.read(session.actor) as work:
        assert work.session.scalar(text("SELECT count(*) FROM backup_run")) == 0
