"""What Collections shows in place of its list: why nobody is listed, and the way on that works."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Domain, Scope
from crm_desktop.ui.empty import EmptyState, Offer, failed, no_match


def nobody_owes(actor: Actor, *, today: bool) -> QWidget:
    """Return the state of a company, or of a day, on which nobody this person may see owes anything."""
    if not today:
        return EmptyState(
            "circle-check",
            _("Nothing was owed on this day"),
            _("Choose another day to see who owed then."),
        )
    if actor.scope(Domain.SALES) is not Scope.ALL:
        return EmptyState(
            "circle-check",
            _("None of your customers owes anything"),
            _("Customers of colleagues are not listed here. Yours stand here when an invoice is not paid."),
        )
    return EmptyState(
        "hand-coins",
        _("Nobody owes you anything"),
        _("Customers with posted invoices that are not paid stand here, the worst first."),
    )


def nobody_here(show_all: Callable[[], None]) -> QWidget:
    """Return the state of a view, an owner or a caller with nobody."""
    return EmptyState(
        "circle-check",
        _("Nobody stands in this view"),
        _("No customer owes in this currency what this view looks for."),
        primary=Offer(_("Show everybody who owes"), show_all),
        kind="plain",
    )


def nobody_called(text: str, clear: Callable[[], None]) -> QWidget:
    """Return the state of a filter by name that nobody in this view answers to."""
    return no_match(_("Nobody here is called “{text}”").format(text=text), _("The filter looks in this view."), clear)


def not_read(error: BaseException, again: Callable[[], None]) -> QWidget:
    """Return the state of a list that could not be read; trying again helps unless a right is missing."""
    title = _("Collections could not be read")
    if isinstance(error, NotAllowed):
        return EmptyState("circle-alert", title, str(error))
    return failed(title, str(error), again)
