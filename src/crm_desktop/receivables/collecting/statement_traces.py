"""That a statement went out: a line in the journal of its customer, which the timeline tells."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.collecting.statements import ACTIVITY, ENTITY, OPEN, last_day, wanted
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import requires
from crm_desktop.shared.report import Asked

SENT: Final = "send"
MAILED, PRINTED, SAVED = "mail", "print", "save"
WAYS: Final = ((MAILED, N_("Email")), (PRINTED, N_("Printed")), (SAVED, N_("Saved as a file")))


@requires(*LOOKS)
def note_statements(work: Work, asked: Asked, way: str = SAVED) -> int:
    """Note for each customer of `asked` that its statement went out, with what was owed; return how many there are.

    A customer's statements in several currencies went out together: that is one line.
    """
    day = last_day(work, asked.to_on)
    of = {} if asked.contact_id is None else {"contact_id": asked.contact_id}
    owed = {row[:2]: row[-1] for row in adding.rows(work, day.question(**of))}
    closing: dict[int, dict[str, str]] = defaultdict(dict)
    for contact_id, currency in wanted(work, asked):
        closing[contact_id][currency] = str(Money.of_minor(owed.get((contact_id, currency), 0), currency).amount)
    told: dict[str, Any] = {"way": way, "form": asked.form or ACTIVITY, "to_on": day.as_of}
    if asked.form != OPEN:
        told["from_on"] = asked.from_on
    for contact_id, balances in closing.items():
        # By the number of its customer, where the journal finds it at once however long a story is.
        work.note(ENTITY, contact_id, SENT, after={**told, "closing": balances}, contact_id=contact_id)
    return len(closing)


def closing_of(after: dict[str, Any]) -> tuple[Money, ...]:
    """Return what was owed by a line of the journal, per currency."""
    return tuple(Money(Decimal(amount), currency) for currency, amount in after["closing"].items())


def days_of(after: dict[str, Any]) -> tuple[date | None, date]:
    """Return the first day, None without one, and the last of a statement by its line of the journal."""
    first = after.get("from_on")
    return date.fromisoformat(first) if first else None, date.fromisoformat(after["to_on"])
