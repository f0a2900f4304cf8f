"""Passwords kept by the operating system's keyring, if there is one. Call it off the GUI thread.

Everything works without a keyring: one that is absent, locked, broken or whose question was cancelled
remembers nothing and says nothing.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
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
    try:
        return ask()
    except _kinds_of_trouble() as error:
        # The kind is enough for the log: messages may quote the name of the entry.
        log.info("No help from the keyring: %s", type(error).__name__)
        return None


def _kinds_of_trouble() -> tuple[type[BaseException], ...]:
    """Return what backends raise: keyring wraps only part of what its D-Bus or Windows library does.

    A keyring that is locked behind its back, or whose question is cancelled, comes as the library's own kind.
    """
    found: list[type[BaseException]] = [OSError, RuntimeError, ValueError]
    for module, name in (
        ("keyring.errors", "KeyringError"),
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney.wrappers", "DBusErrorResponse"),
        ("win32ctypes.pywin32.pywintypes", "error"),
    ):
        with suppress(ImportError):
            found.append(getattr(import_module(module), name))
    return tuple(found)
