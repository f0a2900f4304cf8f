"""Passwords kept by the operating system's keyring, if there is one. Call it off the GUI thread.

Everything works without a keyring: one that is absent, locked, broken or whose question was cancelled
remembers nothing and says nothing.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "CRM Desktop"


def recall(company: str, login: str) -> str | None:
    """Return the password remembered for `login` in `company` (its address), None when there is none."""
    import keyring

    return _politely(lambda: keyring.get_password(SERVICE, _name(company, login)))


def remember(company: str, login: str, password: str) -> bool:
    """Keep a password; return whether the keyring took it."""
    import keyring

    def keep() -> bool:
        keyring.set_password(SERVICE, _name(company, login), password)
        return True

    return _politely(keep) or False


def forget(company: str, login: str) -> None:
    """Remove a remembered password, if there is one."""
    import keyring

    _politely(lambda: keyring.delete_password(SERVICE, _name(company, login)))


def _name(company: str, login: str) -> str:
    return f"{login.casefold()} @ {company}"


def _politely(ask: Callable[[], T]) -> T | None:
    from keyring.errors import KeyringError

    try:
        return ask()
    except (KeyringError, RuntimeError, OSError, ValueError) as error:
        # Backends also raise what their D-Bus or Windows library raises. The kind is enough for the
        # log: messages may quote the name of the entry.
        log.info("No help from the keyring: %s", type(error).__name__)
        return None
