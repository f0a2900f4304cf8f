"""Allocations in words, as the record of a receipt lists them."""

from collections.abc import Mapping, Sequence
from typing import Final

from crm_desktop.receivables import rules
from crm_desktop.receivables.money.uses import Used
from crm_desktop.receivables.money.write_offs import WrittenOff
from crm_desktop.receivables.ui.money.allocation_rows import CLAIM, place_words
from crm_desktop.receivables.ui.money.uses_table import UseLine
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.date_editor import shown_date

WHAT: Final = {
    CLAIM: N_("Paid"),
    rules.REFUND: N_("Paid back"),
    rules.REVERSAL: N_("Reversed"),
    rules.KEPT: N_("Surplus kept"),
}


def use_lines(uses: Sequence[Used], settled: Sequence[WrittenOff], names: Mapping[int, str], own: int) -> list[UseLine]:
    """Return a line per allocation of the receipt `own`, the newest first, then what was settled with it."""
    lines = [_line(use, names, own) for use in reversed(uses)]
    labels = dict(rules.WRITE_OFF_KINDS)
    for one in settled:
        standing = one.amount - one.taken_back
        lines.append(
            UseLine(
                shown_date(one.dated_on),
                _(labels[one.kind]),
                one.reason,
                "",
                number_text(one.amount),
                "" if standing else _("taken back"),
                names.get(one.created_by or 0, ""),
                quiet=not standing,
                value=one.amount,
            )
        )
    return lines


def _line(use: Used, names: Mapping[int, str], own: int) -> UseLine:
    taken_back = use.reverses_id is not None
    opens, number = ("receipt", use.target_id), use.target_number
    if use.target == CLAIM:
        opens = ("invoice", use.invoice_id) if use.invoice_id is not None else ("order", use.order_id or 0)
    elif use.target_id == own:
        # Of a refund: the money it used up.
        number = use.source_number
        opens = ("invoice" if use.source == rules.CREDIT else "receipt", use.source_id)
    said = _("taken back on {day}").format(day=shown_date(use.reversed_on)) if use.reversed_on else ""
    return UseLine(
        shown_date(use.dated_on),
        _("Taken back") if taken_back else _(WHAT[use.target]),
        number,
        " · ".join(part for part in (place_words(use.place), use.label) if part),
        number_text(use.amount),
        said,
        names.get(use.by or 0, ""),
        opens,
        use.id,
        use.may_unallocate,
        taken_back or use.reversed_on is not None,
        use.amount,
    )
