"""What the screens of the pipeline say."""

from datetime import date
from decimal import Decimal
from typing import Final

from crm_desktop.activities.following import NextStep
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.board import Card, Sums
from crm_desktop.pipeline.reasons import Reason
from crm_desktop.pipeline.stages import Stage
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.money import Money, without_zeros
from crm_desktop.ui.looks import Look, ink_of_next_step

GAP: Final = "   ·   "


def called(one: Stage | Reason) -> str:
    """Return what a stage or a reason is called: its own name, else the shipped words in the language on screen."""
    known = rules.STAGE_WORDS if isinstance(one, Stage) else rules.REASON_WORDS
    return one.name or _(known.get(one.key, one.key))


def counted(count: int) -> str:
    """Return the whole phrase for a number of opportunities."""
    return ngettext("{count} opportunity", "{count} opportunities", count).format(count=f"{count:,}")


def figure(money: Money) -> str:
    """Return an amount without its currency."""
    return number_text(money.amount)


def money(amount: Money) -> str:
    """Return an amount behind its currency."""
    return f"{amount.currency} {figure(amount)}"


def weighted(amount: Money) -> str:
    """Return an amount that is weighted by the chances, saying so."""
    return _("weighted {amount}").format(amount=figure(amount))


def percent(value: Decimal) -> str:
    """Return a chance."""
    return f"{number_text(without_zeros(value))} %"


def sums(found: Sums) -> str:
    """Return amounts per currency side by side."""
    return GAP.join(money(one) for one in found.total)


def expected(card: Card, formats: Formats) -> str:
    """Return when a card is expected to be won; what is late is said in days."""
    if card.expected_on is None:
        return _("No day yet")
    return formats.near(card.expected_on, always_ago=True) if card.is_late else formats.day(card.expected_on)


def next_step(step: NextStep | None, formats: Formats) -> str:
    """Return what is planned next with the customer."""
    if step is None:
        return _("Nothing planned")
    when = formats.near(step.due_on) if step.due_on is not None else ""
    moment = " ".join(part for part in (when, step.due_time) if part)
    return " · ".join(part for part in (moment, step.subject) if part) or _("Planned")


def step_ink(card: Card, today: date) -> str:
    """Return the colour of the next step: danger when it is late, warn when there is none."""
    if card.next is None:
        return "warn"
    return ink_of_next_step(card.next.due_on, today) or "text2"


def in_stage(days: int) -> str:
    """Return how long it has been in its stage."""
    if not days:
        return _("In this stage since today")
    return ngettext("In this stage for {count} day", "In this stage for {count} days", days).format(count=days)


def tip(card: Card, stage: str, formats: Formats) -> str:
    """Return all that is known of a card, for the tooltip and for who cannot see the board."""
    lines = [
        f"{card.customer} · {card.name}",
        f"{stage} · {money(card.amount)} · {percent(card.probability)}",
        _("Expected {day}").format(day=formats.full_day(card.expected_on)) if card.expected_on else _("No day yet"),
        _("Next: {step}").format(step=next_step(card.next, formats)),
        in_stage(card.days),
    ]
    owner = formats.names.get(card.salesperson_id or 0, "")
    return "\n".join([*lines[:2], *([owner] if owner else []), *lines[2:]])


LOOKS: Final = {
    "name": Look(token="text", weight=500),
    "customer": Look(token="text"),
    "amount": Look(token="text"),
    "expected_on": Look(chars=9),
    "opened_on": Look(chars=8),
    "closed_on": Look(chars=8),
}
