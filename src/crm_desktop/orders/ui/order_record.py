"""One order in a tab: typed, confirmed, delivered, brought to an end."""

from decimal import Decimal
from typing import Any, Final

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from crm_desktop.orders import changing, quotes, rules, service
from crm_desktop.orders.rules import CANCELLED, CLOSED, CONFIRMED, DRAFT, ORDER_STATES
from crm_desktop.orders.service import Confirmed
from crm_desktop.orders.ui import above, printing
from crm_desktop.orders.ui.above import acting
from crm_desktop.orders.ui.deliveries_pane import DeliveriesPane
from crm_desktop.orders.ui.delivery_dialog import DeliveryDialog
from crm_desktop.orders.ui.document_form import DocumentForm
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.orders.ui.document_record import DocumentRecord
from crm_desktop.orders.ui.document_tab import DocumentScreen
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.orders.ui.order_form import OrderForm
from crm_desktop.orders.ui.override_dialog import offers_override
from crm_desktop.shared.display import list_separator
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.money import round_half_away
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.notes import Note

_WRITE: Final = Permission.ORDER_WRITE
TONES: Final = {DRAFT: "neutral", CONFIRMED: "info", CLOSED: "success", CANCELLED: "neutral"}
ACTIONS: Final = (
    ActionSpec(
        "confirm",
        N_("Confirm order"),
        N_("Make the order binding; it gets its number now"),
        "",
        "F8",
        Permission.ORDER_CONFIRM,
    ),
    ActionSpec(
        "deliver",
        N_("Deliver…"),
        N_("Write down what goes out now"),
        "",
        "F9",
        Permission.DELIVERY_WRITE,
    ),
    ActionSpec(
        "preview",
        N_("Preview"),
        N_("See the order on paper, print it, save it or send it by mail"),
        "eye",
        QKeySequence.StandardKey.Print,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec("copy", N_("Copy order"), N_("Begin a new order that says the same"), "copy", None, _WRITE),
    ActionSpec(
        "copy_as_quote",
        N_("Copy as a quote"),
        N_("Begin a quote that says the same"),
        "file-text",
        None,
        Permission.QUOTE_WRITE,
    ),
    ActionSpec(
        "close_short",
        N_("Close short…"),
        N_("What is open will not be delivered any more"),
        "circle-check",
        None,
        Permission.ORDER_CLOSE,
    ),
    ActionSpec(
        "cancel", N_("Cancel order…"), N_("Nothing of it will happen"), "circle-x", None, Permission.ORDER_CLOSE
    ),
    ActionSpec("open_quote", N_("Open the quote"), N_("See the quote it came from"), "file-text"),
    ActionSpec("open_opportunity", N_("Open the opportunity"), "", "columns-3", None, Permission.OPPORTUNITY_READ),
    ActionSpec("delete", N_("Delete draft…"), N_("Throw this draft away"), "trash-2", None, _WRITE),
)


class OrderRecord(DocumentRecord):
    """The order itself, once it is known what its form needs."""

    entity = service.ENTITY
    service = service
    write = _WRITE
    specs: tuple[ActionSpec, ...] = ACTIONS
    primary = ("confirm", "deliver")
    in_front: tuple[str, ...] = ("preview",)
    in_menu = ("copy", "copy_as_quote", "open_quote", "open_opportunity", "close_short", "cancel", "delete")

    def __init__(
        self, desk: Desk, order_id: int | None, needs: DocumentNeeds, stored: Record | None, parent: QWidget
    ) -> None:
        self.deliveries: DeliveriesPane | None = None
        self.cost_note = Note()
        self.cost_note.clear()
        self._override = ""
        self._offers = {offer.spec.name: offer for offer in above.attached().order_actions}
        self.specs = (*ACTIONS, *(offer.spec for offer in self._offers.values()))
        self.in_front = (*self._offers, *self.in_front)
        super().__init__(desk, order_id, needs, stored, parent, order=True)
        self.strips.addWidget(self.cost_note)
        for name in (one.name for one in ACTIONS if one.name != "preview"):
            self.actions_here.on(name, getattr(self, f"_{name}"))
        self.actions_here.on("preview", self._preview)
        for name, offer in self._offers.items():
            self.actions_here.on(name, acting(offer, self))

    # What the base asks --------------------------------------------------------------------------

    def make_form(self, desk: Desk, needs: DocumentNeeds, *, order: bool) -> DocumentForm:
        """Return the form, with the customer's credit above the lines."""
        form = OrderForm(desk, needs)
        if form.credit is not None:
            form.credit.override_wanted.connect(self._confirm)
        return form

    def store_changes(self, work: Any, record_id: int, version: int, values: dict[str, Any]) -> None:
        """Store what was changed, for the reason given when the credit does not carry it."""
        service.save(work, record_id, version, values, override=self._override)

    def describe(self, record: Record | None) -> Heading:
        """Return number, state, customer and the three figures."""
        if record is None:
            return Heading(_("New order") if self.record_id is None else _("Order"), [(_("Draft"), "neutral")])
        state = str(record["state"])
        label = dict(ORDER_STATES)[state]
        quote = _("from quote {number}").format(number=record["quote_number"]) if record["quote_number"] else ""
        reason = str(record["end_reason"] or "")
        names = self.desk.names
        facts = [str(record["contact_name"]), names.get(record["salesperson"] or 0, ""), quote]
        if state != DRAFT and record.values.get("margin_percent") is not None:
            percent = figure(round_half_away(record["margin_percent"], 1))
            facts.append(_("margin {percent} %").format(percent=percent))
        facts.append(reason)
        saved = _("Saved {time} by {person}").format(
            time=self._formats().instant(record["updated_at"]),
            person=names.get(record["updated_by"] or 0) or _("the program"),
        )
        title = str(record["number"] or _("Draft order"))
        return Heading(title, [(_(label), TONES[state])], facts, _figures(record), saved)

    def title(self) -> str:
        """Return the number, or for a draft whose it is."""
        if self.record is not None and not self.record["number"]:
            return _("Draft · {customer}").format(customer=self.record["contact_name"])
        return super().title()

    def can_step(self, name: str, record: Record | None) -> bool:
        """Return whether the state of the order allows the action."""
        state = str(record["state"]) if record is not None else DRAFT
        if name in self._offers:
            return record is not None and self._offers[name].possible(record)
        if name == "confirm":
            return state == DRAFT
        if name == "deliver":
            return record is not None and state == CONFIRMED and any(line["open"] > 0 for line in record["lines"])
        if name in ("close_short", "cancel"):
            return state == CONFIRMED
        if name == "delete":
            return record is not None and state == DRAFT
        if name == "open_opportunity":
            return record is not None and record["opportunity_id"] is not None
        if name == "open_quote":
            return record is not None and record["quote_id"] is not None
        return record is not None

    def writable_names(self, record: Record) -> frozenset[str] | None:
        """Return what the state of the order still lets change."""
        state = str(record["state"])
        if state == DRAFT:
            return None
        if state != CONFIRMED:
            return changing.AFTER_THE_END
        begun = rules.is_begun(record["lines"])
        may_price = self.desk.actor.may(Permission.ORDER_CONFIRM) and not begun
        return changing.STAYS_OPEN | (changing.PRICED if may_price else frozenset())

    def _show_loaded(self, record: Record) -> None:
        confirmed = record["state"] != DRAFT
        self.document.set_columns(progress=confirmed, invoiced=any(line["invoiced"] for line in record["lines"]))
        super()._show_loaded(record)
        if confirmed and self.deliveries is None and self.desk.actor.may(Permission.DELIVERY_READ):
            self.deliveries = DeliveriesPane(self.desk, record.id)
            self.deliveries.counted.connect(lambda count: self.set_count("deliveries", count))
            self.deliveries.returned.connect(self._delivered)
            self.deliveries.began.connect(self._saver.operations.add)
            self.add_tab("deliveries", _("Deliveries"), self.deliveries, scrolls=False)
        elif self.deliveries is not None:
            self.deliveries.reload()
        self._say_below_cost(tuple(record["below_cost"]))

    def _say_below_cost(self, positions: tuple[int, ...]) -> None:
        text = ngettext(
            "Line {lines} is sold below cost. Confirming is possible and is written into the journal.",
            "Lines {lines} are sold below cost. Confirming is possible and is written into the journal.",
            len(positions),
        )
        shown = text.format(lines=list_separator().join(str(place) for place in positions)) if positions else ""
        self.cost_note.show_message("warn", shown)

    # Steps ---------------------------------------------------------------------------------------

    def _confirm(self) -> None:
        self._confirm_overriding("")

    def _confirm_overriding(self, override: str) -> None:
        def confirmed(done: Confirmed) -> None:
            self.desk.toast(_("Order {number} is confirmed").format(number=done.number))

        def confirm(work: Any, order_id: int, version: int) -> Confirmed:
            return service.confirm(work, order_id, version, override=override)

        self.first_save(lambda: self.step(confirm, confirmed, failed=self._confirm_failed))

    def _confirm_failed(self, error: BaseException) -> None:
        if not offers_override(error, _("Confirm all the same"), self, self._confirm_overriding):
            self.step_failed(error)

    def _save_failed(self, error: BaseException) -> None:
        self._override = ""
        if not offers_override(error, _("Save all the same"), self, self._save_overriding):
            super()._save_failed(error)

    def _save_overriding(self, reason: str) -> None:
        self._override = reason
        self.save()

    def _run_next(self, record: Record) -> None:
        self._override = ""
        super()._run_next(record)

    def _deliver(self) -> None:
        def open_dialog() -> None:
            if self.record is not None:
                dialog = DeliveryDialog(self.desk, self.record, self)
                dialog.began.connect(self._saver.operations.add)
                dialog.posted.connect(self._delivered)
                dialog.open()

        self.first_save(open_dialog)

    def _delivered(self, delivery_id: int) -> None:
        def show_note() -> None:
            printing.preview_delivery(self.desk, delivery_id, self, prices=False)

        self.read_again()
        self.desk.toast(_("The delivery is written down"), _("Delivery note"), show_note)

    def _close_short(self) -> None:
        reason = self._reason(_("Close this order short?"), _("Why will the rest not be delivered?"), _("Close short"))
        if reason:
            said = _("The order is closed short")
            self.first_save(
                lambda: self.step(
                    lambda work, id_, version: service.close_short(work, id_, version, reason),
                    lambda _done: self.desk.toast(said),
                )
            )

    def _cancel(self) -> None:
        reason = self._reason(_("Cancel this order?"), _("Why is it cancelled?"), _("Cancel order"))
        if reason:
            said = _("The order is cancelled")
            self.first_save(
                lambda: self.step(
                    lambda work, id_, version: service.cancel(work, id_, version, reason),
                    lambda _done: self.desk.toast(said),
                )
            )

    def _reason(self, title: str, label: str, verb: str) -> str | None:
        def check(text: str) -> str | None:
            return None if text.strip() else _("Say why, for those who ask later.")

        return self.desk.dialogs.input_text(title, label, verb=verb, check=check)

    def _copy(self) -> None:
        self.first_save(
            lambda: self.step(
                lambda work, id_, _version: service.copy(work, id_), lambda id_: self.desk.open_record("order", id_)
            )
        )

    def _copy_as_quote(self) -> None:
        self.first_save(
            lambda: self.step(
                lambda work, id_, _version: quotes.copy_order(work, id_),
                lambda id_: self.desk.open_record("quote", id_),
            )
        )

    def _open_quote(self) -> None:
        if self.record is not None:
            self.desk.open_record("quote", self.record["quote_id"])

    def _delete(self) -> None:
        if not self.desk.dialogs.confirm(
            _("Delete this draft?"), _("It has no number yet; nothing else depends on it."), _("Delete draft")
        ):
            return
        self.form.load(self.record or {})
        self.step(service.delete, lambda _done: self.close_wanted.emit(), again=False)

    def _preview(self) -> None:
        def show() -> None:
            if self.record_id is not None:
                number = str(self.record["number"] or "") if self.record is not None else ""
                printing.preview_order(self.desk, self.record_id, self, number)

        self.first_save(show)


def _figures(record: Record) -> list[Figure]:
    currency = str(record["currency"])
    tax = _("with tax") if record["tax"] else _("no tax")
    figures = [Figure(_("Total"), figure(record["total"]), f"{currency} · {tax}")]
    if record["state"] != DRAFT:
        delivered: Decimal = record["delivered_percent"]
        whole = delivered >= 100
        percent = number_text(round_half_away(delivered, 0) if whole or delivered < 99 else Decimal(99))
        done = sum(line["kind"] == rules.ITEM and line["open"] <= 0 for line in record["lines"])
        lines = sum(line["kind"] == rules.ITEM for line in record["lines"])
        below = _("{done} of {count} lines").format(done=done, count=lines)
        figures.append(Figure(_("Delivered"), f"{percent} %", below, "success" if whole else "text"))
        below = _("{currency} · net of tax").format(currency=currency)
        figures.append(Figure(_("To deliver"), figure(record["open_net"]), below))
    elif record.values.get("margin_percent") is not None:
        percent = figure(round_half_away(record["margin_percent"], 1))
        figures.append(Figure(_("Margin"), f"{percent} %", f"{currency} {figure(record['margin'])}"))
    return figures


class OrderScreen(DocumentScreen):
    """The tab of one order."""

    record_type = OrderRecord
    order = True
    icon_name = OrderRecord.tab_icon
    new_title = N_("New order")
    opening_title = N_("Order")
