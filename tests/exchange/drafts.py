"""Sheets, targets and drafts of them, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

from crm_desktop.exchange.book import Book, Merged, Sheet
from crm_desktop.exchange.sheets.drafting import Context, Draft
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.importing import ImportChoice, ImportRow
from crm_desktop.shared.permissions import Permission

TODAY = date(2026, 11, 22)
USERS = {"zhang wei": ((1, "Zhang Wei"),), "li na": ((2, "Li Na"), (3, "Li Na")), "chen": ((4, "Chen Jie"),)}


def field(name: str, kind: Kind = Kind.TEXT, *headers: str, choices: tuple[tuple[str, str], ...] = ()) -> Field:
    """Return a field whose label is its name."""
    return Field(name, None, name.replace("_", " ").capitalize(), 10, Use.IMPORT, kind, choices, headers=headers)


FIELDS = (
    field("code", Kind.TEXT, "客户编号", "Customer ID"),
    field("name", Kind.TEXT, "客户名称", "公司名称", "Company name"),
    field("mobile", Kind.PHONE, "手机"),
    field("phone", Kind.PHONE, "电话"),
    field("email", Kind.EMAIL, "电子邮箱"),
    field("registration_number", Kind.TEXT, "统一社会信用代码"),
    field("owner", Kind.USER, "业务员"),
    field("status", Kind.CHOICE, "状态", choices=(("customer", "Customer"), ("lead", "Lead"))),
    field("amount", Kind.MONEY, "金额"),
    field("days", Kind.INTEGER, "天数"),
    field("discount", Kind.DECIMAL, "折扣"),
    field("dated_on", Kind.DATE, "日期", "单据日期"),
    field("due_on", Kind.DATE, "到期日"),
    field("created_at", Kind.INSTANT, "建档日期"),
    field("active", Kind.BOOLEAN, "启用"),
    field("tags", Kind.TAGS, "标签"),
    field("notes", Kind.NOTE, "备注"),
)


@dataclass
class Target:
    """A target that only says what its columns are."""

    name: str = "contacts"
    label: str = "Contacts"
    entity: str = "contact"
    permission: Permission = Permission.CONTACT_IMPORT
    keys: tuple[str, ...] = ("code", "name")
    required: tuple[tuple[str, ...], ...] = (("name", "code"),)
    grouped: str = ""
    percents: frozenset[str] = frozenset({"discount"})
    choices: tuple[ImportChoice, ...] = (
        ImportChoice("side", "Side", (("customer", "Customers"), ("supplier", "Suppliers"))),
    )
    undoers: Any = None
    sheet_names: tuple[str, ...] = ("客户",)

    def fields(self, work: Any) -> tuple[Field, ...]:
        return FIELDS

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        return {"side": "supplier"} if "supplier" in sheet.lower() else {}

    def plan(self, work: Any, rows: Any, options: Any, progress: Any) -> Any:
        raise NotImplementedError

    def apply(self, work: Any, planned: Any, options: Any, progress: Any) -> None:
        raise NotImplementedError


def context(country: str = "CN", **given: Any) -> Context:
    """Return a company in China that keeps its books in yuan."""
    usual = {"users": USERS, "today": TODAY, "currency": "CNY", "dataset_id": "ours", "zone": UTC}
    return Context(**{"fields": FIELDS, "country": country, **usual, **given})


def sheet(*rows: Sequence[Any], name: str = "Sheet1", merged: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    """Return a sheet of rows."""
    return Sheet(name, [tuple(row) for row in rows], merged=tuple(Merged(*one) for one in merged))


def draft(
    *rows: Sequence[Any], country: str = "CN", merged: Sequence[tuple[int, int, int, int]] = (), **given: Any
) -> Draft:
    """Return a draft of one sheet of rows."""
    made = sheet(*rows, merged=merged)
    return Draft(Book(Path("list.xlsx"), "xlsx", "0" * 64, (made,)), made, Target(), context(country, **given))


def column(header: str, *cells: Any, country: str = "CN", **given: Any) -> tuple[Draft, list[ImportRow]]:
    """Return the draft and the rows of a sheet with names and one other column."""
    made = draft(
        ("Name", header), *((f"Firm {place}", cell) for place, cell in enumerate(cells)), country=country, **given
    )
    return made, made.rows()
