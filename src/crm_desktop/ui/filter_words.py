"""Filters of one field in words, and the days a date filter offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm_desktop.shared.display import Formats, choice_label, list_separator, number_text
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Filter
from crm_desktop.shared.relative_days import day_of

DATE_KINDS: Final = frozenset({Kind.DATE, Kind.INSTANT})
NUMBER_KINDS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})


@dataclass(frozen=True, slots=True)
class Preset:
    """A span of days by name; `limits` are (op, relative day) pairs, or an op without a day."""

    title: str
    limits: tuple[tuple[str, str], ...]

    def filters(self, field_name: str) -> tuple[Filter, ...]:
        """Return the filters that mean this span."""
        return tuple(Filter(field_name, op, (day,) if day else ()) for op, day in self.limits)


PRESETS: Final = (
    Preset(N_("Today"), (("from", "today"), ("to", "today"))),
    Preset(N_("Last 7 days"), (("from", "today-6"), ("to", "today"))),
    Preset(N_("Last 30 days"), (("from", "today-29"), ("to", "today"))),
    Preset(N_("This month"), (("from", "this_month"), ("to", "today"))),
    Preset(N_("This year"), (("from", "this_year"), ("to", "today"))),
    Preset(N_("Next 7 days"), (("from", "today"), ("to", "today+6"))),
    Preset(N_("Before today"), (("to", "today-1"),)),
    Preset(N_("More than 30 days ago"), (("to", "today-31"),)),
    Preset(N_("More than 90 days ago"), (("to", "today-91"),)),
    Preset(N_("No date"), (("empty", ""),)),
    Preset(N_("Any date"), (("not_empty", ""),)),
)


def preset_of(filters: Sequence[Filter]) -> Preset | None:
    """Return the named span these filters mean, if any."""
    for preset in PRESETS:
        if filters and tuple(filters) == preset.filters(filters[0].field):
            return preset
    return None


def offered_values(described: Field, names: Mapping[int, str]) -> list[tuple[Any, str]]:
    """Return the (value, label) pairs that are known without asking the database."""
    if described.kind in (Kind.CHOICE, Kind.STATUS):
        return [(key, _(label)) for key, label in described.choices]
    if described.kind is Kind.BOOLEAN:
        return [(True, _("Yes")), (False, _("No"))]
    if described.kind is Kind.USER:
        people = sorted(names.items(), key=lambda person: person[1].casefold())
        return [*people, (None, _("Nobody"))]
    return []


def value_words(described: Field, value: Any, formats: Formats) -> str:
    """Return one value of a filter in words."""
    if value is None:
        return _("Nobody") if described.kind is Kind.USER else _("empty")
    if described.kind in (Kind.CHOICE, Kind.STATUS):
        return choice_label(described, value)
    if described.kind is Kind.USER:
        return formats.names.get(value, str(value))
    if described.kind is Kind.BOOLEAN:
        return _("Yes") if value else _("No")
    if described.kind in DATE_KINDS:
        day = day_of(value, formats.today)
        return formats.day(day) if isinstance(day, date) else str(day)
    if described.kind in NUMBER_KINDS and not isinstance(value, str):
        return number_text(value)
    return str(value)


def filters_words(described: Field, filters: Sequence[Filter], formats: Formats) -> str:
    """Return what the chip of a field says for all its filters."""
    preset = preset_of(filters)
    if preset is not None and described.kind in DATE_KINDS:
        return _(preset.title)
    return list_separator().join(_filter_words(described, one, formats) for one in filters)


def _filter_words(described: Field, one: Filter, formats: Formats) -> str:
    values = list_separator().join(value_words(described, value, formats) for value in one.values)
    match one.op:
        case "is_not":
            return _("not {values}").format(values=values)
        case "contains":
            return _("contains “{text}”").format(text=values)
        case "from":
            return _("from {value}").format(value=values)
        case "to":
            return _("up to {value}").format(value=values)
        case "empty":
            return _("empty")
        case "not_empty":
            return _("not empty")
        case _:
            return values
