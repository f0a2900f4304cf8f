"""One computer at a time: contenders, dead holders, lost connections."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.lease import Clockwork, Held, Lease, LeaseLost
from crm_desktop.db.schema import upgrade
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM


class Hand:
    """A clock moved by hand; `each_second` is called whenever somebody waits."""

    def __init__(self, each_second=lambda: None) -> None:  # type: ignore[no-untyped-def]
        self.seconds = 1000.0
        self.each_second = each_second

    def clock(self) -> Clockwork:
        return Clockwork(lambda: self.seconds, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.each_second()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "公司 firm.crm"


def taken(file: Path, hand: Hand, who: str = "Ann") -> Lease:
    lease = Lease.acquire(file, who, hand.clock())
    assert isinstance(lease, Lease)
    return lease


def from_elsewhere(file: Path) -> Path:
    """Make it look as if the lease was made on another computer."""
    path = file.with_name(file.name + ".lease")
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**content, "computer": "OTHER-PC"}), "utf-8")
    return path


def test_the_second_is_told_who_has_it(file: Path) -> None:
    first = taken(file, Hand())
    first._identity["computer"] = "OTHER-PC"
    from_elsewhere(file)
    hand = Hand(first.beat)
    assert Lease.acquire(file, "Bob", hand.clock()) == Held("Ann", "OTHER-PC")
    assert hand.seconds < 1012, "a sign of life ends the watching"
    first.release()
    assert isinstance(Lease.acquire(file, "Bob", hand.clock()), Lease)


def test_a_silent_lease_of_another_computer_is_taken_after_a_minute(file: Path) -> None:
    first = taken(file, Hand())
    from_elsewhere(file)
    hand = Hand()
    second = Lease.acquire(file, "Bob", hand.clock())
    assert isinstance(second, Lease)
    assert hand.seconds - 1000 >= 60
    second.check()
    with pytest.raises(LeaseLost):
        first.check()
    assert not first.beat()
    first.release()
    second.check()
    assert not list(file.parent.glob("*.stale-*"))


def test_a_wrong_wall_clock_means_nothing(file: Path) -> None:
    lease_file = file.with_name(file.name + ".lease")
    first = taken(file, Hand())
    from_elsewhere(file)
    os.utime(lease_file, (0, 0))
    assert isinstance(Lease.acquire(file, "Bob", Hand(first.beat).clock()), Held)


def test_a_holder_that_was_silent_for_half_a_minute_writes_no_more(file: Path) -> None:
    hand = Hand()
    lease = taken(file, hand)
    hand.seconds += 29
    lease.check()
    assert lease.beat()
    hand.seconds += 31
    with pytest.raises(LeaseLost):
        lease.check()
    assert not lease.beat(), "and does not come back to life"
    with pytest.raises(LeaseLost):
        lease.check()


def test_a_vanished_folder_stops_the_holder(file: Path) -> None:
    lease = taken(file, Hand())
    file.parent.rename(file.parent.with_name("gone"))
    assert not lease.beat()
    with pytest.raises(LeaseLost):
        lease.check()


def test_a_half_written_lease_is_watched_then_taken(file: Path) -> None:
    file.with_name(file.name + ".lease").write_bytes(b'{"id": "ab')
    hand = Hand()
    assert isinstance(Lease.acquire(file, "Ann", hand.clock()), Lease)
    assert hand.seconds - 1000 >= 60


def test_it_guards_the_database(file: Path) -> None:
    engine = sqlite_engine(file)
    upgrade(engine)
    database = Database(engine, path=file)
    hand = Hand()
    lease = taken(file, hand)
    database.before_write.append(lease.check)
    with database.begin(SYSTEM):
        pass
    hand.seconds += 40
    with pytest.raises(LeaseLost), database.begin(SYSTEM):
        pass
    database.close()


CONTENDER = """
import sys, time
from pathlib import Path
from crm_desktop.db import lease
lease.RAISE_SECONDS, lease.STALE_SECONDS, lease.SETTLE_SECONDS = 0.05, 2.0, 0.02
file, witness, rounds, me = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
clock = lease.Clockwork(time.monotonic, lambda seconds: time.sleep(min(seconds, 0.02)))
won = 0
deadline = time.monotonic() + 60
while won < rounds and time.monotonic() < deadline:
    got = lease.Lease.acquire(file, me, clock)
    if isinstance(got, lease.Held):
        continue
    got.keep()
    # Alone here, or the exclusive creation fails and this process ends with an error.
    handle = open(witness, "x")
    time.sleep(0.002)
    got.check()
    handle.close()
    witness.unlink()
    got.release()
    won += 1
print(won)
"""


def contender(file: Path, witness: Path, rounds: int, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CONTENDER, str(file), str(witness), str(rounds), name],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def test_six_processes_never_hold_it_together(file: Path) -> None:
    witness = file.with_name("witness")
    running = [contender(file, witness, 15, f"P{number}") for number in range(6)]
    outcomes = [process.communicate(timeout=120) for process in running]
    assert [errors for _, errors in outcomes] == [""] * 6
    assert [int(won) for won, _ in outcomes] == [15] * 6


HOLDER = """
import sys, time
from pathlib import Path
from crm_desktop.db.lease import Lease
print(type(Lease.acquire(Path(sys.argv[1]), "Ann")).__name__, flush=True)
time.sleep(60)
"""


def test_a_killed_holder_on_this_computer_is_replaced_at_once(file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "Lease"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    hand = Hand()
    assert isinstance(Lease.acquire(file, "Bob", hand.clock()), Lease)
    assert hand.seconds < 1002
