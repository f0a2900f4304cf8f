"""What stands in place of Home and of the day until there is a contact: what will stand there, and the first step."""

from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer


def beginning(desk: Desk, icon: str, title: str, text: str) -> EmptyState:
    """Return the state; it offers to bring contacts in and to write one down, as far as this person may."""
    offers = []
    open_import = desk.open_import
    if open_import is not None and desk.actor.may(Permission.CONTACT_IMPORT):
        offers.append(Offer(_("Import contacts"), lambda: open_import("contacts", ()), "upload"))
    if desk.actor.may(Permission.CONTACT_WRITE):
        offers.append(Offer(_("New contact"), lambda: desk.open_record("contact", None), "plus"))
    first, second = (*offers, None, None)[:2]
    hint = "" if offers else _("Your colleagues write the first contact down.")
    return EmptyState(icon, title, text, primary=first, other=second, hint=hint)
