"""Settings → Public pool: when customers go back, who is warned, who may claim how many."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.activities.pool import settings
from crm_desktop.activities.ui.pool_words import rules_text
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, MEDIUM, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.settings_page import SettingsPage, SettingsSpec

_WRITE: Final = Permission.POOL_WRITE
POOL_ENTITY: Final = "pool"
SPEC: Final = SettingsSpec(
    "pool_rules",
    N_("Public pool"),
    "layers",
    _WRITE,
    N_("The rules of the public pool are not saved"),
    settings.get_rules,
    settings.save_rules,
)


def _number(name: str, label: str) -> Field:
    return Field(name, None, label, 10, Use.FORM, Kind.INTEGER, write=_WRITE)


FIELDS: Final = (
    Field("active", None, N_("Customers go back to the pool"), 30, Use.FORM, Kind.BOOLEAN, write=_WRITE),
    _number("contact_days", N_("Days without a contact")),
    _number("deal_days", N_("Days without an order")),
    _number("warn_days", N_("Warning (days before)")),
    _number("hold_limit", N_("Customers a person may hold")),
    _number("claims_a_day", N_("Claims a day")),
    _number("reclaim_days", N_("Days before the same person claims again")),
    _number("lock_limit", N_("Customers a person may lock")),
)
_SECTIONS: Final = (
    (
        N_("When a customer goes back"),
        N_(
            "Days count from the last call, visit or message, and never from before somebody claimed the customer. "
            "0 switches a rule off. A customer with an open order, a running contract or a debt never goes. New rules "
            "release nobody before the days of the warning are over."
        ),
        (("active",), ("contact_days", "deal_days", "warn_days")),
    ),
    (
        N_("Claiming and locking"),
        N_("0 is no limit; without a number of locks nobody locks a customer."),
        (("hold_limit", "claims_a_day"), ("reclaim_days", "lock_limit")),
    ),
)


class PoolPage(SettingsPage):
    """The rules as a form, what they mean in words, and the way to those who are about to go back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        names = [field.name for field in FIELDS if field.kind is Kind.INTEGER]
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        form = RecordForm(FIELDS, context, dict.fromkeys(names, (True, None)))
        self.said = text_label("", BODY, MEDIUM, wrap=True)
        self.falling = Button(_("Who is about to go back"), "link")
        super().__init__(desk, SPEC, form, parent)
        self.falling.clicked.connect(lambda: desk.open_record(POOL_ENTITY, None))
        self.begin()

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        column.addWidget(self.said)
        column.addWidget(self.falling, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(px(8))
        for section in _SECTIONS:
            self.add_section(column, *section)

    def shown(self, first: bool) -> None:
        """Say in words what the stored rules mean."""
        super().shown(first)
        profile: Any = self.profile
        formats = Formats.of(self.desk.today, self.desk.names, self.desk.timezone)
        self.said.setText(rules_text(profile, formats, self.desk.today))
