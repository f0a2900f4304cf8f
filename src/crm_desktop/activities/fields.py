"""The one description of the fields of activities."""

from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from crm_desktop.activities import rules
from crm_desktop.activities.model import Activity, ActivityKind, ActivityResult
from crm_desktop.contacts.model import Contact
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain

_SEEN: Final = Use.TABLE | Use.EXPORT
_ASKED: Final = _SEEN | Use.FILTER
_SORTED: Final = _ASKED | Use.SORT
_FIRST: Final = Use.DEFAULT
_PRIORITY_KEYS: Final = {rules.LOW: "low", rules.NORMAL: "normal", rules.HIGH: "high"}
PRIORITIES: Final = tuple((_PRIORITY_KEYS[number], label) for number, label in rules.PRIORITIES)
"""What the field `priority` holds: (key, marked label)."""
SIDES: Final = ((Domain.SALES.value, N_("Sales")), (Domain.PURCHASING.value, N_("Purchasing")))


def _name_of(contact_id: Any) -> Any:
    contact = aliased(Contact)
    return select(contact.name).where(contact.id == contact_id).scalar_subquery()


def _token_of(entity: Any, row_id: Any) -> Any:
    """Return what a kind or a result is told by (`naming.token`), looked up by its id."""
    row = aliased(entity)
    said = func.coalesce(func.nullif(row.name, ""), row.key)
    return select(said).where(row.id == row_id).scalar_subquery()


CUSTOMER: Final = _name_of(Activity.contact_id)

FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "done_at",
        Activity.done_at,
        N_("Done"),
        14,
        _SORTED | _FIRST,
        Kind.INSTANT,
        sorts=Activity.at_sort,
        headers=("跟进时间", "跟進時間", "完成时间", "完成時間", "Date", "Done at"),
    ),
    Field(
        "due_on",
        Activity.due_on,
        N_("Due"),
        10,
        _SORTED | _FIRST,
        Kind.DATE,
        sorts=Activity.due_sort,
        headers=("计划日期", "計劃日期", "到期日", "Due date"),
    ),
    Field("due_time", Activity.due_time, N_("Due at"), 6, _SEEN | _FIRST, headers=("计划时间", "計劃時間", "Due time")),
    Field(
        "customer",
        CUSTOMER,
        N_("Customer"),
        24,
        _SEEN | Use.SORT | _FIRST,
        sorts=Activity.contact_sort,
        headers=("客户", "客戶", "客户名称", "客戶名稱", "Customer name"),
    ),
    Field("contact", Activity.contact_id, N_("Customer number"), 8, Use(0), Kind.INTEGER),
    Field(
        "kind",
        _token_of(ActivityKind, Activity.kind_id),
        N_("Kind"),
        10,
        _ASKED | _FIRST,
        Kind.CHOICE,
        choices=tuple(rules.KIND_WORDS.items()),
        headers=("跟进方式", "跟進方式", "类型", "類型", "Type"),
    ),
    Field("kind_number", Activity.kind_id, N_("Kind number"), 8, Use(0), Kind.INTEGER),
    Field(
        "state",
        Activity.state,
        N_("State"),
        9,
        _ASKED | _FIRST,
        Kind.STATUS,
        choices=rules.STATES,
        shapes=rules.SHAPES,
        headers=("状态", "狀態", "Status"),
    ),
    Field("subject", Activity.subject, N_("What to do"), 24, _ASKED | _FIRST, headers=("主题", "主題", "Subject")),
    Field(
        "notes",
        Activity.notes,
        N_("What was said"),
        34,
        _ASKED | _FIRST,
        Kind.NOTE,
        headers=("跟进内容", "跟進內容", "备注", "備註", "Notes"),
    ),
    Field(
        "result",
        _token_of(ActivityResult, Activity.result_id),
        N_("Result"),
        14,
        _ASKED | _FIRST,
        Kind.CHOICE,
        choices=tuple(rules.RESULT_WORDS.items()),
        headers=("跟进结果", "跟進結果", "结果", "結果", "Outcome"),
    ),
    Field("result_number", Activity.result_id, N_("Result number"), 8, Use(0), Kind.INTEGER),
    Field(
        "user",
        Activity.user_id,
        N_("Who"),
        12,
        _ASKED | _FIRST,
        Kind.USER,
        headers=("跟进人", "跟進人", "负责人", "負責人", "Assigned to"),
    ),
    Field("author", Activity.author, N_("Author before"), 12, _ASKED, headers=("原跟进人", "原跟進人", "Author")),
    Field("person", _name_of(Activity.person_id), N_("With whom"), 16, _SEEN, headers=("联系人", "聯絡人", "Person")),
    Field(
        "priority",
        case(*((Activity.priority == number, key) for number, key in _PRIORITY_KEYS.items())),
        N_("Priority"),
        8,
        _ASKED,
        Kind.CHOICE,
        choices=PRIORITIES,
        headers=("优先级", "優先級"),
    ),
    Field("opportunity", Activity.opportunity_id, N_("Opportunity number"), 8, Use(0), Kind.INTEGER),
    Field("side", Activity.side, N_("Side"), 9, _ASKED, Kind.CHOICE, choices=SIDES),
    Field("owner", Activity.owner_key, N_("Owner"), 11, _ASKED, Kind.USER, headers=("客户负责人", "客戶負責人")),
    Field("taken_over", Activity.taken_over, N_("Taken over"), 8, _ASKED, Kind.BOOLEAN),
    Field("created_at", Activity.created_at, N_("Created"), 14, _ASKED, Kind.INSTANT),
    Field("created_by", Activity.created_by, N_("Created by"), 12, _ASKED, Kind.USER),
    Field("updated_at", Activity.updated_at, N_("Changed"), 14, _SEEN, Kind.INSTANT),
)
HIDDEN: Final = frozenset(
    {"id", "version", "contact_sort", "person_id", "priority", "follows_id", "due_sort", "at_sort", "updated_by"}
)
