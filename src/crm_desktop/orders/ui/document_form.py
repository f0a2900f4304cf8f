"""The form of a quote or an order: its editors, how they stand on the page, and totals with every key."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.terms import TEXT_KINDS
from crm_desktop.orders.totals import PER_DOCUMENT, DocumentInput
from crm_desktop.orders.ui.document_editors import (
    AmountEditor,
    CurrencyEditor,
    CustomerEditor,
    PersonEditor,
    ShortNote,
    beside_caption,
    standing_text_button,
)
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.orders.ui.instalments_editor import InstalmentsEditor
from crm_desktop.orders.ui.line_columns import columns_of
from crm_desktop.orders.ui.lines_editor import LinesEditor
from crm_desktop.orders.ui.opportunity_editor import OpportunityEditor
from crm_desktop.orders.ui.price_book import PricedFor
from crm_desktop.orders.ui.totals_pane import TotalsPane
from crm_desktop.products.rules import TAX_METHODS
from crm_desktop.shared.i18n import LANGUAGES, _
from crm_desktop.shared.money import to_minor
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.choice_editors import ChoiceEditor, UserEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import grounded, hairline, section_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.text_editors import LineEditor, NoteEditor, NumberEditor

_SIDE: Final = 20
_FOOT_PX: Final = 106
_WIDEST_CUSTOMER_PX: Final = 440
NEEDED: Final = {"contact_id": (True, None)}


class DocumentForm(RecordForm):
    """Editors of a document. `fill_main` lays out the short fields, the lines and the foot, `fill_details` the rest.

    The editors of the second page are made when somebody looks at it or a value goes into one: most
    documents are opened without. `customer_chosen` carries the id of another customer the person took.
    """

    customer_chosen = Signal(int)

    def __init__(self, desk: Desk, needs: DocumentNeeds, *, order: bool) -> None:
        context = EditorContext(
            today=lambda: desk.today, actor=desk.actor, users=tuple(needs.colleagues), nobody=_("Nobody")
        )
        super().__init__((), context, limits=NEEDED)
        self.desk, self.needs, self.order = desk, needs, order
        self.totals = TotalsPane()
        self.customer = CustomerEditor("contact_id", _("Customer"), desk)
        self.lines = LinesEditor(desk, dated=order)
        self.lines.grid.products = needs.products
        self.lines.grid.lines.new_values = {"tax_percent": needs.settings.tax_percent}
        self.instalments = InstalmentsEditor(context) if order else None
        self._term: Any = None
        self._done = (False, False)
        self._people: dict[int, str] = {}
        self._writable: frozenset[str] | None = None
        self._text_buttons: list[Button] = []
        self._filled = False
        self._later = self._detail_editors()
        self._add_editors()
        self.customer.chosen.connect(self.customer_chosen)
        self.edited.connect(self.reckon)
        self.lines.grid.lines.totalled.connect(lambda _totals: self._show_totals())

    def _add_editors(self) -> None:
        for editor in self._header_editors():
            self.add_editor(editor.name, editor)
        for name, label in (("dated_on", _("Date")), *self._days()):
            self.add_editor(name, DateEditor(name, label, self.context.today))
        self.add_editor("terms", ShortNote("terms", _("Terms on the document")))
        self.add_editor("notes", ShortNote("notes", _("Notes for colleagues")))
        self.add_editor("lines", self.lines)
        if self.instalments is not None:
            self.add_editor("instalments", self.instalments)

    def _days(self) -> tuple[tuple[str, str], ...]:
        """Return field and label of each day on the first page besides the document's own."""
        return (("due_on", _("Deliver by")) if self.order else ("valid_until", _("Valid until")),)

    def _short_names(self) -> tuple[str, ...]:
        """Return the fields in the row above the lines, after the customer."""
        second = ("due_on", "payment_term_id") if self.order else ("valid_until",)
        return ("reference", "dated_on", *second, "currency", "rate", "prices_include_tax")

    def above_lines(self) -> QWidget | None:
        """Return what stands between the short fields and the lines."""
        return None

    def _foot_pane(self) -> QWidget | None:
        """Return what stands in the foot between the notes and the totals."""
        return self.instalments.widget if self.instalments is not None else None

    def _term_editor(self) -> Editor:
        terms = [(term.id, term.name) for term in self.needs.terms if term.active]
        editor = TermEditor("payment_term_id", _("Payment terms"), terms, _("Everything at once"), 18)
        editor.known = {one.id: one.name for one in self.needs.terms}
        return editor

    def _header_editors(self) -> list[Editor]:
        prices = [(False, _("Plus tax")), (True, _("With tax"))]
        editors: list[Editor] = [
            self.customer,
            LineEditor("reference", _("Their reference"), 13),
            CurrencyEditor("currency", _("Currency")),
            NumberEditor("rate", _("Rate"), 9),
            ChoiceEditor("prices_include_tax", _("Prices"), prices, None, 8),
        ]
        return [*editors, self._term_editor()] if self.order else editors

    def _detail_editors(self) -> dict[str, Callable[[str], Editor]]:
        """Return how each editor of the second page is made."""
        users = tuple(self.needs.colleagues)
        languages = list(LANGUAGES.items())
        methods = [(key, _(text)) for key, text in TAX_METHODS]

        def day(label: str) -> Callable[[str], Editor]:
            return lambda name: DateEditor(name, label, self.context.today)

        def line(label: str) -> Callable[[str], Editor]:
            return lambda name: LineEditor(name, label, 30)

        made: dict[str, Callable[[str], Editor]] = {
            "subject": line(_("Subject")),
            "person_id": lambda name: PersonEditor(name, _("Their contact person"), self._people),
            "opportunity_id": lambda name: OpportunityEditor(name, self.desk, self.current),
            "salesperson": lambda name: UserEditor(name, _("Salesperson"), users, _("Nobody"), 12),
            "language": lambda name: ChoiceEditor(name, _("Language of the paper"), languages, _("The customer's"), 16),
            "ship_to": lambda name: NoteEditor(name, _("Ship to")),
            "opening": lambda name: NoteEditor(name, _("Text above the lines")),
        }
        if self.order:
            made |= {
                "signed_on": day(_("Signed on")),
                "starts_on": day(_("Runs from")),
                "ends_on": day(_("Runs until")),
                "signatory": line(_("Signs for us")),
                "customer_signatory": line(_("Signs for the customer")),
                "delivery_terms": lambda name: NoteEditor(name, _("Terms of delivery")),
            }
        return made | {
            "discount_percent": lambda name: AmountEditor(name, _("Discount on everything, %"), 8),
            "discount_amount": lambda name: AmountEditor(name, _("Discount, amount"), 12),
            "tax_method": lambda name: ChoiceEditor(name, _("Tax is worked out"), methods, None, 20),
        }

    @property
    def detail_names(self) -> tuple[str, ...]:
        """Return the fields of the second page."""
        return tuple(self._later)

    def offers(self, name: str) -> bool:
        """Return whether the form has the field `name`."""
        return name in self._later or super().offers(name)

    def editor(self, name: str) -> Editor:
        """Return the editor of a field, one of the second page made when first asked for. Raises KeyError."""
        if name in self._later and name not in self.names:
            self.add_editor(name, self._later[name](name)).set_read_only(not self.writes(name))
        return super().editor(name)

    def current(self, name: str) -> Any:
        """Return the value of a field without making its editor."""
        return self.editor(name).value() if name in self.names else self._loaded.get(name)

    def allow(self, names: frozenset[str] | None) -> None:
        """Let only the fields in `names` be written, None for all."""
        self._writable = names
        for name in self.names:
            self.editor(name).set_read_only(not self.writes(name))
        self._show_text_buttons()

    def writes(self, name: str) -> bool:
        """Return whether the field `name` may be written."""
        return self._writable is None or name in self._writable

    # Pages ---------------------------------------------------------------------------------------

    def fill_main(self, page: QWidget) -> None:
        """Lay out the page one types: short fields in a row, the lines, the foot in three parts."""
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.short_fields = QWidget(page)
        row = QHBoxLayout(self.short_fields)
        row.setContentsMargins(_SIDE, px(10), _SIDE, px(12))
        row.setSpacing(px(12))
        for name in ("contact_id", *self._short_names()):
            row.addWidget(self.box(name), 1 if name == "contact_id" else 0)
        self.box("contact_id").setMaximumWidth(px(_WIDEST_CUSTOMER_PX))
        row.addStretch()
        column.addWidget(self.short_fields)
        if (strip := self.above_lines()) is not None:
            column.addWidget(strip)
        column.addWidget(self.lines.widget, 1)
        column.addWidget(hairline())
        column.addWidget(self._foot(page))

    def _foot(self, page: QWidget) -> QWidget:
        foot = grounded("sunken", page)
        foot.setMinimumHeight(px(_FOOT_PX))
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(foot)
        row.setContentsMargins(_SIDE, px(10), _SIDE, px(10))
        row.setSpacing(px(16))
        row.addWidget(self._with_texts("terms"), 3)
        row.addWidget(self.box("notes"), 2)
        pane = self._foot_pane()
        if pane is not None:
            row.addWidget(hairline(vertical=True))
            row.addWidget(pane, 2)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self.totals, 1)
        return foot

    def fill_details(self, page: QWidget) -> None:
        """Lay out persons, addresses, the contract, texts, how it is reckoned; the second time nothing happens."""
        if self._filled:
            return
        self._filled = True
        row = QHBoxLayout(page)
        row.setContentsMargins(_SIDE, px(16), _SIDE, px(20))
        row.setSpacing(px(28))
        row.addLayout(self._who(), 1)
        row.addWidget(hairline(vertical=True))
        row.addLayout(self._texts_column(), 1)
        self._show_text_buttons()

    def _who(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        column.addLayout(self.row("subject", "opportunity_id"))
        column.addLayout(self.row("person_id", "salesperson", "language"))
        column.addWidget(self.box("ship_to"))
        if self.order:
            column.addWidget(section_label(_("Contract")))
            column.addLayout(self.row("signed_on", "starts_on", "ends_on"))
            column.addLayout(self.row("signatory", "customer_signatory"))
        column.addWidget(section_label(_("How it is reckoned")))
        column.addLayout(self.row("discount_percent", "discount_amount", "tax_method"))
        column.addStretch(1)
        return column

    def _texts_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        column.addWidget(self._with_texts("opening"))
        if self.order:
            column.addWidget(self._with_texts("delivery_terms"))
        column.addStretch(1)
        return column

    def _with_texts(self, kind: str) -> FieldBox:
        """Return the box of a text, with a button for the company's standing texts of that kind."""
        box, editor = self.box(kind), self.editor(kind)
        assert isinstance(editor, NoteEditor)
        assert kind in dict(TEXT_KINDS)
        texts = [text for text in self.needs.texts if text.kind == kind]
        button = standing_text_button(editor, texts, lambda: str(self.current("language") or ""))
        column = box.layout()
        if button is not None and isinstance(column, QVBoxLayout):
            head = QHBoxLayout()
            head.addWidget(box.label)
            head.addStretch(1)
            head.addWidget(beside_caption(button))
            column.insertLayout(0, head)
            self._text_buttons.append(button)
        return box

    def _show_text_buttons(self) -> None:
        for button in self._text_buttons:
            button.setVisible(self.writes("terms"))

    # Values --------------------------------------------------------------------------------------

    def load(self, record: Record | Mapping[str, Any]) -> None:
        """Show a record; names of customer and person come with it."""
        self._learn_names(record.values if isinstance(record, Record) else record)
        super().load(record)
        self.reckon()

    def rebase(self, record: Record | Mapping[str, Any], sent: Mapping[str, Any] | None = None) -> None:
        """Take what is stored now; what was typed stays on top of it."""
        self._learn_names(record.values if isinstance(record, Record) else record)
        super().rebase(record, sent)
        self.reckon()

    def _learn_names(self, values: Mapping[str, Any]) -> None:
        if values.get("contact_id") is not None and values.get("contact_name"):
            self.customer.names[values["contact_id"]] = str(values["contact_name"])
        if values.get("person_id") is not None:
            self._people[values["person_id"]] = str(values.get("person_name") or "")

    def values(self) -> dict[str, Any]:
        """Return the value of every field; where no editor was made, what was loaded."""
        untouched = {name: self._loaded[name] for name in self._later if name in self._loaded}
        return {**untouched, **super().values()}

    def apply(self, values: Mapping[str, Any]) -> None:
        """Put `values` in as if the person had typed them."""
        self._make(values)
        super().apply(values)

    def field_error(self, name: str, text: str) -> bool:
        """Show an error beside its field and go there; return whether the form has it."""
        self._make((name.partition(".")[0],))
        return super().field_error(name, text)

    def _make(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._later:
                self.editor(name)

    def document(self) -> DocumentInput:
        """Return what the totals need to know of the header."""
        currency = str(self.editor("currency").value() or "")
        currency = currency if len(currency) == 3 else self.desk.currency
        return DocumentInput(
            currency,
            bool(self.editor("prices_include_tax").value()),
            str(self.current("tax_method") or PER_DOCUMENT),
            _percent(self.current("discount_percent")),
            to_minor(_percent(self.current("discount_amount")), currency),
        )

    def reckon(self) -> None:
        """Bring lines, totals, prices and instalments in line with the header."""
        document = self.document()
        model = self.lines.grid.lines
        foreign = document.currency != self.desk.currency
        self.box("rate").setVisible(foreign)
        if document != model.document:
            mode_changed = document.prices_include_tax != model.document.prices_include_tax
            model.set_document(document)
            if mode_changed:
                self.set_columns()
        rate = self.editor("rate").value() if foreign else None
        self.lines.set_priced_for(
            PricedFor(self.customer.value(), document.currency, rate or Decimal(1), document.prices_include_tax)
        )
        self._show_totals()

    def set_columns(self, *, progress: bool | None = None, invoiced: bool = False) -> None:
        """Show the columns that belong to this document; `progress` and `invoiced` those of what was done of it."""
        if progress is not None:
            self._done = (progress, invoiced)
        model = self.lines.grid.lines
        wanted = columns_of(
            dated=self.order,
            include_tax=model.document.prices_include_tax,
            progress=self._done[0],
            invoiced=self._done[1],
        )
        if wanted != model.columns:
            model.set_columns(wanted)

    def _show_totals(self) -> None:
        model = self.lines.grid.lines
        self.totals.show_totals(model.totals, model.document)
        if self.instalments is not None:
            term_id = self.editor("payment_term_id").value()
            dated_on = self.editor("dated_on").value() or self.desk.today
            if term_id != self._term:
                chosen, self._term = term_id != self._baseline.get("payment_term_id"), term_id
                term = next((one for one in self.needs.terms if one.id == term_id), None)
                self.instalments.follow_term(term.parts if term is not None else None, chosen=chosen)
            self.instalments.follow_total(model.totals.total, model.document.currency, dated_on)


class TermEditor(ChoiceEditor):
    """A payment term; one that is no longer offered keeps its name."""

    known: Mapping[int, str] = {}

    def retired(self, value: Any) -> str:
        return self.known.get(value, super().retired(value))


def _percent(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)
