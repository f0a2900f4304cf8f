"""Files that mean harm or are broken: seeded mutations of good ones, and those of the list in the reliability notes."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEADERS = ("Name", "Phone", "Amount", "Date", "Notes")
SEED = 20251


@dataclass(frozen=True)
class Hostile:
    """A file to be written: its name, its bytes, and whether it must be refused."""

    name: str
    data: Callable[[], bytes]
    refused: bool = False


def hostile_files() -> Iterator[Hostile]:
    """Return the files, always the same ones in the same order."""
    good = good_xlsx()
    yield from _mutated("bytes", "xlsx", good, 60)
    yield from _mutated("bytes", "ods", good_ods(), 20)
    yield from _mutated("bytes", "csv", good_csv(), 25)
    yield from _mutated("bytes", "vcf", good_vcf(), 20)
    yield from _mutated("bytes", "xls", good_xls(), 15)
    yield from _mutated_parts(good, 45)
    yield from _truncated(good, 15)
    yield from _shaped()
    yield from _texts()
    yield from _others()


def good_xlsx(rows: int = 40) -> bytes:
    """Return a small workbook with texts, numbers and dates."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("Customers")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADERS)
    for row in range(1, rows + 1):
        sheet.write_string(row, 0, f"苏州盛兴贸易有限公司 {row}")
        sheet.write_string(row, 1, f"138{row:08}")
        sheet.write_number(row, 2, row * 1.25)
        sheet.write_number(row, 3, 45000 + row, day)
        sheet.write_string(row, 4, "=1+1")
    book.close()
    return held.getvalue()


def good_csv() -> bytes:
    """Return a table as text in UTF-8."""
    lines = [
        ",".join(HEADERS),
        *(f'"北京, {row}",138{row:08},{row}.25,2025-05-{row % 28 + 1:02},"a ""b"""' for row in range(40)),
    ]
    return "\r\n".join(lines).encode()


def good_vcf() -> bytes:
    """Return some cards."""
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Jürgen;;;\r\nFN:Jürgen Müller {0}\r\n"
        "TEL;TYPE=CELL:+49 171 {0}\r\nADR:;;Main St. {0};Berlin;;10115;Germany\r\nEND:VCARD\r\n"
    )
    return "".join(card.format(number) for number in range(20)).encode()


