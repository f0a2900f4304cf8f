"""Foreign files read in the child: what is told of them, and what is refused."""

import hashlib
import io
import json
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from crm_desktop.exchange.book import Merged
from crm_desktop.exchange.reading import wire
from crm_desktop.exchange.reading.files import (
    READ_WORD,
    EncodingUnclear,
    Unreadable,
    encodings_offered,
    read_book,
)
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.shared.errors import Cancelled
from tests.exchange.hostile import good_ods, good_xls, xlsx_of


class Watching:
    """Progress that remembers, and can press Cancel."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.told: list[int] = []
        self.cancel_after = cancel_after

    def step(self, done: int, total: int | None = None) -> None:
        self.told.append(done)
        if self.cancel_after is not None and len(self.told) > self.cancel_after:
            raise Cancelled


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "客户"
    sheet["A1"] = "客户资料表"
    sheet.merge_cells("A1:C1")
    sheet.append(["Name", "Amount", "On", "At", "Long", "Yes"])
    sheet.append(["苏州", 5, datetime(2025, 5, 6), datetime(2025, 5, 6, 7, 8), time(9, 30), True])
    sheet["B5"] = 1234567890123450000
    sheet["C5"] = 13800138000
    sheet["D5"] = 0.1
    sheet["E5"] = 1.5
    sheet["E5"].number_format = "[h]:mm:ss"
    sheet["F5"] = "#N/A"
    sheet["F5"].data_type = "e"
    sheet["G5"] = "=A1"
    book.create_sheet("Lists").sheet_state = "hidden"
    book.create_chartsheet("Chart")
    path = tmp_path / "customers.xlsx"
    book.save(path)
    return path


def test_a_workbook_comes_with_its_types(workbook: Path) -> None:
    progress = Watching()
    book = read_book(workbook, progress=progress)
    assert (book.kind, book.encoding, book.delimiter) == ("xlsx", "", "")
    assert book.sha256 == hashlib.sha256(workbook.read_bytes()).hexdigest()
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("客户", False), ("Lists", True)]
    sheet = book.sheets[0]
    assert sheet.merged == (Merged(0, 0, 0, 2),)
    assert sheet.rows[0][0] == "客户资料表"
    assert sheet.rows[2][:6] == ("苏州", 5, date(2025, 5, 6), datetime(2025, 5, 6, 7, 8), time(9, 30), True)
    assert isinstance(sheet.rows[2][1], int)
    assert sheet.rows[3] == ()
    assert sheet.rows[4] == (None, 1234567890123450000.0, 13800138000, 0.1, "36:00:00", "#N/A", "#CALC!")
    assert isinstance(sheet.rows[4][1], float), "Excel rounds after 15 digits: the number is not exact"
    assert isinstance(sheet.rows[4][2], int)
    assert progress.told
    assert book.sheets[1].rows == []


def test_rows_and_columns_count_from_the_first_of_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["C4"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert read_book(tmp_path / "far.xlsx").sheets[0].rows == [(), (), (), (None, None, "x")]


@pytest.mark.parametrize(("serial", "expected"), [(59, "1900-02-29"), (60, "1900-02-29"), (61, date(1900, 3, 1))])
def test_the_day_that_never_was_is_no_date(tmp_path: Path, serial: int, expected: object) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = serial
    book.active["A1"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "days.xlsx")
    assert read_book(tmp_path / "days.xlsx").sheets[0].rows == [(expected,)]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert book.active is not None
    book.active["A1"] = datetime(2025, 5, 6)
    book.save(tmp_path / "mac.xlsx")
    assert read_book(tmp_path / "mac.xlsx").sheets[0].rows == [(date(2025, 5, 6),)]


def test_an_error_where_cells_do_not_say_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "bare.xlsx"
    path.write_bytes(
        xlsx_of('<row><c><v>1</v></c></row><row/><row><c/><c t="e"><v>#DIV/0!</v></c><c><v>2</v></c></row>')
    )
    assert read_book(path).sheets[0].rows[2][1] == "#DIV/0!"


def test_an_old_workbook_and_an_open_document(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(good_xls())
    book = read_book(tmp_path / "old.xls")
    assert book.kind == "xls"
    assert book.sheets[0].name == "Firms"
    assert book.sheets[0].rows[0] == ("客户", 12.5, date(2023, 3, 15), 7)
    assert book.sheets[0].rows[1][:3] == ("#N/A", "#REF!", True)
    (tmp_path / "open.ods").write_bytes(good_ods())
    book = read_book(tmp_path / "open.ods")
    assert book.kind == "ods"
    assert book.sheets[0].rows[0] == ("Firm 1", 1.5, date(2025, 5, 6))


def test_the_name_does_not_matter(tmp_path: Path, workbook: Path) -> None:
    named = tmp_path / "customers.csv"
    named.write_bytes(workbook.read_bytes())
    assert read_book(named).kind == "xlsx"
    table = tmp_path / "table.xls"
    table.write_bytes("编号\t客户名称\n1\t苏州盛兴贸易\n".encode("gb18030"))
    book = read_book(table)
    assert (book.kind, book.encoding, book.delimiter) == ("csv", "gb18030", "\t")
    assert book.sheets[0].rows[1] == ("1", "苏州盛兴贸易")


TABLES = {
    "utf-8": "a,b\né,苏州\n",
    "utf-8-sig": "a,b\né,苏州\n",
    "utf-16": "编号,客户\n1,苏州\n",
    "utf-16-le": "编号,客户\n1,苏州\n",
    "utf-16-be": "编号,客户\n1,苏州\n",
    "gb18030": "编号,客户名称,联系人\n1,苏州盛兴贸易有限公司,王敏艳\n2,北京鑫达科技,陈静\n",
    "big5hkscs": "編號,客戶名稱,聯絡人\n1,臺北盛興貿易有限公司,王敏豔\n2,香港鑫達科技,陳靜\n",
    "cp932": "名前,電話\n株式会社トヨタ,03\n山田太郎,04\nさくら商事,05\n",
    "cp949": "이름,전화\n삼성전자,02\n김철수,03\n",
    "cp1252": "Name,Stadt\nMüller GmbH,Köln\nJürgen Weiß,Düsseldorf\nSchäfer,Würzburg\n",
    "cp1251": "Имя,Город\nООО Ромашка,Москва\nИванов,Санкт-Петербург\n",
}


@pytest.mark.parametrize("encoding", TABLES)
def test_text_is_read_in_the_encoding_it_was_written_in(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(TABLES[encoding].encode(encoding))
    book = read_book(path)
    assert [",".join(str(cell) for cell in row) for row in book.sheets[0].rows] == TABLES[encoding].split("\n")[:-1]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Nombre\nEspaña\nMuñoz\n"),
        ("cp1250", "Nazwa\nDvořák\nČeské dráhy\nPříbram\n"),
        ("cp1253", "Όνομα,Πόλη\nΑθήνα Εμπορική,Αθήνα\n"),
        ("cp1255", "שם,עיר\nישראל כהן,תל אביב\n"),
        ("gb18030", "骉,骉犇\n龘,爨\n"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_asked_for(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(EncodingUnclear) as raised:
        read_book(path)
    assert raised.value.candidates
    assert set(raised.value.candidates) <= {name for name, _label in encodings_offered()}
    assert "{" not in str(raised.value)
    book = read_book(path, encoding=encoding)
    assert book.encoding == encoding
    assert book.sheets[0].rows[0][0] == text.split("\n")[0].split(",")[0]


def test_a_text_is_not_read_in_an_encoding_it_is_not_in(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("Name\nMüller\n".encode("cp1252"))
    with pytest.raises(Unreadable, match=r"not written in Unicode \(UTF-8\)"):
        read_book(path, encoding="utf-8")


def test_cells_of_text_files_are_text(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b'no;name;note\r\n007;"a; ""b""";"two\r\nlines"\r\n;;\r\n1e5;=1+1;-\r\n\r\n')
    book = read_book(path)
    assert book.delimiter == ";"
    assert book.sheets[0].name == "table"
    assert book.sheets[0].rows == [
        ("no", "name", "note"),
        ("007", 'a; "b"', "two\r\nlines"),
        (),
        ("1e5", "=1+1", "-"),
    ]


