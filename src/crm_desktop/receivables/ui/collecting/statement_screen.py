"""Statements of account: of one customer line by line, or of all where they stood and stand; on paper and as files."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from crm_desktop.orders.ui.document_editors import CustomerEditor
from crm_desktop.receivables.collecting import statement_files, statement_papers, statement_traces, statements
from crm_desktop.receivables.collecting.statement_files import STATEMENT
from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.report import Asked, ReportTable
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.empty import EmptyState, StateStack, failed
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline, title_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.looks import Look
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.theme import set_ground

PREVIEW: Final = ActionSpec(
    "preview", N_("Preview"), N_("See the statement as it is printed; print, save or mail it"), "eye", "Ctrl+P"
)
EXPORT: Final = ActionSpec(
    "export",
    N_("Save as PDF or Excel"),
    N_("One PDF, or one workbook with a sheet per customer and currency"),
    "download",
    "Ctrl+E",
    Permission.REPORT_EXPORT,
)
HEARS: Final = ("invoice", "receipt", "instalment", "write_off", "order", "contact")
_CUSTOMER_PX: Final = 240
_FIRST: Final = ("kind", "number", "dated_on", "due_on")
LOOKS: Final = {"number": Look(token="text", chars=16), "balance": Look(weight=500), "closing": Look(weight=500)}


def statement_record(
    desk: Desk, contact_id: int | None, _drafts: DraftStore | None = None, _company: str = ""
) -> Screen:
    """Return the statements of a customer, None for those of all."""
    return StatementScreen(desk, contact_id)


class StatementScreen(Screen):
    """Who, which form, which days and which currency stand on top; what is asked for is shown at once."""

    def __init__(self, desk: Desk, contact_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.contact_id = contact_id
        self.answer: ReportTable | None = None
        self.view: RecordView | None = None
        self.actions_here = ActionSet(self, (PREVIEW, EXPORT), desk.actor.may)
        self.actions_here.on("preview", self._preview)
        self.actions_here.on("export", self._export)
        self.customer = CustomerEditor("contact_id", _("Customer"), desk)
        self.form = QComboBox()
        self.currency = QComboBox()
        self.first = DateEditor("first", _("From"), lambda: desk.today)
        self.last = DateEditor("last", _("Until"), lambda: desk.today)
        self.running = LongWork(desk)
        self.footer = ListFooter()
        self.preview: PdfPreview | None = None
        self._lay_out()
        self.first.set_value(desk.today.replace(month=1, day=1))
        self.last.set_value(desk.today)
        self.customer.fill(contact_id)
        self._connect()
        self._ask_currencies()
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        name = self.customer.line.text().strip()
        if self.contact_id is not None and name:
            return _("Statement: {customer}").format(customer=name)
        return _("Statements")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("file-text")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("Ctrl+P", _("Preview")),
            KeyHint("Ctrl+E", _("Save as PDF or Excel")),
            KeyHint("Ctrl+C", _("Copy for a spreadsheet")),
        )

    def search_here(self) -> None:
        """Go to the customer."""
        self.customer.focus()

    def asked(self) -> Asked:
        """Return what is asked now."""
        form = str(self.form.currentData())
        return Asked(
            from_on=self.first.value() if form == statements.ACTIVITY else None,
            to_on=self.last.value(),
            form=form,
            contact_id=self.contact_id,
            currency=str(self.currency.currentData() or ""),
        )

    def reload(self) -> None:
        """Ask again; the old lines stay until the new ones are there."""
        if any(editor.problem() is not None for editor in (self.first, self.last)):
            return
        asked = self.asked()
        self.running.run(
            _("Statements"),
            lambda work, progress: statement_files.table(work, asked, progress=progress),
            self._show,
            self._failed,
            only_shows=True,
        )

    # How it is put together

    def _lay_out(self) -> None:
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(hairline())
        self._body.addWidget(self.footer)
        self.stack = StateStack(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header(), self._questions(), hairline(), self.running):
            column.addWidget(part)
        column.addWidget(self.stack, 1)

    def _header(self) -> QWidget:
        header, row = head_row()
        self.heading = title_label(_("Statements"))
        row.addWidget(self.heading)
        row.addStretch(1)
        offered = {action.objectName() for action in self.actions_here.offered()}
        row.addWidget(button_for(self.actions_here["preview"], "plain", header))
        if "export" in offered:
            row.addWidget(button_for(self.actions_here["export"], "primary", header))
        return header

    def _questions(self) -> QWidget:
        bar, row = questions_row()
        self.customer.line.setPlaceholderText(_("All customers"))
        self.customer.line.setClearButtonEnabled(True)
        self.customer.line.setFixedWidth(px(_CUSTOMER_PX))
        self.currency.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for key, text in statements.FORMS:
            self.form.addItem(_(text), key)
        self._first_label = caption(_("from"))
        self._last_label = caption(_("until"))
        for widget, name in (
            (self.customer.line, _("Customer")),
            (self.form, _("Form")),
            (self._first_label, ""),
            (self.first.widget, _("From")),
            (self._last_label, ""),
            (self.last.widget, _("Until")),
            (self.currency, _("Currency")),
        ):
            widget.setProperty("dense", True)
            if name:
                widget.setAccessibleName(name)
                widget.setToolTip(name)
            row.addWidget(widget)
        row.addStretch(1)
        return bar

    def _connect(self) -> None:
        self.customer.chosen.connect(self._take_customer)
        self.customer.line.textChanged.connect(self._customer_named)
        self.form.currentIndexChanged.connect(lambda _place: self._form_chosen())
        self.currency.currentIndexChanged.connect(lambda _place: self.reload())
        for editor in (self.first, self.last):
            editor.edited.connect(self.reload)
        self.desk.changes.changed.connect(self._heard)

    # What is asked

    def _customer_named(self, text: str) -> None:
        """Show the beginning of the name that was read; an emptied field asks for all customers."""
        if text.strip():
            if self.customer.value() == self.contact_id and not self.customer.line.hasFocus():
                self.customer.line.setCursorPosition(0)
            self._say_title()
        elif self.contact_id is not None:
            self._take_customer(None)

    def _take_customer(self, contact_id: int | None) -> None:
        self.contact_id = contact_id
        self._ask_currencies()
        self._say_title()
        self.reload()

    def _say_title(self) -> None:
        self.heading.setText(self.title())
        self.title_changed.emit()

    def _form_chosen(self) -> None:
        activity = self.form.currentData() == statements.ACTIVITY
        for widget in (self._first_label, self.first.widget):
            widget.setVisible(activity)
        self._last_label.setText(_("until") if activity else _("on"))
        self.reload()

    def _ask_currencies(self) -> None:
        contact_id = self.contact_id
        if contact_id is None:
            self._offer_currencies(())
            return
        self.desk.tasks.read(
            self, lambda work: statements.currencies(work, contact_id), self._offer_currencies, coalesce="currencies"
        )

    def _offer_currencies(self, found: Sequence[str]) -> None:
        """Offer the currencies of a customer where there are several; none chosen is all of them."""
        self.currency.blockSignals(True)
        self.currency.clear()
        self.currency.addItem(_("All currencies"), "")
        for code in found:
            self.currency.addItem(code, code)
        self.currency.blockSignals(False)
        self.currency.setVisible(len(found) > 1)

    # What is shown

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _show(self, answer: ReportTable) -> None:
        self.answer = answer
        self._say_title()
        self.actions_here.enable("preview", bool(answer.rows) and self.asked().contact_id is not None)
        self.actions_here.enable("export", bool(answer.rows))
        if not answer.rows:
            self.stack.show_state(
                EmptyState(
                    "file-text",
                    _("There is nothing to state"),
                    _("Nobody owed or paid anything in these days: {asked}").format(asked=answer.said),
                )
            )
            return
        self.stack.show_content()
        source = RowsSource("statement", answer.fields, dict(enumerate(answer.rows, 1)))
        table = RecordTable(self.desk.tasks, source, self._formats, LOOKS)
        view = RecordView(table)
        view.setAccessibleName(answer.title)
        table.setParent(view)
        had_focus = self.view is not None and self.view.hasFocus()
        if self.view is not None:
            self._body.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view = view
        self._body.insertWidget(0, view, 1)
        columns = shown_columns(answer)
        view.sort_wanted.connect(lambda sorts: self._sort(table, sorts))
        table.show(Listing(columns=columns))
        self.footer.show_count(self._counted(len(answer.rows)), Count(len(answer.rows), totals=self._totals()))
        self.setFocusProxy(view)
        if had_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _counted(self, count: int) -> str:
        assert self.answer is not None
        words = ngettext("{count} line", "{count} lines", count).format(count=f"{count:,}")
        return f"{words} · {self.answer.said}"

    def _totals(self) -> tuple[str, ...]:
        """Return the closing balance of every currency, and of one customer what was charged and paid."""
        assert self.answer is not None
        fields = {field.name: place for place, field in enumerate(self.answer.fields)}
        names = ("charged", "paid") if "kind" in fields else ("closing",)
        said = [
            f"{_(self.answer.fields[fields[name]].label)} {_money(row[fields[name]])}"
            for row in self.answer.totals()
            for name in names
            if row[fields[name]] is not None
        ]
        if "kind" in fields:
            kind, balance = fields["kind"], fields["balance"]
            closing = [row[balance] for row in self.answer.rows if row[kind] == "closing"]
            said += [_("Balance {amount}").format(amount=_money(one)) for one in closing]
        return tuple(said)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            self.stack.show_state(failed(_("The statement could not be made"), str(error), self.reload))

    def _sort(self, table: RecordTable, sorts: tuple[Sort, ...]) -> None:
        table.show(Listing(columns=table.listing.columns, sorts=sorts))

    def _heard(self, changes: Changes) -> None:
        if self.isVisible() and any(changes.touches(entity) for entity in HEARS):
            self.reload()

    # What people do

    def _preview(self) -> None:
        asked = self.asked()
        if asked.contact_id is None:
            return
        # The drawing library is loaded when the first paper is drawn.
        from crm_desktop.reports.paper_pdf import papers_pdf

        preview = PdfPreview(
            self.desk,
            self.title(),
            lambda work: papers_of(work, asked),
            papers_pdf,
            f"{_file_name(self.title())} {_last_day(asked, self.desk.today):%Y-%m-%d}.pdf",
            parent=self.window(),
        )
        preview.taken.connect(partial(_note_taken, preview, asked, set()))
        preview.show()
        self.preview = preview

    def _export(self) -> None:
        from crm_desktop.receivables.ui.collecting.report_export import export

        export(self, STATEMENT, self.asked(), self.title(), self.running)


def _note_taken(preview: PdfPreview, asked: Asked, told: set[str], way: str) -> None:
    """Let the timeline know that it went out; the same paper taken out twice is told once."""
    if way not in told:
        told.add(way)
        preview.desk.tasks.write(preview, lambda work: statement_traces.note_statements(work, asked, way))


def shown_columns(answer: ReportTable) -> tuple[str, ...]:
    """Return the columns in the order of the screen; those without a value in any line are left out."""
    filled = [field.name for place, field in enumerate(answer.fields) if any(row[place] for row in answer.rows)]
    first = [name for name in _FIRST if name in filled]
    return (*first, *(name for name in filled if name not in first))


def papers_of(work: Any, asked: Asked) -> list[Any]:
    """Return the papers of one customer, one per currency; runs on the database lane."""
    assert asked.contact_id is not None
    wanted = [asked.currency] if asked.currency else statements.currencies(work, asked.contact_id)
    return [
        statement_papers.paper(
            work,
            statements.statement(
                work, asked.contact_id, one, form=asked.form, from_on=asked.from_on, to_on=asked.to_on
            ),
        )
        for one in wanted
    ]


def _last_day(asked: Asked, today: date) -> date:
    return asked.to_on or today


def _file_name(title: str) -> str:
    return "".join("-" if char in '\\/:*?"<>|' else char for char in title)


def _money(money: Money) -> str:
    return f"{money.currency} {number_text(money.amount)}"
