"""A backup of a large company beside cp and unzip: time, memory, and what a writer and the window feel of it.

Everything that is measured runs in a process of its own, so that its memory is its own.
Run: python -m benchmarks --backups 1
"""

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.companies import FOLDER
from benchmarks.many_invoices import sqlite_invoices
from crm_desktop.app.backup_job import run_job
from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import Order, make_backup
from crm_desktop.backup.restore import placing, restoring
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.progress import Quiet

_BASE_BYTES = 285e6
"""A company of many invoices before its first, and what each adds."""
_INVOICE_BYTES = 1_270
_BLOCK = 250_000
"""So many invoices are paid together; a part of them would point to receipts that are not there."""
_PIECE = 1 << 20
_ALONE_SECONDS = 5
ROUNDS = 3


def measure(gigabytes: float, rounds: int = ROUNDS) -> None:
    """Print how long a backup and a restore of a company of that size take, and what they cost others."""
    blocks = round((gigabytes * 1e9 - _BASE_BYTES) / _INVOICE_BYTES / _BLOCK)
    company = sqlite_invoices(max(1, blocks) * _BLOCK)
    path = company.database.path
    assert path is not None
    company.database.close()
    print(f"\nbackup of {path.stat().st_size / 1e9:.2f} GB, load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="backup-") as folder:
        _measure_in(path, Path(folder), rounds)


def _measure_in(path: Path, folder: Path, rounds: int) -> None:
    taken: dict[str, list[float]] = {}
    memory: dict[str, float] = {}
    kept = folder / "kept"
    kept.mkdir()
    live = folder / "firm.crm"
    shutil.copyfile(path, live)

    def run(name: str, *words: object) -> dict[str, Any]:
        said = _child(*words)
        taken.setdefault(name, []).append(said["seconds"])
        memory[name] = max(memory.get(name, 0.0), said["megabytes"])
        return said

    for number in range(rounds):
        run("cp + fsync", "copy", live, folder / "copy")
        run("snapshot", "snapshot", live, folder / "copy")
        made = run("zipped and verified", "make", live, kept)
        backup = Path(made["path"])
        run("unzip + cp + fsync", "unzip", backup, folder)
        run("restored", "restore", backup, live)
        if number < rounds - 1:
            backup.unlink()
    size = backup.stat().st_size / 1e6
    _show(taken, memory, "snapshot", "cp + fsync", 2.2)
    _show(taken, memory, "zipped and verified", "cp + fsync", 12)
    print(f"{'':46} {size:8.0f} MB in the folder")
    _show(taken, memory, "restored", "unzip + cp + fsync", 2)
    waits = {deed: _writer_waits(live, folder, deed) for deed in ("copy", "snapshot")}
    print(
        f"{'a writer waits beside a snapshot, at most':46} {waits['snapshot']:8.1f} ms "
        f"(goal 100; {waits['copy']:.1f} beside cp + fsync)"
    )
    longest = _child("window", live, kept)["longest"]
    print(
        f"{'the window stands still during a backup':46} {longest['beside']:8.1f} ms (goal 16; {longest['alone']:.1f} "
        f"alone; {longest['own']:.1f} by its own computing, the rest is other programs on the processors)"
    )


def _show(taken: dict[str, list[float]], memory: dict[str, float], name: str, limit: str, goal: float) -> None:
    ratio = statistics.median(mine / bare for mine, bare in zip(taken[name], taken[limit], strict=True))
    print(f"{limit:46} {statistics.median(taken[limit]):8.2f} s")
    print(
        f"{name:46} {statistics.median(taken[name]):8.2f} s   {ratio:5.2f} × {limit} (goal {goal:g}), "
        f"{memory[name]:,.0f} MB (goal 200)"
    )


def _child(*words: object) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.backup", *map(str, words)],
        stdout=subprocess.PIPE, env=environment, text=True, check=True,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _writer_waits(path: Path, folder: Path, deed: str) -> float:
    """Return the longest a small transaction took, in milliseconds, while the file was copied."""
    # Not the file itself: closing it would end the locks of whoever has it open here.
    source = folder / "data.sqlite" if deed == "copy" else path
    command = [sys.executable, "-m", "benchmarks.backup", deed, str(source), str(folder / "copy")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    longest = 0.0
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as file:
        file.execute("PRAGMA synchronous = FULL")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as snapshot:
            while snapshot.poll() is None:
                began = time.perf_counter()
                file.execute("BEGIN IMMEDIATE")
                file.execute("UPDATE contact SET version = version + 1 WHERE id = 1")
                file.execute("COMMIT")
                longest = max(longest, time.perf_counter() - began)
                time.sleep(0.005)
    return longest * 1000


# What a child does. Each returns what is told besides the seconds and the memory.


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as read, open(target, "wb") as written:
        shutil.copyfileobj(read, written, _PIECE)
        written.flush()
        os.fsync(written.fileno())


def _snapshot(source: str, target: str) -> None:

    path = Path(source)
    take_snapshot(Source(sqlite_engine(path), path), Path(target), Quiet())


def _make(source: str, folder: str) -> dict[str, Any]:

    path = Path(source)
    made = make_backup(Database(sqlite_engine(path), path=path), Order(Kind.MANUAL, Path(folder)), SEAMS, Quiet())
    return {"path": str(made.path)}


def _unzip(backup: str, folder: str) -> None:
    """The limit of restoring: unpack, and copy to where it belongs."""
    subprocess.run(["unzip", "-o", "-q", backup, "data.sqlite", "-d", folder], check=True)
    _copy(str(Path(folder) / "data.sqlite"), str(Path(folder) / "copy"))


def _window(source: str, folder: str) -> dict[str, Any]:
    """Beat once a millisecond while another thread has a process make a backup, as the window's does."""
    from types import SimpleNamespace

    from PySide6.QtCore import QCoreApplication, Qt, QTimer

    path = Path(source)
    database = Database(sqlite_engine(path), path=path)
    session: Any = SimpleNamespace(database=database, actor=SYSTEM)
    job = threading.Thread(target=run_job, args=(session, Order(Kind.MANUAL, Path(folder)), Quiet()))
    app = QCoreApplication([])
    beats: dict[str, list[float]] = {"alone": [], "beside": [], "own": []}
    last = began = time.perf_counter()
    computed = time.process_time()

    def beat() -> None:
        nonlocal last, computed
        now, used = time.perf_counter(), time.process_time()
        beats["beside" if job.ident else "alone"].append((now - last) * 1000)
        beats["own"].append((used - computed) * 1000)
        last, computed = now, used
        if not job.ident and now - began > _ALONE_SECONDS:
            job.start()
        elif job.ident and not job.is_alive():
            app.quit()

    timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    app.exec()
    return {"longest": {name: max(gaps) for name, gaps in beats.items()}}


def _restore(backup: str, file: str) -> None:
    terms = placing.Terms(placing.RESTORED, {}, datetime.now(UTC))
    with restoring.prepare(Path(backup), None, SEAMS, Quiet()) as prepared:
        placing.apply_to_file(prepared, Path(file), SEAMS, terms, progress=Quiet())


DEEDS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "copy": _copy,
    "snapshot": _snapshot,
    "make": _make,
    "unzip": _unzip,
    "restore": _restore,
    "window": _window,
}


def _megabytes() -> float:
    """Return the most memory this process had; `ru_maxrss` would begin with its parent's."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmHWM"))


def main() -> None:
    """Do one deed and print its seconds and its megabytes."""
    deed, *words = sys.argv[1:]
    began = time.perf_counter()
    said = DEEDS[deed](*words) or {}
    print(json.dumps({"seconds": time.perf_counter() - began, "megabytes": _megabytes(), **said}))


if __name__ == "__main__":
    main()
