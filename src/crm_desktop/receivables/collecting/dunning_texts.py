"""What the shipped dunning letters say, per level and language; people write their own in the settings.

{customer}, {company} and {day} are put in where they stand. The list of what is open follows the words.
"""

from collections.abc import Mapping
from typing import Final

from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, TRADITIONAL

PLACES: Final = frozenset({"customer", "company", "day"})
"""What may stand in braces."""

SHIPPED_DAYS: Final[Mapping[int, int]] = {0: -3, 1: 7, 2: 21, 3: 35}
"""After how many days overdue each level goes out; level 0 reminds before the day."""

SHIPPED: Final[Mapping[int, Mapping[str, Mapping[str, str]]]] = {
    0: {
        ENGLISH: {
            "subject": "A payment falls due soon",
            "body": "Dear {customer},\n\nthis is a friendly note that the following falls due in the next days. "
            "If you have arranged the payment already, thank you, and please disregard this letter.",
        },
        SIMPLIFIED: {
            "subject": "付款到期提醒",
            "body": "{customer}：\n\n感谢贵公司一直以来的支持。以下款项即将到期，特此提醒，请按约定日期安排付款。"
            "如已付款，请忽略本函。",
        },
        TRADITIONAL: {
            "subject": "付款到期提醒",
            "body": "{customer}：\n\n感謝貴公司一直以來的支持。以下款項即將到期，特此提醒，請按約定日期安排付款。"
            "如已付款，請忽略本函。",
        },
    },
    1: {
        ENGLISH: {
            "subject": "Payment reminder",
            "body": "Dear {customer},\n\nthe following has fallen due and we have not received it yet. It may have "
            "been overlooked: please pay it within the next days. If your payment crossed with this letter of "
            "{day}, thank you, and please disregard it.",
        },
        SIMPLIFIED: {
            "subject": "催款函",
            "body": "{customer}：\n\n截至{day}，以下款项已到期，我公司尚未收到。可能是贵公司一时疏忽，请尽快安排付款。"
            "如已付款，请忽略本函，并感谢贵公司的配合。",
        },
        TRADITIONAL: {
            "subject": "催款函",
            "body": "{customer}：\n\n截至{day}，以下款項已到期，我公司尚未收到。可能是貴公司一時疏忽，請儘快安排付款。"
            "如已付款，請忽略本函，並感謝貴公司的配合。",
        },
    },
    2: {
        ENGLISH: {
            "subject": "Second payment reminder",
            "body": "Dear {customer},\n\nin spite of our reminder the following is still open. Please pay it within "
            "seven days of {day}. If there is something in the way of the payment, or if an invoice is not as "
            "agreed, call us, so that we can settle it together.",
        },
        SIMPLIFIED: {
            "subject": "第二次催款函",
            "body": "{customer}：\n\n我公司此前已发函提醒，但以下款项至今仍未收到。请自{day}起七日内付清。"
            "如付款有困难，或对账单有异议，请及时与我们联系，以便共同解决。",
        },
        TRADITIONAL: {
            "subject": "第二次催款函",
            "body": "{customer}：\n\n我公司此前已發函提醒，但以下款項至今仍未收到。請自{day}起七日內付清。"
            "如付款有困難，或對帳單有異議，請及時與我們聯繫，以便共同解決。",
        },
    },
    3: {
        ENGLISH: {
            "subject": "Final payment reminder",
            "body": "Dear {customer},\n\nwe have reminded you of the following several times and have not been paid. "
            "We ask you for the last time to pay everything within seven days of {day}. After that {company} will "
            "stop deliveries and take the steps the law provides to recover what is owed.",
        },
        SIMPLIFIED: {
            "subject": "最后催款通知",
            "body": "{customer}：\n\n以下款项经我公司多次催收，至今仍未付清。现最后一次通知贵公司，请自{day}起七日内"
            "付清全部欠款。逾期未付，{company}将停止供货，并依法采取措施追收欠款。",
        },
        TRADITIONAL: {
            "subject": "最後催款通知",
            "body": "{customer}：\n\n以下款項經我公司多次催收，至今仍未付清。現最後一次通知貴公司，請自{day}起七日內"
            "付清全部欠款。逾期未付，{company}將停止供貨，並依法採取措施追收欠款。",
        },
    },
}


def shipped(level: int) -> Mapping[str, Mapping[str, str]]:
    """Return the shipped words of a level; above the last one those of the last."""
    return SHIPPED[min(level, max(SHIPPED))]
