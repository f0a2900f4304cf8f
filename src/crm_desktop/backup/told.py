"""What backups, restores and moves are called in the journal; marked texts."""

from collections.abc import Mapping
from typing import Final

from crm_desktop.shared.i18n import N_

ENTITIES: Final[Mapping[str, str]] = {"backup": N_("Backup")}
ACTIONS: Final[Mapping[str, str]] = {
    "move_away": N_("Company moved away"),
    "move_here": N_("Company moved here"),
    "restore": N_("Backup restored"),
}
LABELS: Final[Mapping[str, str]] = {
    "active": N_("Backs up by itself"),
    "at": N_("Time of day"),
    "days": N_("Days"),
    "file": N_("File"),
    "folder": N_("Folder"),
    "from": N_("From"),
    "lock": N_("Encrypted"),
    "made_at": N_("Made"),
    "on_exit": N_("When the program is closed"),
    "second_folder": N_("Second folder"),
    "to": N_("To"),
}
