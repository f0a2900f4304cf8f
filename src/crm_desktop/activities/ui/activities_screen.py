"""The list of activities: tasks by day, what was done, and what is done with many at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.activities import service
from crm_desktop.activities.ui import list_specs, opening
from crm_desktop.activities.ui.move_dialog import Days, MoveDialog, move_all
from crm_desktop.contacts.ui.row_screen import RowScreen
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.desk import Desk

MOST_AT_ONCE = 2000
"""More than these are no day's work: a filter is missing."""


class ActivitiesScreen(RowScreen):
    """Opens the form for one; moves, completes, drops and plans for many."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, list_specs.activity_list, list_specs.OUTLET, parent)
        for name, slot in (
            ("task", self._plan_one),
            ("complete", self._complete),
            ("move", self._move),
            ("plan", self._plan),
            ("drop", self._drop),
            ("reopen", self._reopen),
        ):
            self.actions_here.on(name, slot)

    def offer_what_fits(self, listing: Listing) -> None:
        """Offer what can be done with tasks, and with what is done."""
        states = {value for one in listing.filters if one.field == "state" for value in one.values}
        planned = not states or "planned" in states
        for name in ("complete", "move", "drop"):
            self.actions_here.show(name, planned)
        self.actions_here.show("reopen", not states or states != {"planned"})

    def _new(self) -> None:
        opening.log_activity(self.desk, self)

    def _plan_one(self) -> None:
        opening.log_activity(self.desk, self, plan=True)

    def _open(self, activity_id: int) -> None:
        opening.log_activity(self.desk, self, activity_id=activity_id)

    def _chosen(self) -> list[int]:
        ids = list(self.target_ids())
        if len(ids) > MOST_AT_ONCE:
            said = _("These are {count} activities; at most {most} are changed at once. Narrow the list first.")
            self.set_message("warn", said.format(count=f"{len(ids):,}", most=f"{MOST_AT_ONCE:,}"))
            return []
        return ids

    def _complete(self) -> None:
        ids = self._chosen()
        if len(ids) == 1:
            opening.log_activity(self.desk, self, activity_id=ids[0])
        elif ids:
            self._change(ids, complete_all, self._completed, _("Completing tasks"))

    def _completed(self, done: list[int]) -> None:
        said = ngettext("{count} task is done", "{count} tasks are done", len(done)).format(count=f"{len(done):,}")
        self._tell(said, lambda: self._change(done, reopen_all, None, _("Taking it back")))

    def _move(self) -> None:
        if ids := self._chosen():
            MoveDialog(self.desk, ids, self, self._moved).open()

    def _moved(self, before: Days) -> None:
        said = ngettext("{count} task has another day", "{count} tasks have another day", len(before))
        again = [(id_, day, at) for id_, day, at in before]

        def undo() -> None:
            self.desk.tasks.write(self, lambda work: move_all(work, again), label=_("Taking it back"))

        self._tell(said.format(count=f"{len(before):,}"), undo if before else None)

    def _drop(self) -> None:
        if ids := self._chosen():
            self._change(ids, drop_all, self._dropped, _("Taking tasks off the list"))

    def _dropped(self, done: list[int]) -> None:
        said = ngettext("{count} task is off the list", "{count} tasks are off the list", len(done))
        undo = lambda: self._change(done, reopen_all, None, _("Taking it back"))  # noqa: E731
        self._tell(said.format(count=f"{len(done):,}"), undo)

    def _reopen(self) -> None:
        if ids := self._chosen():
            self._change(ids, reopen_all, self._reopened, _("Planning again"))

    def _reopened(self, done: list[int]) -> None:
        said = ngettext("{count} task is planned again", "{count} tasks are planned again", len(done))
        self._tell(said.format(count=f"{len(done):,}"), None)

    def _plan(self) -> None:
        ids = self._chosen()
        if ids:
            self.desk.tasks.read(self, lambda work: contacts_of(work, ids), self._plan_with, coalesce="contacts")

    def _plan_with(self, contact_ids: list[int]) -> None:
        if len(contact_ids) == 1:
            opening.log_activity(self.desk, self, contact_id=contact_ids[0], plan=True)
        else:
            opening.plan_for_many(self.desk, self, contact_ids, self.selection.clear)

    def row_menu(self) -> QMenu:
        """Offer the way to the contact, too."""
        menu = super().row_menu()
        before = menu.actions()[1]
        going = QAction(_("Open the contact"), menu)
        going.triggered.connect(self._open_contact)
        menu.insertAction(before, going)
        return menu

    def _open_contact(self) -> None:
        ids = list(self.target_ids())[:1]
        if ids:
            self.desk.tasks.read(
                self,
                lambda work: contacts_of(work, ids),
                lambda found: self.desk.open_record("contact", found[0]),
                coalesce="contacts",
            )

    def _change(self, ids: list[int], act: Callable[[Any, list[int]], list[int]], then: Any, label: str) -> None:
        self.set_message("", "")
        self.desk.tasks.write(self, lambda work: act(work, ids), then, label=label)

    def _tell(self, said: str, undo: Callable[[], None] | None) -> None:
        self.selection.clear()
        if undo is None:
            self.desk.toast(said)
        else:
            self.desk.toast(said, _("Undo"), undo)


def contacts_of(work: Any, ids: list[int]) -> list[int]:
    """Return whom these activities are with, each once, in their order."""
    return list(dict.fromkeys(service.get(work, id_)["contact_id"] for id_ in ids))


def complete_all(work: Any, ids: list[int]) -> list[int]:
    """Complete those that are planned, without a result; return them."""
    return _each(work, ids, ("planned",), lambda id_, version: service.complete(work, id_, version, {}))


def drop_all(work: Any, ids: list[int]) -> list[int]:
    """Drop those that are planned; return them."""
    return _each(work, ids, ("planned",), lambda id_, version: service.drop(work, id_, version))


def reopen_all(work: Any, ids: list[int]) -> list[int]:
    """Plan again those that are done or dropped; return them."""
    return _each(work, ids, ("done", "dropped"), lambda id_, version: service.reopen(work, id_, version))


def _each(work: Any, ids: list[int], states: tuple[str, ...], act: Callable[[int, int], Any]) -> list[int]:
    changed = []
    for id_ in ids:
        stored = service.get(work, id_)
        if stored["state"] in states:
            act(id_, stored.version)
            changed.append(id_)
    return changed
