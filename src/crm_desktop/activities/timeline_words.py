"""Entries of a timeline in words, in the language of whoever reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from crm_desktop.activities.above import Entry, Word
from crm_desktop.contacts import journal_words
from crm_desktop.contacts.journal_words import Words
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.shared.sizes import size_text

GROUP_WORDS: Final[Mapping[str, str]] = {
    "talks": N_("Talks"),
    "documents": N_("Documents"),
    "money": N_("Money"),
    "changes": N_("Changes"),
    "steps": N_("Changes"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is read: a headline, what stands behind it in one line, and what people wrote."""

    headline: str
    detail: str
    notes: str

    def sentence(self) -> str:
        """Return all of it, as a screen reader says it."""
        return ". ".join(part for part in (self.headline, self.detail, self.notes) if part)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells entries: `formats` knows the day and the people, `spoken` the fields of contacts.

    Amounts in `currency`, the company's, stand without their code.
    """

    formats: Formats
    currency: str
    spoken: Words = field(default_factory=Words)

    def line(self, entry: Entry) -> Line:
        """Return an entry in words."""
        event = entry.values.get("event")
        if event is not None:
            changed = (one.sentence() for one in journal_words.changes(event, self.spoken))
            return Line(journal_words.headline(event, self.spoken), self.time(entry), "\n".join(changed))
        headline = self._filled(entry.told, entry.values)
        detail = [self.planned_for(entry) if entry.planned else self.time(entry), self.detail(entry)]
        if entry.money is not None:
            detail.append(self.amount(entry.money))
        if "bytes" in entry.values:
            detail.append(size_text(entry.values["bytes"]))
        detail.append(self.who(entry))
        return Line(headline, " · ".join(part for part in detail if part), entry.notes)

    def detail(self, entry: Entry) -> str:
        """Return what stands behind the headline, without time, amount and person."""
        parts = (self._filled(part, entry.values) for part in entry.detail.split(" · ") if part)
        return " · ".join(part for part in parts if part)

    def who(self, entry: Entry) -> str:
        """Return who did it; imported history keeps the name it came with."""
        return self.formats.names.get(entry.by or 0) or entry.by_name

    def time(self, entry: Entry) -> str:
        """Return the time of the day, "" for what has a day only."""
        return "" if entry.whole_day else f"{self.formats.local(entry.at):%H:%M}"

    def planned_for(self, entry: Entry) -> str:
        """Return for when something is planned."""
        time = entry.values.get("time")
        said = _("planned {time}").format(time=time) if time else _("planned")
        return _("{said}, high priority").format(said=said) if entry.values.get("urgent") else said

    def amount(self, money: Money) -> str:
        """Return an amount."""
        text = number_text(money.amount)
        return text if money.currency == self.currency else f"{money.currency} {text}"

    def _filled(self, marked: str, values: Mapping[str, Any]) -> str:
        return _(marked).format(**{name: self._shown(value) for name, value in values.items()}) if marked else ""

    def _shown(self, value: Any) -> str:
        if isinstance(value, Word):
            return _(value)
        if isinstance(value, Money):
            return self.amount(value)
        if isinstance(value, date):
            return self.formats.day(value)
        return "" if value is None else str(value)
