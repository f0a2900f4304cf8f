"""One quote in a tab: typed, sent, revised, won or lost, made into an order without retyping."""

from typing import Final

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from crm_desktop.orders import quotes, rules
from crm_desktop.orders.rules import ACCEPTED, DRAFT, LOST, LOST_REASONS, QUOTE_STATES, REPLACED, SENT
from crm_desktop.orders.ui import printing
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.orders.ui.document_record import DocumentRecord
from crm_desktop.orders.ui.document_tab import DocumentScreen
from crm_desktop.orders.ui.lost_dialog import LostDialog
from crm_desktop.orders.ui.revisions_pane import RevisionsPane
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.heading import Figure, Heading

_WRITE: Final = Permission.QUOTE_WRITE
TONES: Final = {DRAFT: "neutral", SENT: "info", ACCEPTED: "success", LOST: "neutral", REPLACED: "neutral"}
ACTIONS: Final = (
    ActionSpec("send", N_("Mark as sent"), N_("The customer has it now; it gets its number"), "", "F8", _WRITE),
    ActionSpec(
        "make_order", N_("Make order"), N_("Begin the order without retyping"), "", "F9", Permission.ORDER_WRITE
    ),
    ActionSpec(
        "preview",
        N_("Preview"),
        N_("See the quote on paper, print it, save it or send it by mail"),
        "eye",
        QKeySequence.StandardKey.Print,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec("revise", N_("New revision"), N_("Offer something else under the same number"), "layers", None, _WRITE),
    ActionSpec("accept", N_("Accepted"), N_("The customer said yes"), "circle-check", None, _WRITE),
    ActionSpec("lose", N_("Lost…"), N_("The customer said no, or nothing"), "circle-x", None, _WRITE),
    ActionSpec("reopen", N_("Open again"), N_("It is not decided after all"), "rotate-ccw", None, _WRITE),
    ActionSpec("open_order", N_("Open the order"), N_("See the order made from it"), "clipboard"),
    ActionSpec("open_opportunity", N_("Open the opportunity"), "", "columns-3", None, Permission.OPPORTUNITY_READ),
    ActionSpec("copy", N_("Copy quote"), N_("Begin a new quote that says the same"), "copy", None, _WRITE),
    ActionSpec("delete", N_("Delete draft…"), N_("Throw this draft away"), "trash-2", None, _WRITE),
)


class QuoteRecord(DocumentRecord):
    """The quote itself, once it is known what its form needs."""

    entity = quotes.ENTITY
    service = quotes
    write = _WRITE
    specs = ACTIONS
    primary = ("send", "make_order")
    in_front = ("preview", "revise", "lose")
    in_menu = ("accept", "reopen", "open_order", "open_opportunity", "copy", "delete")
    tab_icon = "file-text"

    def __init__(
        self, desk: Desk, quote_id: int | None, needs: DocumentNeeds, stored: Record | None, parent: QWidget
    ) -> None:
        self.revisions: RevisionsPane | None = None
        super().__init__(desk, quote_id, needs, stored, parent, order=False)
        for name in (one.name for one in ACTIONS if one.name != "preview"):
            self.actions_here.on(name, getattr(self, f"_{name}"))
        self.actions_here.on("preview", self._preview)

    def describe(self, record: Record | None) -> Heading:
        """Return number, state, customer, total and how long it holds."""
        if record is None:
            return Heading(_("New quote") if self.record_id is None else _("Quote"), [(_("Draft"), "neutral")])
        state = str(record["state"])
        pills = [(_(dict(QUOTE_STATES)[state]), TONES[state])]
        if record["expired"]:
            pills.append((_("Expired"), "warn"))
        reason = _(dict(LOST_REASONS).get(record["lost_reason"], "")) if record["lost_reason"] else ""
        facts = [
            str(record["contact_name"]),
            self.desk.names.get(record["salesperson"] or 0, ""),
            str(record["subject"] or ""),
            " – ".join(part for part in (reason, str(record["lost_note"] or "")) if part),
        ]
        currency = str(record["currency"])
        figures = [Figure(_("Total"), figure(record["total"]), currency)]
        if record["valid_until"] is not None and state in (DRAFT, SENT):
            left = (record["valid_until"] - self.desk.today).days
            until = self._formats().day(record["valid_until"])
            below = _("{count} d left").format(count=left) if left >= 0 else _("{count} d over").format(count=-left)
            figures.append(Figure(_("Valid until"), until, below, "text" if left >= 0 else "danger"))
        title = rules.shown_number(record["number"], record["revision"]) or _("Draft quote")
        return Heading(title, pills, facts, figures)

    def title(self) -> str:
        """Return the number, or for a draft whose it is."""
        if self.record is not None and not self.record["number"]:
            return _("Draft · {customer}").format(customer=self.record["contact_name"])
        return super().title()

    def can_step(self, name: str, record: Record | None) -> bool:
        """Return whether the state of the quote allows the action."""
        state = str(record["state"]) if record is not None else DRAFT
        if name == "send":
            return state == DRAFT
        if name == "make_order":
            return state in (SENT, ACCEPTED)
        if name in ("accept", "lose"):
            return state == SENT
        if name == "reopen":
            return record is not None and state in (ACCEPTED, LOST) and not record["order_ids"]
        if name == "revise":
            return state in (SENT, ACCEPTED, LOST)
        if name == "open_opportunity":
            return record is not None and record["opportunity_id"] is not None
        if name == "open_order":
            return record is not None and bool(record["order_ids"])
        if name == "delete":
            return record is not None and state == DRAFT
        return record is not None

    def writable_names(self, record: Record) -> frozenset[str] | None:
        """Return what may still change: nothing that is printed, once it was sent."""
        return None if record["state"] == DRAFT else quotes.AFTER_SENDING

    def _show_loaded(self, record: Record) -> None:
        super()._show_loaded(record)
        if self.revisions is None:
            self.revisions = RevisionsPane(self.desk, record.id)
            self.revisions.counted.connect(lambda count: self.set_count("revisions", count))
            self.add_tab("revisions", _("Revisions"), self.revisions, scrolls=False)
        else:
            self.revisions.reload()

    # Steps ---------------------------------------------------------------------------------------

    def _send(self) -> None:
        def sent(number: str) -> None:
            self.desk.toast(_("Quote {number} is marked as sent").format(number=number))

        self.first_save(lambda: self.step(quotes.send, sent))

    def _make_order(self) -> None:
        self.first_save(lambda: self.step(quotes.make_order, lambda id_: self.desk.open_record("order", id_)))

    def _revise(self) -> None:
        self.first_save(lambda: self.step(quotes.revise, lambda id_: self.desk.open_record("quote", id_)))

    def _accept(self) -> None:
        said = _("The quote is accepted")
        self.first_save(lambda: self.step(quotes.accept, lambda _done: self.desk.toast(said)))

    def _lose(self) -> None:
        dialog = LostDialog(self)

        def lost(reason: str, note: str) -> None:
            self.first_save(
                lambda: self.step(
                    lambda work, id_, version: quotes.lose(work, id_, version, reason, note), lambda _done: None
                )
            )

        dialog.chosen.connect(lost)
        dialog.open()

    def _reopen(self) -> None:
        self.first_save(lambda: self.step(quotes.reopen, lambda _done: None))

    def _open_order(self) -> None:
        if self.record is not None and self.record["order_ids"]:
            self.desk.open_record("order", self.record["order_ids"][-1])

    def _copy(self) -> None:
        self.first_save(
            lambda: self.step(
                lambda work, id_, _version: quotes.copy(work, id_), lambda id_: self.desk.open_record("quote", id_)
            )
        )

    def _delete(self) -> None:
        if not self.desk.dialogs.confirm(
            _("Delete this draft?"), _("An earlier revision, if there is one, stands again."), _("Delete draft")
        ):
            return
        self.form.load(self.record or {})
        self.step(quotes.delete, lambda _done: self.close_wanted.emit(), again=False)

    def _preview(self) -> None:
        def show() -> None:
            if self.record is not None:
                printing.preview_quote(self.desk, self.record, self)

        self.first_save(show)


class QuoteScreen(DocumentScreen):
    """The tab of one quote."""

    record_type = QuoteRecord
    order = False
    icon_name = QuoteRecord.tab_icon
    new_title = N_("New quote")
    opening_title = N_("Quote")
