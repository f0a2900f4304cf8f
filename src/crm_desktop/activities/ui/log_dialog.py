"""What was said: a call, visit, message or meeting with its result, and what comes next."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.activities import service
from crm_desktop.activities.ui import words
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.asking import Asked, Customer
from crm_desktop.activities.ui.day_editor import DayEditor
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.i18n import _
from crm_desktop.ui.act_dialog import Act
from crm_desktop.ui.choice_editors import ChoiceEditor, TickEditor, UserEditor
from crm_desktop.ui.choice_strip import StripEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import hairline
from crm_desktop.ui.text_editors import LineEditor, NoteEditor
from crm_desktop.ui.time_editor import TimeEditor

NOON = time(12)
NEXT = {
    "next.due_on": "next_on",
    "next.due_time": "next_time",
    "next.kind_id": "next_kind",
    "next.subject": "next_subject",
    "next.user_id": "next_user",
    "next.remind_minutes": "next_remind",
    "done_at": "done_on",
    "contact_id": "contact",
}
"""Field of the service -> field of the form."""


class SaidEditor(NoteEditor):
    """What was said: begins low, so that the whole form is seen at once."""

    FEWEST_LINES, MOST_LINES = 3, 8


class LogDialog(ActivityDialog):
    """Logs what is done now; completes what was planned; changes what was logged."""

    def __init__(
        self,
        desk: Desk,
        asked: Asked,
        parent: QWidget,
        *,
        kind: str = words.CALL,
        opportunity_id: int | None = None,
        person_id: int | None = None,
        notes: str = "",
        on_saved: Callable[[int], None] | None = None,
    ) -> None:
        stored = asked.activity
        self._completes = stored is not None and stored["state"] != "done"
        self._changes = stored is not None and not self._completes
        title = _("Log what was said")
        if stored is not None:
            name = words.kind_name(asked.kinds, stored["kind_id"])
            title = str(stored["subject"]) or name or _("What was said")
        customer = asked.customer.id if asked.customer is not None else "new"
        super().__init__(
            desk,
            asked,
            _("Done: {title}").format(title=title) if self._completes else title,
            _("Save"),
            parent,
            draft=f"activity/{stored.id}" if stored is not None else f"activity/log/{customer}",
            on_saved=on_saved,
        )
        self._opportunity_id = opportunity_id
        self._proposed: date | None = None
        self._make()
        self._lay()
        self.start(self._values(kind, person_id))
        self._begin_at(notes)

    # Building

    def _make(self) -> None:
        self.outcome = StripEditor("result_id", _("Result"), words.result_offers(self.asked.results), may_be_empty=True)
        self.notes = SaidEditor("notes", _("What was said"))
        self.planned = TickEditor("planned", "")
        self.next_on = DayEditor("next_on", _("Next contact"), lambda: self.desk.today)
        self.next_time = TimeEditor("next_time", _("At"))
        kinds = [(kind.id, words.kind_name([kind], kind.id)) for kind in self.asked.kinds if kind.key != words.NOTE]
        self.next_kind = ChoiceEditor("next_kind", _("What then"), kinds, None, 12)
        self.next_subject = LineEditor("next_subject", _("About what"), 30)
        self.done_on = DateEditor("done_on", _("When it was"), lambda: self.desk.today)
        self.who = UserEditor("user_id", _("Who it was"), self.asked.colleagues, None, 14)
        self.next_who = UserEditor("next_user", _("Who is next"), self.asked.colleagues, None, 14)
        self.remind = ChoiceEditor("next_remind", _("Remind"), words.reminder_choices(), _("No reminder"), 14)

    def _lay(self) -> None:
        self.lay_customer()
        self.lay_kind(words.kind_offers(self.asked.kinds, but=words.TASK))
        self.row(self.outcome)
        self.row(self.notes)
        self.form.add_editor("planned", self.planned)
        self.body.addWidget(self.planned.widget)
        self.body.addWidget(hairline())
        self.next_part = QWidget()
        column = QVBoxLayout(self.next_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addLayout(self._whole(self.next_on))
        self.then_part = QWidget()
        then = QVBoxLayout(self.then_part)
        then.setContentsMargins(0, 0, 0, 0)
        then.addLayout(self.boxes(self.next_time, self.next_kind, self.next_subject))
        column.addWidget(self.then_part)
        self.body.addWidget(self.next_part)
        self.under_more((self.done_on, self.who, self.next_who, self.remind))

    def _whole(self, editor: Editor) -> QHBoxLayout:
        return self.boxes(editor)

    def _values(self, kind: str, person_id: int | None) -> dict[str, Any]:
        stored, actor = self.asked.activity, self.desk.actor
        call = self.asked.kind_of(words.CALL)
        values: dict[str, Any] = {
            "contact": (self.customer.id, self.customer.name) if self.customer is not None else None,
            "kind_id": self.asked.kind_of(kind),
            "person_id": person_id,
            "done_on": self.desk.today,
            "user_id": actor.user_id,
            "next_kind": call,
            "next_user": actor.user_id,
            "planned": self._was_planned(self.customer),
        }
        if stored is not None:
            kept = ("kind_id", "person_id", "notes", "result_id")
            values |= {name: stored[name] for name in kept}
            values["next_kind"] = stored["kind_id"]
            if self._changes:
                values |= {"done_on": self._day_of(stored["done_at"]), "user_id": stored["user_id"]}
        return values

    def _day_of(self, instant: datetime) -> date:
        return business_date(instant, self.desk.timezone)

    def _begin_at(self, notes: str) -> None:
        """Put in what was typed before the form opened, and the keyboard into the first open question."""
        if notes:
            self.form.apply({"notes": notes})
        counts = self.asked.counts(self.kind.value())
        if self.customer is not None:
            (self.outcome if counts and self.outcome.value() is None else self.notes).focus()

    # Following what is typed

    def show_customer(self, customer: Customer | None) -> None:
        """Offer to complete what was planned with this customer."""
        super().show_customer(customer)
        step = customer.next if customer is not None else None
        offered = self.asked.activity is None and step is not None
        if step is not None:
            kind = words.kind_name(self.asked.kinds, step.kind_id)
            words_ = words.planned_line(step, kind, self.formats())
            self.planned.box.setText(_("This was planned: {what}").format(what=words_))
        self.planned.widget.setVisible(offered)
        self.planned.set_value(self._was_planned(customer))

    def _was_planned(self, customer: Customer | None) -> bool:
        """Return whether this is most likely what was planned: for me, and for today or earlier."""
        step = customer.next if customer is not None and self.asked.activity is None else None
        if step is None or step.due_on is None:
            return False
        return step.due_on <= self.desk.today and step.user_id in (None, self.desk.actor.user_id)

    def follow(self) -> None:
        """Propose the next day by the result; show only what goes with the kind and the day."""
        super().follow()
        counts = self.asked.counts(self.kind.value())
        self.form.box("result_id").setVisible(counts or self.outcome.value() is not None)
        self.next_part.setVisible(not self._changes)
        if not self._changes and self.next_on.value() == self._proposed:
            self._propose()
        self.then_part.setVisible(not self.next_on.is_empty())
        self.next_who.parts()[0].setEnabled(not self.next_on.is_empty())

    def _propose(self) -> None:
        chosen = self.outcome.value()
        days = next((one.next_days for one in self.asked.results if one.id == chosen), None)
        day = date.fromordinal(self.desk.today.toordinal() + days) if days is not None else None
        if day != self._proposed:
            self._proposed = day
            self.next_on.set_value(day)

    # Saving

    def show_problem(self, field: str, text: str) -> None:
        """Show what is wrong with the next step beside its own fields."""
        super().show_problem(NEXT.get(field, field), text)

    def problem(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Refuse what has not happened yet and a next step in the past."""
        if values["kind_id"] is None:
            return "kind_id", _("Choose what it was.")
        if values["done_on"] is not None and values["done_on"] > self.desk.today:
            self.show_more(True)
            return "done_on", _("This is what was done. Plan a task for what is still to come.")
        if not self._changes and values["next_on"] is not None and values["next_on"] < self.desk.today:
            return "next_on", _("The next contact is today or later.")
        return None

    def act(self, values: dict[str, Any]) -> Act:
        """Return what logs, completes or changes it."""
        stored, contact_id = self.asked.activity, values["contact"][0]
        told = self._told(values)
        if self._changes and stored is not None:
            id_, version, changes = stored.id, stored.version, self._changed(told)
            return lambda work: _kept(service.save(work, id_, version, changes), id_)
        if stored is not None:
            id_, version = stored.id, stored.version
            return lambda work: service.complete(work, id_, version, told).id
        step = self.customer.next if self.customer is not None else None
        if values["planned"] and step is not None and self.asked.activity is None:
            planned_id, planned_version = step.activity_id, step.version
            return lambda work: service.complete(work, planned_id, planned_version, told).id
        return lambda work: service.log(work, contact_id, told).id

    def said(self) -> str:
        """Return what is stored, and when the next contact is."""
        values = self.form.values()
        name = values["contact"][1]
        if self._changes or values["next_on"] is None:
            return _("Stored with {name}").format(name=name)
        day = self.formats().near(values["next_on"])
        return _("Stored with {name}, next contact: {day}").format(name=name, day=day)

    def _told(self, values: dict[str, Any]) -> dict[str, Any]:
        told = {name: values[name] for name in ("kind_id", "person_id", "result_id", "notes", "user_id")}
        if self._opportunity_id is not None:
            told["opportunity_id"] = self._opportunity_id
        if (done_at := self._done_at(values["done_on"])) is not None:
            told["done_at"] = done_at
        if not self._changes:
            told["next"] = self._next(values)
        return told

    def _done_at(self, day: date | None) -> datetime | None:
        """Return noon of another day, None for now: nobody is asked for the hour."""
        stored = self.asked.activity
        if day is None or (self._changes and stored is not None and day == self._day_of(stored["done_at"])):
            return None
        if day == self.desk.today and not self._changes:
            return None
        noon = datetime.combine(day, NOON, ZoneInfo(self.desk.timezone)).astimezone(UTC)
        return min(noon, self.desk.clock.now())

    def _next(self, values: dict[str, Any]) -> dict[str, Any] | None:
        if values["next_on"] is None:
            return None
        return {
            "due_on": values["next_on"],
            "due_time": values["next_time"],
            "kind_id": values["next_kind"],
            "subject": values["next_subject"],
            "user_id": values["next_user"],
            "priority": 1,
            "remind_minutes": values["next_remind"],
        }

    def _changed(self, told: dict[str, Any]) -> dict[str, Any]:
        stored = self.asked.activity
        assert stored is not None
        return {name: value for name, value in told.items() if stored.values.get(name) != value}


def _kept(_done: Any, id_: int) -> int:
    return id_
