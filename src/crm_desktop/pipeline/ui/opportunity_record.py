"""One opportunity in a tab: the form, its documents and activities, won, lost, reopened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QWidget

from crm_desktop.access import people
from crm_desktop.activities.lists import ACTIVITIES
from crm_desktop.activities.ui.specs import log_activity
from crm_desktop.contacts.ui.related import RelatedPane
from crm_desktop.contacts.ui.row_section import RowSection
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.pipeline import rules, service
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.lost_dialog import MARKED_LOST, MARKED_WON, ask_lost
from crm_desktop.pipeline.ui.opportunity_form import FormNeeds, OpportunityForm, form_needs, with_contact
from crm_desktop.pipeline.ui.places import QUOTE_OF
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Filter
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.record_tab import RecordTab

_WRITE: Final = Permission.OPPORTUNITY_WRITE
ACTIONS: Final = (
    ActionSpec("win", N_("Mark as won"), N_("The customer said yes"), "circle-check", "Ctrl+Shift+W", _WRITE),
    ActionSpec(
        "lose", N_("Mark as lost…"), N_("Say why, so that the report can count it"), "x", "Ctrl+Shift+X", _WRITE
    ),
    ActionSpec("reopen", N_("Reopen"), N_("It goes on: make it an open one again"), "rotate-ccw", None, _WRITE),
    ActionSpec(
        "quote", N_("New quote"), N_("Quote this opportunity"), "file-text", "Ctrl+Shift+Q", Permission.QUOTE_WRITE
    ),
    ActionSpec(
        "log",
        N_("Log…"),
        N_("Write down what was said and what comes next"),
        "phone",
        None,
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec("customer", N_("Customer"), N_("Open the record of the customer"), "building-2"),
)
_IN_HEAD: Final = (
    *(("customer", "quiet"), ("log", "quiet"), ("quote", "quiet")),
    *(("reopen", "plain"), ("lose", "plain"), ("win", "plain")),
)
_ACTIVITY_COLUMNS: Final = ("at", "kind", "result", "subject", "notes", "user")


class OpportunityRecord(RecordScreen):
    """The record itself, once it is known what its form needs."""

    entity = service.ENTITY

    def __init__(
        self,
        desk: Desk,
        opportunity_id: int | None,
        needs: FormNeeds,
        related: Sequence[RelatedPane] = (),
        parent: QWidget | None = None,
    ) -> None:
        self.opportunity_form = OpportunityForm(desk, needs)
        super().__init__(desk, opportunity_id, self.opportunity_form, parent)
        self.opportunity_form.setParent(self)
        self.opportunity_form.hide()
        self._related = related
        self._then: Callable[[], None] | None = None
        self._has_pages = False
        self.actions_here = ActionSet(self, ACTIONS, desk.actor.may)
        for name, act in (
            ("win", self._win),
            ("lose", self._lose),
            ("reopen", self._reopen),
            ("quote", self._quote),
            ("log", self._log),
            ("customer", self._open_customer),
        ):
            self.actions_here.on(name, act)
        # Without their keys: a row of six buttons is wide enough.
        self.set_actions([button_for(self.actions_here[name], kind, self, keyed=False) for name, kind in _IN_HEAD])
        self.add_tab("overview", _("Overview"), self.opportunity_form.page())
        self.form.settle_tab_order()
        self.form.load(self.blank())
        self.opportunity_form.show_state(rules.OPEN)
        self._offer_steps(None)
        self.loaded.connect(self._show_loaded)
        self.saved.connect(self._go_on)
        self.reload()

    # What the base asks --------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the opportunity. Raises NotFound."""
        return with_contact(service.get(work, record_id))

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new opportunity, or what was changed of it."""
        given = dict(values)
        contact = given.pop("contact", None)
        if record_id is None:
            for name in ("closed_on", "lost_reason_id", "lost_note"):
                given.pop(name, None)
            record_id = service.create(work, contact[0] if contact else 0, given)
        elif given:
            service.save(work, record_id, version or 0, given)
        return with_contact(service.get(work, record_id))

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        found = work.stored_by(operation_id, self.entity)
        return with_contact(service.get(work, found)) if found is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the opportunity last."""
        return people.names(work).get(service.get(work, record_id)["updated_by"] or 0, "")

    def blank(self) -> Mapping[str, Any]:
        """Return what a new opportunity begins with."""
        return self.opportunity_form.needs.blank

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("columns-3")

    def describe(self, record: Record | None) -> Heading:
        """Return name, state and stage, customer, amount and chance."""
        if record is None:
            return Heading(_("New opportunity") if self.record_id is None else _("Opportunity"))
        formats = self._formats()
        state, currency = record["state"], record["currency"]
        tone = {rules.WON: "success", rules.LOST: "neutral"}.get(state, "info")
        said = dict(rules.STATES)[state]
        text = self.shown("stage_id", record["stage_id"]) if state == rules.OPEN else _(said)
        expected = formats.full_day(record["expected_on"]) if record["expected_on"] else _("No day yet")
        facts = (record["contact_name"], self.desk.names.get(record["salesperson_id"] or 0, ""), expected)
        chance = words.percent(record["probability"]) if state == rules.OPEN else ""
        figures = [
            Figure(_("Amount"), f"{currency} {number_text(record['amount'])}", chance),
            Figure(_("Weighted"), words.money(record["weighted"])),
        ]
        if state != rules.OPEN:
            closed = formats.full_day(record["closed_on"]) if record["closed_on"] else ""
            below = self.shown("lost_reason_id", record["lost_reason_id"]) if state == rules.LOST else ""
            figures[1] = Figure(_(said), closed, below)
        saved = _("Saved {time} by {person}").format(
            time=formats.instant(record["updated_at"]),
            person=self.desk.names.get(record["updated_by"] or 0) or _("the program"),
        )
        return Heading(str(record["name"]), [(text, tone)], facts, figures, saved)

    def shown(self, name: str, value: Any) -> str:
        """Return a value in words, for the conflict dialog and the head."""
        needs = self.opportunity_form.needs
        if name in ("stage_id", "lost_reason_id"):
            known = needs.stages if name == "stage_id" else needs.reasons
            return next((words.called(one) for one in known if one.id == value), "")
        if name == "salesperson_id":
            return self.desk.names.get(value or 0, "")
        if name == "person_id":
            combo = self.opportunity_form.person.combo
            return combo.itemText(combo.findData(value)) if value and combo.findData(value) >= 0 else ""
        return super().shown(name, value)

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        return (*super().actions_offered(), *(one for one in self.actions_here.offered() if one.isVisible()))

    # What is shown -------------------------------------------------------------------------------

    def _show_loaded(self, record: Record) -> None:
        self.opportunity_form.contact.set_read_only(True)
        self.opportunity_form.show_state(record["state"])
        self._offer_steps(record)
        if not self._has_pages:
            self._has_pages = True
            self._add_pages(record.id)
        if not self.desk.actor.may(_WRITE):
            self.form.set_read_only(True)
            self.save_action.setVisible(False)

    def _add_pages(self, opportunity_id: int) -> None:
        """Documents and activities exist only for what is stored."""
        for one in self._related:
            if self.desk.actor.may(one.permission):
                pane = one.make(self.desk, opportunity_id)
                pane.counted.connect(lambda count, key=one.key: self.set_count(key, count))
                self.add_tab(one.key, _(one.title), pane, scrolls=False)
        if not self.desk.actor.may(Permission.ACTIVITY_READ):
            return
        source = RowSource(self.desk.actor, "activity", ACTIVITIES)
        nothing = _("Nothing was said or planned yet.")
        self.activities = RowSection(self.desk, _("Activities"), nothing, source, _ACTIVITY_COLUMNS, {})
        self.activities.opened.connect(lambda id_: self.desk.open_record("activity", id_))
        self.activities.counted.connect(lambda count: self.set_count("activities", count))
        self.add_tab("activities", _("Activities"), self.activities, scrolls=False)
        shown = Filter("opportunity", "is", (opportunity_id,))
        self.activities.show_rows(shown)

        def heard(changes: Any) -> None:
            if changes.touches("activity"):
                self.activities.show_rows(shown)

        self.desk.changes.changed.connect(heard)

    def _offer_steps(self, record: Record | None) -> None:
        state = record["state"] if record is not None else ""
        for name, shown in (
            ("win", state == rules.OPEN),
            ("lose", state == rules.OPEN),
            ("reopen", state in (rules.WON, rules.LOST)),
            ("quote", state == rules.OPEN),
            ("log", bool(state)),
            ("customer", bool(state)),
        ):
            self.actions_here.show(name, shown)
            self.actions_here.enable(name, shown)

    # What people do ------------------------------------------------------------------------------

    def _first_save(self, then: Callable[[], None]) -> None:
        """Do something with what is stored; what is typed is stored first."""
        if not self.form.is_dirty:
            then()
            return
        self._then = then
        self.save()

    def _go_on(self, _record: Record) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    def _step(self, act: Callable[[Any, int, int], None], said: str) -> None:
        def now() -> None:
            record = self.record
            if record is None:
                return
            id_, version, name = record.id, record.version, str(record["name"])

            def done(_nothing: Any) -> None:
                self.desk.toast(_(said).format(name=name), kind="success")
                self.reload()

            self.desk.tasks.write(self, lambda work: act(work, id_, version), done, self._refused)

        self._first_save(now)

    def _win(self) -> None:
        self._step(service.win, MARKED_WON)

    def _reopen(self) -> None:
        self._step(service.reopen, N_("“{name}” is open again."))

    def _lose(self) -> None:
        def now() -> None:
            record = self.record
            if record is not None:
                said = _(MARKED_LOST).format(name=record["name"])

                def done() -> None:
                    self.desk.toast(said)
                    self.reload()

                ask_lost(self.desk, self, record.id, record.version, str(record["name"]), done)

        self._first_save(now)

    def _quote(self) -> None:
        self._first_save(lambda: self.desk.open_record(QUOTE_OF, self.record_id))

    def _log(self) -> None:
        if self.record is not None:
            log_activity(self.desk, self, contact_id=self.record["contact_id"], opportunity_id=self.record.id)

    def _open_customer(self) -> None:
        if self.record is not None:
            self.desk.open_record("contact", self.record["contact_id"])

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.say("warn", str(error), _("Read again"), self.reload)
        elif not isinstance(error, Cancelled):
            self.desk.dialogs.show_error(error)


class OpportunityScreen(RecordTab):
    """The tab of one opportunity; a new one is of `contact_id` if given. `related` are tabs of features above."""

    new_title = N_("New opportunity")
    opening_title = N_("Opportunity")
    icon_name = "columns-3"

    def __init__(
        self,
        desk: Desk,
        opportunity_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        contact_id: int | None = None,
        related: Sequence[RelatedPane] = (),
    ) -> None:
        self._contact_id, self._related = contact_id, related
        super().__init__(desk, opportunity_id, drafts, company)

    def ask(self, work: Any) -> FormNeeds:
        """Return what the form needs."""
        return form_needs(work, new=self._first_id is None, contact_id=self._contact_id)

    def make(self, answer: FormNeeds) -> OpportunityRecord:
        """Return the record."""
        return OpportunityRecord(self.desk, self._first_id, answer, self._related, self)
