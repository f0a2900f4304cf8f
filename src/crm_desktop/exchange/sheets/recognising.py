"""What kind of record a sheet holds, judged by its headers and its name (pure)."""

from collections.abc import Iterable, Sequence
from typing import Final

from crm_desktop.exchange.book import Sheet
from crm_desktop.exchange.sheets import layout
from crm_desktop.exchange.sheets.columns import Vocabulary, header_key, labels, match_columns
from crm_desktop.exchange.sheets.content import Likeness
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportTarget

EXPLANATIONS: Final = N_("How to fill in")
VALUES: Final = N_("Values")
"""The sheets of a template that are no data."""

_FEWEST: Final = 2
_NAMED_SO: Final = 0.8
_FITS: Final = 0.25


def likely_target(sheet: Sheet, targets: Iterable[tuple[ImportTarget, Sequence[Field]]]) -> ImportTarget | None:
    """Return the target a sheet is most likely for, None when its columns mean nothing to any."""
    if header_key(sheet.name) in {header_key(name) for label in (EXPLANATIONS, VALUES) for name in labels(label)}:
        return None
    best: tuple[float, ImportTarget] | None = None
    for target, fields in targets:
        score = _score(sheet, target, fields)
        if score > 0 and (best is None or score > best[0]):
            best = (score, target)
    return best[1] if best else None


def _score(sheet: Sheet, target: ImportTarget, fields: Sequence[Field]) -> float:
    vocabulary = Vocabulary(fields)
    header = layout.find_header(sheet, vocabulary.knows)
    parts = [one for one in layout.header_texts(sheet, header) if one]
    if not parts:
        return 0
    matched = match_columns(parts, vocabulary, fields, [Likeness.NOTHING] * len(parts), "")
    names = {name for name, _how in matched if name}
    met = sum(not names.isdisjoint(one) for one in target.required)
    share = len(names) / len(parts)
    required = met / len(target.required) if target.required else 1
    # A list of staff tells more of people than this program keeps, and still it is one by its name.
    if _called_so(sheet.name, target):
        return share + required + _NAMED_SO if required else 0
    # A column "Name" alone could be anything.
    return share + required if share >= _FITS and required and len(names) >= _FEWEST else 0


def _called_so(sheet: str, target: ImportTarget) -> bool:
    key = header_key(sheet)
    names = (target.name, *labels(target.label), *target.sheet_names)
    keys = {known for name in names if (known := header_key(name))}
    # "客户资料表", "Orders 2026", and "Order" for "orders".
    return bool(key) and any(known in key or known.removesuffix("s") == key for known in keys)
