"""What an address is called on screen, and how safe it was. Light: the login window needs it before all else."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from crm_desktop.shared.ages import age_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.settings import LAST_COMPANY, LAST_COMPANY_NAME, RECENT_COMPANIES, Settings


def where(address: str) -> str:
    """Return where the data is, in words: a file on this computer, or the server and its database."""
    if "://" in address:
        parts = urlsplit(address)
        return _("Server {server} · {name}").format(server=parts.hostname or "", name=parts.path.strip("/"))
    return _("This computer · {file}").format(file=Path(address).name)


_OLD_S = 7 * 86_400
_NEAR_S = 120
"""Clocks differ by as much without anything being wrong."""


def last_backup(settings: Settings, address: str) -> tuple[Callable[[], str], bool]:
    """Return what says how old the last verified backup is, "" when nobody looked yet, and whether it is too old."""
    made, tone = settings.last_backup(address)
    old = time.time() - made > _OLD_S or tone != "ok"

    def say() -> str:
        age = time.time() - made
        if not tone:
            return ""
        if not made or age < -_NEAR_S:
            return _("No backup yet") if not made else _("The last backup is dated later than now")
        return _("Backup {age} ago, verified").format(age=age_text(age))

    return say, old


def name_of(settings: Settings, address: str) -> str:
    """Return the name the company had when it was opened last, else the name of its file or database."""
    if address == settings.get(LAST_COMPANY) and (name := settings.get(LAST_COMPANY_NAME)):
        return name
    for company in settings.get(RECENT_COMPANIES):
        if company.address == address and company.name:
            return company.name
    return urlsplit(address).path.strip("/") if "://" in address else Path(address).stem


def file_stem(company: str) -> str:
    """Return the name of a company as a file may be called on every system, without an ending."""
    return " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", company).split()).strip(" .") or _("Company")
