"""How backups are called on screen."""

from datetime import datetime
from pathlib import Path
from typing import Final

from crm_desktop.app.ui.restore.road import Found
from crm_desktop.backup.ui.words import KINDS
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import ENGLISH, N_, _, current_language

_WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def moment(instant: datetime) -> str:
    """Return day and time on this computer's clock, as "Wednesday 18 November 2026, 12:30"."""
    local = instant.astimezone()
    day = Formats(local.date()).full_day(local.date())
    weekday = _(_WEEKDAYS[local.weekday()])
    if current_language() == ENGLISH:
        return f"{weekday} {day}, {local:%H:%M}"
    return f"{day} {weekday} {local:%H:%M}"


def near(instant: datetime, now: datetime) -> str:
    """Return a moment near now in words: "Today 11:42", "2 d ago 16:30"."""
    local, here = instant.astimezone(), now.astimezone()
    return f"{Formats(here.date()).near(local.date())} {local:%H:%M}"


def state_of(found: Found) -> tuple[str, str]:
    """Return what is known of a backup that was not opened yet, and the ink of it."""
    if found.damaged:
        return _("Damaged"), "danger"
    if found.verified:
        return (_("Verified, locked") if found.locked else _("Verified")), "success"
    return (_("Locked, not checked yet") if found.locked else _("Not checked yet")), "muted"


def kind_of(found: Found) -> str:
    """Return why a backup was made, "" when its name does not tell."""
    return _(KINDS[found.kind]) if found.kind in KINDS else ""


def breakable(path: Path | str) -> str:
    """Return a path that may break at its folders."""
    return str(path).replace("/", "/\u200b").replace("\\", "\\\u200b")
