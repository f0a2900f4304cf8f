"""An activity beside its list: with whom, when, what was said, and the next thing to do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crm_desktop.activities import kinds, rules, service
from crm_desktop.activities.kinds import Kind, Result
from crm_desktop.activities.ui import opening, words
from crm_desktop.contacts import lists as contacts
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.record_preview import RecordPreview

LONGEST_NOTES = 2000


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pane shows; `names` of the contact and the person."""

    record: Record
    names: dict[int, str]
    kinds: Sequence[Kind]
    results: Sequence[Result]


class ActivityPreview(RecordPreview):
    """The activity the list stands on."""

    entity = "activity"

    def fetch(self, work: Any, id_: int) -> Seen:
        """Return the activity with the words of its kind and result."""
        record = service.get(work, id_)
        wanted = [one for one in (record["contact_id"], record["person_id"]) if one is not None]
        return Seen(record, contacts.names(work, wanted), kinds.kinds(work, all=True), kinds.results(work, all=True))

    def fill(self, column: QVBoxLayout, seen: Seen) -> None:
        """Show it."""
        record = seen.record
        kind = words.kind_name(seen.kinds, record["kind_id"])
        self.add_title(column, str(record["subject"]) or kind, record.id)
        column.addWidget(text_label(self._facts(seen, kind), LABEL, REGULAR, "text2", wrap=True))
        self.add_contact(column, record["contact_id"], seen.names.get(record["contact_id"], ""))
        if person := seen.names.get(record["person_id"] or 0):
            column.addWidget(text_label(_("With {name}").format(name=person), BODY, REGULAR, "text2", wrap=True))
        self._add_actions(column, record)
        if record["notes"]:
            column.addSpacing(px(8))
            column.addWidget(caption(_("What was said") if record["state"] == "done" else _("Notes")))
            notes = str(record["notes"])
            text = f"{notes[:LONGEST_NOTES]}…" if len(notes) > LONGEST_NOTES else notes
            column.addWidget(text_label(text, BODY, REGULAR, "text", wrap=True))

    def _facts(self, seen: Seen, kind: str) -> str:
        record, formats = seen.record, self.formats()
        result = next((words.called(one) for one in seen.results if one.id == record["result_id"]), "")
        when = words.due_words(record["due_on"], record["due_time"], formats)
        if record["done_at"] is not None:
            when = formats.instant(record["done_at"])
        who = words.who(self.desk.names, record["user_id"], record["author"])
        dropped = _("Dropped") if record["state"] == "dropped" else ""
        taken = _("Imported") if record["taken_over"] else ""
        priority = dict(rules.PRIORITIES).get(record["priority"], "") if record["priority"] != 1 else ""
        urgent = _("Priority: {priority}").format(priority=_(priority)) if priority else ""
        return " · ".join(part for part in (kind, dropped, when, who, result, urgent, taken) if part)

    def _add_actions(self, column: QVBoxLayout, record: Record) -> None:
        if not self.desk.actor.may(Permission.ACTIVITY_WRITE):
            return
        id_, row = record.id, QHBoxLayout()
        row.setSpacing(px(6))
        if record["state"] == "planned":
            acts = [(_("Done…"), "check", False), (_("Change…"), "pencil", True)]
        else:
            acts = [(_("Change…"), "pencil", False)]
        for text, icon, plan in acts:
            button = Button(text, icon=icon, dense=True)
            button.clicked.connect(
                lambda _checked=False, plan=plan: opening.log_activity(self.desk, self, activity_id=id_, plan=plan)
            )
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(px(4))
        column.addLayout(row)
