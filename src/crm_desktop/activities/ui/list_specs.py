"""What the list of activities is: views, columns, actions, words."""

from collections.abc import Sequence
from typing import Any, Final

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.activities import kinds, lists
from crm_desktop.activities.export import ACTIVITY_EXPORT
from crm_desktop.activities.ui import words
from crm_desktop.activities.ui.activity_preview import ActivityPreview
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.exchange.ui.export_dialog import Outlet
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.list_spec import Incoming, ListSpec, NeverHad, View
from crm_desktop.ui.looks import Look, ink_of_next_step

ENTITY: Final = "activity"
SCREEN: Final = "activities"
OUTLET: Final = Outlet(
    N_("Export activities"),
    N_("Activities"),
    words.counted,
    ACTIVITY_EXPORT.write_file,
    ACTIVITY_EXPORT.note_export,
)
_PLANNED: Final = Filter("state", "is", ("planned",))
_SOONEST: Final = (Sort("due_on"),)
_LATEST: Final = (Sort("done_at", descending=True),)
_OF_TASKS: Final = ("customer", "subject", "kind", "due_on", "due_time", "priority", "user")
_OF_TALKS: Final = ("customer", "done_at", "kind", "result", "notes", "user")
BULK: Final = (
    ActionSpec(
        "complete",
        N_("Done…"),
        N_("Say what came of it and what is next; several are done at once"),
        "check",
        "Ctrl+D",
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec(
        "move", N_("Move…"), N_("Give these tasks another day"), "calendar", "Ctrl+M", Permission.ACTIVITY_WRITE
    ),
    ActionSpec(
        "plan",
        N_("Plan…"),
        N_("Plan a task with the contacts of these activities"),
        "square-check",
        "Ctrl+T",
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec(
        "drop",
        N_("Drop"),
        N_("Take these tasks off the list without doing them"),
        "x",
        "Delete",
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec(
        "reopen", N_("Plan again"), N_("Put these back among the tasks"), "undo-2", "", Permission.ACTIVITY_WRITE
    ),
    ActionSpec(
        "export", N_("Export…"), N_("Take this list to Excel"), "download", "Ctrl+E", Permission.ACTIVITY_EXPORT
    ),
)
LOOKS: Final = {
    "subject": Look(token="text", weight=500),
    "customer": Look(token="text", chars=16),
    "due_on": Look(ink=ink_of_next_step, chars=10),
    "user": Look(chars=10),
    "result": Look(chars=13),
}


class ActivitySource(RowSource):
    """The list, whose filters offer the company's kinds and results by name."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor, ENTITY, lists.ACTIVITIES)

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Return the kinds or the results a filter chooses from."""
        if field_name == "kind":
            return [(value, _(word)) for value, word in kinds.kind_choices(work)]
        if field_name == "result":
            return [(value, _(word)) for value, word in kinds.result_choices(work)]
        return super().offers(work, field_name)


def views_for(actor: Actor) -> tuple[View, ...]:
    """Return the built-in views; the own tasks come first."""
    mine = Filter("user", "is", (actor.user_id,))
    today = (Filter("due_on", "from", ("today",)), Filter("due_on", "to", ("today",)))
    week = (Filter("due_on", "from", ("today",)), Filter("due_on", "to", ("today+6",)))
    late = Filter("due_on", "to", ("today-1",))
    done = Listing(filters=(Filter("state", "is", ("done",)),), sorts=_LATEST, columns=_OF_TALKS)
    return (
        View("mine", N_("My tasks"), _tasks(mine)),
        View("overdue", N_("Overdue"), _tasks(late)),
        View("today", N_("Today"), _tasks(*today)),
        View("week", N_("This week"), _tasks(*week)),
        View("planned", N_("All tasks"), _tasks()),
        View("done", N_("Done"), done),
    )


def _tasks(*filters: Filter) -> Listing:
    return Listing(filters=(_PLANNED, *filters), sorts=_SOONEST, columns=_OF_TASKS)


def activity_list(actor: Actor) -> ListSpec:
    """Return the list of activities."""
    return ListSpec(
        name=SCREEN,
        title=N_("Activities"),
        icon="activity",
        source=ActivitySource(actor),
        views=views_for(actor),
        never_had=NeverHad(
            N_("What was said and what is to be done"),
            N_("Log a call with its result and the next date. Ctrl+L does it from anywhere."),
            primary="new",
        ),
        counted=words.counted,
        store=StoredViews(SCREEN),
        primary=ActionSpec(
            "new",
            N_("Log a call"),
            N_("Write down what was said and what comes next"),
            "phone",
            "Ctrl+N",
            Permission.ACTIVITY_WRITE,
        ),
        quiet=(
            ActionSpec(
                "task",
                N_("Plan a task"),
                N_("Plan something for yourself or a colleague"),
                "square-check",
                "Ctrl+Shift+N",
                Permission.ACTIVITY_WRITE,
            ),
        ),
        bulk=BULK,
        looks=LOOKS,
        preview=ActivityPreview,
        incoming=Incoming("activities", Permission.ACTIVITY_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )
