"""The one description of the fields of opportunities."""

from typing import Any, Final

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from crm_desktop.contacts.model import Contact
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_

_SEEN: Final = Use.TABLE | Use.EXPORT
_ASKED: Final = _SEEN | Use.FILTER
_SORTED: Final = _ASKED | Use.SORT
_FIRST: Final = Use.DEFAULT


def _name_of(contact_id: Any) -> Any:
    contact = aliased(Contact)
    return select(contact.name).where(contact.id == contact_id).scalar_subquery()


def token_of(entity: Any, row_id: Any) -> Any:
    """Return what a stage or reason is told by (`naming.token`), looked up by its id."""
    row = aliased(entity)
    said = func.coalesce(func.nullif(row.name, ""), row.key)
    return select(said).where(row.id == row_id).scalar_subquery()


def _weighted() -> Any:
    """Return `rules.weighted` of an open opportunity, all of a won one, nothing of a lost one."""
    myriad = type_coerce(Opportunity.probability, BigInteger) // 100
    expected = (Opportunity.amount * myriad + 5000) // 10000
    return case(
        (Opportunity.state == rules.OPEN, expected), (Opportunity.state == rules.WON, Opportunity.amount), else_=0
    )


WEIGHTED: Final = _weighted()
"""The SQL of the field `weighted`, in minor units."""

FIELDS: Final[tuple[Field, ...]] = (
    Field("name", Opportunity.name, N_("Opportunity"), 26, _ASKED | _FIRST, headers=("商机", "商機", "Title")),
    Field(
        "customer",
        _name_of(Opportunity.contact_id),
        N_("Customer"),
        22,
        _SEEN | Use.SORT | _FIRST,
        sorts=Opportunity.contact_sort,
        headers=("客户", "客戶", "客户名称", "客戶名稱", "Customer name"),
    ),
    Field("contact", Opportunity.contact_id, N_("Customer number"), 8, Use(0), Kind.INTEGER),
    Field(
        "state",
        Opportunity.state,
        N_("State"),
        9,
        _ASKED | _FIRST,
        Kind.STATUS,
        choices=rules.STATES,
        shapes=rules.SHAPES,
        headers=("状态", "狀態", "Status"),
    ),
    Field(
        "stage",
        token_of(Stage, Opportunity.stage_id),
        N_("Stage"),
        14,
        _ASKED | _FIRST,
        Kind.CHOICE,
        choices=tuple(rules.STAGE_WORDS.items()),
        headers=("阶段", "階段", "Step"),
    ),
    Field("stage_number", Opportunity.stage_id, N_("Stage number"), 8, Use(0), Kind.INTEGER),
    Field(
        "amount",
        Opportunity.amount,
        N_("Amount"),
        14,
        _SORTED | _FIRST,
        Kind.MONEY,
        headers=("金额", "金額", "Value"),
    ),
    Field(
        "probability",
        Opportunity.probability,
        N_("Chance %"),
        8,
        _ASKED | _FIRST,
        Kind.DECIMAL,
        headers=("可能性", "贏單率", "赢单率", "Probability"),
    ),
    Field("weighted", WEIGHTED, N_("Weighted"), 14, _SEEN | _FIRST, Kind.MONEY, headers=("加权金额", "加權金額")),
    Field(
        "expected_on",
        Opportunity.expected_on,
        N_("Expected"),
        10,
        _SORTED | _FIRST,
        Kind.DATE,
        sorts=Opportunity.expected_sort,
        headers=("预计成交日期", "預計成交日期", "Close date"),
    ),
    Field(
        "salesperson",
        Opportunity.salesperson_id,
        N_("Salesperson"),
        11,
        _ASKED | _FIRST,
        Kind.USER,
        headers=("业务员", "業務員"),
    ),
    Field("owner", Opportunity.owner_key, N_("Owner"), 11, _ASKED, Kind.USER, headers=("客户负责人", "客戶負責人")),
    Field("person", _name_of(Opportunity.person_id), N_("Person"), 16, _SEEN, headers=("联系人", "聯絡人")),
    Field("currency", Opportunity.currency, N_("Currency"), 6, _ASKED, headers=("币种", "幣別")),
    Field("source", Opportunity.source, N_("Source"), 14, _ASKED, headers=("来源", "來源")),
    Field("opened_on", Opportunity.opened_on, N_("Opened"), 10, _ASKED, Kind.DATE, headers=("创建日期", "建立日期")),
    Field("closed_on", Opportunity.closed_on, N_("Closed"), 10, _ASKED, Kind.DATE, headers=("关闭日期", "結案日期")),
    Field("stage_since", Opportunity.stage_since, N_("In this stage since"), 12, _ASKED, Kind.INSTANT),
    Field(
        "lost_reason",
        token_of(LostReason, Opportunity.lost_reason_id),
        N_("Why lost"),
        16,
        _ASKED,
        Kind.CHOICE,
        choices=tuple(rules.REASON_WORDS.items()),
        headers=("丢单原因", "失單原因"),
    ),
    Field("lost_reason_number", Opportunity.lost_reason_id, N_("Reason number"), 8, Use(0), Kind.INTEGER),
    Field("lost_note", Opportunity.lost_note, N_("Note on the loss"), 24, _SEEN, Kind.NOTE),
    Field("notes", Opportunity.notes, N_("Notes"), 30, _SEEN, Kind.NOTE, headers=("备注", "備註", "Remarks")),
    Field("created_at", Opportunity.created_at, N_("Created"), 12, _ASKED, Kind.INSTANT),
    Field("updated_at", Opportunity.updated_at, N_("Changed"), 12, _SORTED, Kind.INSTANT),
)
HIDDEN: Final = frozenset(
    {
        *("id", "version", "contact_sort", "person_id", "expected_sort", "furthest_stage_id"),
        *("created_by", "updated_by"),
    }
)
