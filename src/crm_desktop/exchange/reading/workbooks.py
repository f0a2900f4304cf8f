"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) through calamine; runs in the child only."""

from collections.abc import Iterator
from typing import Any, Final

from crm_desktop.exchange.book import Cell, Merged
from crm_desktop.exchange.reading.archives import Archive
from crm_desktop.exchange.reading.cells import typed_row
from crm_desktop.exchange.reading.faults import sheet_parts
from crm_desktop.exchange.reading.inspection import Inspection
from crm_desktop.exchange.reading.kinds import XLS, XLSX
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.exchange.reading.old_faults import old_faults
from crm_desktop.exchange.reading.outgoing import Outgoing
from crm_desktop.exchange.reading.reasons import Reason, Refused

_SOON_UNPACKED: Final = 4 * 1024 * 1024


def read_zipped(path: str, data: bytes, outgoing: Outgoing, limits: Limits) -> str:
    """Send every sheet of a zipped workbook and return its kind. Raises Refused."""
    archive = Archive(data, limits.inflated_bytes)
    kind = archive.kind()
    parts = sheet_parts(archive) if kind == XLSX else []
    inspection = Inspection(archive, parts)
    inspection.start()
    if archive.packed_bytes < _SOON_UNPACKED:
        inspection.result()
    sent = read_workbook(path, outgoing, limits)
    for part, faults in inspection.result().items():
        if faults and parts.index(part) in sent:
            outgoing.errors(sent[parts.index(part)], faults)
    return kind


def read_old(path: str, data: bytes, outgoing: Outgoing, limits: Limits) -> str:
    """Send every sheet of a .xls and return its kind. Raises Refused."""
    sent = read_workbook(path, outgoing, limits)
    for place, faults in enumerate(old_faults(data)):
        if faults and place in sent:
            outgoing.errors(sent[place], faults)
    return XLS


def read_workbook(path: str, outgoing: Outgoing, limits: Limits) -> dict[int, int]:
    """Send every sheet of a workbook; return which of those sent each of its sheets is. Raises Refused."""
    import python_calamine as calamine

    sent: dict[int, int] = {}
    try:
        book = calamine.load_workbook(path)
        for place, described in enumerate(book.sheets_metadata):
            if described.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(described.name)
            if sheet.total_width > limits.columns:
                raise Refused(Reason.COLUMNS, most=limits.columns, sheet=described.name[:31])
            sent[place] = len(sent)
            outgoing.sheet(
                described.name,
                _rows(sheet),
                hidden=described.visible != calamine.SheetVisibleEnum.Visible,
                merged=_merged(sheet),
            )
    except calamine.PasswordError:
        raise Refused(Reason.PASSWORD) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused(Reason.DAMAGED) from None
    if not sent:
        raise Refused(Reason.NO_SHEET)
    return sent


def _rows(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    """Pass on the rows from the first one on; the parser leaves out the blank columns before the first cell."""
    if sheet.start is None:
        return
    before = (None,) * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + typed_row(row)


def _merged(sheet: Any) -> list[Merged]:
    return [Merged(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
