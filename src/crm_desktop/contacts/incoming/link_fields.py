"""The columns that name a customer; `import_links` knows them by these names."""

from typing import Final

from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import N_

LINKS: Final[tuple[Field, ...]] = (
    Field(
        "customer_code",
        None,
        N_("Customer number"),
        10,
        Use.IMPORT,
        headers=(
            *("Customer ID", "Customer code", "Customer no", "Customer no.", "Account number", "Account", "Client ID"),
            *("客户编号", "客戶編號", "客户编码", "客戶編碼", "客户代码", "客戶代碼", "客户号", "客戶號"),
        ),
    ),
    Field(
        "customer",
        None,
        N_("Customer"),
        22,
        Use.IMPORT,
        headers=(
            *("Customer name", "Client", "Client name", "Company", "Company name", "Account name", "Bill to"),
            *("客户", "客戶", "客户名称", "客戶名稱", "客户全称", "客戶全稱", "公司名称", "公司名稱", "单位名称"),
            *("單位名稱", "往来单位", "往來單位", "购货单位", "購貨單位", "购买方", "購買方"),
        ),
    ),
    Field(
        "registration",
        None,
        N_("Registration number"),
        18,
        Use.IMPORT,
        headers=(
            *(
                "Tax number",
                "VAT number",
                "Tax ID",
                "统一社会信用代码",
                "統一社會信用代碼",
                "税号",
                "稅號",
                "纳税人识别号",
            ),
            *("納稅人識別號", "统一编号", "統一編號"),
        ),
    ),
)
NAMES: Final = tuple(field.name for field in LINKS)
