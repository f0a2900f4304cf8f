"""What the columns of a list of calls, visits and messages can be."""

from typing import Final

from crm_desktop.contacts.incoming.link_fields import LINKS
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_


def _field(name: str, label: str, *headers: str, kind: Kind = Kind.TEXT, chars: int = 12) -> Field:
    return Field(name, None, label, chars, Use.IMPORT, kind, headers=headers)


ACTIVITY_FIELDS: Final[tuple[Field, ...]] = (
    *LINKS,
    _field(
        "done_at",
        N_("Date"),
        *("Done", "Done at", "Activity date", "Contact date", "Call date", "Date and time", "日期", "跟进时间"),
        *("跟進時間", "跟进日期", "跟進日期", "联系时间", "聯絡時間", "联系日期", "聯絡日期", "拜访日期", "拜訪日期"),
        kind=Kind.INSTANT,
        chars=16,
    ),
    _field(
        "kind",
        N_("Kind"),
        *("Type", "Activity type", "Channel", "跟进方式", "跟進方式", "跟进类型", "跟進類型", "联系方式", "方式"),
    ),
    _field(
        "author",
        N_("Who"),
        *("Author", "Done by", "Salesperson", "Created by", "User", "跟进人", "跟進人", "业务员", "業務員"),
        *("记录人", "記錄人", "负责人", "負責人", "销售人员", "銷售人員"),
    ),
    _field("person", N_("With whom"), "Contact person", "Person", "联系人", "聯絡人", "对接人", chars=14),
    _field("subject", N_("Subject"), "Title", "主题", "主題", "标题", "標題", chars=24),
    _field(
        "notes",
        N_("What was said"),
        *("Notes", "Content", "Description", "Details", "Comments", "跟进内容", "跟進內容", "跟进记录", "跟進記錄"),
        *("联系内容", "聯絡內容", "沟通内容", "溝通內容", "内容", "內容", "备注", "備註"),
        kind=Kind.NOTE,
        chars=40,
    ),
    _field("result", N_("Result"), "Outcome", "跟进结果", "跟進結果", "结果", "結果", chars=14),
    _field(
        "next_on",
        N_("Next contact"),
        *("Next date", "Next contact date", "Follow-up date", "Next follow-up", "下次跟进", "下次跟進"),
        *("下次跟进时间", "下次跟進時間", "下次联系时间", "下次聯絡時間", "下次联系日期", "下次跟进日期"),
        kind=Kind.DATE,
    ),
)
LABELS: Final = {field.name: field.label for field in ACTIVITY_FIELDS}
