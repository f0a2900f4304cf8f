"""The chart with its title; T shows the same numbers as a table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm_desktop.home.figures import Figure, Month, MonthsChart
from crm_desktop.home.ui.figure_words import not_added_text, value_text
from crm_desktop.home.ui.months_chart_view import HIGH_PX, MonthsView
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.fonts import BODY, LABEL, px
from crm_desktop.ui.labels import caption, section_label, text_label
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable


class MonthsTable(PlainTable):
    """The months as rows; Enter opens what was received, Ctrl+Enter what was invoiced, T goes back."""

    figure_opened = Signal(object)
    chart_wanted = Signal()

    def __init__(self, chart: MonthsChart) -> None:
        columns = [PlainColumn("month", _("Month"), 16, lambda month: month.name, grows=True)]
        columns += [
            PlainColumn(str(place), series.capitalize(), 16, _cell_of(place), right=True)
            for place, series in enumerate(chart.series)
        ]
        super().__init__(PlainRows(columns), chart.title)
        self.doubleClicked.connect(lambda index: self._open(index.row(), index.column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the figure of the current column, or go back to the chart."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.currentIndex()
            self._open(index.row(), index.column())
        elif event.key() == Qt.Key.Key_T and not event.modifiers():
            self.chart_wanted.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _open(self, row: int, column: int) -> None:
        if 0 <= row < len(self.plain.rows):
            figures = self.plain.rows[row].figures
            self.figure_opened.emit(figures[column - 1 if column > 0 else len(figures) - 1])


class ChartView(QWidget):
    """Title, unit, and the columns or their table."""

    figure_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = section_label("")
        self.said = caption("")
        self.view = MonthsView(self)
        self.table: MonthsTable | None = None
        self.foot = text_label("", LABEL, ink="muted", wrap=True)
        self.foot.setContentsMargins(px(20), 0, px(20), 0)
        self.foot.setVisible(False)
        self.switch = IconButton("table", _("The same numbers as a table (T)"))
        self.switch.clicked.connect(self.toggle)
        head = QHBoxLayout()
        head.setContentsMargins(px(20), 0, px(12), 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.said)
        head.addWidget(self.switch)
        body = QWidget()
        body.setFixedHeight(px(HIGH_PX))
        self._stack = QStackedLayout(body)
        self._stack.addWidget(_padded(self.view))
        self._failure = text_label("", BODY, ink="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(12), 0, px(8))
        column.setSpacing(px(4))
        column.addLayout(head)
        column.addWidget(body)
        column.addWidget(self.foot)
        self.view.figure_opened.connect(self.figure_opened)
        self.view.table_wanted.connect(self.toggle)

    def show_chart(self, chart: MonthsChart) -> None:
        """Show other numbers."""
        self.title.setText(chart.title)
        self.view.show_chart(chart)
        self._say(chart)
        if self.table is not None:
            self.table.plain.show(_newest_first(chart.months))

    def show_failure(self) -> None:
        """Say that it could not be read."""
        self.said.setText(_("This could not be read. Press F5 to try again."))

    def toggle(self) -> None:
        """Show the table in place of the columns, or the columns again."""
        chart = self.view.chart
        if chart is None:
            return
        if self._stack.currentIndex() == 0:
            if self.table is None:
                self.table = MonthsTable(chart)
                self.table.figure_opened.connect(self.figure_opened)
                self.table.chart_wanted.connect(self.toggle)
                self._stack.addWidget(self.table)
                self.table.plain.show(_newest_first(chart.months))
            self._stack.setCurrentWidget(self.table)
            self.table.setFocus()
            self.table.setCurrentIndex(self.table.plain.index(0, len(chart.series)))
        else:
            self._stack.setCurrentIndex(0)
            self.view.setFocus()
        self._say(chart)

    def _say(self, chart: MonthsChart) -> None:
        # The axis is in thousands, the table is not.
        unit = self.view.unit() if self._stack.currentIndex() == 0 else chart.currency
        self.said.setText(chart.said.replace(chart.currency, unit, 1))
        self.foot.setText(not_added_text(chart.not_added))
        self.foot.setVisible(bool(chart.not_added))


def _cell_of(place: int):  # type: ignore[no-untyped-def]
    def text(month: Month) -> str:
        figure: Figure = month.figures[place]
        return value_text(figure.value)

    return text


def _newest_first(months: tuple[Month, ...]) -> tuple[Month, ...]:
    return tuple(reversed(months))


def _padded(view: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(px(16), 0, px(12), 0)
    row.addWidget(view)
    return holder
