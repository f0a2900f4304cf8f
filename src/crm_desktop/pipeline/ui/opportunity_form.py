"""The form of one opportunity: its editors and how they stand on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.access import people
from crm_desktop.activities.ui import asking
from crm_desktop.activities.ui.customer_editor import CustomerEditor, PersonEditor
from crm_desktop.contacts import service as contacts
from crm_desktop.pipeline import reasons, rules, service, stages
from crm_desktop.pipeline.reasons import Reason
from crm_desktop.pipeline.stages import Stage
from crm_desktop.pipeline.ui import words
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.choice_editors import ChoiceEditor, UserEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import px
from crm_desktop.ui.form_page import two_columns
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.text_editors import LineEditor, NoteEditor, NumberEditor

WIDEST_PX: Final = (620, 460)
_LIMITS: Final = {"name": (True, rules.LONGEST_NAME), "contact": (True, None), "currency": (True, 3)}
ENDED: Final = ("closed_on", "lost_reason_id", "lost_note")
"""Fields of what is won or lost."""


@dataclass(frozen=True, slots=True)
class FormNeeds:
    """What the form has to know before it can be built."""

    stages: Sequence[Stage]
    reasons: Sequence[Reason]
    colleagues: Sequence[tuple[int, str]]
    blank: Mapping[str, Any] = field(default_factory=dict)


def form_needs(work: Any, *, new: bool, contact_id: int | None) -> FormNeeds:
    """Read what the form has to know; runs on the database lane."""
    blank: dict[str, Any] = {}
    if new:
        blank = service.defaults(work, contact_id)
        name = contacts.get(work, contact_id)["name"] if contact_id is not None else ""
        blank["contact"] = (contact_id, name) if contact_id is not None else None
        blank["amount"] = blank["amount"] or None
    known = stages.stages(work, all=True)
    return FormNeeds(known, reasons.reasons(work, all=True), people.colleagues(work), blank)


def with_contact(record: Record) -> Record:
    """Return a record with the customer as the form has it."""
    return Record(
        record.id, record.version, {**record.values, "contact": (record["contact_id"], record["contact_name"])}
    )


class OpportunityForm(RecordForm):
    """Editors of an opportunity; `page()` lays them out."""

    def __init__(self, desk: Desk, needs: FormNeeds) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        checks = {"amount": _amount_problem, "probability": _chance_problem, "currency": _currency_problem}
        super().__init__((), context, limits=_LIMITS, checks=checks)
        self._desk, self.needs = desk, needs
        self._chances = {stage.id: stage.probability for stage in needs.stages}
        self._stage: Any = None
        self._people_of: int | None = None
        self._add_editors()
        self.edited.connect(self.follow)

    def _add_editors(self) -> None:
        needs = self.needs
        offered = [(one.id, words.called(one)) for one in needs.stages if one.active]
        chosen = [(one.id, words.called(one)) for one in needs.reasons]
        self.contact = CustomerEditor("contact", _("Customer"), self._desk)
        self.person = PersonEditor("person_id", _("With whom"))
        self.stage = StageEditor("stage_id", _("Stage"), offered, None, 18)
        self.stage.known = {one.id: words.called(one) for one in needs.stages}
        for editor in (
            LineEditor("name", _("What it is about"), 44),
            self.contact,
            self.person,
            self.stage,
            NumberEditor("probability", _("Chance in percent"), 7),
            NumberEditor("amount", _("Amount, without tax"), 15),
            LineEditor("currency", _("Currency"), 5),
            DateEditor("expected_on", _("Expected on"), self.context.today),
            UserEditor("salesperson_id", _("Salesperson"), tuple(needs.colleagues), _("Nobody"), 18),
            LineEditor("source", _("Where it comes from"), 24),
            NoteEditor("notes", _("Notes")),
            DateEditor("closed_on", _("Won or lost on"), self.context.today),
            ChoiceEditor("lost_reason_id", _("Why it was lost"), chosen, None, 24),
            NoteEditor("lost_note", _("In words")),
        ):
            self.add_editor(editor.name, editor)

    def page(self) -> QWidget:
        """Return the page: what it is at the left, when and how likely at the right."""
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, rows in (
            (left, (("name",), ("contact", "person_id"), ("amount", "currency"), ("source",), ("notes",))),
            (right, (("stage_id", "probability"), ("expected_on", "salesperson_id"), ("closed_on",))),
        ):
            column.setSpacing(px(12))
            for names in rows:
                column.addLayout(self.row(*names))
        right.addWidget(self.box("lost_reason_id"))
        right.addWidget(self.box("lost_note"))
        left.addStretch(1)
        right.addStretch(1)
        return two_columns(left, right, widest_px=WIDEST_PX, shares=(11, 8))

    def show_state(self, state: str) -> None:
        """Show what belongs to a state: an open one has no end, one that ended stays in its stage."""
        ended = state != rules.OPEN
        self.box("closed_on").setVisible(ended)
        for name in ("lost_reason_id", "lost_note"):
            self.box(name).setVisible(state == rules.LOST)
        self.stage.set_read_only(ended)
        self.editor("probability").set_read_only(ended)

    def load(self, record: Record | Mapping[str, Any]) -> None:
        """Show a record and offer the people of its customer."""
        super().load(record)
        self._stage = self.stage.value()
        self.follow()

    def follow(self) -> None:
        """Take the chance of another stage along, and offer the people of another customer."""
        stage_id = self.stage.value()
        if stage_id != self._stage:
            self._stage = stage_id
            if stage_id in self._chances:
                self.apply({"probability": self._chances[stage_id]})
        contact = self.contact.value()
        contact_id = contact[0] if contact else None
        if contact_id != self._people_of:
            self._people_of = contact_id
            self._offer_people(contact_id)

    def _offer_people(self, contact_id: int | None) -> None:
        if contact_id is None:
            self.person.offer(())
            return
        self._desk.tasks.read(
            self,
            lambda work: asking.customer(work, contact_id).people,
            self.person.offer,
            lambda _error: None,
            coalesce="people",
        )


class StageEditor(ChoiceEditor):
    """A stage; one that was put away is still said by its name. `known` are the names of all by id."""

    known: Mapping[int, str]

    def retired(self, value: Any) -> str:
        """Return the name of a stage that is offered no more, "" for one nobody knows."""
        return self.known.get(value, "")


def _amount_problem(value: Any) -> str | None:
    return _problem(rules.checked_amount, value)


def _chance_problem(value: Any) -> str | None:
    return _problem(rules.checked_probability, value)


def _currency_problem(value: Any) -> str | None:
    return _problem(rules.checked_currency, value)


def _problem(check: Any, value: Any) -> str | None:
    try:
        check(value)
    except Invalid as refused:
        return str(refused)
    return None
