"""What the file of a backup is called: when it was made, why, and whether it is locked."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crm_desktop.backup.kinds import Kind

LOCKED_SUFFIX: Final = ".crmlock"
_STAMP: Final = "%Y%m%d-%H%M%S"
_KINDS: Final = "|".join(re.escape(kind) for kind in Kind if kind is not Kind.SCHEDULED)
_NAME: Final = re.compile(
    rf"crm-backup-(?P<stamp>[0-9]{{8}}-[0-9]{{6}})(?:-(?P<kind>{_KINDS}))?(?:-(?P<number>[2-9]|[1-9][0-9]{{1,2}}))?"
    rf"\.zip(?P<locked>{re.escape(LOCKED_SUFFIX)})?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says. `at` is the local time of the computer that made it, without a zone."""

    kind: Kind
    at: datetime
    locked: bool
    number: int = 1


def file_name(kind: Kind, at_local: datetime, *, locked: bool = False, number: int = 1) -> str:
    """Return the name of a backup; `number` tells apart those of one second (2 and more).

    A scheduled one is `crm-backup-20261122-123000.zip`, others say why they were made.
    """
    reason = "" if kind is Kind.SCHEDULED else f"-{kind.value}"
    counted = "" if number == 1 else f"-{number}"
    return f"crm-backup-{at_local.strftime(_STAMP)}{reason}{counted}.zip{LOCKED_SUFFIX if locked else ''}"


def parse(name: str) -> Named | None:
    """Return what the name of a file says, None when it is not the name of a backup."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["stamp"], _STAMP)  # noqa: DTZ007 the name tells no zone
    except ValueError:
        return None
    return Named(Kind(found["kind"] or Kind.SCHEDULED), at, found["locked"] is not None, int(found["number"] or 1))
