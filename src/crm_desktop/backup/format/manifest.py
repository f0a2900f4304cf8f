"""`manifest.json`: what a backup holds and how to prove it; read as a stranger's file."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from crm_desktop.backup.kinds import Kind

FORMAT: Final = 1
DATA: Final = "data.sqlite"
SETTINGS: Final = "settings.json"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
MEMBERS: Final = (DATA, SETTINGS, MANIFEST, SUMS)
"""The members of the zip, in their order."""

MOST_BYTES: Final = 1024 * 1024
"""Of manifest.json and of settings.json; real ones have a few thousand."""

_MOST_INT: Final = 2**63 - 1
_MOST_CHARS: Final = 2000
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_KEY: Final = re.compile(r"[A-Za-z0-9_.:-]{1,120}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z")


class Refused(ValueError):
    """The text is no manifest of this format; says what is wrong, for a report."""


class NewerFormat(Refused):
    """A newer program wrote it; `version` names that program, as far as it is told."""

    def __init__(self, version: str) -> None:
        super().__init__("format")
        self.version = version


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the zip, plain and as it lies there (`packed`): bytes and SHA-256 in hex."""

    size: int
    sha256: str
    packed: int
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The last entry of the journal; `id` 0 when there is none."""

    id: int = 0
    operation_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the maker of a backup knows; `made_at` is UTC, `engine` is "sqlite" or "postgresql"."""

    kind: Kind
    app_version: str
    engine: str
    made_at: datetime
    sequence: int
    dataset_id: str
    company: str
    currency: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup. `counts`: rows by table; `figures`, by key: count, text, or minor units by currency.

    `broken_references`: how many rows of the company itself refer to rows that are not there.
    """

    kind: Kind
    app_version: str
    engine: str
    made_at: datetime
    sequence: int
    dataset_id: str
    company: str
    currency: str
    timezone: str
    schema: int
    members: Mapping[str, Member]
    counts: Mapping[str, int]
    figures: Mapping[str, Any]
    journal_head: JournalHead
    broken_references: int = 0

    @property
    def size(self) -> int:
        """Return how many bytes the data takes when it is unpacked."""
        return self.members[DATA].size

    def to_json(self) -> bytes:
        """Return the text of manifest.json, the same for the same contents."""
        head = asdict(self.journal_head)
        head["at"] = None if self.journal_head.at is None else _moment_text(self.journal_head.at)
        told = {
            "format": FORMAT,
            **{name: getattr(self, name) for name in _TEXTS},
            "kind": self.kind.value,
            "made_at": _moment_text(self.made_at),
            "sequence": self.sequence,
            "schema": self.schema,
            "members": {name: asdict(member) for name, member in self.members.items()},
            "counts": dict(self.counts),
            "figures": dict(self.figures),
            "journal_head": head,
            "broken_references": self.broken_references,
        }
        return to_json(told)

    @classmethod
    def from_json(cls, raw: bytes) -> "Manifest":
        """Return the manifest of a text. Raises Refused for anything that `to_json` would not write, NewerFormat."""
        said = parse_object(raw)
        number = said.get("format")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise Refused("format")
        if number > FORMAT:
            version = said.get("app_version")
            raise NewerFormat(version[:40] if isinstance(version, str) and version else str(number))
        _exactly(said, {"format", *cls.__slots__}, "manifest")
        members = _dict(said["members"], "members")
        _exactly(members, {DATA, SETTINGS}, "members")
        return cls(
            **{name: _text(said[name], name) for name in _TEXTS},
            kind=_checked(Kind, said["kind"], "kind"),
            made_at=_moment(said["made_at"], "made_at"),
            sequence=_whole(said["sequence"], "sequence"),
            schema=_whole(said["schema"], "schema", least=1),
            members={name: _member(value, name) for name, value in members.items()},
            counts={_key(name): _whole(value, name) for name, value in _dict(said["counts"], "counts").items()},
            figures={_key(name): _figure(value, name) for name, value in _dict(said["figures"], "figures").items()},
            journal_head=_journal_head(said["journal_head"]),
            broken_references=_whole(said["broken_references"], "broken_references"),
        )


_TEXTS: Final = ("app_version", "engine", "dataset_id", "company", "currency", "timezone")


def to_json(value: Any) -> bytes:
    """Return the JSON text of a backup's files: sorted, indented, UTF-8, ending in a line break."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def clean_text(value: str) -> str:
    """Return a text as the manifest takes it: no control characters or halves of characters, not endless."""
    return "".join(char for char in value[:_MOST_CHARS] if unicodedata.category(char) not in {"Cc", "Cs"})


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return the object of a JSON text from a stranger. Raises Refused: too large, too deep, doubled keys, NaN."""
    if len(raw) > MOST_BYTES:
        raise Refused("too large")
    try:
        value = json.loads(
            raw.decode("utf-8", "strict"),
            object_pairs_hook=_no_doubles,
            parse_constant=_no_constant,
        )
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error
    return _dict(value, "the text")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Refused("a key is there twice")
    return made


def _no_constant(name: str) -> Any:
    raise Refused(name)


def _exactly(value: Mapping[str, Any], names: set[str], what: str) -> None:
    if value.keys() != names:
        raise Refused(what)


def _dict(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > 10_000:
        raise Refused(what)
    return value


def _checked(parse: Callable[[Any], Any], value: Any, what: str) -> Any:
    try:
        return parse(value)
    except (ValueError, TypeError) as error:
        raise Refused(what) from error


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or value != clean_text(value):
        raise Refused(what)
    return value


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise Refused("a name")
    return value


def _whole(value: Any, what: str, *, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST_INT:
        raise Refused(what)
    return value


def _member(value: Any, name: str) -> Member:
    said = _dict(value, name)
    _exactly(said, set(Member.__slots__), name)
    for key in ("sha256", "packed_sha256"):
        if not isinstance(said[key], str) or not _HEX.fullmatch(said[key]):
            raise Refused(name)
    return Member(_whole(said["size"], name), said["sha256"], _whole(said["packed"], name), said["packed_sha256"])


def _figure(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, dict):
        return {_key(currency): _whole(amount, name, least=-_MOST_INT) for currency, amount in value.items()}
    return _whole(value, name)


def _journal_head(value: Any) -> JournalHead:
    said = _dict(value, "journal_head")
    _exactly(said, set(JournalHead.__slots__), "journal_head")
    at = None if said["at"] is None else _moment(said["at"], "journal_head")
    return JournalHead(_whole(said["id"], "journal_head"), _text(said["operation_id"], "journal_head"), at)


def _moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _moment(value: Any, what: str) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise Refused(what)
    return _checked(lambda text: datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC), value, what)  # type: ignore[no-any-return]
