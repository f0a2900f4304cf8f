"""The same task with each of several contacts."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.activities import service
from crm_desktop.activities.ui import words
from crm_desktop.activities.ui.activity_dialog import WIDTH_PX
from crm_desktop.activities.ui.asking import Asked
from crm_desktop.activities.ui.day_editor import DayEditor
from crm_desktop.activities.ui.plan_dialog import TaskNotes
from crm_desktop.contacts.ui import bulk
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.act_dialog import ActDialog
from crm_desktop.ui.choice_editors import ChoiceEditor, UserEditor
from crm_desktop.ui.choice_strip import StripEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.text_editors import LineEditor
from crm_desktop.ui.time_editor import TimeEditor

OWNER = "owner"
"""Whoever looks after each contact does the task."""


class PlanManyDialog(ActDialog):
    """Plans in blocks, so that thousands can be cancelled; what is planned by then stays."""

    entities = ("activity",)

    def __init__(
        self,
        desk: Desk,
        asked: Asked,
        contact_ids: Sequence[int],
        parent: QWidget,
        on_done: Callable[[], None] | None = None,
    ) -> None:
        count = len(contact_ids)
        title = ngettext("Plan a task with {count} contact", "Plan a task with {count} contacts", count)
        super().__init__(
            desk, title.format(count=f"{count:,}"), _("Plan"), parent, width=WIDTH_PX, needed=("subject", "due_on")
        )
        self._ids, self._window, self._on_done = contact_ids, parent, on_done
        self.explain(_("Each contact gets a task of its own."))
        self.go.set_key("Ctrl+Return")
        self.kind = StripEditor("kind_id", _("Kind"), words.kind_offers(asked.kinds, but=words.NOTE))
        self.subject = LineEditor("subject", _("What is to be done"), 60)
        self.due = DayEditor("due_on", _("When"), lambda: desk.today, needed=True)
        whoever = [(OWNER, _("Who looks after the contact")), *asked.colleagues]
        self.who = UserEditor("user_id", _("Who does it"), whoever, None, 16)
        self.remind = ChoiceEditor("remind_minutes", _("Remind"), words.reminder_choices(), _("No reminder"), 16)
        self.priority = StripEditor("priority", _("Priority"), words.priority_offers())
        self.row(self.kind)
        self.row(self.subject)
        self.row(self.due)
        self.row(TimeEditor("due_time", _("At")), self.who, self.remind)
        self.row(self.priority)
        self.row(TaskNotes("notes", _("Notes")))
        self.begin({"kind_id": asked.kind_of(words.TASK), "due_on": desk.today, "user_id": OWNER, "priority": 1})
        self.subject.focus()

    def problem(self, values: Any) -> tuple[str, str] | None:
        """Refuse a task in the past."""
        if values["due_on"] < self.desk.today:
            return "due_on", _("A task is for today or a later day.")
        return None

    def act_now(self) -> None:
        """Plan them on the long lane, with progress in the window behind."""
        self.note.clear()
        if not self.form.validate():
            return
        values = self.form.values()
        problem = self.problem(values)
        if problem is not None:
            self.show_problem(*problem)
            return
        ids, on_done, desk = self._ids, self._on_done, self.desk

        def tell(count: int) -> None:
            said = ngettext("{count} task is planned", "{count} tasks are planned", count)
            desk.toast(said.format(count=f"{count:,}"))
            if on_done is not None:
                on_done()

        desk.tasks.write_long(self._window, bulk.in_blocks(ids, planner(values)), tell, label=_("Planning tasks"))
        self.accept()


def planner(values: dict[str, Any]) -> Callable[[Any, list[int]], int]:
    """Return the work of one block: a task with each of its contacts."""

    def plan(work: Any, block: list[int]) -> int:
        from crm_desktop.contacts import lists

        for contact_id, owner_id in lists.rows(work, ("owner",), block).rows:
            who = values["user_id"]
            user_id = (owner_id or work.actor.user_id) if who == OWNER else who
            service.plan(work, contact_id, values | {"user_id": user_id})
        return len(block)

    return plan
