"""Settings → Selling."""

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.products import rules, settings
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.settings_page import SettingsPage, SettingsSpec

_WRITE: Final = Permission.SALES_SETTINGS_WRITE
SPEC: Final = SettingsSpec(
    settings.ENTITY,
    N_("Selling"),
    "banknote",
    _WRITE,
    N_("The settings of selling are not saved"),
    settings.get_settings,
    settings.save_settings,
)
FIELDS: Final = (
    Field("prices_include_tax", None, N_("Prices include tax"), 20, Use.FORM, Kind.BOOLEAN, write=_WRITE),
    Field("tax_method", None, N_("Tax is rounded"), 26, Use.FORM, Kind.STATUS, choices=rules.TAX_METHODS, write=_WRITE),
    Field("tax_percent", None, N_("Tax % of a new product"), 10, Use.FORM, Kind.DECIMAL, write=_WRITE),
    Field("quote_days", None, N_("A quote holds (days)"), 10, Use.FORM, Kind.INTEGER, write=_WRITE),
    Field("quote_prefix", None, N_("Quotes begin with"), 12, Use.FORM, write=_WRITE),
    Field("order_prefix", None, N_("Orders begin with"), 12, Use.FORM, write=_WRITE),
    Field("delivery_prefix", None, N_("Deliveries begin with"), 12, Use.FORM, write=_WRITE),
)
_SECTIONS: Final = (
    (
        N_("Prices and tax"),
        N_(
            "List prices and price lists are kept with or without tax, as you say here, and new documents follow. "
            "What is written down already stays as it is."
        ),
        (("prices_include_tax",), ("tax_method", "tax_percent")),
    ),
    (
        N_("Quotes"),
        N_("A new quote holds that many days from its date; the day can be changed on each one."),
        (("quote_days",),),
    ),
    (
        N_("Numbers"),
        N_("Numbers go on without a gap in each year, such as S2026-0001."),
        (("quote_prefix", "order_prefix", "delivery_prefix"),),
    ),
)


class SalesSettingsScreen(SettingsPage):
    """The settings of selling."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        needed = {"tax_percent": (True, None), "quote_days": (True, None)}
        super().__init__(desk, SPEC, RecordForm(FIELDS, context, needed), parent)
        self.begin()

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        for section in _SECTIONS:
            self.add_section(column, *section)
