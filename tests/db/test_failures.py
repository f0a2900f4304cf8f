"""Bad days: a full disk, a read-only file, a file gone, a server gone in mid-save."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from crm_desktop.access import rules
from crm_desktop.access.model import Company
from crm_desktop.contacts.model import Contact
from crm_desktop.db.engine import postgres_url as server_url
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.schema import upgrade
from crm_desktop.db.server import connect_as
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import OutcomeUnknown, Unavailable
from tests.db.server_company import PASSWORD, ServerCompany, found


def new_contact(name: str, notes: str = "") -> Contact:
    now = datetime.now(UTC)
    return Contact(kind="company", name=name, sort_key=name, name_key=name, created_at=now, updated_at=now, notes=notes)


def company_at(path: Path) -> Database:
    engine = sqlite_engine(path)
    upgrade(engine)
    return Database(engine, path=path)


def save(database: Database, name: str, notes: str = "") -> None:
    with database.begin(SYSTEM) as work:
        work.session.add(new_contact(name, notes))


def names(database: Database) -> list[str]:
    with database.read(SYSTEM) as work:
        return list(work.session.scalars(select(Contact.name).order_by(Contact.id)))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = company_at(tmp_path / "firm.crm")
    yield database
    database.close()


# ---- files


@contextmanager
def files_no_longer_than(bytes_: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_the_system_refuses_loses_nothing_and_can_be_tried_again(database: Database) -> None:
    save(database, "first")
    with pytest.raises(Unavailable, match="nothing was saved"), files_no_longer_than(4096):
        save(database, "second", "x" * 200_000)
    assert names(database) == ["first"]
    save(database, "second", "x" * 200_000)
    assert names(database) == ["first", "second"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounts a small disk, which only root may")
def test_a_full_disk_says_so_and_saving_works_once_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this system lets nobody mount")
    try:
        database = company_at(disk / "firm.crm")
        kept = 0
        with pytest.raises(Unavailable, match="disk is full"):  # noqa: PT012
            for number in range(100):
                save(database, f"c{number}", "x" * 100_000)
                kept += 1
        assert kept > 2
        assert names(database) == [f"c{number}" for number in range(kept)]
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        save(database, "again", "x" * 100_000)
        assert names(database)[-1] == "again"
        database.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


@contextmanager
def as_nobody() -> Iterator[None]:
    """File permissions bind everybody but root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "公司 #1 100%.crm"
        database = company_at(path)
        save(database, "first")
        database.close()
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody():
            database = Database(sqlite_engine(path), path=path)
            with pytest.raises(Unavailable):
                save(database, "second")
            database.close()
            unwritable = Database(sqlite_engine(path, read_only=True), path=path)
            assert names(unwritable) == ["first"]
            unwritable.close()
        folder.chmod(0o755)
        read_only = Database(sqlite_engine(path, read_only=True), path=path)
        assert names(read_only) == ["first"]
        with pytest.raises(Unavailable, match="only be read"):
            save(read_only, "second")
        read_only.read_only = True
        with pytest.raises(Unavailable, match="reading only"):
            save(read_only, "second")
        read_only.close()
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_file_that_was_deleted(database: Database) -> None:
    save(database, "first")
    assert database.path is not None
    database.path.unlink()
    with pytest.raises(Unavailable, match="moved, replaced or deleted"):
        save(database, "second")
    assert not database.path.exists(), "no empty company was made in its place"


def test_a_file_that_was_swapped_for_another(database: Database, tmp_path: Path) -> None:
    save(database, "first")
    other = company_at(tmp_path / "other.crm")
    other.close()
    assert database.path is not None
    os.replace(tmp_path / "other.crm", database.path)
    content = database.path.read_bytes()
    with pytest.raises(Unavailable, match="moved, replaced or deleted"):
        save(database, "second")
    database.close()
    assert database.path.read_bytes() == content, "the other file was left alone"


def test_a_writer_who_never_ends_makes_others_wait_then_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.db.work.BUSY_SECONDS", 0.2)
    assert database.path is not None
    other_engine = sqlite_engine(database.path)
    other = Database(other_engine, path=database.path)
    with database.begin(SYSTEM) as work:
        work.session.add(new_contact("slow"))
        with other_engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            connection.rollback()
        with pytest.raises(Unavailable, match="saving just now"):
            save(other, "impatient")
    assert names(other) == ["slow"]
    other.close()


# ---- a server


