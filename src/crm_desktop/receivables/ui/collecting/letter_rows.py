"""The letters of a dunning run as rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm_desktop.receivables.collecting.dunning import SentLetter
from crm_desktop.receivables.collecting.dunning_items import Proposal
from crm_desktop.receivables.ui.collecting.case_cells import Late
from crm_desktop.receivables.ui.collecting.letter_pane import level_text
from crm_desktop.receivables.ui.collecting.money_marks import ReminderMark, level_words, paint_reminder
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, by_currency
from crm_desktop.ui.looks import Look

_SEEN: Final = Use.TABLE | Use.SORT
FIELDS: Final = (
    Field("customer", None, N_("Customer"), 26, _SEEN),
    Field("level", None, N_("Level"), 5, _SEEN),
    Field("letter", None, N_("Letter"), 14, _SEEN),
    Field("oldest", None, N_("Oldest"), 6, _SEEN),
    Field("items", None, N_("Items"), 5, _SEEN, Kind.INTEGER),
    Field("amount", None, N_("Amount"), 14, _SEEN, Kind.MONEY),
    Field("besides", None, N_("Besides"), 14, _SEEN),
)


def _ink_late(value: Any, _today: date) -> str | None:
    return "danger" if value else None


LOOKS: Final = {
    "level": Look(paint=paint_reminder, tip=level_words, chars=6),
    "oldest": Look(ink=_ink_late, chars=6),
    "amount": Look(weight=500, chars=14),
}


def columns_of(letters: Iterable[Proposal]) -> tuple[str, ...]:
    """Return the columns; other currencies have one only where a letter is about several."""
    several = any(len(one.sums) > 1 for one in letters)
    return tuple(field.name for field in FIELDS if several or field.name != "besides")


def source_of(letters: Iterable[Proposal]) -> RowsSource:
    """Return the letters by the id of their customer."""
    return RowsSource("letter", FIELDS, {one.contact_id: _row(one) for one in letters})


def _row(one: Proposal) -> tuple[Any, ...]:
    return (
        one.name,
        ReminderMark(one.level) if one.level else None,
        _("Dunning letter") if one.level else _("Reminder before the day"),
        Late(one.oldest_late) if one.oldest_late > 0 else None,
        len(one.items),
        one.sums[0] if one.sums else None,
        _said(one.sums[1:]),
    )


def sums_of(letters: Iterable[Proposal]) -> tuple[str, ...]:
    """Return what letters are about, per currency."""
    return tuple(_said((one,)) for one in by_currency([money for letter in letters for money in letter.sums]))


def _said(sums: Sequence[Money]) -> str:
    return " · ".join(f"{one.currency} {number_text(one.amount)}" for one in sums)


def file_names(letters: Mapping[int, Proposal], sent: Sequence[SentLetter], today: date) -> list[str]:
    """Return a file name per letter, each another: customer, level and day."""
    names: list[str] = []
    for one in sent:
        who = letters[one.contact_id].name if one.contact_id in letters else str(one.contact_id)
        plain = "".join("-" if char in '\\/:*?"<>|' or ord(char) < 32 else char for char in who).strip(". ")
        name = f"{plain[:80]} {level_text(one.level)} {today:%Y-%m-%d}"
        names.append(f"{name}.pdf" if f"{name}.pdf" not in names else f"{name} {one.id}.pdf")
    return names
