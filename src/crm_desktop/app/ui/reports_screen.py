"""Reports: which one at the left, its period and grouping on top, chart and table below, files out."""

import calendar
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.app import report_files
from crm_desktop.app.features import REPORTS
from crm_desktop.app.ui.report_list import ReportList
from crm_desktop.app.ui.report_source import ReportSource
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Kind
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.report import AS_OF, PERIOD, Asked, Report, ReportTable
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.bars_chart import BarsChart
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, StateStack, failed, no_match
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline, title_label
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.tasks import Task
from crm_desktop.ui.theme import set_ground

THIS_MONTH, LAST_MONTH, THIS_YEAR, LAST_YEAR, ALL, CHOSEN = (
    "this_month",
    "last_month",
    "this_year",
    "last_year",
    "all",
    "chosen",
)
PERIODS: Final = (
    (THIS_YEAR, N_("This year")),
    (THIS_MONTH, N_("This month")),
    (LAST_MONTH, N_("Last month")),
    (LAST_YEAR, N_("Last year")),
    (ALL, N_("All days")),
    (CHOSEN, N_("From … to …")),
)
EXPORT: Final = ActionSpec(
    "export", N_("Export"), N_("Take this report to Excel or PDF"), "download", "Ctrl+E", Permission.REPORT_EXPORT
)
PACK: Final = ActionSpec(
    "pack",
    N_("Monthly pack…"),
    N_("Take the reports of a month to Excel in one workbook"),
    "download",
    "Ctrl+Shift+E",
    Permission.REPORT_EXPORT,
)
ENTITIES: Final = (
    *("order", "quote", "delivery", "invoice", "receipt", "instalment", "promise", "write_off"),
    *("opportunity", "activity", "contact"),
)
"""What reports are made of."""
FILTERS: Final = N_("Excel workbook (*.xlsx);;PDF document (*.pdf);;Text with commas (*.csv)")