class Wire:
    """A network in between that can be cut: once the client's COMMIT has gone through, or before."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.cut_after_commit = False
        self.cut_before_commit = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            over = threading.Event()
            for way in (self._upwards, self._downwards):
                threading.Thread(target=way, args=(client, server, over), daemon=True).start()

    def _upwards(self, client: socket.socket, server: socket.socket, over: threading.Event) -> None:
        while data := _received(client):
            if b"COMMIT" in data:
                if self.cut_before_commit:
                    break
                if self.cut_after_commit:
                    over.set()
            if not _sent(server, data):
                break
        _close(client)
        _close(server)

    def _downwards(self, client: socket.socket, server: socket.socket, over: threading.Event) -> None:
        while data := _received(server):
            if over.is_set():  # this is the answer to COMMIT, and it gets lost
                break
            if not _sent(client, data):
                break
        _close(client)
        _close(server)

    def close(self) -> None:
        self.listener.close()


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _sent(end: socket.socket, data: bytes) -> bool:
    try:
        end.sendall(data)
    except OSError:
        return False
    return True


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@pytest.fixture(scope="module")
def company(postgres_server: str) -> Iterator[ServerCompany]:
    from tests.postgres import create_database, drop_database

    url = create_database(postgres_server)
    company = found(url, 5, {"olga": ("owner",)})
    yield company
    company.close()
    drop_database(url)


@pytest.fixture
def wire(company: ServerCompany) -> Iterator[Wire]:
    url = server_url(company.url)
    wire = Wire(str(url.host), int(url.port or 5432))
    yield wire
    wire.close()


@pytest.fixture
def remote(company: ServerCompany, wire: Wire) -> Iterator[Database]:
    url = server_url(company.url).set(port=wire.port)
    database = Database(connect_as(url, rules.login_key("olga"), PASSWORD))
    yield database
    database.close()


@pytest.mark.postgres
def test_cut_before_the_commit_arrived(company: ServerCompany, wire: Wire, remote: Database) -> None:
    with pytest.raises(OutcomeUnknown) as caught, remote.begin(company.actor("olga"), operation_id="lost") as work:  # noqa: PT012
        work.session.add(new_contact("lost"))
        wire.cut_before_commit = True
    wire.cut_before_commit = False
    assert caught.value.operation_id == "lost"
    assert not remote.arrived("lost")
    assert "lost" not in names(remote)


@pytest.mark.postgres
def test_cut_after_the_commit_arrived(company: ServerCompany, wire: Wire, remote: Database) -> None:
    with pytest.raises(OutcomeUnknown), remote.begin(company.actor("olga"), operation_id="kept") as work:  # noqa: PT012
        work.session.add(new_contact("kept"))
        wire.cut_after_commit = True
    wire.cut_after_commit = False
    assert remote.arrived("kept")
    assert names(remote).count("kept") == 1


@pytest.mark.postgres
def test_thrown_out_by_the_server_before_saving(company: ServerCompany, remote: Database) -> None:
    with pytest.raises(Unavailable) as caught, remote.begin(company.actor("olga"), operation_id="ended") as work:  # noqa: PT012
        work.session.add(new_contact("ended"))
        work.session.flush()
        pid = work.session.scalar(select(func.pg_backend_pid()))
        with company.admin() as admin:
            admin.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    assert not isinstance(caught.value, OutcomeUnknown)
    assert not remote.arrived("ended")
    with remote.begin(company.actor("olga")) as work:
        assert work.session.get_one(Company, 1).name == "Firm", "the next transaction connects again"


@pytest.mark.postgres
def test_thrown_out_in_the_middle_of_the_commit(company: ServerCompany, remote: Database) -> None:
    """A deferred trigger keeps the COMMIT busy until somebody ends the session."""
    with company.admin() as admin:
        admin.execute(
            text("create function crm.dawdle() returns trigger language plpgsql as"
                 " 'begin perform pg_sleep(30); return null; end'")
        )  # fmt: skip
        admin.execute(
            text("create constraint trigger dawdle after insert on crm.contact deferrable initially deferred"
                 " for each row when (new.name = 'dawdle') execute function crm.dawdle()")
        )  # fmt: skip

    def end_the_sleeper() -> None:
        with company.admin() as admin:
            while not admin.scalar(
                text(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    " where wait_event = 'PgSleep' and datname = current_database()"
                )
            ):
                admin.execute(text("select pg_stat_clear_snapshot()"))

    ender = threading.Thread(target=end_the_sleeper)
    ender.start()
    try:
        with pytest.raises(OutcomeUnknown), remote.begin(company.actor("olga"), operation_id="dawdled") as work:
            work.session.add(new_contact("dawdle"))
    finally:
        ender.join()
    assert not remote.arrived("dawdled")


@pytest.mark.postgres
def test_many_people_count_together_on_a_server(company: ServerCompany) -> None:
    database = Database(company.engine("olga"))
    actor = company.actor("olga")
    errors: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with database.begin(actor) as work:
                    contact = work.session.get_one(Contact, 1, with_for_update=True)
                    contact.notes = str(int(contact.notes or 0) + 1)
        except BaseException as error:  # noqa: BLE001 - shown by the assert below
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.read(actor) as work:
        assert work.session.get_one(Contact, 1).notes == "70"
