"""The monthly pack: reports of one month as the sheets of one workbook, each as its screen shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.app import report_files
from crm_desktop.app.features import REPORTS
from crm_desktop.app.session import Session
from crm_desktop.db.journal import JournalEntry
from crm_desktop.orders.model import Order
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.report import AS_OF, PERIOD, Asked

MONTH = date(2026, 10, 15)


def test_each_sheet_says_what_its_report_says(log_in: Callable[[str], Session], tmp_path: Path) -> None:
    here, path = log_in("owner"), tmp_path / "pack.xlsx"
    wanted = [one for one in REPORTS if one.name in ("sales", "ageing", "payments")]
    with here.database.read(here.actor) as work:
        month = work.session.scalars(select(Order.dated_on).where(Order.number.is_not(None))).first()
    assert month is not None
    rows = report_files.take_out_pack(here, path, wanted, month)
    book = load_workbook(path)
    assert len(book.worksheets) == 3
    counted = 0
    for sheet, report in zip(book.worksheets, wanted, strict=True):
        with here.database.read(here.actor) as work:
            table = report.answer(work, report_files.asked_of_month(report, month, today(work)))
        cells = list(sheet.iter_rows(min_row=2, values_only=True))[: len(table.rows)]
        assert len(cells) == len(table.rows)
        counted += len(table.rows)
        for place, field in enumerate(table.fields):
            if field.name in table.sums:
                shown = [getattr(row[place], "amount", row[place]) for row in table.rows]
                assert [Decimal(str(row[place] or 0)) for row in cells] == [value or 0 for value in shown]
    assert rows == counted > 0
    with here.database.read(SYSTEM) as work:
        told = work.session.scalars(select(JournalEntry.after).where(JournalEntry.entity == "report")).all()
    assert told[-1] == {"reports": [one.name for one in wanted], "format": "xlsx", "rows": rows}


def test_a_month_is_asked_as_each_report_counts_days() -> None:
    today = date(2026, 11, 22)
    for report in REPORTS:
        past = report_files.asked_of_month(report, MONTH, today)
        current = report_files.asked_of_month(report, today, today)
        if report.days == PERIOD:
            assert (past.from_on, past.to_on) == (date(2026, 10, 1), date(2026, 10, 31))
            assert (current.from_on, current.to_on) == (date(2026, 11, 1), date(2026, 11, 30))
        elif report.days == AS_OF:
            assert (past.as_of, current.as_of) == (date(2026, 10, 31), today)
        else:
            assert past == current == Asked()


def test_what_cannot_be_a_pack_is_refused(log_in: Callable[[str], Session], tmp_path: Path) -> None:
    here = log_in("owner")
    for path, wanted in ((tmp_path / "pack.pdf", REPORTS), (tmp_path / "pack.xlsx", ())):
        with pytest.raises(Invalid):
            report_files.take_out_pack(here, path, wanted, MONTH)
    rep = log_in("chen")
    with pytest.raises(NotAllowed):
        report_files.take_out_pack(rep, tmp_path / "pack.xlsx", REPORTS, MONTH)
    assert list(tmp_path.glob("pack*")) == []
