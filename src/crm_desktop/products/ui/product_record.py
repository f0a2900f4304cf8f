"""One product in a tab."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from crm_desktop.products import history, service
from crm_desktop.products.ui import told, words
from crm_desktop.products.ui.prices_pane import PricesPane
from crm_desktop.products.ui.product_form import FormNeeds, ProductForm, form_needs
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.events_pane import EventsPane
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.record_tab import RecordTab


class ProductRecord(RecordScreen):
    """The record itself, once it is known what its form needs."""

    entity = service.ENTITY

    def __init__(self, desk: Desk, product_id: int | None, needs: FormNeeds, parent: QWidget | None = None) -> None:
        self.product_form = ProductForm(desk, needs)
        super().__init__(desk, product_id, self.product_form, parent)
        self.product_form.setParent(self)
        self.product_form.hide()
        self.prices: PricesPane | None = None
        self.history: EventsPane | None = None
        self.add_tab("overview", _("Overview"), self.product_form.overview())
        order = ("code", "name", "unit", "category", "description", "active", "list_price", "tax_percent", "cost")
        self.form.settle_tab_order(*(name for name in order if name in self.form.names))
        self.loaded.connect(self._show_loaded)
        self.form.load(self.blank())
        self.product_form.show_figures()
        self.reload()

    # What the base asks --------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the product. Raises NotFound."""
        return service.get(work, record_id)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new product, or what was changed of it."""
        if record_id is None:
            record_id = service.create(work, values)
        else:
            service.save(work, record_id, version or service.get(work, record_id).version, values)
        return service.get(work, record_id)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        product_id = work.stored_by(operation_id, self.entity)
        return service.get(work, product_id) if product_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the product last."""
        latest = history.product_history(work, record_id, limit=1)
        return latest[0].actor_name if latest else ""

    def blank(self) -> Mapping[str, Any]:
        """Return what a new product begins with."""
        return self.product_form.blank()

    def describe(self, record: Record | None) -> Heading:
        """Return name, code, category and the list price."""
        if record is None:
            return Heading(_("New product") if self.record_id is None else _("Product"))
        pills = [] if record["active"] else [(_("No longer sold"), "warn")]
        saved = _("Saved {time} by {person}").format(
            time=self._formats().instant(record["updated_at"]),
            person=self.desk.names.get(record["updated_by"] or 0) or _("the program"),
        )
        below = _("per {unit}").format(unit=record["unit"]) if record["unit"] else ""
        figures = [Figure(_("List price"), words.money(record["list_price"], self.desk.currency), below)]
        tax = _("Tax rate {percent} %").format(percent=number_text(record["tax_percent"]))
        return Heading(str(record["name"]), pills, (record["code"], record["category"], tax), figures, saved)

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("package")

    # What is shown -------------------------------------------------------------------------------

    def _add_stored_pages(self, product_id: int) -> None:
        """Prices and history exist only for what is stored."""
        if self.desk.actor.may(Permission.PRICE_READ):
            self.prices = PricesPane(self.desk, product_id)
            self.add_tab("prices", _("Prices"), self.prices, scrolls=False)

        def read(work: Any, before_id: int | None, limit: int) -> Any:
            return told.product_events(work, product_id, before_id, limit)

        self.history = EventsPane(self.desk, read, told.tell_product)
        self.add_tab("history", _("History"), self.history, scrolls=False)

    def _show_loaded(self, record: Record) -> None:
        if self.history is None:
            self._add_stored_pages(record.id)
        else:
            self.history.reload()
        self.product_form.show_figures()
        if not self.desk.actor.may(Permission.PRODUCT_WRITE):
            self.form.set_read_only(True)
            self.save_action.setVisible(False)


class ProductScreen(RecordTab):
    """The tab of one product."""

    new_title = N_("New product")
    opening_title = N_("Product")
    icon_name = "package"

    def ask(self, work: Any) -> FormNeeds:
        """Return what the form needs."""
        return form_needs(work)

    def make(self, answer: FormNeeds) -> ProductRecord:
        """Return the record."""
        return ProductRecord(self.desk, self._first_id, answer, self)
