"""Pure decisions about dunning letters: levels, which one something has reached, and what a letter may say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any, Final

from crm_desktop.receivables.collecting import dunning_texts
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.text import clean_line, clean_multiline

MOST_LEVELS: Final = 9
MOST_DAYS: Final = 3650
_LONGEST: Final = {"subject": 200, "body": 4000}


@dataclass(frozen=True, slots=True)
class Level:
    """A level; 0 reminds before the day, with negative `days`. Version 0 is as it was shipped.

    `texts` has per language {"subject": …, "body": …}, the shipped words where nobody wrote others.
    """

    level: int
    days: int
    active: bool
    texts: Mapping[str, Mapping[str, str]]
    version: int

    def words(self, language: str) -> Mapping[str, str]:
        """Return subject and body in a language."""
        return self.texts[language]


def shipped_levels() -> dict[int, Level]:
    """Return the levels of a company that changed nothing."""
    return {
        level: Level(level, days, True, dunning_texts.shipped(level), 0)
        for level, days in dunning_texts.SHIPPED_DAYS.items()
    }


def reached(levels: Sequence[Level], late: int | None, last: int) -> int | None:
    """Return the level an instalment has now: the highest whose days have passed, at most one above the last sent.

    `late` are the days after its due date, below 0 before it, None without one; `last` is 0 when nothing or
    a reminder was sent. None: no level has been reached.
    """
    active = [one for one in levels if one.active]
    highest = min((one.level for one in active if one.level > last), default=last)
    passed = (one.level for one in active if late is not None and late >= one.days and one.level <= highest)
    return max(passed, default=None)


def is_gap_over(last_letter: date | None, day: date, gap_days: int) -> bool:
    """Return whether enough days have passed since a customer's last letter."""
    return last_letter is None or (day - last_letter).days >= gap_days


def checked_days(levels: Sequence[Level], level: int, value: Any) -> int:
    """Return the days of a level. Raises Invalid("days") unless they rise with the levels."""
    if value is None or value != int(value) or abs(value) > MOST_DAYS:
        raise Invalid("days", N_("This is a whole number of days, at most {most}."), most=f"{MOST_DAYS:,}")
    days = int(value)
    if (days < 0) != (level == 0):
        raise Invalid("days", N_("Level 0 reminds before the day, with days below 0; all others from 0 on."))
    others = {one.level: one.days for one in levels if one.level != level}
    if any((other > days) if number < level else (other < days) for number, other in others.items()):
        raise Invalid("days", N_("A higher level comes later. Look at the days of the other levels."))
    return days


def checked_texts(given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the words of a level per language, those left empty left out. Raises Invalid("texts")."""
    texts: dict[str, dict[str, str]] = {}
    for language, words in given.items():
        subject = clean_line(words.get("subject") or "")
        body = clean_multiline(words.get("body") or "")
        if language not in LANGUAGES or not (subject or body):
            continue
        if not subject or not body:
            raise Invalid("texts", N_("A letter has a subject and words."))
        for name, text in (("subject", subject), ("body", body)):
            if len(text) > _LONGEST[name]:
                raise Invalid("texts", N_("This is too long for a letter."))
            _check_places(text)
        texts[language] = {"subject": subject, "body": body}
    return texts


def _check_places(text: str) -> None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        parts = [("", "", "", None)]
    if any(name is not None and (name not in dunning_texts.PLACES or form or said) for _t, name, form, said in parts):
        raise Invalid("texts", N_("In braces stand only customer, company and day. Write a brace twice to print one."))
