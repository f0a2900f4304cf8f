"""How the file was read, fact by fact."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.exchange.ui.incoming import words
from crm_desktop.exchange.ui.incoming.page import Fact
from crm_desktop.exchange.ui.incoming.panel import offer
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, ImportState
from crm_desktop.shared.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from crm_desktop.exchange.sheets.drafting import Draft

_NAMED: Final = 3
_READINGS: Final = {"date": N_("Dates"), "number": N_("Amounts"), "percent": N_("Percentages")}


def reading_facts(state: ImportState, draft: "Draft | None", owner: QWidget, step: int) -> list[Fact]:
    """Return the facts of a file and of `draft`; on the step of the columns each reading can be decided otherwise."""
    if state.book is None:
        return []
    facts = [Fact(_("File"), words.kind_of(state.book))]
    if state.book.encoding:
        facts.append(
            Fact(_("Characters"), _("Read as {encoding}.").format(encoding=words.encoding_name(state.book.encoding)))
        )
    if draft is None:
        return facts
    facts.append(Fact(_("Rows"), " ".join(part for part in (_header_words(draft), _left_out_words(draft)) if part)))
    facts += _readings(state, draft, owner, may_change=step == COLUMNS)
    if step in (COLUMNS, CHECK):
        facts += _unknown_people(state, draft)
    back = _("Change how it is read") if step == CHECK else ""
    wish = Fact(_("Empty cells"), _("They leave what is stored. A single “-” clears it."), back, _step_back(state))
    return [*facts, wish]


def _step_back(state: ImportState) -> Callable[[], None]:
    return lambda: state.step_wanted.emit(COLUMNS)


def _readings(state: ImportState, draft: "Draft", owner: QWidget, *, may_change: bool) -> list[Fact]:
    """Return a fact per way of reading; fields that are read alike stand in one."""
    labels = {field.name: _(field.label) for field in draft.context.fields}
    readings = draft.readings
    alike: dict[tuple[str, str], list[str]] = {}
    for name, reading in readings.items():
        alike.setdefault((reading.kind, reading.key), []).append(name)
    facts = []
    for (kind, _key), names in alike.items():
        sentence = readings[names[0]].sentence
        others = readings[names[0]].others if may_change else ()
        label = ", ".join(labels.get(name, name) for name in names)
        if kind in _READINGS:
            label = _("{kind}: {columns}").format(kind=_(_READINGS[kind]), columns=label)
        action = _("Read it otherwise…") if others else ""
        facts.append(Fact(label, sentence, action, partial(choose_reading, state, draft, names, owner)))
    return facts


def _unknown_people(state: ImportState, draft: "Draft") -> list[Fact]:
    """Return a fact per column of colleagues that names somebody who is not known, or who may be several."""
    labels = {field.name: _(field.label) for field in draft.context.fields}
    names: dict[str, list[str]] = {}
    for one in state.unclear(draft):
        names.setdefault(one.field, []).append(f"“{one.text.strip()}”")
    return [
        Fact(
            labels.get(field, field),
            ngettext(
                "{names} is nobody’s name here, or that of several.",
                "{count} names are nobody’s here, or those of several, such as {names}.",
                len(said),
            ).format(count=len(said), names=", ".join(said[:_NAMED])),
        )
        for field, said in names.items()
    ]


def choose_reading(state: ImportState, draft: "Draft", names: Sequence[str], owner: QWidget) -> QMenu:
    """Drop a menu of the other ways to read the columns of these fields."""

    def read_as(key: str) -> None:
        for name in names:
            draft.read_as(name, key)
        state.touch()

    return offer(owner, draft.readings[names[0]].others, read_as)


def _left_out_words(draft: "Draft") -> str:
    return words.left_out_words(draft.left_out)


def _header_words(draft: "Draft") -> str:
    if not draft.header_rows:
        return _("There is no header row.")
    first, last = draft.header_rows[0] + 1, draft.header_rows[-1] + 1
    if first == last:
        return _("The header is in row {row}.").format(row=first)
    return _("The header is in rows {first} to {last}.").format(first=first, last=last)
