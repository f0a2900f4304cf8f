"""What the main window is told of the pipeline; the screens are loaded when they are opened."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from crm_desktop.contacts.ui.related import RelatedPane
from crm_desktop.contacts.ui.specs import Found
from crm_desktop.pipeline.ui.places import BOARD, ENTITY, FOR_CONTACT_ENTITY, LIST
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SALES: Final = (Domain.SALES,)
MakeRecord = Callable[[Desk, int | None, DraftStore | None, str], Screen]


def board_screen(desk: Desk) -> Screen:
    """Return the board."""
    from crm_desktop.pipeline.ui.board_screen import BoardScreen

    return BoardScreen(desk)


def list_screen(desk: Desk) -> Screen:
    """Return the list of opportunities."""
    from crm_desktop.pipeline.ui.list_screen import opportunities_screen

    return opportunities_screen(desk)


def opportunity_record(
    desk: Desk,
    opportunity_id: int | None,
    drafts: DraftStore | None = None,
    company: str = "",
    contact_id: int | None = None,
    related: Sequence[RelatedPane] = (),
) -> Screen:
    """Return the tab of an opportunity, None for a new one (of a customer, if one is given).

    `related` are tabs of features above, made for the id of the opportunity.
    """
    from crm_desktop.pipeline.ui.opportunity_record import OpportunityScreen

    return OpportunityScreen(desk, opportunity_id, drafts, company, contact_id, related)


def records(related: Sequence[RelatedPane]) -> dict[str, MakeRecord]:
    """Return which tab `desk.open_record` opens for an entity."""

    def for_contact(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
        return opportunity_record(desk, None, drafts, company, contact_id, related)

    return {ENTITY: partial(opportunity_record, related=related), FOR_CONTACT_ENTITY: for_contact}


def customer_opportunities(desk: Desk, contact_id: int) -> "QWidget":
    """Return the tab of a customer's record with its opportunities."""
    from crm_desktop.pipeline.ui.customer_pane import CustomerOpportunities

    return CustomerOpportunities(desk, contact_id)


def settings_screen(desk: Desk) -> Screen:
    """Return the settings page of stages and reasons."""
    from crm_desktop.pipeline.ui.stages_screen import StagesScreen

    return StagesScreen(desk)


def find_opportunities(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among opportunities; runs on the database lane, [] without the permission."""
    from crm_desktop.pipeline import rules
    from crm_desktop.pipeline.lists import OPPORTUNITIES

    if not work.actor.may(Permission.OPPORTUNITY_READ):
        return []
    states = dict(rules.STATES)
    return [
        Found(ENTITY, id_, name, f"{customer} · {_(states[state])}", "columns-3")
        for id_, name, customer, state in OPPORTUNITIES.search(work, text)
    ]


SCREENS: Final = (
    ScreenSpec(BOARD, N_("Pipeline"), "columns-3", board_screen, Permission.OPPORTUNITY_READ, SALES, "", "sales"),
    ScreenSpec(LIST, N_("Opportunities"), "list", list_screen, Permission.OPPORTUNITY_READ, SALES, "", "sales"),
)
"""In the rail; the list stands under the board."""
NEW: Final = {ENTITY: (N_("New opportunity"), "columns-3", Permission.OPPORTUNITY_WRITE)}
"""What `desk.open_record(entity, None)` begins: its words, its icon, and the right it needs."""
SETTINGS: Final = (
    ScreenSpec(
        "pipeline_settings",
        N_("Pipeline"),
        "columns-3",
        settings_screen,
        Permission.FOLLOW_UP_SETTINGS_WRITE,
        SALES,
        "",
        "settings",
    ),
)
"""Sections of the settings."""
