"""What this computer remembers of the person: looks and places, typed, in one file; nothing secret."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit, urlunsplit

from PySide6.QtCore import QSettings, QStandardPaths

log = logging.getLogger(__name__)

T = TypeVar("T")
RECENT_KEPT: Final = 10


class RecentCompany(NamedTuple):
    """A company opened before: file path or server address, its name, and when (UTC, ISO 8601)."""

    address: str
    name: str
    opened_at: str = ""


class Setting(Generic[T]):
    """One remembered value: its key in the file, what it is without one, and how it is read back."""

    # Written out: making a data class costs the first window as much as drawing its fields.
    def __init__(self, key: str, default: T, read: Callable[[Any], T]) -> None:
        self.key, self.default, self.read = key, default, read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(value)
    return value


def _bytes(value: Any) -> bytes:
    import base64

    return base64.b64decode(_text(value), validate=True)


def _companies(value: Any) -> tuple[RecentCompany, ...]:
    return tuple(RecentCompany(**entry) for entry in value)


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


LANGUAGE: Final = Setting("language", "", _text)
"""A key of `i18n.LANGUAGES`; "" is the system's."""
THEME: Final = Setting("theme", "system", _text)
WINDOW_GEOMETRY: Final = Setting("window/geometry", b"", _bytes)
WINDOW_STATE: Final = Setting("window/state", b"", _bytes)
RAIL_FOLDED: Final = Setting("window/rail_folded", False, _flag)
PREVIEW_SHOWN: Final = Setting("window/preview_shown", True, _flag)
COMPACT_ROWS: Final = Setting("window/compact_rows", True, _flag)
IDLE_LOCK_MINUTES: Final = Setting("lock/idle_minutes", 15, _number)
LAST_COMPANY: Final = Setting("company/last", "", _text)
LAST_COMPANY_NAME: Final = Setting("company/last_name", "", _text)
"""Beside the list of all, because the login window needs only this one."""
RECENT_COMPANIES: Final = Setting[tuple[RecentCompany, ...]]("company/recent", (), _companies)
LAST_FOLDER: Final = Setting("folder/last", "", _text)
BACKUP_FOLDERS: Final = Setting[dict[str, Any]]("backup/folders", {}, _table)
"""The folders of the backups by the address of the company: a file that cannot be opened does not tell them."""
DAY_SHOWN: Final = Setting("day/shown", "", _text)
"""The day, the company and the person the page of the day was shown to last."""

DECLARED: Final[tuple[Setting[Any], ...]] = (
    LANGUAGE, THEME, WINDOW_GEOMETRY, WINDOW_STATE, RAIL_FOLDED, PREVIEW_SHOWN, COMPACT_ROWS,
    IDLE_LOCK_MINUTES, LAST_COMPANY, LAST_COMPANY_NAME, RECENT_COMPANIES, LAST_FOLDER,
    BACKUP_FOLDERS, DAY_SHOWN,
)  # fmt: skip


def config_folder() -> Path:
    """Return where the program keeps settings: what platformdirs says, which loads ten times slower."""
    places = QStandardPaths.StandardLocation
    place = places.GenericDataLocation if sys.platform == "darwin" else places.GenericConfigLocation
    return Path(QStandardPaths.writableLocation(place), "crm-desktop")


