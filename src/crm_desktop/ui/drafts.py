"""Half-typed forms survive a crash: kept in a folder until they are saved or thrown away.

A draft is best effort: a full disk or a broken file never becomes an error on screen.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol, cast
from urllib.parse import quote

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from crm_desktop.shared.clock import Clock, SystemClock
from crm_desktop.shared.merge import is_empty

log = logging.getLogger(__name__)

FORMAT: Final = 1
SAVE_AFTER_MS: Final = 3000
_SECOND: Final = "~"
"""Ends the name of what is typed while an older draft still waits for its answer."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose draft of what: `company` is the data-set id, `form` e.g. "contact/new" or "contact/17"."""

    company: str
    user: str
    form: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: only the fields that differ; `version` of the record below it, None for a new one."""

    key: DraftKey
    title: str
    saved_at: datetime
    values: Mapping[str, Any]
    version: int | None = None


class DraftStore:
    """Drafts as small files, `<folder>/<company>/<user>/<form>.json`, readable by their owner only."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()

    def save(self, key: DraftKey, values: Mapping[str, Any], title: str = "", version: int | None = None) -> bool:
        """Keep `values`, old or new and never half; return whether the disk took them."""
        content = {
            "format": FORMAT,
            "form": key.form,
            "title": title,
            "saved_at": _packed(self._clock.now()),
            "version": version,
            "values": _packed(dict(values)),
        }
        path = self._path(key)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, json.dumps(content, ensure_ascii=False))
        except OSError as error:
            # Tried again with the next key that is typed.
            log.info("A draft could not be kept: %s", error.strerror)
            return False
        return True

    def load(self, key: DraftKey) -> Draft | None:
        """Return the draft of `key`, None when there is none that can be read."""
        return _read(self._path(key), key)

    def discard(self, key: DraftKey) -> None:
        """Forget the draft of `key`, if there is one."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            log.info("A draft could not be removed: %s", error.strerror)

    def all(self, company: str, user: str) -> list[Draft]:
        """Return every readable draft of a person, the newest first."""
        found: list[Draft] = []
        try:
            paths = sorted(self._place(company, user).glob("*.json"))
        except OSError:
            return []
        for path in paths:
            draft = _read(path, DraftKey(company, user, ""))
            if draft is not None:
                found.append(draft)
        return sorted(found, key=lambda draft: draft.saved_at, reverse=True)

    def _place(self, company: str, user: str) -> Path:
        return self._folder / _safe(company) / _safe(user)

    def _path(self, key: DraftKey) -> Path:
        return self._place(key.company, key.user) / f"{_safe(key.form)}.json"


def _safe(name: str) -> str:
    """Return `name` as one file name on any system; a leading dot would hide it or leave the folder."""
    return quote(name, safe=_SECOND).replace(".", "%2E") or "_"


def _write(path: Path, text: str) -> None:
    # mkstemp makes the file readable by its owner only.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path, key: DraftKey) -> Draft | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        whose = DraftKey(key.company, key.user, content["form"])
        values = dict(_unpacked(content["values"]))
        return Draft(whose, content["title"], _unpacked(content["saved_at"]), values, content["version"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        log.info("A draft could not be read: %s", type(error).__name__)
        return None


def _packed(value: Any) -> Any:
    """Return `value` as JSON can hold it; whatever JSON would change is named by its type."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return {"$": "instant", "of": value.isoformat()}
        case date():
            return {"$": "date", "of": value.isoformat()}
        case Decimal():
            return {"$": "decimal", "of": str(value)}
        case tuple():
            return {"$": "tuple", "of": [_packed(part) for part in value]}
        case list():
            return [_packed(part) for part in value]
        case Mapping():
            return {"$": "map", "of": [[_packed(name), _packed(part)] for name, part in value.items()]}
    raise TypeError(f"a draft cannot hold {type(value).__name__}")


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(part) for part in value]
    if not isinstance(value, dict):
        return value
    of = value["of"]
    match value["$"]:
        case "instant":
            return datetime.fromisoformat(of)
        case "date":
            return date.fromisoformat(of)
        case "decimal":
            return Decimal(of)
        case "tuple":
            return tuple(_unpacked(part) for part in of)
        case "map":
            return {_unpacked(name): _unpacked(part) for name, part in of}
    raise ValueError(f"unknown type {value['$']!r}")


class Typed(Protocol):
    """What is typed into: a form, or a field that stands alone; a QObject as well."""

    edited: Any
    """Emitted with every key."""

    def changes(self) -> Mapping[str, Any]:
        """Return what is typed and not stored yet."""
        ...

    def values(self) -> Mapping[str, Any]:
        """Return all that is shown, typed or not."""
        ...

    def apply(self, values: Mapping[str, Any]) -> Any:
        """Put a draft back."""
        ...


class DraftKeeper(QObject):
    """Keeps the draft of one form, or of a field that stands alone.

    It does so 3 s after the last key, when the window loses the focus, and at the end. `title` says what is being
    written ("张伟"). What was found from an earlier run waits in `pending` until `restore` or `discard_pending`; what
    is typed meanwhile is kept beside it, so that neither is lost.
    """

    def __init__(self, form: Typed, store: DraftStore, key: DraftKey, title: Callable[[], str] = str) -> None:
        super().__init__(cast(QObject, form))
        self._form = form
        self._store = store
        self._key = key
        self._title = title
        self.version: int | None = None
        second = DraftKey(key.company, key.user, key.form + _SECOND)
        self._second_key = second
        self.pending = store.load(key) or store.load(second)
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.keep)
        form.edited.connect(self._timer.start)
        app = QGuiApplication.instance()
        app.applicationStateChanged.connect(self._looked_away)
        app.aboutToQuit.connect(self.keep)

    def keep(self) -> None:
        """Write what is typed now; a form with nothing in it leaves no draft."""
        self._timer.stop()
        key = self._second_key if self.pending else self._key
        changes = self._form.changes()
        new = self.version is None
        nothing = not changes or (new and all(is_empty(value) for value in changes.values()))
        if nothing:
            self._store.discard(key)
            return
        # The next new record may begin for somebody else.
        begun = {name: value for name, value in self._form.values().items() if new and not is_empty(value)}
        if not self._store.save(key, {**begun, **changes}, self._title(), self.version):
            self._timer.start()

    def restore(self) -> None:
        """Put the pending draft into the form."""
        if self.pending is None:
            return
        draft, self.pending = self.pending, None
        self._store.discard(self._second_key)
        self._form.apply(draft.values)
        self.keep()

    def discard_pending(self) -> None:
        """Throw the pending draft away, keeping what was typed since."""
        self.pending = None
        self._store.discard(self._second_key)
        self.keep()

    def discard(self) -> None:
        """Forget what is typed: it was saved, or the person gave it up."""
        self._timer.stop()
        self._store.discard(self._second_key if self.pending else self._key)

    def _looked_away(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive and self._timer.isActive():
            self.keep()