def test_cards_of_phones_and_of_outlook(tmp_path: Path) -> None:
    path = tmp_path / "cards.vcf"
    path.write_bytes(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=\r\n=B8=89;;;\r\n"
        b"TEL;CELL:13800138000\r\nTEL;WORK:1\r\nTEL;HOME:2\r\nTEL;WORK;FAX:3\r\nPHOTO;ENCODING=BASE64:/9j/\r\n"
        b" /9j/\r\n\r\n"
        b"END:VCARD\r\n"
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK:" + "李;四".encode("gbk") + b";;;\r\nEND:VCARD\r\n"
        b"BEGIN:VCARD\nVERSION:3.0\nFN:J\xc3\xbcrgen M\xc3\xbcller\nORG:ACME\\, Inc.;Sales\nTITLE:Boss\n"
        b'item1.EMAIL;type=pref:j@acme.com\nADR;TYPE="work:a":;2nd floor;Main St. 1;Berlin;;10115;Germany\n'
        b"NOTE:one\\nt\n wo\nCATEGORIES:a,b\nURL:https://acme.com\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Firm\nTEL;VALUE=uri:tel:+81-3\nEND:VCARD\n"
    )
    book = read_book(path)
    assert book.kind == "vcard"
    head, *rows = book.sheets[0].rows
    cards = [{str(key): cell for key, cell in zip(head, row, strict=False) if cell is not None} for row in rows]
    assert cards == [
        {"Kind": "Person", "Name": "张三", "Mobile": "13800138000", "Phone": "1", "Phone 2": "2", "Fax": "3"},
        {"Kind": "Person", "Name": "李四"},
        {
            "Kind": "Person",
            "Name": "Jürgen Müller",
            "Company": "ACME, Inc. Sales",
            "Job title": "Boss",
            "E-mail": "j@acme.com",
            "Street": "Main St. 1, 2nd floor",
            "City": "Berlin",
            "Postal code": "10115",
            "Country": "Germany",
            "Website": "https://acme.com",
            "Notes": "one\ntwo",
            "Tags": "a, b",
        },
        {"Kind": "Company", "Name": "Firm", "Phone": "+81-3"},
    ]


