"""Words the screens of activities share."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm_desktop.activities import kinds, rules
from crm_desktop.activities.following import NextStep, Said
from crm_desktop.activities.kinds import Kind, Result
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.ui.choice_strip import Offer

TASK, NOTE, CALL = "task", "note", "call"
LONGEST_SAID: Final = 140
REMINDERS: Final = (
    (0, N_("At the time")),
    (10, N_("10 minutes before")),
    (30, N_("30 minutes before")),
    (60, N_("1 hour before")),
    (1440, N_("1 day before")),
)


def counted(count: int) -> str:
    """Return the whole phrase for a number of activities."""
    return ngettext("{count} activity", "{count} activities", count).format(count=f"{count:,}")


def called(one: Kind | Result) -> str:
    """Return what a kind or a result is called in the language on screen."""
    word = kinds.called(one)
    return _(word) if word else ""


def kind_offers(found: Sequence[Kind], but: str = "") -> list[Offer]:
    """Return the kinds as a strip offers them, without the shipped kind `but`."""
    return [Offer(kind.id, called(kind), kind.icon) for kind in found if not but or kind.key != but]


def result_offers(found: Sequence[Result]) -> list[Offer]:
    """Return the results as a strip offers them."""
    return [Offer(result.id, called(result)) for result in found]


def priority_offers() -> list[Offer]:
    """Return the priorities."""
    return [Offer(value, _(words)) for value, words in rules.PRIORITIES]


def reminder_choices() -> list[tuple[int, str]]:
    """Return how long before it one can be reminded."""
    return [(minutes, _(words)) for minutes, words in REMINDERS]


def who(names: Mapping[int, str], user_id: int | None, author: str = "") -> str:
    """Return who does or did it: a colleague, or the author an import names."""
    return names.get(user_id, "") if user_id is not None else author


def said_line(said: Said, formats: Formats) -> str:
    """Return in one line what was said last, by whom and when."""
    when = formats.near(formats.local(said.at).date(), always_ago=True)
    text = " ".join(said.text.split())
    text = f"{text[:LONGEST_SAID]}…" if len(text) > LONGEST_SAID else text
    return " · ".join(part for part in (when, who(formats.names, said.user_id, said.author), text) if part)


def planned_line(step: NextStep, kind: str, formats: Formats) -> str:
    """Return in one line what is planned."""
    when = due_words(step.due_on, step.due_time, formats)
    return " · ".join(part for part in (step.subject or kind, when) if part)


def due_words(due_on: date | None, due_time: str, formats: Formats) -> str:
    """Return when something is due."""
    return " ".join(part for part in (formats.near(due_on) if due_on is not None else "", due_time) if part)


def kind_name(found: Sequence[Kind], kind_id: Any) -> str:
    """Return what a kind is called, "" for one that is not there."""
    return next((called(kind) for kind in found if kind.id == kind_id), "")
