"""Papers of an ordinary firm, and what can be read out of a PDF again."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw

from crm_desktop.reports.paper import (
    Align,
    Block,
    Column,
    Fact,
    Line,
    Paper,
    Sender,
    Signature,
    SmallTable,
    Total,
)

CHINESE_COLUMNS = (
    Column("序号", Align.CENTER),
    Column("品名与规格", weight=4),
    Column("数量", Align.RIGHT),
    Column("单位"),
    Column("单价", Align.RIGHT),
    Column("金额", Align.RIGHT),
)


def picture(wide: int = 120, high: int = 80, form: str = "PNG", mode: str = "RGB") -> bytes:
    image = Image.new(mode, (wide, high))
    ImageDraw.Draw(image).ellipse((4, 4, wide - 4, high - 4), fill=1 if mode == "P" else "teal")
    buffer = BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


SENDER = Sender(
    "上海晨光机电设备有限公司",
    ("上海市浦东新区张江路 88 号",),
    ("电话 +86 21 5080 1234", "税号 91310115MA1K4XXX8B"),
    ("开户行：中国工商银行上海张江支行", "账号 1001 2345 0920"),
    "本合同一式两份。",
    "#0B6677",
    picture(),
)


def item(number: int, detail: str = "") -> Line:
    return Line((str(number), f"产品{number:04}号", "3", "台", "1,234.50", f"{number},703.50"), detail)


def contract(lines: int = 3, language: str = "zh_Hans", *, detail: str = "", watermark: str = "") -> Paper:
    return Paper(
        "销售合同",
        "SO2026-0042",
        language,
        SENDER,
        Block("需方", ("江苏瑞丰精密制造股份有限公司", "苏州市工业园区星湖街 218 号")),
        (Fact("签订日期", "2026年3月5日"), Fact("业务员", "陈洁")),
        "双方经友好协商，达成如下合同：",
        CHINESE_COLUMNS,
        tuple(item(number, detail) for number in range(1, lines + 1)),
        1,
        (Total("未税合计", "1,092,537.07"), Total("税额", "142,030.82"), Total("价税合计", "CNY 1,234,567.89", True)),
        SmallTable("", (Column("税率"), Column("税额", Align.RIGHT)), (("13%", "142,030.82"),)),
        "大写金额",
        "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
        SmallTable("付款计划", (Column("到期"), Column("金额", Align.RIGHT)), (("2026-04-15", "1,234,567.89"),)),
        (Block("条款", ("一、交货地点：需方仓库。", "二、质保期十二个月。")),),
        (Signature("供方", "上海晨光机电设备有限公司", ("日期",), picture()), Signature("需方", "", ("日期",))),
        watermark,
    )


def page_texts(data: bytes) -> list[str]:
    """The text of each page, as a reader would select it, without blanks and line breaks."""
    document = pypdfium2.PdfDocument(data)
    texts = []
    for page in document:
        text = page.get_textpage().get_text_range()
        # A hyphen at a line's end comes out as U+FFFE or U+0002; NFKC evens out compatibility forms.
        texts.append("".join(unicodedata.normalize("NFKC", text).replace("\ufffe", "-").replace("\x02", "-").split()))
    document.close()
    return texts


def fonts_of(data: bytes) -> set[bytes]:
    """The names of the fonts a PDF embeds."""
    import re

    return set(re.findall(rb"/FontName /([A-Z0-9+a-z-]+)", data))
