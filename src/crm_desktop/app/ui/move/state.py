"""What the move wizard is about while it is open."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.move.road import MoveRoad, Target
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.tasks import Tasks


class MoveState(QObject):
    """Shared by the steps."""

    def __init__(self, road: MoveRoad, tasks: Tasks, dialogs: Dialogs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.road, self.tasks, self.dialogs = road, tasks, dialogs
        self.target = Target()
        self.rows: Sequence[Row] | None = None
        self.password = ""
        self.outcome: Outcome | None = None
