"""The last step of restoring and of moving: it begins by itself, and ends with the passwords that are shown once."""

from typing import Protocol

from PySide6.QtWidgets import QWidget

from crm_desktop.app.ui.restore.one_time_passwords import OneTimePasswords
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.step_dialog import Step
from crm_desktop.app.ui.verdict import Verdict
from crm_desktop.shared.i18n import _
from crm_desktop.ui.dialogs import Dialogs


class EndState(Protocol):
    """What the step needs of the wizard's state."""

    dialogs: Dialogs
    outcome: Outcome | None


class EndStep(Step):
    """There is no cancel and no way back: half of it would be neither the old nor the new."""

    def __init__(self, ended: EndState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ended = ended
        self.verdict = Verdict()
        self.passwords = OneTimePasswords(ended.dialogs)
        self.passwords.has_them.toggled.connect(lambda _on: self.changed.emit())
        self.passwords.hide()

    def verb(self) -> str:
        """Return where it goes on from here; nothing while it runs or after a refusal."""
        return _("Go to the login") if self.is_end else ""

    @property
    def ready(self) -> bool:
        """Return whether the passwords, if there are any, were kept."""
        return self.is_end and (not self.passwords.isVisibleTo(self) or self.passwords.has_them.isChecked())

    @property
    def applying(self) -> bool:
        """Return whether data changes, or has changed."""
        return self.busy or self.is_end

    @property
    def is_end(self) -> bool:
        """Return whether the data is in its place."""
        return self._ended.outcome is not None

    def go_on(self) -> None:
        """Close, when the passwords were kept."""
        if self.ready:
            self.next_wanted.emit()
