"""The list of opportunities: views, columns, actions, words."""

from typing import Final

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.contacts.ui.row_screen import RowScreen
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.exchange.ui.export_dialog import Outlet
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.export import OPPORTUNITY_EXPORT
from crm_desktop.pipeline.lists import OPPORTUNITIES
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.opportunity_preview import OpportunityPreview
from crm_desktop.pipeline.ui.places import BOARD, ENTITY, LIST
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_spec import ListSpec, NeverHad, View

_NEW: Final = ActionSpec(
    "new",
    N_("New opportunity"),
    N_("Write down a sale that may come"),
    "plus",
    "Ctrl+N",
    Permission.OPPORTUNITY_WRITE,
)
_AS_BOARD: Final = ActionSpec("as_board", N_("As a board"), N_("Show the open ones by stage"), "columns-3")
_EXPORT: Final = ActionSpec(
    "export", N_("Export…"), N_("Take this list to Excel"), "download", "Ctrl+E", Permission.OPPORTUNITY_EXPORT
)
_OPEN: Final = Filter("state", "is", (rules.OPEN,))
OUTLET: Final = Outlet(
    N_("Export opportunities"),
    N_("Opportunities"),
    words.counted,
    OPPORTUNITY_EXPORT.write_file,
    OPPORTUNITY_EXPORT.note_export,
)


def _state(key: str, title: str, state: str) -> View:
    shown = Listing(filters=(Filter("state", "is", (state,)),), sorts=(Sort("closed_on", descending=True),))
    return View(key, title, shown)


def opportunity_list(actor: Actor) -> ListSpec:
    """Return the list of opportunities."""
    mine = View("mine", N_("My open ones"), Listing(filters=(_OPEN, Filter("salesperson", "is", (actor.user_id,)))))
    whole = View("open", N_("All open ones"), Listing(filters=(_OPEN,)))
    own = actor.scope(Domain.SALES) is Scope.OWN
    late = (_OPEN, Filter("expected_on", "to", ("today-1",)))
    return ListSpec(
        name=LIST,
        title=N_("Opportunities"),
        icon="list",
        source=RowSource(actor, ENTITY, OPPORTUNITIES, "amount"),
        views=(
            *((mine, whole) if own else (whole, mine)),
            View("late", N_("Late"), Listing(filters=late, sorts=(Sort("expected_on"),))),
            _state("won", N_("Won"), rules.WON),
            _state("lost", N_("Lost"), rules.LOST),
            View("all", N_("All opportunities"), Listing()),
        ),
        never_had=NeverHad(
            N_("Sales that may come"),
            N_("Write down who wants what, for how much and when; quote it, and win it with the order."),
            primary="new",
        ),
        counted=words.counted,
        store=StoredViews(LIST),
        primary=_NEW,
        quiet=(_AS_BOARD,),
        bulk=(_EXPORT,),
        preview=OpportunityPreview,
        looks=words.LOOKS,
        may_share=actor.may(Permission.VIEW_SHARE),
    )


class OpportunitiesScreen(RowScreen):
    """The list, with the way to the board."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, opportunity_list, OUTLET)
        self.actions_here.on("as_board", self._as_board)

    def _as_board(self) -> None:
        if self.desk.open_list is not None:
            self.desk.open_list(BOARD)


def opportunities_screen(desk: Desk) -> OpportunitiesScreen:
    """Return the list of opportunities."""
    return OpportunitiesScreen(desk)
