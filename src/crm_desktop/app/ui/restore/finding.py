"""Where backups are found: the folders of the plan, those remembered of companies opened before, beside the file."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from crm_desktop.app.ui.restore.road import Found
from crm_desktop.app.ui.restore.words import moment
from crm_desktop.backup import folder as folders
from crm_desktop.shared.errors import UserError


def find(places: Iterable[Path], dataset_id: str = "", known: Mapping[str, Any] | None = None) -> list[Found]:
    """Return the backups in these folders, newest first; a folder that is not there has none.

    `known` tells the history by the name of each file: whether it was proved good, or found damaged.
    """
    found: dict[Path, Found] = {}
    for place in dict.fromkeys(places):
        with suppress(UserError):
            for listed in folders.listing(place, dataset_id):
                status = str((known or {}).get(listed.path.name, ""))
                damaged = status == "damaged" or bool(listed.problem)
                found[listed.path] = Found(
                    listed.path, listed.made_at, str(listed.kind), listed.size, listed.locked,
                    # It got its name only after it was proved; whoever restores it proves it again.
                    verified=not damaged and (status == "verified" or listed.manifest is not None), damaged=damaged,
                )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.at.timestamp() if one.at else 0, one.path.name), reverse=True)


def newest_good(path: Path, remembered: Sequence[Path]) -> tuple[Path | None, str]:
    """Return the newest backup of the company file at `path` that looks good, and when it was made, in words."""
    found = find([*remembered, folders.beside(path)])
    best = next((one for one in found if one.verified), None)
    return (best.path, moment(best.at)) if best is not None and best.at is not None else (None, "")
