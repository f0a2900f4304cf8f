"""One row of a list in memory: raw values beside the texts that are painted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field
from crm_desktop.shared.record import Page
from crm_desktop.ui.looks import Look

_PLAIN = Look()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """`values` begins with the id; `texts` and `inks` (colour tokens, mostly None) go by column."""

    id: int
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    inks: tuple[str | None, ...] | None = None

    def with_columns(
        self, before: Sequence[Field], columns: Sequence[Field], formats: Formats, looks: Mapping[str, Look]
    ) -> "ShownRow":
        """Return the same row with other columns; values that were not read yet are empty."""
        names = [field.name for field in before]
        known = dict(zip(names, self.values[1:], strict=True))
        values = (self.id, *(known.get(field.name) for field in columns))
        return shown_rows(Page(("id",), (values,)), columns, formats, looks)[0]


def shown_rows(page: Page, columns: Sequence[Field], formats: Formats, looks: Mapping[str, Look]) -> list[ShownRow]:
    """Return the rows of `page` (id first, then `columns`) with their texts. Runs on a lane."""
    places = [(place, field, looks.get(field.name, _PLAIN)) for place, field in enumerate(columns, start=1)]
    inked = any(look.ink is not None for _place, _field, look in places)
    today = formats.today
    shown = []
    for values in page.rows:
        texts = tuple(formats.text(field, values[place], always_ago=look.always_ago) for place, field, look in places)
        inks = (
            tuple(look.ink(values[place], today) if look.ink else None for place, _field, look in places)
            if inked
            else None
        )
        shown.append(ShownRow(values[0], tuple(values), texts, inks))
    return shown
