"""The restore wizard: choose, check, what is in it, password or place, restore."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.app.ui.restore.applying import ApplyStep
from crm_desktop.app.ui.restore.check import CheckStep
from crm_desktop.app.ui.restore.choose import ChooseStep
from crm_desktop.app.ui.restore.contents import ContentsStep
from crm_desktop.app.ui.restore.password import PasswordStep
from crm_desktop.app.ui.restore.place import PlaceStep
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import StepDialog
from crm_desktop.shared.i18n import N_, _

STEPS: Final = (N_("Choose"), N_("Check"), N_("What is in it"), N_("Password"), N_("Restore"))
NEW_STEPS: Final = (N_("Choose"), N_("Check"), N_("What is in it"), N_("Place"), N_("Restore"))
CHOOSE, CHECK, CONTENTS, CONFIRM, APPLY = range(5)


class RestoreDialog(StepDialog):
    """Five steps; nothing changes before the last one."""

    restored = Signal(object)
    """The `Outcome`, when the dialog was closed after it."""

    def __init__(
        self, state: RestoreState, *, login: str = "", documents: Path | None = None, parent: QWidget | None = None
    ) -> None:
        self.choose, self.check = ChooseStep(state), CheckStep(state)
        self.contents, self.applying = ContentsStep(state), ApplyStep(state)
        self.confirm: PasswordStep | PlaceStep
        if state.road.is_new:
            self.confirm = PlaceStep(state, documents or Path.home())
        else:
            self.confirm = PasswordStep(state, login)
        steps = (self.choose, self.check, self.contents, self.confirm, self.applying)
        super().__init__(_("Restore a backup"), NEW_STEPS if state.road.is_new else STEPS, steps, parent)
        self.state = state
        state.setParent(self)
        state.another_wanted.connect(self._begin_with)
        self.finished.connect(self._close_up)

    def start_with(self, file: Path | None = None) -> None:
        """Show the dialog; with a file it is checked at once, and Back leads to the list."""
        self.start()
        if file is not None:
            self.choose.take(file)

    def _begin_with(self, path: object) -> None:
        assert isinstance(path, Path)
        self.state.choose(path)
        self.show_step(CHECK)

    def go_back(self) -> None:
        """Go back; from the contents to the choice, for the check goes on by itself."""
        if self.at == CONTENTS:
            self.contents.cancel()
            self.show_step(CHOOSE)
        else:
            super().go_back()

    def _close_up(self, _result: int) -> None:
        self.state.abandon()
        outcome = self.state.outcome
        if isinstance(outcome, Outcome):
            self.restored.emit(outcome)