def period(key: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of a named period."""
    first = today.replace(day=1)
    if key == THIS_MONTH:
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if key == LAST_MONTH:
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    if key in (THIS_YEAR, LAST_YEAR):
        year = today.year - (key == LAST_YEAR)
        return date(year, 1, 1), date(year, 12, 31)
    return None, None


class ReportsScreen(Screen):
    """The reports this person may see."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.reports = {one.name: one for one in REPORTS if one.offered_to(desk.actor)}
        self.report: Report = next(iter(self.reports.values()))
        self.answer: ReportTable | None = None
        self.actions_here = ActionSet(self, (EXPORT, PACK), desk.actor.may)
        self.actions_here.on("export", self._export)
        self.actions_here.on("pack", self._take_pack)
        self._running: Task | None = None
        self._periods = {False: THIS_YEAR, True: ALL}  # of reports that look back, and ahead
        self.list = ReportList(self.reports.values())
        self.list.chosen.connect(self.show_report)
        self.chart = BarsChart()
        self.chart.hide()
        self.footer = ListFooter()
        self.view: RecordView | None = None
        self._lay_out()
        desk.changes.changed.connect(self._heard)
        self.show_report(self.report.name)

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Reports")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("chart-no-axes-column")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("Ctrl+E", _("Export")),
            KeyHint("Ctrl+Shift+E", _("Monthly pack")),
            KeyHint("Ctrl+C", _("Copy for a spreadsheet")),
        )

    def reload(self) -> None:
        """Ask the report again."""
        report, asked = self.report, self.asked()
        if self._running is not None:
            self._running.superseded = True
            self._running.cancel()
        self._running = self.desk.tasks.read_long(
            self,
            lambda work, progress: report.answer(work, asked, progress),
            self._show,
            self._failed,
            label=_("Report"),
        )

    def show_rows(self, listing: Listing) -> None:
        """Show the report whose name `listing` has as its text, if this person may see it."""
        if listing.text in self.reports:
            self.show_report(listing.text)

    def show_report(self, name: str) -> None:
        """Show another report, with its usual grouping."""
        self.report = self.reports[name]
        self.list.choose(name)
        for combo, offered in ((self.by, self.report.groupings), (self.form, self.report.forms)):
            combo.blockSignals(True)
            combo.clear()
            for key, label in offered:
                combo.addItem(_(label), key)
            combo.blockSignals(False)
            combo.setVisible(bool(offered))
        with QSignalBlocker(self.period):
            self.period.setCurrentIndex(self.period.findData(self._periods[self.report.ahead]))
        self._by_label.setVisible(bool(self.report.groupings))
        self._show_days()
        self.heading.setText(_(self.report.title))
        self.reload()

    def asked(self) -> Asked:
        """Return what is asked now."""
        by, form = str(self.by.currentData() or ""), str(self.form.currentData() or "")
        if self.report.days != PERIOD:
            as_of = self.as_of.value() if self.report.days == AS_OF else None
            return Asked(by=by, form=form, as_of=as_of)
        key = str(self.period.currentData())
        if key == CHOSEN:
            first, last = self.first.value(), self.last.value()
        else:
            first, last = period(key, self.desk.today)
        return Asked(first, last, by, form=form)

    # How it is put together

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._header())
        right.addWidget(self._questions())
        right.addWidget(hairline())
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(self.chart)
        self._body.addWidget(hairline())
        self._body.addWidget(self.footer)
        self.stack = StateStack(body)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(hairline(vertical=True))
        row.addLayout(right, 1)

    def _header(self) -> QWidget:
        header, row = head_row()
        self.heading = title_label("")
        row.addWidget(self.heading)
        row.addStretch(1)
        if self.actions_here.offered():
            for name in ("pack", "export"):
                row.addWidget(button_for(self.actions_here[name], "plain", header))
        return header

    def _questions(self) -> QWidget:
        bar, row = questions_row()
        self.period = _combo([(key, _(text)) for key, text in PERIODS], _("Period"))
        self.by = _combo([], _("Grouped by"))
        self.form = _combo([], _("Form"))
        self.as_of = DateEditor("as_of", _("As of"), lambda: self.desk.today)
        self._as_of_label = caption(_("as of"))
        self._by_label = caption(_("by"))
        self.first = DateEditor("first", _("From"), lambda: self.desk.today)
        self.last = DateEditor("last", _("To"), lambda: self.desk.today)
        days = (self.period, self.first.widget, self.last.widget, self._as_of_label, self.as_of.widget)
        for widget in (*days, self._by_label, self.by, self.form):
            row.addWidget(widget)
        row.addStretch(1)
        self.period.currentIndexChanged.connect(self._period_chosen)
        for combo in (self.by, self.form):
            combo.currentIndexChanged.connect(self.reload)
        for editor in (self.first, self.last, self.as_of):
            editor.widget.setAccessibleName(editor.label)
            editor.edited.connect(self._day_typed)
            editor.widget.hide()
        return bar

    # What happens

    def _period_chosen(self) -> None:
        self._periods[self.report.ahead] = str(self.period.currentData())
        by_hand = self.period.currentData() == CHOSEN
        if by_hand and self.first.is_empty() and self.last.is_empty():
            first, last = period(THIS_YEAR, self.desk.today)
            self.first.set_value(first)
            self.last.set_value(last)
        self._show_days()
        self.reload()

    def _show_days(self) -> None:
        """Show the days that this report asks for."""
        by_hand = self.report.days == PERIOD and self.period.currentData() == CHOSEN
        self.period.setVisible(self.report.days == PERIOD)
        for editor in (self.first, self.last):
            editor.widget.setVisible(by_hand)
        for widget in (self._as_of_label, self.as_of.widget):
            widget.setVisible(self.report.days == AS_OF)

    def _day_typed(self) -> None:
        """Ask again once a whole day stands there; half a day is no question."""
        if all(editor.problem() is None for editor in (self.first, self.last, self.as_of)):
            self.reload()

    def _heard(self, changes: Any) -> None:
        if self.isVisible() and any(changes.touches(entity) for entity in ENTITIES):
            self.reload()

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _show(self, answer: ReportTable) -> None:
        self.answer = answer
        if not answer.rows:
            self.stack.show_state(self._nothing(answer))
            return
        self.stack.show_content()
        self._draw(answer)
        source = ReportSource(answer, self._formats())
        table = RecordTable(self.desk.tasks, source, self._formats)
        view = RecordView(table)
        view.setAccessibleName(answer.title)
        table.setParent(view)
        if self.view is not None:
            self._body.removeWidget(self.view)
            self.view.deleteLater()
        self.view = view
        self._body.insertWidget(1, view, 1)
        columns = tuple(field.name for field in answer.fields)
        view.sort_wanted.connect(lambda sorts: self._sort(table, sorts))
        table.show(Listing(columns=columns))
        self.footer.show_count(_rows(len(answer.rows)), source.count(None, Listing()))
        self.setFocusProxy(view)

    def _nothing(self, answer: ReportTable) -> EmptyState:
        if self.report.days != PERIOD or self.period.currentData() == ALL:
            return EmptyState("search", _("Nothing to report"), answer.said, kind="plain")
        said = _("Choose another period: {asked}").format(asked=answer.said)
        return no_match(_("Nothing in this period"), said, self._everything)

    def _sort(self, table: RecordTable, sorts: tuple[Sort, ...]) -> None:
        table.show(Listing(columns=table.listing.columns, sorts=sorts))

    def _draw(self, answer: ReportTable) -> None:
        if answer.chart is None:
            self.chart.hide()
            return
        value = answer.fields[answer.place(answer.chart.value)]
        money = value.kind is Kind.MONEY
        formats = self._formats()

        def shown(figure: Any) -> str:
            return formats.full_text(value, Money(figure, self.desk.currency) if money else figure)

        self.chart.setAccessibleName(f"{answer.title}: {_(value.label)}")
        self.chart.show_bars(answer.bars(self.desk.currency), shown)

    def _everything(self) -> None:
        self.period.setCurrentIndex(self.period.findData(ALL))

    def _failed(self, error: BaseException) -> None:
        self.stack.show_state(failed(_("The report could not be made"), str(error), self.reload))

    def _export(self) -> None:
        name = f"{self.answer.title if self.answer else _(self.report.title)} {self.desk.today:%Y-%m-%d}.xlsx"
        path = self.desk.dialogs.choose_save_file(_("Export the report"), name, _(FILTERS))
        if path is None:
            return
        path = path if path.suffix.lower() in report_files.ENDINGS else path.with_name(f"{path.name}.xlsx")
        report, asked = self.report, self.asked()
        self.desk.tasks.read_long(
            self,
            lambda work, progress: report_files.write_report(work, path, report, asked, progress=progress),
            lambda rows: self._note_down(path, report, rows, asked),
            label=_("Writing the report"),
        )

    def _take_pack(self) -> None:
        from crm_desktop.app.ui.pack_dialog import PackDialog

        PackDialog(self.desk, self.reports, self).open()

    def _note_down(self, path: Path, report: Report, rows: int, asked: Asked) -> None:
        """The file gets its name only after the journal knows of it."""
        from crm_desktop.shared.published import publish

        def tell(_published: None) -> None:
            self.desk.toast(_("The report is in {file}").format(file=path.name), kind="success")

        def finish(_nothing: object) -> None:
            self.desk.tasks.free(self, lambda _progress: publish(path), tell)

        self.desk.tasks.write(self, lambda work: report_files.note_report(work, path, report, rows, asked), finish)


def _combo(offered: Sequence[tuple[str, str]], name: str) -> QComboBox:
    combo = QComboBox()
    combo.setProperty("dense", True)
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for key, text in offered:
        combo.addItem(text, key)
    return combo


def _rows(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")
