"""One price list in a tab: whom it is for, its currency, its prices."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.products import history, price_lists
from crm_desktop.products.price_list_pages import FIELDS
from crm_desktop.products.ui import told, words
from crm_desktop.products.ui.customer_editor import CustomerEditor
from crm_desktop.products.ui.prices_editor import PricesEditor
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.events_pane import EventsPane
from crm_desktop.ui.fonts import px
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import KeyHint

_HEAD: Final = ("contact_id", "level", "currency", "name", "active")


class PriceListScreen(RecordScreen):
    """The tab of one price list (`list_id` None: a new one)."""

    entity = price_lists.ENTITY

    def __init__(
        self,
        desk: Desk,
        list_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        parent: QWidget | None = None,
    ) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        form = RecordForm(FIELDS, context, {"name": (False, 120), "currency": (True, 3)})
        super().__init__(desk, list_id, form, parent)
        form.setParent(self)
        form.hide()
        self.history: EventsPane | None = None
        self._named = ""
        self.customer = CustomerEditor(desk)
        self.prices = PricesEditor(desk)
        self.add_tab("prices", _("Prices"), self._page(), scrolls=False)
        form.settle_tab_order(*_HEAD, "prices")
        self.customer.edited.connect(self._customer_chosen)
        form.editor("level").edited.connect(self._level_chosen)
        form.editor("currency").edited.connect(self._show_currency)
        self.loaded.connect(self._show_loaded)
        form.load(self.blank())
        self._show_currency()
        if drafts is not None:
            self.keep_drafts(drafts, company)
        self.reload()

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px(20), px(14), px(20), px(8))
        row.setSpacing(px(12))
        self.form.add_editor("contact_id", self.customer)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.form.box("contact_id"), 0, top)
        self._or = caption(_("or"))
        self._or.setContentsMargins(0, px(26), 0, 0)
        row.addWidget(self._or, 0, top)
        for name in ("level", "currency", "name", "active"):
            label = _("Called") if name == "name" else None
            row.addWidget(self.form.box(name, label), 0, top)
        self.form.editor("name").widget.setToolTip(_("Without a name it is called after the customer or the level."))
        row.addStretch(1)
        column.addWidget(head)
        column.addWidget(hairline())
        self.form.add_editor("prices", self.prices)
        column.addWidget(self.prices.widget, 1)
        return page

    # What the base asks --------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the price list. Raises NotFound."""
        return price_lists.get_price_list(work, record_id)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new price list, or what was changed of it."""
        if record_id is None:
            record_id = price_lists.create_price_list(work, values)
        else:
            known = version or price_lists.get_price_list(work, record_id).version
            price_lists.save_price_list(work, record_id, known, values)
        return price_lists.get_price_list(work, record_id)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        list_id = work.stored_by(operation_id, self.entity)
        return price_lists.get_price_list(work, list_id) if list_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the price list last."""
        latest = history.price_list_history(work, record_id, limit=1)
        return latest[0].actor_name if latest else ""

    def blank(self) -> Mapping[str, Any]:
        """Return what a new price list begins with."""
        return {"currency": self.desk.currency, "active": True}

    def shown(self, name: str, value: Any) -> str:
        """Return a field value in words, for the conflict dialog."""
        if name != "prices":
            return super().shown(name, value)
        return "\n".join(f"{row['code']}  {number_text(row['price'])}" for row in value or ())

    def describe(self, record: Record | None) -> Heading:
        """Return name, whom it is for, and how many prices it holds."""
        if record is None:
            return Heading(_("New price list") if self.record_id is None else _("Price list"))
        pills = [] if record["active"] else [(_("Out of use"), "warn")]
        figures = [Figure(_("Prices"), number_text(len(record["prices"])), record["currency"])]
        return Heading(str(record["name"]), pills, (words.for_whom(record), record["currency"]), figures)

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("tag")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        more = (KeyHint("Ctrl+V", _("Paste codes and prices")), KeyHint("Del", _("Take a price out")))
        return (*super().keys(), *more)

    # What is shown -------------------------------------------------------------------------------

    def _show_loaded(self, record: Record) -> None:
        list_id = record.id
        if self.history is None:

            def read(work: Any, before_id: int | None, limit: int) -> Any:
                return told.price_list_events(work, list_id, before_id, limit)

            self.history = EventsPane(self.desk, read, told.tell_price_list)
            self.add_tab("history", _("History"), self.history, scrolls=False)
        else:
            self.history.reload()
        for name in ("contact_id", "level", "currency"):
            # Prices agreed with one customer in one currency mean nothing for another.
            self.form.editor(name).locked = True
            self.form.editor(name).set_read_only(True)
        self.form.box("level").setVisible(bool(record["level"]))
        self.form.box("contact_id").setVisible(record["contact_id"] is not None)
        self._or.hide()
        self._show_currency()
        if not self.desk.actor.may(Permission.PRICE_WRITE):
            self.form.set_read_only(True)
            self.save_action.setVisible(False)

    def _customer_chosen(self) -> None:
        if self.customer.value() is not None:
            self.form.apply({"level": None} | self._called(self.customer.shown.text()))

    def _level_chosen(self) -> None:
        if key := self.form.editor("level").value():
            self.form.apply({"contact_id": None} | self._called(words.level(key)))

    def _called(self, name: str) -> dict[str, str]:
        """Return the name a new list gets, nothing when a person has given it another one."""
        before, self._named = self._named, name
        return {"name": name} if self.form.editor("name").value() in ("", before) else {}

    def _show_currency(self) -> None:
        self.prices.set_currency(str(self.form.editor("currency").value() or "").upper())

    def changeEvent(self, event: QEvent) -> None:
        """Say the head in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "prices"):
            self._show_head()
