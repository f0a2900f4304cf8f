"""Errors a person can act on. Everything that is not a `UserError` is a bug and is reported as one."""

from collections.abc import Mapping
from typing import Any

from crm_desktop.shared.i18n import N_, _


class CrmError(Exception):
    """Root of the errors this program raises on purpose."""


class UserError(CrmError):
    """A sentence in the user's language that says what happened and what to do next.

    `message` is a marked (`N_`) text, filled from `values` when shown, so that an error raised in a
    worker is still read in the language that is on screen.
    """

    message = N_("This cannot be done.")

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.template = message or self.message
        self.values = values
        super().__init__(self.template)

    def __str__(self) -> str:
        return _(self.template).format(**self.values)


class NotFound(UserError):
    """The row does not exist, or the actor may not see it: both look the same on purpose."""

    message = N_("This record no longer exists, or you may not see it. Refresh the list.")


class NotAllowed(UserError):
    """The actor lacks a permission or the row is out of scope."""

    message = N_("Your role does not allow this. Ask the owner of the company if you need it.")


class Invalid(UserError):
    """A value is refused; `field` names the field it stands beside."""

    message = N_("This value cannot be saved.")

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class Conflict(UserError):
    """Another person saved the same field meanwhile.

    `theirs` holds the stored values now, `original` the values the form was loaded with, both keyed
    by field name; `version` is the version to save over when the person decides for their own values.
    """

    message = N_("Somebody else changed this record while you were editing it.")

    def __init__(
        self,
        *,
        theirs: Mapping[str, Any],
        original: Mapping[str, Any],
        version: int,
        changed_by: str = "",
    ) -> None:
        super().__init__()
        self.theirs = theirs
        self.original = original
        self.version = version
        self.changed_by = changed_by


class Unavailable(UserError):
    """The data cannot be reached or written just now; nothing was saved."""

    message = N_("The data cannot be reached just now. Nothing was saved; try again in a moment.")


class OutcomeUnknown(Unavailable):
    """The connection broke during COMMIT: ask the journal for `operation_id` before saving again."""

    message = N_("The connection broke while saving. The program checks whether the change arrived.")

    def __init__(self, operation_id: str) -> None:
        super().__init__()
        self.operation_id = operation_id


class Cancelled(CrmError):
    """The person pressed Cancel; the transaction is rolled back."""
