"""Blocks of cells copied from a spreadsheet, read as lines of a document and checked as an import is (pure)."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from crm_desktop.orders.ui.catalogue import KnownProducts, line_values
from crm_desktop.orders.ui.grid_line import NUMBERS, GridLine, new_line, read_cell
from crm_desktop.orders.ui.line_columns import PLACE, columns_of
from crm_desktop.shared.i18n import _
from crm_desktop.shared.text import fold
from crm_desktop.shared.typed_number import read_decimal

BY_PLACE: Final = ("quantity", "unit_price", "discount_percent")
"""What figures mean, in their order, where no header says it."""
_SIGNS: Final = re.compile(r"^(?:[A-Z]{3}|[¥￥$€£]|HK\$|NT\$|US\$)\s*|\s*(?:元|圓|%|％)$")


def is_block(text: str) -> bool:
    """Return whether a copied text is more than one cell."""
    return "\t" in text or "\n" in text.strip("\r\n")


def cells_of(text: str) -> list[list[str]]:
    """Return the cells of a copied block; a spreadsheet quotes those with line breaks. Empty rows are left out."""
    rows = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    return [row for row in cells if any(row)]


def read_lines(
    rows: Sequence[Sequence[str]],
    catalogue: KnownProducts,
    *,
    dated: bool,
    usual: Mapping[str, object],
    today: Callable[[], date],
) -> list[GridLine]:
    """Return a line for each row of a block. What could not be read stays as a wrong cell of its line.

    A first row of header words, English or Chinese and in any order, says what the columns are; without
    one they are product, name (where a column holds words), quantity, price, discount.
    """
    columns = header_of(rows[0]) if rows else None
    body = rows[1:] if columns else rows
    names = columns or _by_place(body, catalogue)
    return [_line(row, names, catalogue, dated, usual, today) for row in body]


def header_of(row: Sequence[str]) -> list[str] | None:
    """Return the name of each column ("" for one not known), None when the row is no header."""
    known = {word: column.name for column in columns_of(dated=True) for word in (*column.header, fold(_(column.label)))}
    known |= {"#": PLACE, "no": PLACE, "no.": PLACE, "序号": PLACE, "序號": PLACE}
    found = [known.get(fold(cell).strip(" :："), "") for cell in row]
    named = [name for name in found if name]
    return found if len(named) >= 2 and {"code", "name"} & set(named) else None


def _by_place(rows: Sequence[Sequence[str]], catalogue: KnownProducts) -> list[str]:
    width = max((len(row) for row in rows), default=0)
    figures = [_mostly_figures([row[place] for row in rows if place < len(row)]) for place in range(width)]
    names = [""] * width
    first = 0
    if width > 1 and figures[0] and not figures[1] and not any(catalogue.named(row[0]) for row in rows):
        # A running number before the product.
        first = 1
    if first < width:
        names[first] = "code"
    waiting = list(BY_PLACE)
    for place in range(first + 1, width):
        if figures[place] and waiting:
            names[place] = waiting.pop(0)
        elif not figures[place] and "name" not in names and waiting == list(BY_PLACE):
            names[place] = "name"
    return names


def _mostly_figures(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return 2 * sum(_is_figure(cell) for cell in filled) >= len(filled)


def _is_figure(cell: str) -> bool:
    try:
        read_decimal(bare_figure(cell))
    except ValueError:
        return False
    return True


def bare_figure(cell: str) -> str:
    """Return a copied figure without the currency or the percent sign it was shown with."""
    return _SIGNS.sub("", cell.strip())


def _line(
    row: Sequence[str],
    names: Sequence[str],
    catalogue: KnownProducts,
    dated: bool,
    usual: Mapping[str, object],
    today: Callable[[], date],
) -> GridLine:
    given = {name: cell for name, cell in zip(names, row, strict=False) if name and name != PLACE}
    line = _product_line(given, catalogue, new_line(dated=dated, **usual))
    for name, cell in given.items():
        if name in ("code", "name") or name not in line.values:
            continue
        if not cell and name != "quantity":
            continue
        text = bare_figure(cell) if name in NUMBERS else cell
        try:
            line = line.with_values(**{name: read_cell(name, text, today)})
        except ValueError as problem:
            line = line.with_wrong(name, cell, str(problem))
    priced = bool(given.get("unit_price")) or line.values["product_id"] is None
    return GridLine(line.values, line.wrong, priced=priced)


def _product_line(given: Mapping[str, str], catalogue: KnownProducts, line: GridLine) -> GridLine:
    code, name = given.get("code", ""), given.get("name", "")
    item = catalogue.named(code) if code else None
    if item is None and name:
        item = catalogue.named(name)
        if item is not None and code and fold(item.code) != fold(code):
            item = None
    if item is not None:
        return line.with_values(**line_values(item))
    if code or not name:
        why = _("No product has the code or name “{text}”. Choose one from the list while typing.")
        named = line.with_values(code=code, name=name)
        return named.with_wrong("code", code, why.format(text=code) if code else _("The product is missing."))
    why = _("No product is called “{text}”. Choose one from the list while typing.")
    return line.with_values(name=name).with_wrong("name", name, why.format(text=name))


def as_block(rows: Sequence[Sequence[str]]) -> str:
    """Return cells as a spreadsheet takes them from the clipboard."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(rows)
    return out.getvalue()