def test_cancelling_ends_the_child_and_its_thread(workbook: Path) -> None:
    with pytest.raises(Cancelled):
        read_book(workbook, progress=Watching(cancel_after=0))
    assert not [thread for thread in threading.enumerate() if thread.name == "foreign file"]


def test_a_child_that_takes_too_long_is_ended(workbook: Path) -> None:
    with pytest.raises(Unreadable, match="takes too long"):
        read_book(workbook, limits=Limits(patience=0.0))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(rows=3), "no more than 3 rows"),
        (Limits(columns=4), "“客户” is too wide"),
        (Limits(sheets=1), "no more than 1 can be read"),
        (Limits(cells=10), "more than 10 cells"),
        (Limits(file_bytes=1000), "too large"),
        (Limits(inflated_bytes=5000), "would unpack to more"),
        (Limits(memory_bytes=20_000_000), "."),
    ],
)
def test_the_limits_hold(workbook: Path, limits: Limits, told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_book(workbook, limits=limits)
    assert told in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.xlsx", tmp_path):
        with pytest.raises(Unreadable, match="no file"):
            read_book(path)


def test_two_cells_far_apart_do_not_take_the_program_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = book.active["SR1048576"] = 1
    held = io.BytesIO()
    book.save(held)
    (tmp_path / "far.xlsx").write_bytes(held.getvalue())
    with pytest.raises(Unreadable, match="memory"):
        read_book(tmp_path / "far.xlsx")


def test_the_program_itself_is_the_child_when_frozen(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n")
    asked = {"path": str(tmp_path / "t.csv"), "encoding": "", "delimiter": "", "limits": asdict(Limits())}
    done = subprocess.run(
        [sys.executable, "-m", "crm_desktop.app", READ_WORD, json.dumps(asked)], capture_output=True, check=True
    )
    stream = io.BytesIO(done.stdout)
    frames = [wire.unpacked(data) for data in iter(lambda: wire.read(stream), None)]
    assert [frame[0] for frame in frames] == ["sheet", "rows", "end"]
    assert frames[1][1] == [("a", "b"), ("1", "2")]
    assert done.stderr == b""
