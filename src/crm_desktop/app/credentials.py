"""Where the command line gets addresses and passwords from; never from an argument."""

import os
import sys
from typing import Any, NoReturn

from crm_desktop.access import secrets
from crm_desktop.app.last_opened import last_opened
from crm_desktop.shared.i18n import _


class WrongUsage(Exception):
    """The call lacks something; exit code 2."""


def database_of(options: Any) -> str:
    """Return the address asked for, else the company the window opened last. Raises WrongUsage."""
    return _named(options) or last_opened() or _ask_which()


def new_place_of(options: Any) -> str:
    """Return where a new company is to be made: only ever the place that was named. Raises WrongUsage."""
    return _named(options) or _ask_which()


def _named(options: Any) -> str:
    address: str = options.database or os.environ.get("CRM_DATABASE", "")
    return address


def _ask_which() -> NoReturn:
    raise WrongUsage(_("Which company? Say --database FILE, or --database postgresql://host/database."))


def password_of(options: Any, address: str) -> tuple[str, str]:
    """Return the login and its password: from standard input, CRM_PASSWORD or the keyring. Raises WrongUsage."""
    login: str = options.user or os.environ.get("CRM_USER", "")
    if not login:
        raise WrongUsage(_("Who are you? Say --user LOGIN."))
    if options.password_stdin:
        return login, sys.stdin.readline().rstrip("\n")
    password = os.environ.get("CRM_PASSWORD") or secrets.recall(address, login)
    if password is None:
        raise WrongUsage(_("No password: set CRM_PASSWORD or use --password-stdin."))
    return login, password


def new_password_of(options: Any) -> str:
    """Return the password to be set: from standard input or CRM_NEW_PASSWORD. Raises WrongUsage."""
    if options.new_password_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = os.environ.get("CRM_NEW_PASSWORD", "")
    if not password:
        raise WrongUsage(_("No new password: set CRM_NEW_PASSWORD or use --new-password-stdin."))
    return password
