"""What an address is called on screen. Light: the login window needs it before anything else is loaded."""

from pathlib import Path
from urllib.parse import urlsplit

from crm_desktop.shared.i18n import _
from crm_desktop.ui.settings import LAST_COMPANY, LAST_COMPANY_NAME, RECENT_COMPANIES, Settings


def where(address: str) -> str:
    """Return where the data is, in words: a file on this computer, or the server and its database."""
    if "://" in address:
        parts = urlsplit(address)
        return _("Server {server} · {name}").format(server=parts.hostname or "", name=parts.path.strip("/"))
    return _("This computer · {file}").format(file=Path(address).name)


def name_of(settings: Settings, address: str) -> str:
    """Return the name the company had when it was opened last, else the name of its file or database."""
    if address == settings.get(LAST_COMPANY) and (name := settings.get(LAST_COMPANY_NAME)):
        return name
    for company in settings.get(RECENT_COMPANIES):
        if company.address == address and company.name:
            return company.name
    return urlsplit(address).path.strip("/") if "://" in address else Path(address).stem
