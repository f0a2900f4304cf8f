"""A task for oneself or a colleague: what, with whom, when, how urgent, and a reminder."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.activities import service
from crm_desktop.activities.ui import words
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.asking import Asked
from crm_desktop.activities.ui.day_editor import DayEditor
from crm_desktop.shared.i18n import _
from crm_desktop.ui.act_dialog import Act
from crm_desktop.ui.choice_editors import ChoiceEditor, UserEditor
from crm_desktop.ui.choice_strip import StripEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.text_editors import LineEditor, NoteEditor
from crm_desktop.ui.time_editor import TimeEditor

PLANNED = ("kind_id", "person_id", "subject", "notes", "due_on", "due_time", "user_id", "priority", "remind_minutes")


class TaskNotes(NoteEditor):
    """What belongs to the task."""

    FEWEST_LINES, MOST_LINES = 2, 8


class PlanDialog(ActivityDialog):
    """Plans a task, or changes one that is planned."""

    def __init__(
        self,
        desk: Desk,
        asked: Asked,
        parent: QWidget,
        *,
        kind: str = words.TASK,
        opportunity_id: int | None = None,
        person_id: int | None = None,
        notes: str = "",
        on_saved: Callable[[int], None] | None = None,
    ) -> None:
        stored = asked.activity
        customer = asked.customer.id if asked.customer is not None else "new"
        super().__init__(
            desk,
            asked,
            _("Change what is planned") if stored is not None else _("Plan a task"),
            _("Save"),
            parent,
            draft=f"activity/plan/{stored.id}" if stored is not None else f"activity/plan/new/{customer}",
            needed=("due_on",),
            on_saved=on_saved,
        )
        self._opportunity_id = opportunity_id
        self.subject = LineEditor("subject", _("What is to be done"), 60)
        self.due = DayEditor("due_on", _("When"), lambda: desk.today, needed=True)
        self.time = TimeEditor("due_time", _("At"))
        self.who = UserEditor("user_id", _("Who does it"), asked.colleagues, None, 16)
        self.priority = StripEditor("priority", _("Priority"), words.priority_offers())
        self.remind = ChoiceEditor("remind_minutes", _("Remind"), words.reminder_choices(), _("No reminder"), 16)
        self.notes = TaskNotes("notes", _("Notes"))
        self.lay_customer()
        self.lay_kind(words.kind_offers(asked.kinds, but=words.NOTE))
        self.row(self.subject)
        self.row(self.due)
        self.row(self.time, self.who, self.remind)
        self.row(self.priority)
        self.row(self.notes)
        self.start(self._values(kind, person_id), first=self.subject)
        if notes:
            self.form.apply({"subject": notes})

    def _values(self, kind: str, person_id: int | None) -> dict[str, Any]:
        stored = self.asked.activity
        about = (self.customer.id, self.customer.name) if self.customer is not None else None
        if stored is not None:
            return {"contact": about} | {name: stored.values.get(name) for name in PLANNED}
        return {
            "contact": about,
            "kind_id": self.asked.kind_of(kind),
            "person_id": person_id,
            "due_on": self.desk.today,
            "user_id": self.desk.actor.user_id,
            "priority": 1,
            "remind_minutes": None,
        }

    def problem(self, values: Any) -> tuple[str, str] | None:
        """Refuse a new task in the past; one that is late may stay as late as it is."""
        stored = self.asked.activity
        before = stored["due_on"] if stored is not None else None
        if values["due_on"] < self.desk.today and values["due_on"] != before:
            return "due_on", _("A task is for today or a later day.")
        return None

    def said(self) -> str:
        """Return with whom and for when it is planned."""
        values = self.form.values()
        day = words.due_words(values["due_on"], values["due_time"], self.formats())
        return _("Planned with {name}: {day}").format(name=values["contact"][1], day=day)

    def undoing(self, id_: int) -> Callable[[Any], object] | None:
        """A task planned by mistake goes off the list again."""
        if self.asked.activity is not None:
            return None
        return lambda work: service.drop(work, id_, service.get(work, id_).version)

    def act(self, values: dict[str, Any]) -> Act:
        """Return what plans or changes it."""
        given = {name: values[name] for name in PLANNED}
        if self._opportunity_id is not None:
            given["opportunity_id"] = self._opportunity_id
        stored = self.asked.activity
        if stored is None:
            contact_id = values["contact"][0]
            return lambda work: service.plan(work, contact_id, given)
        id_, version = stored.id, stored.version
        changes = {name: value for name, value in given.items() if stored.values.get(name) != value}

        def change(work: Any) -> int:
            service.save(work, id_, version, changes)
            return id_

        return change
