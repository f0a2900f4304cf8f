"""The move wizard: where to, what moves, password, move."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.app.ui.move.state import MoveState
from crm_desktop.app.ui.move.steps import MovePasswordStep, MovingStep, WhatStep
from crm_desktop.app.ui.move.target import TargetStep
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.step_dialog import StepDialog
from crm_desktop.shared.i18n import N_, _

STEPS: Final = (N_("Where to"), N_("What moves"), N_("Password"), N_("Move"))


class MoveDialog(StepDialog):
    """Four steps; nothing is written before the last one."""

    moved = Signal(object)
    """The `Outcome`, when the dialog was closed after it."""

    def __init__(self, state: MoveState, login: str, documents: Path, parent: QWidget | None = None) -> None:
        self.target, self.what = TargetStep(state, documents), WhatStep(state)
        self.confirm, self.moving = MovePasswordStep(state, login), MovingStep(state)
        title = _("Move to PostgreSQL") if state.road.to_server else _("Move to a file")
        super().__init__(title, STEPS, (self.target, self.what, self.confirm, self.moving), parent)
        self.state = state
        state.setParent(self)
        self.finished.connect(self._close_up)

    def _close_up(self, _result: int) -> None:
        if isinstance(self.state.outcome, Outcome):
            self.moved.emit(self.state.outcome)