def good_ods(cells: str = "") -> bytes:
    """Return a small OpenDocument spreadsheet; `cells` replaces the rows."""
    rows = cells or "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>Firm {row}</text:p>'
        "</table:table-cell>"
        f'<table:table-cell office:value-type="float" office:value="{row}.5"><text:p>x</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="date" office:date-value="2025-05-06"/>'
        "</table:table-row>"
        for row in range(1, 20)
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Firms">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def zipped(parts: dict[str, bytes], level: int = 9) -> bytes:
    """Return a zip of the parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def xlsx_of(sheet_data: str, *, before: str = "", after: str = "", strings: str = "", prolog: str = "") -> bytes:
    """Return a workbook whose one sheet has this XML as its rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{main}"/>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{main}">{before}<sheetData>{sheet_data}</sheetData>'
        f"{after}</worksheet>",
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def ole(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a compound file with one stream of at least 4,096 bytes."""
    sector = 512
    stream += bytes(max(4096 - len(stream), 0))
    stream += bytes(-len(stream) % sector)
    count = len(stream) // sector
    chain = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    fat_sectors = 1
    fat = chain + [0xFFFFFFFF] * (128 * fat_sectors - len(chain))

    def entry(called: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
        raw = called.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 0, len(stream)) + bytes(256)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", count + 1) + b"\xff" * 4 * 108
    return head + stream + directory + struct.pack("<128I", *fat)


def biff(*records: tuple[int, bytes]) -> bytes:
    """Return records of an old workbook."""
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def good_xls() -> bytes:
    """Return a .xls of one sheet: texts, numbers, a date and errors."""
    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    sheet_begin = struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0)
    name = b"\x05\x00Firms"
    formats = [(0xE0, struct.pack("<HH", 0, form) + bytes(16)) for form in (0, 14)]
    before = biff((0x809, begin), (0x42, b"\xb0\x04"), *formats)
    place = len(before) + 4 + 6 + len(name) + 4
    book = before + biff((0x85, struct.pack("<IH", place, 0) + name), (0x0A, b""))
    label = "客户".encode("utf-16-le")
    rows = biff(
        (0x809, sheet_begin),
        (0x200, struct.pack("<IIHHH", 0, 2, 0, 4, 0)),
        (0x204, struct.pack("<HHHHB", 0, 0, 0, 2, 1) + label),
        (0x203, struct.pack("<HHHd", 0, 1, 0, 12.5)),
        (0x203, struct.pack("<HHHd", 0, 2, 1, 45000.0)),
        (0x203, struct.pack("<HHHd", 0, 3, 0, 7.0)),
        (0x205, struct.pack("<HHHBB", 1, 0, 0, 0x2A, 1)),
        (0x006, struct.pack("<HHH", 1, 1, 0) + b"\x02\x00\x17\x00\x00\x00\xff\xff" + bytes(8)),
        (0x205, struct.pack("<HHHBB", 1, 2, 0, 1, 0)),
        (0x0A, b""),
    )
    return ole(book + rows)


def _mutated(how: str, suffix: str, good: bytes, count: int) -> Iterator[Hostile]:
    for number in range(count):
        yield Hostile(f"{how}-{number}.{suffix}", lambda number=number: mutated(good, f"{suffix}{number}"))


def mutated(good: bytes, seed: str) -> bytes:
    """Return a copy with some bytes changed, repeated, dropped or blanked."""
    chance = random.Random(f"{SEED}{seed}")
    data = bytearray(good)
    for _change in range(chance.choice((1, 3, 20))):
        place = chance.randrange(len(data))
        length = chance.choice((1, 1, 4, 40))
        match chance.randrange(4):
            case 0:
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                data[place : place + length] = bytes(length)
            case 2:
                del data[place : place + length]
            case _:
                data[place:place] = data[place : place + length]
    return bytes(data)


def _mutated_parts(good: bytes, count: int) -> Iterator[Hostile]:
    """Change the XML inside, so that the zip around it is whole."""

    def made(number: int) -> bytes:
        chance = random.Random(f"{SEED}part{number}")
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice([name for name in parts if "sheet" in name or "workbook" in name or "styles" in name])
        parts[name] = mutated(parts[name], f"part{number}")
        return zipped(parts)

    for number in range(count):
        yield Hostile(f"part-{number}.xlsx", lambda number=number: made(number))


def _truncated(good: bytes, count: int) -> Iterator[Hostile]:
    for number in range(count):
        length = len(good) * (number + 1) // (count + 1)
        yield Hostile(f"cut-{number}.xlsx", lambda length=length: good[:length], refused=True)


def _lying(data: bytes) -> bytes:
    """Return the zip with the unpacked sizes in its directory and heads made small."""
    held = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = held.find(mark)
        while place >= 0:
            held[place + offset : place + offset + 4] = struct.pack("<I", 1000)
            place = held.find(mark, place + 4)
    return bytes(held)


def _swollen(good: bytes, part: str, megabytes: int) -> bytes:
    """Return the zip with so many blanks at the end of a part."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as archive, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in archive.namelist():
            with bomb.open(name, "w") as entry:
                entry.write(archive.read(name))
                for _time in range(megabytes if name == part else 0):
                    entry.write(b" " * 1_000_000)
    return held.getvalue()


def _cell(place: str, value: object = 1) -> str:
    row = "".join(char for char in place if char.isdigit())
    return f'<row r="{row}"><c r="{place}"><v>{value}</v></c></row>'


def _text_row(row: int, text: str, columns: int = 1) -> str:
    return f'<row r="{row}">' + f'<c t="inlineStr"><is><t>{text}</t></is></c>' * columns + "</row>"


def _laughs() -> str:
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    return f"<!DOCTYPE x [{entities}]>"


def _shaped() -> Iterator[Hostile]:
    """Workbooks whose parts are whole but ask for too much, or contradict themselves."""
    many = "".join(_text_row(row, "x") for row in range(1, 3001))
    same = '<c t="s"><v>0</v></c>' * 200
    long_string = f'<sst count="1"><si><t>{"x" * 32000}</t></si></sst>'
    merges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, 200_001))
    made: dict[str, tuple[Callable[[], bytes], bool]] = {
        "bomb": (lambda: _swollen(xlsx_of(_cell("A1")), "xl/worksheets/sheet1.xml", 600), True),
        "lying-bomb": (lambda: _lying(_swollen(xlsx_of(_cell("A1")), "xl/worksheets/sheet1.xml", 350)), True),
        "value-bomb": (lambda: xlsx_of(f'<row r="1"><c><v>{"1" * 250_000_000}</v></c></row>'), False),
        "far-cells": (lambda: xlsx_of(_cell("A1") + _cell("XFD1048576")), True),
        "far-row": (lambda: xlsx_of(_cell("A1") + _cell("A1048576")), False),
        "far-column": (lambda: xlsx_of(_cell("A1") + _cell("XFD2")), True),
        "beyond-sheet": (lambda: xlsx_of(_cell("ZZZZZZ99999999999")), True),
        "row-zero": (lambda: xlsx_of(_cell("A0")), False),
        "huge-dimension": (lambda: xlsx_of(_cell("A1"), before='<dimension ref="A1:XFD1048576"/>'), False),
        "bad-dimension": (lambda: xlsx_of(_cell("A1"), before='<dimension ref="Z9:A1"/>'), False),
        "merges": (lambda: xlsx_of(many, after=f"<mergeCells>{merges}</mergeCells>"), False),
        "laughs": (lambda: xlsx_of(_text_row(1, "&l;"), prolog=_laughs()), False),
        "external": (
            lambda: xlsx_of(_text_row(1, "&e;"), prolog='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
            False,
        ),
        "same-string": (lambda: xlsx_of(f"<row>{same}</row>" * 200, strings=long_string), True),
        "no-string": (lambda: xlsx_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), False),
        "minus-string": (lambda: xlsx_of('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), False),
        "columns-600": (lambda: xlsx_of(_text_row(1, "x", 600)), True),
        "rows-250000": (lambda: xlsx_of("".join(_text_row(row, "x") for row in range(1, 250_001))), True),
        "deep": (lambda: xlsx_of("<row>" * 100_000), False),
        "unclosed-cells": (lambda: xlsx_of('<row><c t="e">' * 200_000), True),
        "errors": (lambda: xlsx_of('<row><c t="e"><v>#N/A</v></c></row>' * 20_000), False),
        "long-cell": (lambda: xlsx_of(_text_row(1, "x" * 5_000_000)), False),
        "numbers": (
            lambda: xlsx_of(
                "".join(
                    _cell(f"A{n}", v)
                    for n, v in enumerate(("1e999", "-1e999", "nan", "1e-999", "0x10", "", "12345678901234567890"), 1)
                )
            ),
            False,
        ),
        "dates": (lambda: xlsx_of(_cell("A1", 60) + _cell("A2", 2958466) + _cell("A3", -1)), False),
        "control": (lambda: xlsx_of(_text_row(1, "a_x0000_b_x0008_c_xFFFF_")), False),
        "sheets-400": (_many_sheets, True),
        "many-parts": (lambda: zipped({"xl/workbook.xml": b"<x/>", **{f"p{n}": b"" for n in range(12_000)}}), True),
        "repeated-part": (_repeated_part, True),
        "encrypted-zip": (_flagged, True),
        "overlapping": (_overlapping, True),
    }
    for name, (data, refused) in made.items():
        yield Hostile(f"{name}.xlsx", data, refused)
    far = (
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
        "</table:table-row>"
    )
    yield Hostile("repeated-cells.ods", lambda: good_ods(far), refused=True)
    yield Hostile(
        "repeated-blank.ods", lambda: good_ods(far.replace(' office:value-type="float" office:value="1"', ""))
    )
    yield Hostile("zeros.ods", lambda: _swollen(good_ods(), "content.xml", 400), refused=True)


def _many_sheets() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for number in range(400):
        book.create_sheet(f"s{number}")["A1"] = number
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _repeated_part() -> bytes:
    import warnings

    held = io.BytesIO(xlsx_of(_cell("A1")))
    with warnings.catch_warnings(), zipfile.ZipFile(held, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return held.getvalue()


def _flagged() -> bytes:
    held = bytearray(xlsx_of(_cell("A1")))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = held.find(mark)
        while place >= 0:
            held[place + offset] |= 1
            place = held.find(mark, place + 4)
    return bytes(held)


def _overlapping() -> bytes:
    """Return a zip all of whose entries are the same bytes of the file."""
    packed = zlib.compressobj(9, wbits=-15)
    data = packed.compress(bytes(10_000_000)) + packed.flush()
    size = struct.pack("<III", zlib.crc32(bytes(10_000_000)), len(data), 10_000_000)
    local = (
        b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + size + struct.pack("<HH", 15, 0) + b"xl/workbook.xml"
    )
    names = [b"xl/workbook.xml", *(f"part{number}".encode() for number in range(200))]
    central = b"".join(
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0)
        + size
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central), len(local + data), 0)
    return local + data + central + end


def _texts() -> Iterator[Hostile]:
    """Text files and cards."""
    made: dict[str, tuple[Callable[[], bytes], bool]] = {
        "open-quote.csv": (lambda: b'a,b\n1,"never closed\n' + b"2,3\n" * 1000, True),
        "swallowed.csv": (lambda: b'a,b,c\n1,"x,3\n2,y,4\n5,z",7\n', True),
        "nul.csv": (lambda: b"a,b\n1,\x00\x00\x01\x02\n", True),
        "zeros.csv": (lambda: bytes(2_000_000), True),
        "noise.csv": (lambda: random.Random(1).randbytes(200_000), True),
        "noise.xlsx": (lambda: random.Random(2).randbytes(20_000), True),
        "one-line.csv": (lambda: b"x" * 40_000_000, True),
        "one-row.csv": (lambda: b"x," * 5_000_000, True),
        "long.csv": (lambda: b"a,b\n" + b"1,2\n" * 300_000, True),
        "blank-lines.csv": (lambda: b"a,b\n1,2\n" + b"\n" * 3_000_000, False),
        "too-large.csv": (lambda: b"a,b\n" * 14_000_000, True),
        "mixed.csv": (lambda: "编号,客户\n1,苏州\n".encode() * 5 + "2,北京鑫达科技".encode("gb18030"), True),
        "utf16-odd.csv": (lambda: "﻿编号,客户\n1,苏州\n".encode("utf-16-le") + b"1", False),
        "utf16-lone.csv": (lambda: b"\xff\xfea\x00,\x00\x00\xd8\n\x00", False),
        "utf7.csv": (lambda: "编号,客户\n".encode("utf-7"), False),
        "bom-only.csv": (lambda: b"\xef\xbb\xbf", True),
        "blank.csv": (lambda: b" \r\n\r\n", True),
        "empty.csv": (lambda: b"", True),
        "formulas.csv": (lambda: b"name\n\"=cmd|' /C calc'!A0\"\n@SUM(A1)\n+1\n-1\n", False),
        "phones.vcf": (
            lambda: b"BEGIN:VCARD\nFN:x\n" + b"".join(b"TEL:%d\n" % n for n in range(10_000)) + b"END:VCARD\n",
            True,
        ),
        "agents.vcf": (lambda: b"BEGIN:VCARD\n" * 50_000 + b"FN:x\n" + b"END:VCARD\n" * 50_000, True),
        "open.vcf": (lambda: b"BEGIN:VCARD\nFN:never ended\n", True),
        "photo.vcf": (
            lambda: (
                b"BEGIN:VCARD\nFN:x\nPHOTO;VALUE=URI:file:///etc/passwd\nPHOTO:\\\\host\\share\\x.png\nLOGO:http://host.invalid/x\nEND:VCARD\n"
            ),
            False,
        ),
        "soft-breaks.vcf": (
            lambda: b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:" + b"=41=\n" * 2_000_000 + b"\nEND:VCARD\n",
            False,
        ),
        "folded.vcf": (lambda: b"BEGIN:VCARD\nFN:x\nNOTE:y\n" + b" z\n" * 5_000_000 + b"END:VCARD\n", False),
        "many.vcf": (lambda: b"BEGIN:VCARD\nFN:x\nEND:VCARD\n" * 250_000, True),
    }
    for name, (data, refused) in made.items():
        yield Hostile(name, data, refused)


def _others() -> Iterator[Hostile]:
    """What is not a table at all, whatever it is called."""
    made: dict[str, bytes] = {
        "page.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
        "page-meta.xls": b'\xef\xbb\xbf<meta charset="utf-8"><table><tr><td>1</td></tr></table>',
        "page16.xls": "﻿<!DOCTYPE html><table></table>".encode("utf-16-le"),
        "xml2003.xls": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "archive-page.xls": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>",
        "scan.xlsx": b"%PDF-1.7\n" + bytes(500),
        "photo.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(500),
        "photo.csv": b"\xff\xd8\xff\xe0" + bytes(500),
        "company.csv": b"SQLite format 3\x00" + bytes(500),
        "letter.xlsx": zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        "slides.xlsx": zipped({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}),
        "text.ods": zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
        "secret.ods": zipped(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                "content.xml": b"x",
            }
        ),
        "sheet.numbers": zipped({"Index/Document.iwa": b"x"}),
        "pack.zip": zipped({"a.csv": b"a,b\n1,2\n"}),
        "empty.xlsx": zipped({}),
        "inner.xlsx": zipped({"[Content_Types].xml": b"<x/>"}),
        "no-sheets.xlsx": zipped({"xl/workbook.xml": b"<workbook/>"}),
        "secret.xlsx": ole(bytes(4096), "EncryptedPackage"),
        "letter.xls": ole(bytes(4096), "WordDocument"),
        "odd.xls": ole(bytes(4096), "Something"),
        "zeros.xls": ole(bytes(4096)),
        "old.xls": b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100),
        "packed.csv": b"\x1f\x8b\x08" + bytes(100),
        "rich.csv": b"{\\rtf1 hello}",
    }
    for name, data in made.items():
        yield Hostile(name, lambda data=data: data, refused=True)
