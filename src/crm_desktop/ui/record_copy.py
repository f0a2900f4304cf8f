"""Rows on the clipboard as a spreadsheet wants them: tabs for all, HTML that keeps text as text."""

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.ui.record_table import RecordTable

ROWS_A_STEP = 1_000
_FIGURES = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.INSTANT)


def copy_rows(table: RecordTable, ids: Sequence[int]) -> None:
    """Copy the rows with raw values and, when there are several, a header row."""
    if not ids:
        return
    columns, formats, source = table.columns, table.formats(), table.source
    names = tuple(field.name for field in columns)

    def read(work: Any, progress: Any) -> list[list[str]]:
        lines = []
        for start in range(0, len(ids), ROWS_A_STEP):
            wanted = ids[start : start + ROWS_A_STEP]
            found = {row[0]: row for row in source.rows(work, names, wanted).rows}
            lines += [_cells(columns, formats, found[id_]) for id_ in wanted if id_ in found]
            progress.step(min(start + ROWS_A_STEP, len(ids)), len(ids))
        return lines

    def put(lines: list[list[str]]) -> None:
        data = QMimeData()
        heads = [_(field.label) for field in columns] if len(lines) > 1 else []
        data.setText(as_tabs([heads, *lines] if heads else lines))
        data.setHtml(as_html(columns, heads, lines))
        QGuiApplication.clipboard().setMimeData(data)

    table.tasks.read_long(table, read, put, table.failed.emit, label=_("Copying rows"))


def _cells(columns: Sequence[Field], formats: Formats, row: Sequence[Any]) -> list[str]:
    return [formats.copied(field, value) for field, value in zip(columns, row[1:], strict=True)]


def as_tabs(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells with tabs between; a tab or line break inside a cell becomes a blank."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)


def as_html(columns: Sequence[Field], heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table in which everything but figures and dates is marked as text.

    Without the mark a spreadsheet would turn a phone number into a figure and "=1+1" into a formula.
    """
    marks = ["" if field.kind in _FIGURES else " style=\"mso-number-format:'\\@'\"" for field in columns]
    parts = ["<table>"]
    if heads:
        parts.append("<tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in heads) + "</tr>")
    for line in lines:
        cells = (f"<td{mark}>{html.escape(cell)}</td>" for mark, cell in zip(marks, line, strict=True))
        parts.append("<tr>" + "".join(cells) + "</tr>")
    parts.append("</table>")
    return "".join(parts)