def data_folder() -> Path:
    """Return where the program keeps drafts, as platformdirs says."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place), "crm-desktop")


class Settings:
    """The settings file of this person on this computer, or the one at `path`.

    A value that cannot be read is its default: a broken file never keeps the program from opening.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            path = config_folder() / "settings.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        """Return the value remembered, or the default of `setting`."""
        return self._read(setting.key, setting.default, setting.read)

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember `value`; it is in the file after `flush` or soon."""
        self._write(setting.key, value)

    def flush(self) -> None:
        """Write everything to the file now."""
        self._store.sync()

    def view_state(self, view: str) -> dict[str, Any]:
        """Return what the list `view` remembers (columns, widths, density), {} at first."""
        return self._read(f"view/{view}", {}, _table)

    def set_view_state(self, view: str, state: dict[str, Any]) -> None:
        """Remember `state`, plain JSON values, for the list `view`."""
        self._write(f"view/{view}", state)

    def remembered_login(self, company: str) -> str:
        """Return the login name last used for the company at `company`, "" when none is to be kept."""
        return self._read(_login_key(company), "", _text)

    def remember_login(self, company: str, login: str) -> None:
        """Remember the login name, never the password, for `company`; "" forgets it."""
        if login:
            self._write(_login_key(company), login)
        else:
            self._store.remove(_login_key(company))

    def last_backup(self, company: str) -> tuple[int, str]:
        """Return when the last verified backup of a company was made and its tone: "", never looked at.

        The time is in seconds since 1970, 0 when there is none.
        """
        made, _blank, tone = self._read(_backup_key(company), "", _text).partition(" ")
        return (int(made), tone) if made.isdecimal() else (0, "")

    def remember_backup(self, company: str, made: int, tone: str) -> None:
        """Remember when the last verified backup of a company was made, and how safe that is."""
        if self.last_backup(company) != (made, tone):
            self._write(_backup_key(company), f"{made} {tone}")

    def company_opened(self, address: str, name: str, opened_at: str) -> None:
        """Put a company on top of those opened before. A password inside an address is dropped."""
        address = without_password(address)
        others = [company for company in self.get(RECENT_COMPANIES) if company.address != address]
        recent = [RecentCompany(address, name, opened_at), *others][:RECENT_KEPT]
        self.set(RECENT_COMPANIES, tuple(recent))
        self.set(LAST_COMPANY, address)
        self.set(LAST_COMPANY_NAME, name)

    def forget_company(self, address: str) -> None:
        """Take a company off the list; the company itself is not touched."""
        kept = tuple(company for company in self.get(RECENT_COMPANIES) if company.address != address)
        self.set(RECENT_COMPANIES, kept)
        if self.get(LAST_COMPANY) == address:
            self.set(LAST_COMPANY, "")
            self.set(LAST_COMPANY_NAME, "")

    def _read(self, key: str, default: T, read: Callable[[Any], T]) -> T:
        stored = self._store.value(key)
        if stored is None:
            return default
        try:
            return read(_decoded(str(stored)))
        except (ValueError, TypeError, KeyError):
            log.info("setting %s cannot be read, its default is used", key)
            return default

    def _write(self, key: str, value: object) -> None:
        # JSON inside the ini file: QSettings alone gives back "true", "3" and lists of one as text.
        import json

        plain = isinstance(value, str) and _is_plain(value)
        self._store.setValue(key, f'"{value}"' if plain else json.dumps(_plain(value), ensure_ascii=True))


def without_password(address: str) -> str:
    """Return a server address without the password in it; a file path as it is."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    if parts.password is None:
        return address
    account = parts.netloc.rsplit("@", 1)
    return urlunsplit(parts._replace(netloc=f"{account[0].split(':', 1)[0]}@{account[1]}"))


def _decoded(stored: str) -> Any:
    """Return the value of a JSON text. Raises ValueError."""
    inner = stored[1:-1]
    if stored == f'"{inner}"' and _is_plain(inner):
        # All that the login window asks for; it does not wait for the parser to be loaded.
        return inner
    import json

    return json.loads(stored)


def _is_plain(text: str) -> bool:
    """Return whether JSON writes `text` as it is, between quotes."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _plain(value: object) -> object:
    """Return `value` as JSON can hold it; everything else in it is plain already."""
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return [entry._asdict() if isinstance(entry, RecentCompany) else entry for entry in value]
    return value


def _login_key(company: str) -> str:
    # Hexadecimal, because a key must not have slashes; a hash would load OpenSSL before the first window.
    return f"login/{without_password(company).encode().hex()}"


def _backup_key(company: str) -> str:
    return f"backup/{without_password(company).encode().hex()}"
