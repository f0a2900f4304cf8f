"""Another day for what is planned, one or many."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.activities import service
from crm_desktop.activities.ui.activity_dialog import WIDTH_PX
from crm_desktop.activities.ui.day_editor import DayEditor
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.act_dialog import Act, ActDialog
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.time_editor import TimeEditor

Days = list[tuple[int, date | None, str]]
"""(id, day, time) of activities, to put them back."""


class MoveDialog(ActDialog):
    """Without a time each keeps its own; `moved` hears where they were before, so that it can be undone."""

    entities = ("activity",)

    def __init__(self, desk: Desk, ids: Sequence[int], parent: QWidget, moved: Callable[[Days], None]) -> None:
        title = ngettext("Move {count} task to another day", "Move {count} tasks to another day", len(ids))
        super().__init__(
            desk, title.format(count=f"{len(ids):,}"), _("Move"), parent, width=WIDTH_PX, needed=("due_on",)
        )
        self._ids = list(ids)
        self._before: Days = []
        self.go.set_key("Ctrl+Return")
        self.due = DayEditor("due_on", _("When"), lambda: desk.today, needed=True)
        self.time = TimeEditor("due_time", _("At (if another time)"))
        self.row(self.due)
        self.row(self.time)
        self.begin({})
        self.carried_out.connect(lambda _result: moved(self._before))

    def problem(self, values: Any) -> tuple[str, str] | None:
        """Refuse a day that is over."""
        return ("due_on", _("A task is for today or a later day.")) if values["due_on"] < self.desk.today else None

    def act(self, values: dict[str, Any]) -> Act:
        """Return what moves them."""
        ids, before = self._ids, self._before
        day, at = values["due_on"], values["due_time"]

        def move(work: Any) -> int | None:
            before[:] = move_all(work, [(id_, day, at or None) for id_ in ids])
            return ids[0] if ids else None

        return move


def move_all(work: Any, wanted: Sequence[tuple[int, date | None, str | None]]) -> Days:
    """Give planned activities their days (a time None keeps the own one); return where they were."""
    before: Days = []
    for id_, day, at in wanted:
        stored = service.get(work, id_)
        if stored["state"] != "planned" or day is None:
            continue
        before.append((id_, stored["due_on"], stored["due_time"]))
        service.move(work, id_, stored.version, day, stored["due_time"] if at is None else at)
    return before
