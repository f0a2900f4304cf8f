"""An allocation told from either side: where the money came from, and where it went."""

from typing import Final

from crm_desktop.receivables import rules
from crm_desktop.receivables.money.uses import RESCHEDULE, WRITE_OFF, Used
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.date_editor import shown_date

_SOURCES: Final = {
    rules.RECEIPT: N_("Receipt"),
    rules.CREDIT: N_("Credit note"),
    WRITE_OFF: N_("Written off"),
    RESCHEDULE: N_("Moved to another day"),
}
_TARGETS: Final = {
    rules.REFUND: N_("Refund"),
    rules.REVERSAL: N_("Reversal"),
    rules.KEPT: N_("Surplus kept"),
}
_ENTITIES: Final = {rules.RECEIPT: "receipt", rules.CREDIT: "invoice"}


def source_of(one: Used) -> tuple[str, int, str]:
    """Return where the money came from: the entity that opens ("" for none), its id, its words."""
    return _ENTITIES.get(one.source, ""), one.source_id, _words(_(_SOURCES[one.source]), one.source_number)


def target_of(one: Used) -> tuple[str, int, str]:
    """Return where the money went: the entity that opens, its id, its words."""
    if one.invoice_id is not None:
        return "invoice", one.invoice_id, _("Invoice {number}").format(number=one.target_number)
    if one.order_id is not None:
        return "order", one.order_id, _("Order {number}").format(number=one.target_number)
    return "receipt", one.target_id, _words(_(_TARGETS.get(one.target, one.target)), one.target_number)


def remark(one: Used, by: str = "") -> str:
    """Return which instalment it is about, whether it was taken back, and who did it."""
    said = [_("instalment {place}").format(place=one.place) if one.place else ""]
    if one.reverses_id is not None:
        said.append(_("taken back"))
    elif one.reversed_on is not None:
        said.append(_("taken back on {day}").format(day=shown_date(one.reversed_on)))
    return " · ".join(part for part in (*said, by) if part)


def is_undone(one: Used) -> bool:
    """Return whether it was taken back, or takes another one back."""
    return one.reverses_id is not None or one.reversed_on is not None


def _words(kind: str, number: str) -> str:
    return " ".join(part for part in (kind, number) if part)
