"""What an address turns out to be: nothing that is not ours, or not ours to change, is ever written to."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from crm_desktop.access.login import WrongLogin
from crm_desktop.app import session as sessions
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.opening import (
    AlreadyThere,
    FileMissing,
    HardLinked,
    Kind,
    NotOurs,
    ServerRefused,
    TooNew,
    look_at,
    new_file,
    open_file,
    open_on_server,
    public_address,
)
from crm_desktop.backup.format.archive import unpack
from crm_desktop.db.engine import APPLICATION_ID, postgres_engine
from crm_desktop.db.engine import postgres_url as to_url
from crm_desktop.db.schema import SCHEMA
from crm_desktop.db.server_roles import Names
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.progress import Quiet
from tests.app.older import older_company


def fingerprint(folder: Path) -> dict[str, str]:
    """Name and content of every file, so that a new file beside is noticed too."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def with_number(path: Path, number: int, *, in_log: bool = False) -> None:
    """Give a company file another schema number; `in_log` leaves it in the write-ahead log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {'WAL' if in_log else 'DELETE'}")
        connection.execute(f"PRAGMA user_version = {number}")


def test_a_missing_file_is_said_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "gone.crm"
    assert look_at(path).kind is Kind.MISSING
    with pytest.raises(FileMissing, match=r"gone\.crm"):
        open_file(path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear Sir or Madam, " * 40, "not a database"),
        (b"PK\x03\x04" + bytes(400), "zip or Office"),
        (b"%PDF-1.7" + bytes(400), "PDF"),
        (b"SQLite format 3\x00" + bytes(20), "not a database"),
        (b"SQLite format 3\x00" + bytes(4000), "damaged"),
        (b"", "empty"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "something.crm"
    path.write_bytes(content)
    before = fingerprint(tmp_path)
    with pytest.raises(NotOurs, match=said):
        open_file(path)
    assert fingerprint(tmp_path) == before


def test_a_folder_is_no_company(tmp_path: Path) -> None:
    with pytest.raises(NotOurs, match="folder"):
        open_file(tmp_path)


@pytest.mark.parametrize(
    ("tables", "program"),
    [
        (("moz_places",), "Firefox"),
        (("gnclock", "gncversion"), "GnuCash"),
        (("SingleValue", "SalesInvoice"), "Frappe Books"),
        (("shopping",), "another program"),
    ],
)
def test_another_programs_database_is_named_and_untouched(
    tmp_path: Path, tables: tuple[str, ...], program: str
) -> None:
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for table in tables:
            connection.execute(f"CREATE TABLE {table} (id INTEGER)")
        connection.commit()
    before = fingerprint(tmp_path)
    for attempt in (open_file, new_file):
        with pytest.raises(NotOurs, match=program):
            attempt(path)
    assert fingerprint(tmp_path) == before


def test_a_newer_number_in_the_log_is_seen_too(demo_file: Path) -> None:
    # Another program has it open, so that the log is not folded into the file at the close.
    with closing(sqlite3.connect(demo_file)) as other:
        other.execute("SELECT count(*) FROM company").fetchone()
        with_number(demo_file, SCHEMA + 1, in_log=True)
        before = hashlib.sha256(demo_file.read_bytes()).hexdigest()
        assert look_at(demo_file).schema == SCHEMA
        with pytest.raises(TooNew, match=str(SCHEMA + 1)):
            open_file(demo_file)
        assert hashlib.sha256(demo_file.read_bytes()).hexdigest() == before


def test_a_newer_file_is_refused_byte_identical(demo_file: Path) -> None:
    with_number(demo_file, SCHEMA + 7)
    before = fingerprint(demo_file.parent)
    with pytest.raises(TooNew):
        open_file(demo_file)
    assert fingerprint(demo_file.parent) == before


def test_a_truncated_company_is_said_to_be_damaged(demo_file: Path) -> None:
    with demo_file.open("r+b") as file:
        file.truncate(8192)
    before = hashlib.sha256(demo_file.read_bytes()).hexdigest()
    with pytest.raises(NotOurs, match="damaged"):
        open_file(demo_file)
    assert hashlib.sha256(demo_file.read_bytes()).hexdigest() == before


def test_a_second_name_is_refused(demo_file: Path) -> None:
    os.link(demo_file, demo_file.with_name("second.crm"))
    with pytest.raises(HardLinked):
        open_file(demo_file)


def test_a_link_is_followed_to_the_one_file(demo_file: Path) -> None:
    link = demo_file.with_name("shortcut.crm")
    link.symlink_to(demo_file)
    database = open_file(link)
    assert database.path == demo_file.resolve()
    database.close()


def test_a_new_company_never_lands_on_one_that_is_there(demo_file: Path) -> None:
    before = fingerprint(demo_file.parent)
    with pytest.raises(AlreadyThere):
        new_file(demo_file)
    assert fingerprint(demo_file.parent) == before


def test_an_older_file_is_backed_up_before_it_is_upgraded(tmp_path: Path) -> None:
    path = older_company(tmp_path / "old.crm")
    open_file(path).close()
    [backup] = (tmp_path / "old backups").glob("crm-backup-*-before-upgrade.zip")
    older = unpack(backup, tmp_path, progress=Quiet())
    for file, number in ((older, SCHEMA - 1), (path, SCHEMA)):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (number,)
            assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            assert connection.execute("SELECT name FROM company").fetchone() == ("Harbour",)


def test_a_file_that_may_only_be_read_opens_for_reading(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        # The superuser may write everything, so it is the answer of the system that is set.
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode, **how: mode != os.W_OK and real(path, mode, **how))
    else:
        demo_file.chmod(0o444)
        demo_file.parent.chmod(0o555)
    try:
        here = sessions.log_in(str(demo_file), "owner", PASSWORD)
        assert here.database.read_only
        with here.database.read(SYSTEM) as work:
            assert work.session.scalar(text("SELECT count(*) FROM contact")) == 60
        with pytest.raises(Unavailable, match="reading only"), here.database.begin(SYSTEM):
            pytest.fail("a read-only company handed out a writing transaction")
        here.database.close()
    finally:
        demo_file.parent.chmod(0o755)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(ServerRefused, match=r"127\.0\.0\.1"):
        open_on_server("postgresql://127.0.0.1:9/none", "boss", "whatever 12")


@pytest.mark.postgres
def test_somebody_the_server_does_not_know_gets_the_words_of_a_wrong_login(postgres_url: str) -> None:
    with pytest.raises(WrongLogin):
        open_on_server(public_address(postgres_url), "nobody.here", "not the password")


@pytest.mark.postgres
def test_a_server_database_without_a_company_is_said(postgres_url: str) -> None:
    url = make_url(postgres_url)
    person = Names.of(str(url.database)).person("boss")
    engine = postgres_engine(to_url(postgres_url))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE \"{person}\" LOGIN PASSWORD '{PASSWORD}'"))
    try:
        with pytest.raises(NotOurs, match="no company"):
            open_on_server(public_address(postgres_url), "boss", PASSWORD)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f'DROP ROLE "{person}"'))
        engine.dispose()


@pytest.mark.parametrize(
    "address", ["postgresql://boss:s3cret@db.example:5433/firm", "postgres://boss@db.example:5433/firm"]
)
def test_what_is_shown_of_an_address_has_no_login(address: str) -> None:
    assert public_address(address).endswith("://db.example:5433/firm")


def test_on_a_share_the_second_computer_reads_and_is_told_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shared.crm"
    new_file(path).close()
    monkeypatch.setattr("crm_desktop.db.place.is_network_path", lambda _path: True)
    first = open_file(path)
    second = open_file(path)
    assert (first.read_only, second.read_only) == (False, True)
    assert second.held_by
    with pytest.raises(Unavailable), second.begin(SYSTEM):
        pass
    second.close()
    first.close()
    third = open_file(path)
    assert not third.read_only
    third.close()
