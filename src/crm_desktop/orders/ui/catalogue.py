"""The products a line can take, in memory, found while typing (pure)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from crm_desktop.products.rules import Catalogue, CatalogueItem, match
from crm_desktop.shared.text import clean_line, fold

OFFERED: Final = 8
"""Lines of the list that opens below the cell."""


class KnownProducts:
    """All active products; an exact code, or a name that only one product has, finds one at once."""

    def __init__(self, items: Iterable[CatalogueItem] = ()) -> None:
        self._all = items if isinstance(items, Catalogue) else Catalogue(items)
        self._by_id = {item.id: item for item in self._all}
        self._by_code = {fold(item.code): item for item in self._all}
        names = Counter(fold(item.name) for item in self._all)
        self._by_name = {fold(item.name): item for item in self._all if names[fold(item.name)] == 1}

    def matches(self, typed: str) -> list[CatalogueItem]:
        """Return what the typed code, name or pinyin may mean, the likeliest first."""
        return match(self._all, typed, OFFERED) if typed.strip() else []

    def named(self, text: str) -> CatalogueItem | None:
        """Return the product with this code or the only one with this name, None when there is none."""
        key = fold(clean_line(text))
        return self._by_code.get(key) or self._by_name.get(key)

    def get(self, product_id: int | None) -> CatalogueItem | None:
        """Return the product of that id if it is still sold."""
        return self._by_id.get(product_id) if product_id is not None else None


def line_values(item: CatalogueItem) -> dict[str, Any]:
    """Return what a line takes over from its product; the price is asked for separately."""
    return {
        "kind": "item",
        "product_id": item.id,
        "code": item.code,
        "name": item.name,
        "description": item.description,
        "unit": item.unit,
        "tax_percent": item.tax_percent,
    }
