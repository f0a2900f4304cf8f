"""What a column of a sheet of contacts can be, and what its headers and name give away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.text import fold

SIDE: Final = "side"
CUSTOMERS, SUPPLIERS, BOTH = "customers", "suppliers", "both"
SIDES: Final = ((CUSTOMERS, N_("Customers")), (SUPPLIERS, N_("Suppliers")), (BOTH, N_("Customers and suppliers")))

POINTS: Final = {
    "mobile": ("mobile", 0),
    "mobile2": ("mobile", 1),
    "phone": ("phone", 0),
    "phone2": ("phone", 1),
    "phone3": ("phone", 2),
    "fax": ("fax", 0),
    "email": ("email", 0),
    "email2": ("email", 1),
    "wechat": ("wechat", 0),
    "whatsapp": ("whatsapp", 0),
    "qq": ("qq", 0),
    "line": ("line", 0),
    "telegram": ("telegram", 0),
}
"""Kind of a phone, address or id, and which of that kind, by the field of the sheet."""

ADDRESS: Final = ("street", "city", "region", "postcode", "country")
PERSON_POINTS: Final = {"person_mobile": "mobile", "person_phone": "phone", "person_email": "email"}
PERSON: Final = ("person", "person_role", *PERSON_POINTS)
EMPLOYER: Final = "employer"

_IN: Final = Use.IMPORT
_WRITE: Final = Permission.CONTACT_WRITE


def _field(name: str, label: str, chars: int, *headers: str, kind: Kind = Kind.TEXT) -> Field:
    return Field(name, None, label, chars, _IN, kind, headers=headers, write=_WRITE)


_NAME_HEADERS: Final = (
    *("供应商名称", "客户", "供应商", "公司", "单位名称", "企业名称", "往来单位"),
    *("Company name", "Customer name", "Supplier name", "Vendor name", "Organisation", "Organization", "Account name"),
    *("Customer", "Supplier", "Vendor", "Client", "Firm"),
)
_SIDE_COLUMNS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "is_customer": (N_("Is a customer"), ("是否客户", "是客户", "Is customer")),
    "is_supplier": (N_("Is a supplier"), ("是否供应商", "是供应商", "Is supplier")),
}
_MORE_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "name": _NAME_HEADERS,
    "level": ("等级", "等級", "客户等级", "客戶等級", "客戶級別", "Rating", "Class", "ABC"),
    "owner": ("销售员", "銷售員", "业务", "跟进人", "客户经理", "销售代表", "Sales rep", "Account manager", "Rep"),
    "notes": ("说明", "說明", "Note", "Memo", "Remark"),
    "website": ("主页", "URL", "Homepage", "Web site"),
    "email": ("电子邮箱", "電子郵箱", "电邮", "邮件", "E-mail address", "Email address", "E-mail 1"),
    "industry": ("所属行业", "Branch", "Sector"),
    "registration_number": ("纳税人识别号", "信用代码", "注册号", "VAT ID", "Tax ID", "Registration no"),
}
_ONLY_HERE: Final = (
    _field("mobile", N_("Mobile"), 16, "手机", "手机号", "手机号码", "移动电话", "行動電話", "Cell", "Cell phone",
           "Mobile phone", "Mobile 1", kind=Kind.PHONE),
    _field("mobile2", N_("Mobile 2"), 16, "手机2", "其他手机", kind=Kind.PHONE),
    _field("phone2", N_("Phone 2"), 16, "电话2", "其他电话", "Tel 2", kind=Kind.PHONE),
    _field("phone3", N_("Phone 3"), 16, "电话3", "Tel 3", kind=Kind.PHONE),
    _field("fax", N_("Fax"), 16, "传真", "Telefax", kind=Kind.PHONE),
    _field("email2", N_("E-mail 2"), 24, "邮箱2", "其他邮箱", "Email 2", kind=Kind.EMAIL),
    _field("wechat", N_("WeChat"), 16, "微信", "微信号", "Weixin"),
    _field("whatsapp", "WhatsApp", 16, kind=Kind.PHONE),
    _field("qq", "QQ", 12, "QQ号", "扣扣"),
    _field("line", "LINE", 12, "LINE ID"),
    _field("telegram", "Telegram", 12),
    _field("street", N_("Street"), 30, "地址", "详细地址", "通讯地址", "联系地址", "公司地址", "街道", "Address",
           "Address 1", "Street address"),
    _field("region", N_("Region"), 14, "省", "省份", "州", "地区", "State/Province", "Province", "County"),
    _field("postcode", N_("Postcode"), 10, "邮编", "郵遞區號", "邮政编码", "Postal code", "Zip", "Zip code", "PLZ"),
    _field("country", N_("Country"), 14, "国家", "国别", "Land"),
    _field("person", N_("Contact person"), 16, "联系人", "聯絡人", "联系人姓名", "Contact name", "Contact",
           "Attention", "Attn", "Ansprechpartner"),
    _field("person_role", N_("Job title"), 16, "职务", "职位", "职称", "頭銜", "Contact title", "Title", "Position"),
    _field("person_mobile", N_("Mobile of the contact person"), 16, "联系人手机", "联系人手机号", "聯絡人手機",
           "Contact mobile", kind=Kind.PHONE),
    _field("person_phone", N_("Phone of the contact person"), 16, "联系人电话", "聯絡人電話", "Contact phone",
           kind=Kind.PHONE),
    _field("person_email", N_("E-mail of the contact person"), 24, "联系人邮箱", "聯絡人電郵", "Contact e-mail",
           "Contact email", kind=Kind.EMAIL),
    _field(EMPLOYER, N_("Works for"), 22, "所属公司", "工作单位", "任職公司", "单位", "Employer", "Company"),
    _field("created_at", N_("Created"), 12, "建档日期", "创建日期", "建立日期", "创建时间", "登记日期", "录入日期",
           "Since", "Created on", "Date created", kind=Kind.DATE),
    _field("created_by", N_("Created by"), 14, "创建人", "建立者", "建档人", "录入人", "Author", kind=Kind.USER),
)  # fmt: skip


def fields(defined: Iterable[rules.DefinedField]) -> tuple[Field, ...]:
    """Return what a column can be, in the order it is offered; the additions of other features come after."""
    own = [_as_column(one) for one in FIELDS if _IN in one.uses]
    return (*own, *_ONLY_HERE, *custom_fields(defined))


def _as_column(one: Field) -> Field:
    if one.name in _SIDE_COLUMNS:
        # In a sheet "Customer" stands above names.
        label, words = _SIDE_COLUMNS[one.name]
        return replace(one, label=label, headers=words)
    # A column of levels holds words of the status too, which `import_values` tells apart.
    kind = Kind.TEXT if one.name == "level" else one.kind
    headers = (*one.headers, *_MORE_HEADERS.get(one.name, ()))
    return replace(one, headers=headers, kind=kind, write=one.write or _WRITE)


_SUPPLIER_WORDS: Final = ("supplier", "vendor", "供应商", "供货商", "厂商", "purchas", "采购")
_CUSTOMER_WORDS: Final = ("customer", "client", "客户", "顾客", "buyer", "debtor")


def side_of(sheet: str, headers: Sequence[str]) -> str | None:
    """Return which side of the wall the contacts of a sheet stand on, None when nothing tells."""
    for told in (fold(sheet), " ".join(fold(header) for header in headers)):
        supplies = any(word in told for word in _SUPPLIER_WORDS)
        buys = any(word in told for word in _CUSTOMER_WORDS)
        if supplies and buys:
            return BOTH if told == fold(sheet) else None
        if supplies or buys:
            return SUPPLIERS if supplies else CUSTOMERS
    return None
