"""One posted receipt in a tab: what it paid, what is left of it, and what can still be done with it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from crm_desktop.access import people
from crm_desktop.receivables import rules
from crm_desktop.receivables.money import accounts, receipts
from crm_desktop.receivables.ui.money.allocate_dialog import AllocateDialog
from crm_desktop.receivables.ui.money.money_dialog import MoneyDialog
from crm_desktop.receivables.ui.money.money_dialogs import RefundDialog, ReverseDialog, UnallocateDialog
from crm_desktop.receivables.ui.money.receipt_editors import AccountEditor, OfferedAccount, Remark
from crm_desktop.receivables.ui.money.receipt_form import MATURES
from crm_desktop.receivables.ui.money.receipt_printing import preview_receipt
from crm_desktop.receivables.ui.money.uses_table import UsesTable
from crm_desktop.receivables.ui.money.uses_words import use_lines
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import IconButton, button_for
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.date_editor import DateEditor, shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import LABEL, px
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import KeyHint
from crm_desktop.ui.text_editors import LineEditor

ENTITY: Final = "receipt"
_POST: Final = Permission.RECEIPT_POST
ACTIONS: Final = (
    ActionSpec(
        "preview",
        N_("Receipt"),
        N_("See the receipt on paper, print it, save it or send it by mail"),
        "printer",
        QKeySequence.StandardKey.Print,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec(
        "allocate", N_("Allocate…"), N_("Let what is left pay open instalments"), "", "F9", Permission.RECEIPT_ALLOCATE
    ),
    ActionSpec(
        "unallocate",
        N_("Un-allocate…"),
        N_("Take back what the chosen line paid, from today on"),
        "undo-2",
        "Del",
        Permission.RECEIPT_ALLOCATE,
    ),
    ActionSpec(
        "refund", N_("Pay back…"), N_("Give what is left back to the customer"), "", None, Permission.RECEIPT_POST
    ),
    ActionSpec(
        "reverse",
        N_("Reverse…"),
        N_("The money never arrived: take the whole receipt back"),
        "",
        None,
        Permission.RECEIPT_POST,
    ),
    ActionSpec("customer", N_("Customer"), N_("Open the customer"), "users"),
)
IN_MENU: Final = ("refund", "reverse", "customer")
MEANS: Final = ("method", "account_id", "reference", "matures_on", "payer", "notes")
"""How the money came: what may still change."""


class ReceiptRecord(RecordScreen):
    """The receipt itself; new ones are made on the allocation screen."""

    entity = ENTITY
    compact_head = True

    def __init__(self, desk: Desk, receipt_id: int) -> None:
        form = RecordForm((), EditorContext(today=lambda: desk.today, actor=desk.actor))
        methods = [(key, _(text)) for key, text in rules.METHODS]
        self.account = AccountEditor(())
        for editor in (
            ChoiceEditor("method", _("Method"), methods, None, 13),
            self.account,
            LineEditor("reference", _("Bank reference"), 17),
            DateEditor("matures_on", _("Matures on"), lambda: desk.today),
            LineEditor("payer", _("Paid by somebody else (if any)"), 24),
            Remark("notes", _("Notes for colleagues")),
        ):
            form.add_editor(editor.name, editor)
        super().__init__(desk, receipt_id, form)
        form.setParent(self)
        form.hide()
        self.uses = UsesTable()
        self._said = text_label("", LABEL, ink="text2")
        self.uses.opened.connect(desk.open_record)
        self.uses.chosen.connect(self._offer_steps)
        self.actions_here = ActionSet(self, ACTIONS, desk.actor.may)
        for name in self.actions_here:
            self.actions_here.on(name, getattr(self, f"_{name}"))
        self.save_button.set_kind("plain")
        self._front = button_for(self.actions_here["preview"], "quiet", self)
        self._step = button_for(self.actions_here["allocate"], "primary", self)
        self._take_back = button_for(self.actions_here["unallocate"], "quiet", self)
        self._more = IconButton("ellipsis", _("More actions"), parent=self)
        self._more.clicked.connect(self._open_more)
        self.add_tab("uses", _("Uses"), self._page(), scrolls=False)
        self.loaded.connect(self._show_loaded)
        form.edited.connect(self._show_maturity)
        desk.changes.changed.connect(self._money_moved)
        desk.tasks.read(self, lambda work: accounts.accounts(work, inactive=True), self._offer_accounts)
        self.reload()

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(px(20), px(12), px(20), px(12))
        row.setSpacing(px(12))
        for name in MEANS:
            row.addWidget(self.form.box(name), 1 if name in ("payer", "notes") else 0)
        column.addLayout(row)
        column.addWidget(hairline())
        column.addWidget(self.uses, 1)
        column.addWidget(hairline())
        foot = grounded("sunken")
        foot.setMinimumHeight(px(40))
        line = QHBoxLayout(foot)
        line.setContentsMargins(px(20), px(4), px(12), px(4))
        line.addWidget(self._said)
        line.addStretch(1)
        line.addWidget(self._take_back)
        column.addWidget(foot)
        return page

    # What the base asks --------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the receipt. Raises NotFound."""
        return receipts.get(work, record_id)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store how the money came."""
        assert record_id is not None
        receipts.save(work, record_id, version or 0, values)
        return receipts.get(work, record_id)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        receipt_id = work.stored_by(operation_id, ENTITY)
        return receipts.get(work, receipt_id) if receipt_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the receipt last."""
        return people.names(work).get(receipts.get(work, record_id)["updated_by"] or 0, "")

    def describe(self, record: Record | None) -> Heading:
        """Return number, state, customer, and how much of it is left."""
        if record is None:
            return Heading(_("Receipt"))
        facts = [
            str(record["contact_name"]),
            shown_date(record["dated_on"]),
            str(record["reason"]),
            _("of {number}").format(number=record["origin_number"]) if record["origin_number"] else "",
        ]
        money = f"{record['currency']} {number_text(record['amount'])}"
        figures = [Figure(_("Amount"), money)]
        if record["kind"] == rules.RECEIPT and not record["reversed_by"]:
            left: Decimal = record["open"]
            figures += [
                Figure(_("Used"), number_text(record["amount"] - left)),
                Figure(_("Left"), number_text(left), ink="warn" if left else "text"),
            ]
        return Heading(str(record["number"]), [_pill(record)], facts, figures)

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("banknote")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("↵", _("Open what it paid")),
            KeyHint("Del", _("Un-allocate")),
            KeyHint("F9", _("Allocate")),
            *super().keys(),
        )

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        here = [action for action in self.actions_here.offered() if action.isVisible() and action.isEnabled()]
        return (*super().actions_offered(), *here)

    # What is shown -------------------------------------------------------------------------------

    def _offer_accounts(self, rows: Sequence[accounts.AccountRow]) -> None:
        self.account.accounts = tuple(OfferedAccount(one.id, one.name, one.currency) for one in rows)
        dirty = self.form.is_dirty
        if self.record is not None:
            self.account.follow_currency(self.record["currency"])
            if not dirty:
                self.form.load(self.record)

    def _show_loaded(self, record: Record) -> None:
        if self.account.accounts and not self.form.is_dirty:
            self.account.follow_currency(record["currency"])
            self.form.load(record)
        lines = use_lines(record["uses"], record["settled"], self.desk.names, record.id)
        self.uses.show_lines(lines)
        self._said.setText(self._uses_words(len(lines)))
        may = self.desk.actor.may(Permission.RECEIPT_POST)
        self.form.set_read_only(not may)
        self.save_action.setVisible(may)
        self._show_maturity()
        self._offer_steps()

    def _uses_words(self, count: int) -> str:
        if not count:
            return _("Nothing is paid with it yet: all of it is an advance.")
        return ngettext("{count} line", "{count} lines", count).format(count=count)

    def _show_maturity(self) -> None:
        value = self.form.editor("method").value()
        self.form.box("matures_on").setVisible(value in MATURES)

    def _offer_steps(self) -> None:
        record = self.record
        standing = record is not None and record["kind"] == rules.RECEIPT and not record["reversed_by"]
        left = standing and record is not None and bool(record["open"])
        line = self.uses.line()
        for name, possible in (
            ("allocate", left),
            ("refund", left),
            ("reverse", standing),
            ("unallocate", standing and any(one.may_unallocate for one in self.uses.model_.lines)),
        ):
            self.actions_here.show(name, bool(possible))
        self.actions_here.enable("unallocate", line is not None and line.may_unallocate)
        self.actions_here.show("preview", record is not None and record["kind"] != rules.KEPT)
        self._show_buttons()

    def _show_buttons(self) -> None:
        front = [self._front] if self.actions_here["preview"].isVisible() else []
        right: list[QWidget] = [self.save_button] if self.save_action.isVisible() else []
        right += [self._step] if self.actions_here["allocate"].isVisible() else []
        self.head.set_actions([*front, self._more], right)

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in IN_MENU:
            if self.actions_here[name].isVisible():
                menu.addAction(self.actions_here[name])
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _money_moved(self, changes: Changes) -> None:
        """Read again what it was used for after something else than saving this form changed it."""
        if self.record is not None and any(changes.touches(entity) for entity in ("invoice", "write_off", "order")):
            if not changes.touches(ENTITY, self.record.id):
                self._read_again()

    def _read_again(self) -> None:
        receipt_id = self.record_id
        if receipt_id is None:
            return

        def take(record: Record) -> None:
            self.form.rebase(record)
            self._take(record)

        self.desk.tasks.read(
            self, lambda work: receipts.get(work, receipt_id), take, self._load_failed, coalesce="record"
        )

    # Steps ---------------------------------------------------------------------------------------

    def _run(self, dialog: MoneyDialog) -> None:
        dialog.began.connect(self._saver.operations.add)
        dialog.carried_out.connect(lambda _result: self._read_again())
        dialog.open()

    def _preview(self) -> None:
        if self.record is not None:
            preview_receipt(self.desk, self.record.id, str(self.record["number"]), self)

    def _allocate(self) -> None:
        if (record := self.record) is not None:
            source = (ENTITY, record.id)
            number, currency = str(record["number"]), str(record["currency"])
            self._run(AllocateDialog(self.desk, record["contact_id"], source, number, currency, record["open"], self))

    def _unallocate(self) -> None:
        record, line = self.record, self.uses.line()
        if record is not None and line is not None and line.may_unallocate:
            amount = f"{record['currency']} {number_text(line.value)}"
            ids = [line.allocation_id]
            self._run(UnallocateDialog(self.desk, record["contact_id"], ids, amount, line.target, self))

    def _refund(self) -> None:
        if (record := self.record) is not None:
            source = (ENTITY, record.id)
            self._run(RefundDialog(self.desk, source, str(record["number"]), record["currency"], record["open"], self))

    def _reverse(self) -> None:
        if self.record is not None:
            self._run(ReverseDialog(self.desk, self.record, self))

    def _customer(self) -> None:
        if self.record is not None:
            self.desk.open_record("contact", self.record["contact_id"])


def _pill(record: Record) -> tuple[str, str]:
    """Return the one word that matters: of money received how much is used, else what it is."""
    if record["kind"] != rules.RECEIPT:
        return _(dict(rules.RECEIPT_KINDS)[record["kind"]]), "neutral"
    if record["reversed_by"]:
        return _("Reversed"), "danger"
    if not record["open"]:
        return _("All used"), "success"
    return (_("Advance"), "info") if record["open"] == record["amount"] else (_("Partly used"), "warn")
