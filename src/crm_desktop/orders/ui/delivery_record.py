"""One delivery in a tab: what it carried stays, how it travels may still change."""

from typing import Any, Final

from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.access import people
from crm_desktop.orders import deliveries
from crm_desktop.orders.ui import above, printing
from crm_desktop.orders.ui.above import acting
from crm_desktop.orders.ui.delivery_dialog import ReturnDialog
from crm_desktop.orders.ui.line_columns import delivery_columns
from crm_desktop.orders.ui.line_grid import LineGrid
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import px
from crm_desktop.ui.heading import Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_screen import RecordScreen

_WRITE: Final = Permission.DELIVERY_WRITE
FIELDS: Final = (
    Field("carrier", None, N_("Carrier"), 18, Use.FORM, write=_WRITE),
    Field("tracking", None, N_("Tracking number"), 24, Use.FORM, write=_WRITE),
    Field("ship_to", None, N_("Ship to"), 40, Use.FORM, Kind.NOTE, write=_WRITE),
    Field("notes", None, N_("Notes"), 40, Use.FORM, Kind.NOTE, write=_WRITE),
)
ACTIONS: Final = (
    ActionSpec(
        "preview",
        N_("Delivery note"),
        N_("See the delivery note without prices, print it or send it by mail"),
        "printer",
        QKeySequence.StandardKey.Print,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec(
        "preview_priced",
        N_("With prices"),
        N_("See the delivery note with the prices of the order"),
        "eye",
        None,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec("take_back", N_("Take back…"), N_("Write down what came back of it"), "undo-2", None, _WRITE),
    ActionSpec("open_order", N_("Open the order"), N_("See the order it went out for"), "clipboard"),
)


class DeliveryRecord(RecordScreen):
    """The delivery itself; new ones are made from their order."""

    entity = deliveries.ENTITY
    compact_head = True

    def __init__(self, desk: Desk, delivery_id: int | None) -> None:
        form = RecordForm(FIELDS, EditorContext(today=lambda: desk.today, actor=desk.actor))
        super().__init__(desk, delivery_id, form)
        form.setParent(self)
        form.hide()
        self.grid = LineGrid(lambda: desk.today, dated=False)
        self.grid.lines.set_writable(False)
        self.grid.lines.set_columns(delivery_columns())
        self._offers = {offer.spec.name: offer for offer in above.attached().delivery_actions}
        offered = (offer.spec for offer in self._offers.values())
        self.actions_here = ActionSet(self, (*ACTIONS, *offered), desk.actor.may)
        for name in ("preview", "preview_priced", "take_back", "open_order"):
            self.actions_here.on(name, getattr(self, f"_{name}"))
        for name, offer in self._offers.items():
            self.actions_here.on(name, acting(offer, self))
        self._buttons = {name: button_for(self.actions_here[name], "quiet", self) for name in self.actions_here}
        self.add_tab("lines", _("Lines"), self._page(), scrolls=False)
        self.loaded.connect(self._show_loaded)
        self.reload()

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        fields = QHBoxLayout()
        fields.setContentsMargins(px(20), px(12), px(20), px(12))
        fields.setSpacing(px(12))
        for name in ("carrier", "tracking", "ship_to", "notes"):
            fields.addWidget(self.form.box(name), 1 if name in ("ship_to", "notes") else 0)
        column.addLayout(fields)
        column.addWidget(self.grid, 1)
        return page

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the delivery. Raises NotFound."""
        return deliveries.get(work, record_id)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store how it travels."""
        assert record_id is not None
        deliveries.save(work, record_id, version or 0, values)
        return deliveries.get(work, record_id)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        delivery_id = work.stored_by(operation_id, self.entity)
        return deliveries.get(work, delivery_id) if delivery_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the delivery last."""
        return people.names(work).get(deliveries.get(work, record_id)["updated_by"] or 0, "")

    def describe(self, record: Record | None) -> Heading:
        """Return number, customer, order and day."""
        if record is None:
            return Heading(_("Delivery"))
        pills = [(_("Return"), "warn")] if record["returns_id"] is not None else [(_("Delivered"), "success")]
        facts = [
            str(record["contact_name"]),
            _("order {number}").format(number=record["order_number"]),
            self._formats().day(record["delivered_on"]),
            _("return of {number}").format(number=record["returns_number"]) if record["returns_number"] else "",
            str(record["order_reference"] or ""),
        ]
        return Heading(str(record["number"]), pills, facts)

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("truck")

    def _show_loaded(self, record: Record) -> None:
        self.grid.lines.load(record["lines"])
        is_return = record["returns_id"] is not None
        for name in self.actions_here:
            offer = self._offers.get(name)
            possible = offer.possible(record) if offer is not None else not (is_return and name == "take_back")
            self.actions_here.show(name, possible)
        may = self.desk.actor.may(_WRITE)
        self.form.set_read_only(not may)
        self.save_action.setVisible(may)
        self.set_actions([button for name, button in self._buttons.items() if self.actions_here[name].isVisible()])

    def _preview(self) -> None:
        self._show_note(prices=False)

    def _preview_priced(self) -> None:
        self._show_note(prices=True)

    def _show_note(self, *, prices: bool) -> None:
        if self.record is not None:
            printing.preview_delivery(self.desk, self.record.id, self, str(self.record["number"]), prices=prices)

    def _take_back(self) -> None:
        if self.record is not None:
            dialog = ReturnDialog(self.desk, self.record.id, str(self.record["number"]), self)
            dialog.posted.connect(lambda id_: self.desk.open_record(self.entity, id_))
            dialog.open()

    def _open_order(self) -> None:
        if self.record is not None:
            self.desk.open_record("order", self.record["order_id"])
