"""The form of one product: its editors, what is needed, and how they stand on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.products import rules, service
from crm_desktop.products.fields import FIELDS
from crm_desktop.products.settings import SalesProfile, get_settings
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.form_page import two_columns
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.text_editors import LineEditor

WIDEST_PX: Final = (640, 420)
_LIMITS: Final = {
    "code": (True, rules.LONGEST_CODE),
    "name": (True, 200),
    "unit": (False, 20),
    "category": (False, 60),
    "description": (False, 4000),
    "list_price": (False, None),
    "tax_percent": (False, None),
}


@dataclass(frozen=True, slots=True)
class FormNeeds:
    """What the form has to know before it can be built."""

    settings: SalesProfile
    units: Sequence[str]
    categories: Sequence[str]


def form_needs(work: Any) -> FormNeeds:
    """Read what the form has to know."""
    return FormNeeds(get_settings(work), service.units(work), service.categories(work))


class ProductForm(RecordForm):
    """Editors of all fields of a product; `overview()` lays them out."""

    def __init__(self, desk: Desk, needs: FormNeeds) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        # The form has room that the columns of a list have not.
        wider = {"name": 40, "unit": 12}
        fields = tuple(replace(field, chars=wider.get(field.name, field.chars)) for field in FIELDS)
        checks = {"list_price": _price_problem, "cost": _price_problem, "tax_percent": _percent_problem}
        super().__init__(fields, context, limits=_LIMITS, checks=checks)
        self._desk, self._needs = desk, needs
        self.figures = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.edited.connect(self.show_figures)

    def overview(self) -> QWidget:
        """Return the first page: what it is at the left, what it costs at the right."""
        page = two_columns(self._what(), self._money(), widest_px=WIDEST_PX, shares=(11, 8))
        self._suggest("unit", self._needs.units)
        self._suggest("category", self._needs.categories)
        return page

    def _what(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        column.addLayout(self.row("code", "name"))
        column.addLayout(self.row("unit", "category"))
        column.addWidget(self.box("description", hint=_("Stands below the name on quotes and orders.")))
        column.addLayout(self.row("active"))
        column.addStretch(1)
        return column

    def _money(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        column.addWidget(section_label(_("Price")))
        currency = self._desk.currency
        said = (
            _("List price, with tax ({currency})")
            if self._needs.settings.prices_include_tax
            else _("List price, without tax ({currency})")
        )
        prices = QHBoxLayout()
        prices.setSpacing(px(12))
        prices.addWidget(self.box("list_price", said.format(currency=currency)), 0, Qt.AlignmentFlag.AlignTop)
        prices.addWidget(self.box("tax_percent"), 0, Qt.AlignmentFlag.AlignTop)
        prices.addStretch(1)
        column.addLayout(prices)
        if self.offers("cost"):
            cost = _("Cost, without tax ({currency})").format(currency=currency)
            column.addLayout(self._left_in_row(self.box("cost", cost)))
        column.addWidget(self.figures)
        column.addStretch(1)
        return column

    def _left_in_row(self, part: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(part)
        row.addStretch(1)
        return row

    def _suggest(self, name: str, texts: Sequence[str]) -> None:
        """Offer what is in use already while a person types; anything else may be typed."""
        editor = self.editor(name)
        if not isinstance(editor, LineEditor) or editor.locked:
            return
        completer = QCompleter(list(texts), editor.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        editor.line.setCompleter(completer)
        # What is taken from the list is typed too.
        completer.activated.connect(editor.notice, Qt.ConnectionType.QueuedConnection)

    def blank(self) -> dict[str, Any]:
        """Return what a new product begins with."""
        return {"active": True, "tax_percent": self._needs.settings.tax_percent}

    def show_figures(self) -> None:
        """Say the other price, and what is earned for those who see costs."""
        values = self.values()
        price, tax, cost = values.get("list_price"), values.get("tax_percent") or Decimal(0), values.get("cost")
        said = []
        if isinstance(price, Decimal) and price > 0:
            with_tax = self._needs.settings.prices_include_tax
            other = self._other(price, tax, with_tax)
            text = _("Without tax: {price}") if with_tax else _("With tax: {price}")
            said.append(text.format(price=number_text(other)))
            net = other if with_tax else price
            if isinstance(cost, Decimal) and net > 0:
                margin = (net - cost) / net * 100
                said.append(_("Margin on the list price: {percent} %").format(percent=number_text(round(margin, 1))))
        self.figures.setText("\n".join(said))

    def _other(self, price: Decimal, tax: Decimal, with_tax: bool) -> Decimal:
        return rules.converted(
            price, tax, rate=Decimal(1), currency=self._desk.currency, had_tax=with_tax, wants_tax=not with_tax
        )


def _price_problem(value: Any) -> str | None:
    try:
        rules.checked_price("", value)
    except Invalid as refused:
        return str(refused)
    return None


def _percent_problem(value: Any) -> str | None:
    try:
        rules.checked_percent("", value)
    except Invalid as refused:
        return str(refused)
    return None
