"""The ageing on screen: a row per customer, a column per bucket, as of any day; any figure opens its documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QIcon, QShowEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting import ageing
from crm_desktop.receivables.collecting.aged_items import Figure
from crm_desktop.receivables.ui.collecting import aged_rows
from crm_desktop.receivables.ui.collecting.aged_items_dialog import AgedItemsDialog
from crm_desktop.receivables.ui.collecting.aged_rows import (
    NOBODY,
    Aged,
    fields_of,
    figures_of,
    looks_of,
    slot_words,
    source_of,
)
from crm_desktop.receivables.ui.collecting.ageing_bar import ages_of
from crm_desktop.receivables.ui.collecting.figure_view import FigureView
from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.receivables.ui.collecting.sums_foot import SumsFoot
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.report import Asked
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import DateEditor, shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, StateStack, failed
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline, title_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.views_bar import ViewsBar

EXPORT: Final = ActionSpec(
    "export", N_("Export"), N_("Take this ageing to Excel or PDF"), "download", "Ctrl+E", Permission.REPORT_EXPORT
)
STATEMENT: Final = ActionSpec(
    "statement", N_("Statement"), N_("Open the customer's statement of account"), "file-text", "S"
)
HEARS: Final = ("invoice", "receipt", "instalment", "write_off", "order", "contact", "receivable_settings")
SETTLE_MS: Final = 300


def ageing_screen(desk: Desk) -> Screen:
    """Return the ageing."""
    return AgeingScreen(desk)


class AgeingScreen(Screen):
    """An ageing in one currency at a time; the day, what it is aged by and the grouping are asked on top."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.aged: Aged | None = None
        self.view: FigureView | None = None
        self.actions_here = ActionSet(self, (STATEMENT, EXPORT), desk.actor.may)
        self.actions_here.on("export", self._export)
        self.actions_here.on("statement", self._statement)
        self.currencies = ViewsBar()
        self.currencies.setAccessibleName(_("Currency"))
        self.as_of = DateEditor("as_of", _("As of"), lambda: desk.today)
        self.by = _combo(ageing.FORMS, _("Aged by"))
        self.group = _combo(ageing.GROUPINGS, _("A row per"))
        self.filter = QLineEdit()
        self.foot = SumsFoot()
        self.running = LongWork(desk)
        self.footer = ListFooter()
        self._outdated = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        self._lay_out()
        self._connect()
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Ageing")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("clock")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("← →", _("To another figure")),
            KeyHint("Enter", _("What the figure is made of")),
            KeyHint("S", _("Statement")),
            KeyHint("Ctrl+E", _("Export")),
            KeyHint("Ctrl+C", _("Copy for a spreadsheet")),
        )

    def search_here(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def asked(self) -> Asked:
        """Return what is asked now, as the report of the same name takes it."""
        return Asked(
            by=str(self.group.currentData()),
            as_of=self.as_of.value(),
            form=str(self.by.currentData()),
            currency=self.currencies.current(),
        )

    def reload(self) -> None:
        """Ask again; the old rows stay until the new ones are there."""
        if self.as_of.problem() is not None:
            return
        self._outdated = False
        as_of, by, group = self.as_of.value(), str(self.by.currentData()), str(self.group.currentData())
        self.running.run(
            _("Ageing"),
            lambda work, progress: aged_rows.read_ageing(work, as_of, by, group, progress),
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
        self._body.addWidget(self.foot)
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
        row.addWidget(title_label(self.title()))
        row.addSpacing(px(10))
        row.addWidget(self.currencies)
        row.addStretch(1)
        if any(action.objectName() == "export" for action in self.actions_here.offered()):
            row.addWidget(button_for(self.actions_here["export"], "plain", header))
        return header

    def _questions(self) -> QWidget:
        bar, row = questions_row()
        self.filter.setPlaceholderText(_("Filter by name"))
        self.filter.setAccessibleName(_("Filter by name"))
        self.filter.setProperty("dense", True)
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(px(200))
        self.as_of.widget.setAccessibleName(self.as_of.label)
        self.as_of.set_value(self.desk.today)
        for widget in (self.filter, caption(_("as of")), self.as_of.widget, self.by, self.group):
            row.addWidget(widget)
        row.addStretch(1)
        return bar

    def _connect(self) -> None:
        self.as_of.edited.connect(self.reload)
        self.by.currentIndexChanged.connect(lambda _place: self.reload())
        self.group.currentIndexChanged.connect(lambda _place: self.reload())
        self.filter.textChanged.connect(lambda _text: self._sort(self.view.table.listing.sorts if self.view else ()))
        self.filter.returnPressed.connect(lambda: self.view.setFocus() if self.view else None)
        self.currencies.chosen.connect(lambda _currency: self._show_currency())
        self.desk.changes.changed.connect(self._heard)

    # What is shown

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _show(self, aged: Aged) -> None:
        before, self.aged = self.currencies.current(), aged
        self.currencies.clear()
        found = aged.currencies()
        for currency, count in found:
            self.currencies.add_view(currency, currency, f"{count:,}")
        self.currencies.set_current(self.desk.currency)
        self.currencies.set_current(before)
        self.currencies.setVisible(len(found) > 1)
        self.actions_here.show("statement", aged.made.group == ageing.CUSTOMER)
        if not found:
            self.stack.show_state(self._nothing())
            return
        self.stack.show_content()
        self._show_currency()

    def _show_currency(self) -> None:
        assert self.aged is not None
        currency, fields = self.currencies.current(), fields_of(self.aged.made)
        source = source_of(self.aged, currency, fields)
        view = self.view
        if view is None or view.table.source.fields != fields:
            view = self._new_view(source)
        view.table.source = source
        columns = tuple(field.name for field in fields)
        if view.table.columns:
            view.table.reload()
        else:
            view.table.show(Listing(self.filter.text(), columns=columns))
        self.actions_here.enable("statement", self.aged.made.group == ageing.CUSTOMER)

    def _new_view(self, source: Any) -> FigureView:
        assert self.aged is not None
        table = RecordTable(self.desk.tasks, source, self._formats, looks_of(self.aged.made))
        view = FigureView(table)
        table.setParent(view)
        view.setAccessibleName(_("Ageing"))
        view.figure_opened.connect(self._open_figure)
        view.sort_wanted.connect(self._sort)
        table.completed.connect(self._foot)
        had_focus = self.view is not None and self.view.hasFocus()
        if self.view is not None:
            self._body.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view = view
        self._body.insertWidget(0, view, 1)
        self.foot.follow(view)
        self.setFocusProxy(view)
        if had_focus:
            view.setFocus()
        return view

    def sums(self) -> tuple[Decimal, ...]:
        """Return the sums of the rows on screen in the order of the columns."""
        assert self.aged is not None
        assert self.view is not None
        shown = set(self.view.table.ids())
        currency = self.currencies.current()
        totals = [from_minor(0, currency)] * (len(self.aged.made.bounds) + 5)
        for row in self.aged.made.rows:
            if row[1] == currency and (row[0] or NOBODY) in shown:
                totals = [a + b for a, b in zip(totals, figures_of(row), strict=True)]
        return tuple(totals)

    def _foot(self) -> None:
        """Say what the columns of the rows on screen add up to."""
        if self.aged is None or self.view is None:
            return
        totals, made = self.sums(), self.aged.made
        not_due, *buckets = totals[: len(made.bounds) + 2]
        ages = ages_of(not_due, buckets, made.bounds)
        label = _("Total {currency}").format(currency=self.currencies.current())
        self.foot.show_sums(label, {"ages": ages, **dict(zip(made.names[2:], totals, strict=True))})
        count = self.view.table.rowCount()
        words = ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")
        overdue = _("Overdue {amount}").format(amount=number_text(ages.late))
        balance = f"{self.currencies.current()} {number_text(totals[-1])}"
        self.footer.show_count(f"{words} · {self._asked_words()}", Count(count, totals=(overdue, balance)))

    def _asked_words(self) -> str:
        assert self.aged is not None
        return _("as of {day}").format(day=shown_date(self.aged.made.as_of))

    def _nothing(self) -> QWidget:
        return EmptyState(
            "circle-check",
            _("Nothing was owed on this day"),
            _("Customers with posted invoices that are not paid stand here, with how late they are."),
        )

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            if self.aged is None:
                self.stack.show_state(failed(_("The ageing was stopped"), "", self.reload))
            return
        self.stack.show_state(failed(_("The ageing could not be made"), str(error), self.reload))

    def _sort(self, sorts: tuple[Sort, ...]) -> None:
        if self.view is not None and self.view.table.columns:
            columns = tuple(field.name for field in self.view.table.columns)
            self.view.table.show(Listing(self.filter.text(), columns=columns, sorts=sorts))

    def _heard(self, changes: Changes) -> None:
        if not any(changes.touches(entity) for entity in HEARS):
            return
        if self.isVisible():
            self._settle.start()
        else:
            self._outdated = True

    # What people do

    def _open_figure(self, id_: int, name: str) -> None:
        assert self.aged is not None
        made, key = self.aged.made, None if id_ == NOBODY else id_
        currency = self.currencies.current()
        who = self.aged.names.get(key, "")
        title = f"{who} · {slot_words(made, name)}"
        said = f"{currency} · {self._asked_words()}"
        as_of = None if made.as_of == self.desk.today else made.as_of
        figure = Figure(as_of, made.by, made.group, key, currency, name)
        AgedItemsDialog(self.desk, title, said, figure, self).open()

    def _statement(self) -> None:
        if self.aged is not None and self.view is not None and self.view.current_id:
            if self.aged.made.group == ageing.CUSTOMER:
                self.desk.open_record("statement_for_contact", self.view.current_id)

    def _export(self) -> None:
        from crm_desktop.receivables.ui.collecting.report_export import export

        export(self, ageing.AGEING, self.asked(), self.title(), self.running)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while it was out of sight."""
        super().showEvent(event)
        if self._outdated:
            self.reload()


def _combo(offered: Sequence[tuple[str, str]], name: str) -> QComboBox:
    combo = QComboBox()
    combo.setProperty("dense", True)
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    for key, text in offered:
        combo.addItem(_(text), key)
    return combo
