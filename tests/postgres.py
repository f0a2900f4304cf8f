"""A throw-away PostgreSQL server for the tests: made, started, stopped and removed by themselves.

PostgreSQL refuses to run as root, so a run by root hands the server to an ordinary user. Nothing is
skipped when no server is installed: the error says what to install.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from tools.system_packages import find_server_program

if TYPE_CHECKING:
    import pwd

SUPERUSER = "crm_test"
ORDINARY_USERS = ("postgres", "nobody")
PREFIX = "crmpg-"
START_SECONDS = 90
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3
# Nothing here must outlive a power cut, so that a test pays for no disk flush.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "log_min_messages": "error",
    "timezone": "UTC",
}
DURABLE = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    **{name: SETTINGS[name] for name in ("listen_addresses", "max_connections", "log_min_messages", "timezone")},
}
"""What an office's server has: for whoever measures."""


class NoServer(RuntimeError):
    """No PostgreSQL server program is installed, or it did not start; the text says what to do."""


@contextlib.contextmanager
def throwaway_cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a server for the length of the block; gives the superuser's `postgresql://` URL.

    It listens on 127.0.0.1 only, on a free port, with scram passwords, in a short temporary
    folder (a socket's path must stay below 108 bytes). A `durable` one is on disk and waits for it
    as a server does at work. Raises NoServer.
    """
    folder = new_folder(in_memory=not durable)
    try:
        yield start_cluster(folder, DURABLE if durable else SETTINGS)
    finally:
        remove_cluster(folder)


def shared_cluster(folder: Path) -> str:
    """The URL of the one server all test processes share: the first that asks starts it.

    `folder` is from `new_folder()`, the same for all; whoever made it calls `remove_cluster`.
    """
    try:
        os.close(os.open(folder / "asked", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return _wait_for(folder)
    try:
        url = start_cluster(folder)
    except Exception as failure:
        _publish(folder / "failed", str(failure))
        raise
    _publish(folder / "url", url)
    return url


def new_folder(*, in_memory: bool = True) -> Path:
    """An empty folder for a server; also sweeps up after runs that were killed."""
    disk = Path("/tmp" if os.name == "posix" else tempfile.gettempdir())
    for left in (*disk.glob(f"{PREFIX}*"), *MEMORY.glob(f"{PREFIX}*")):
        owner = left / "owner"
        with contextlib.suppress(OSError, ValueError):
            if not _is_alive(int(owner.read_text(encoding="ascii"))):
                remove_cluster(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY if in_memory and has_room(MEMORY) else disk))
    (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
    return folder


def has_room(folder: Path) -> bool:
    """Whether a server, and the files of the tests, fit there: copying the template takes a tenth of the time."""
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_BYTES


def start_cluster(folder: Path, settings: Mapping[str, str] = SETTINGS) -> str:
    """Make and start a server in the folder; returns the superuser's URL. Raises NoServer."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    account = _ordinary_account()
    password = secrets.token_urlsafe(16)
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    if account is not None:
        for path in (folder, password_file):
            os.chown(path, account.pw_uid, account.pw_gid)
    data = folder / "data"
    locale = "C.UTF-8" if os.name == "posix" and sys.platform != "darwin" else "C"
    identity = ["-U", SUPERUSER, "--pwfile", password_file, "--auth=scram-sha-256"]
    _run(account, [initdb, "-D", data, *identity, f"--locale={locale}", "--encoding=UTF8", "--no-sync"])
    port = _start(account, pg_ctl, data, folder, settings)
    return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres"


def remove_cluster(folder: Path) -> None:
    """Stop the server in the folder, if one runs, and remove the folder."""
    data = folder / "data"
    if (data / "postmaster.pid").is_file():
        with contextlib.suppress(NoServer):
            _run(_ordinary_account(), [_program("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


def stop_cluster(folder: Path) -> None:
    """Stop the server in the folder under its clients; `restart_cluster` brings it back at the same port."""
    # Not "immediate": with the settings above that loses what was committed last.
    _run(_ordinary_account(), [_program("pg_ctl"), "-D", folder / "data", "-m", "fast", "-w", "stop"])


def restart_cluster(folder: Path) -> None:
    """Start a server that `stop_cluster` stopped, with the options it had."""
    log = folder / "data" / "server.log"
    _run(_ordinary_account(), [_program("pg_ctl"), "-D", folder / "data", "-l", log, "-w", "restart"])


def create_database(server_url: str, name: str | None = None) -> str:
    """Make an empty database on the server; returns its `postgresql://` URL as the superuser."""
    name = name or f"t_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return f"{server_url.rsplit('/', 1)[0]}/{name}"


def drop_database(database_url: str) -> None:
    """Remove a database made by `create_database`, whoever is still connected to it."""
    server, name = database_url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _wait_for(folder: Path) -> str:
    """What the process that starts the server publishes, in this one's words."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if (folder / "url").is_file():
            return (folder / "url").read_text(encoding="ascii")
        if (folder / "failed").is_file():
            raise NoServer((folder / "failed").read_text(encoding="utf-8"))
        time.sleep(0.05)
    raise NoServer(f"Another test process has been starting PostgreSQL for {START_SECONDS} seconds.")


def _publish(path: Path, text: str) -> None:
    """Write so that a reader sees all of it or nothing."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _program(name: str) -> Path:
    found = find_server_program(name)
    if found is None:
        raise NoServer(
            f"The PostgreSQL tests need a server, and {name} was not found. "
            "Debian, Ubuntu: apt-get install postgresql. macOS: brew install postgresql. "
            "Windows: install PostgreSQL and put its bin folder on PATH."
        )
    return found.resolve()


def _ordinary_account() -> pwd.struct_passwd | None:
    """Whom to run the server as when we are root; None when we are nobody special already."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd  # does not exist on Windows

    for name in ORDINARY_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServer(f"Run by root, the server needs one of these users: {', '.join(ORDINARY_USERS)}")


def _start(
    account: pwd.struct_passwd | None, pg_ctl: Path, data: Path, folder: Path, settings: Mapping[str, str]
) -> int:
    """Start on a free port; another program may take it in between, so try a few."""
    log = data / "server.log"
    for attempt in range(5):
        port = _free_port()
        options = " ".join(f"-c {key}={value}" for key, value in {**settings, "port": port}.items())
        try:
            _run(account, [pg_ctl, "-D", data, "-l", log, "-w", "-o", f"{options} -k {folder}", "start"])
        except NoServer:
            if attempt == 4:
                text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
                raise NoServer(f"PostgreSQL did not start: {text[-2000:]}") from None
        else:
            return port
    raise AssertionError("unreachable")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(account: pwd.struct_passwd | None, command: list[str | Path]) -> None:
    """Run a server program as the given account, outside the caller's (perhaps private) folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    identity: dict[str, object] = {}
    if account is not None:
        environment |= {"HOME": account.pw_dir, "USER": account.pw_name, "LOGNAME": account.pw_name}
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile() as output:
        # Not a pipe: the server inherits it and would keep a reader waiting for ever.
        done = subprocess.run(
            [str(part) for part in command],
            cwd="/" if os.name == "posix" else None,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        if done.returncode:
            output.seek(0)
            said = output.read().decode("utf-8", "replace")[-2000:]
            raise NoServer(f"{Path(command[0]).name} failed: {said}")
