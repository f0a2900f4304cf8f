"""The one description of a contact's fields; user-defined ones are added to it per company."""

from collections.abc import Iterable
from typing import Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import Contact
from crm_desktop.shared.fields import EVERYWHERE, Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

_WRITE: Final = Permission.CONTACT_WRITE
_SEEN: Final = Use.TABLE | Use.EXPORT

FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "name",
        Contact.name,
        N_("Name"),
        22,
        EVERYWHERE | Use.DEFAULT | Use.SORT | Use.SEARCH,
        sorts=Contact.sort_key,
        headers=(
            "名称",
            "名稱",
            "客户名称",
            "客戶名稱",
            "公司名称",
            "公司名稱",
            "姓名",
            "Company",
            "Full name",
        ),
        write=_WRITE,
    ),
    Field(
        "status",
        Contact.status,
        N_("Status"),
        10,
        EVERYWHERE | Use.DEFAULT | Use.SORT,
        Kind.STATUS,
        choices=rules.STATUSES,
        shapes=rules.STATUS_SHAPES,
        headers=("状态", "狀態", "State"),
        write=_WRITE,
    ),
    Field(
        "kind",
        Contact.kind,
        N_("Kind"),
        10,
        EVERYWHERE,
        Kind.CHOICE,
        choices=rules.KINDS,
        headers=("类型", "類型", "Type"),
        write=_WRITE,
    ),
    Field(
        "owner",
        Contact.owner_id,
        N_("Owner"),
        12,
        Use.TABLE | Use.DEFAULT | Use.FILTER | Use.IMPORT | Use.EXPORT,
        Kind.USER,
        headers=("负责人", "負責人", "业务员", "業務員", "Salesperson"),
        write=Permission.CONTACT_ASSIGN,
    ),
    Field(
        "phone",
        Contact.main_phone,
        N_("Phone"),
        17,
        _SEEN | Use.DEFAULT | Use.SEARCH | Use.IMPORT,
        Kind.PHONE,
        headers=(
            "电话",
            "电话号码",
            "联系电话",
            "聯絡電話",
            "固定电话",
            "座机",
            "Tel",
            "Telephone",
            "Phone number",
            "Phone 1",
        ),
    ),
    Field(
        "email",
        Contact.main_email,
        N_("E-mail"),
        24,
        _SEEN | Use.SEARCH | Use.IMPORT,
        Kind.EMAIL,
        headers=("邮箱", "電郵", "电子邮件", "電子郵件", "Email", "Mail"),
    ),
    Field(
        "city",
        Contact.main_city,
        N_("City"),
        11,
        _SEEN | Use.DEFAULT | Use.FILTER | Use.SORT | Use.IMPORT,
        headers=("城市", "Town"),
    ),
    Field(
        "short_name",
        Contact.short_name,
        N_("Short name"),
        14,
        EVERYWHERE | Use.SEARCH,
        headers=("简称", "簡稱"),
        write=_WRITE,
    ),
    Field(
        "level",
        Contact.level,
        N_("Level"),
        6,
        EVERYWHERE | Use.DEFAULT | Use.SORT,
        Kind.CHOICE,
        choices=rules.LEVELS,
        headers=("级别", "級別", "客户级别", "Grade"),
        write=_WRITE,
    ),
    Field("industry", Contact.industry, N_("Industry"), 16, EVERYWHERE, headers=("行业", "行業"), write=_WRITE),
    Field(
        "source",
        Contact.source,
        N_("Source"),
        14,
        EVERYWHERE,
        headers=("来源", "來源", "客户来源"),
        write=_WRITE,
    ),
    Field("tags", None, N_("Tags"), 18, EVERYWHERE, Kind.TAGS, headers=("标签", "標籤", "Labels"), write=_WRITE),
    Field(
        "code",
        Contact.code,
        N_("Code"),
        12,
        EVERYWHERE | Use.SEARCH,
        headers=(
            *("客户编号", "客户代码", "客户编码", "供应商编号", "供应商代码", "编号", "编码", "代码"),
            *("Customer ID", "Customer No", "Customer number", "Customer code", "Supplier ID", "Supplier No"),
            *("Vendor ID", "Vendor No", "Account number", "ID"),
        ),
        write=_WRITE,
    ),
    Field(
        "registration_number",
        Contact.registration_number,
        N_("Registration number"),
        20,
        EVERYWHERE | Use.SEARCH,
        headers=("统一社会信用代码", "統一編號", "税号", "稅號", "VAT", "Tax number", "VAT number"),
        write=_WRITE,
    ),
    Field(
        "website",
        Contact.website,
        N_("Website"),
        22,
        EVERYWHERE,
        headers=("网站", "網站", "网址", "Web"),
        write=_WRITE,
    ),
    Field(
        "language",
        Contact.language,
        N_("Language"),
        18,
        EVERYWHERE,
        Kind.CHOICE,
        choices=(("en", "English"), ("zh_Hans", "简体中文"), ("zh_Hant", "繁體中文")),
        headers=("语言", "語言"),
        write=_WRITE,
    ),
    Field(
        "is_customer",
        Contact.is_customer,
        N_("Customer"),
        9,
        EVERYWHERE,
        Kind.BOOLEAN,
        headers=("客户", "客戶"),
        write=_WRITE,
    ),
    Field(
        "is_supplier",
        Contact.is_supplier,
        N_("Supplier"),
        9,
        EVERYWHERE,
        Kind.BOOLEAN,
        headers=("供应商", "供應商", "Vendor"),
        write=_WRITE,
    ),
    Field(
        "notes",
        Contact.notes,
        N_("Notes"),
        40,
        EVERYWHERE | Use.SEARCH,
        Kind.NOTE,
        headers=("备注", "備註", "Remarks", "Comment"),
        write=_WRITE,
    ),
    Field(
        "last_contact",
        Contact.last_contact_at,
        N_("Last contact"),
        12,
        _SEEN | Use.DEFAULT | Use.FILTER | Use.SORT,
        Kind.INSTANT,
        sorts=Contact.last_contact_sort,
    ),
    Field(
        "next_contact",
        Contact.next_contact_on,
        N_("Next contact"),
        12,
        _SEEN | Use.DEFAULT | Use.FILTER | Use.SORT,
        Kind.DATE,
        sorts=Contact.next_contact_sort,
    ),
    Field("created_at", Contact.created_at, N_("Created"), 12, _SEEN | Use.FILTER | Use.SORT, Kind.INSTANT),
    Field(
        "updated_at",
        Contact.updated_at,
        N_("Changed"),
        12,
        _SEEN | Use.FILTER | Use.SORT,
        Kind.INSTANT,
    ),
)

HIDDEN: Final = frozenset(
    {
        "id",
        "version",
        "owner_key",
        "owned_since",
        "custom",
        "sort_key",
        "name_key",
        "code_key",
        "registration_key",
        "last_contact_sort",
        "next_contact_sort",
        "archived_at",
        "merged_into_id",
        "created_by",
        "updated_by",
    }
)
"""Columns of `Contact` that no person sees as a field."""

_CUSTOM_KINDS: Final = {"text": Kind.TEXT, "number": Kind.DECIMAL, "date": Kind.DATE, "list": Kind.CHOICE}


def custom_fields(defined: Iterable[rules.DefinedField]) -> tuple[Field, ...]:
    """Return a description for each user-defined field, named `custom.KEY`.

    Values are JSON text in one column; numbers and dates come back as `Decimal` and `date` from the service.
    """
    return tuple(
        Field(
            f"custom.{one.key}",
            Contact.custom[one.key].as_string(),
            one.label,
            16,
            EVERYWHERE,
            _CUSTOM_KINDS[one.kind],
            choices=tuple((choice, choice) for choice in one.choices),
            headers=(one.label,),
            write=_WRITE,
        )
        for one in defined
    )
