"""What happened to one invoice, day by day."""

from collections.abc import Sequence
from typing import Any, Final

from crm_desktop.access.sentences import ACTIONS, Entry, Vocabulary
from crm_desktop.access.sentences import changes as told_changes
from crm_desktop.orders import told as orders_told
from crm_desktop.orders.composing import INVOICE_HEADER, column_of
from crm_desktop.receivables import told
from crm_desktop.receivables.billing.history import invoice_history
from crm_desktop.receivables.fields import INVOICE_FIELDS
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.events_pane import EventsPane

_SAID: Final = {"create": N_("Written"), "update": N_("Changed")}
_ENTITY: Final = "invoice"
_UNTOLD: Final = frozenset(map(column_of, INVOICE_HEADER)) - {"reason"} | {
    *("number", "kind", "lines", "state", "total", "taken_over", "id"),
    *("order_id", "delivery_id", "instalment_id", "origin_id", "posted_at", "posted_by"),
}
"""What a step may be written down with, and the record itself shows."""
_MORE: Final = {"receipt": N_("Receipt"), "dispute_reason": N_("Dispute")}


class InvoiceHistoryPane(EventsPane):
    """Every entry of the journal about one invoice, in words."""

    def __init__(self, desk: Desk, invoice_id: int) -> None:
        words = Vocabulary(
            labels={_ENTITY: {**orders_told.LABELS, **told.LABELS, **_MORE}},
            fields={_ENTITY: {one.name: one for one in INVOICE_FIELDS}},
            actions={**ACTIONS, **orders_told.ACTIONS, **told.ACTIONS, **_SAID},
            names=desk.names,
            timezone=desk.timezone,
        )

        def read(work: Any, before_id: int | None, limit: int) -> tuple[Sequence[Entry], None]:
            return invoice_history(work, invoice_id, before_id=before_id, limit=limit), None

        def tell(entry: Entry, _needed: None) -> tuple[str, Sequence[str]]:
            return _headline(entry, words), _details(entry, words)

        super().__init__(desk, read, tell, _("Nothing has happened yet."))


def _headline(entry: Entry, words: Vocabulary) -> str:
    return _("{person}: {action}").format(person=entry.actor_name, action=words.action(entry.action))


def _details(entry: Entry, words: Vocabulary) -> list[str]:
    if entry.action == "create":
        return []
    if entry.action == "update":
        return [
            _("{field}: {before} → {after}").format(field=one.label, before=one.before, after=one.after)
            for one in told_changes(entry, words)
        ]
    said = {name: value for name, value in entry.after.items() if name not in _UNTOLD and value not in (None, "", [])}
    return [
        _("{field}: {value}").format(field=words.label(_ENTITY, name), value=words.value(_ENTITY, name, value))
        for name, value in said.items()
    ]
