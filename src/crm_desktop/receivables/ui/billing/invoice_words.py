"""What invoices and credit notes are called on screen."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from crm_desktop.receivables import rules
from crm_desktop.shared.i18n import _, ngettext

TONES: Final = {
    rules.DRAFT: "neutral",
    rules.OPEN: "info",
    rules.PARTLY: "info",
    rules.PAID: "success",
    rules.CREDITED: "neutral",
    rules.WRITTEN_OFF: "warn",
    rules.CLAIMED_BY_ORDER: "neutral",
    rules.UNUSED: "info",
    rules.PARTLY_USED: "info",
    rules.USED: "success",
}


def is_credit(values: Mapping[str, Any]) -> bool:
    """Return whether a record is a credit note."""
    return str(values.get("kind") or rules.INVOICE) == rules.CREDIT


def called(values: Mapping[str, Any]) -> str:
    """Return what a document is called: its number, or that it is a draft."""
    if values.get("number"):
        return str(values["number"])
    return _("Draft credit note") if is_credit(values) else _("Draft invoice")


def lateness(due_on: date | None, today: date) -> str:
    """Return in words how late something is, or when it falls due; "" without a day."""
    if due_on is None:
        return ""
    days = rules.days_late(due_on, today) or 0
    if days > 0:
        return ngettext("{count} day late", "{count} days late", days).format(count=f"{days:,}")
    if days == 0:
        return _("due today")
    return ngettext("due in {count} day", "due in {count} days", -days).format(count=f"{-days:,}")
