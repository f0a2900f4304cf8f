"""The chart of Home: two columns a month from one zero line; the same numbers as a table behind T."""

import math
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from crm_desktop.home.figures import Figure, Month, MonthsChart
from crm_desktop.home.ui.figure_words import axis_unit, money_text
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, HINT, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.shapes import paint_focus_ring
from crm_desktop.ui.theme import theme, token

HIGH_PX: Final = 208
_BAR_PX: Final = 16
_MOST_LINES: Final = 3
_INKS: Final = {"c1": "accent", "c2": "text2"}


class MonthsView(QWidget):
    """The columns; left and right walk through the months, up and down between the series, Enter opens the list."""

    figure_opened = Signal(object)
    table_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart: MonthsChart | None = None
        self.month, self.series = 0, 0
        self._bars: list[tuple[QRectF, int, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme().changed.connect(self.update)

    def show_chart(self, chart: MonthsChart) -> None:
        """Show other numbers; the place of the keyboard is kept, the running month is the first one."""
        if self.chart is None or len(self.chart.months) != len(chart.months):
            self.month, self.series = len(chart.months) - 1, len(chart.series) - 1
        self.chart = chart
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the chart."""
        return QSize(px(520), px(HIGH_PX))

    def current(self) -> Figure | None:
        """Return the figure the keyboard is on."""
        if self.chart is None or not self.chart.months:
            return None
        return self.chart.months[self.month].figures[self.series]

    def unit(self) -> str:
        """Return what the axis counts: "thousand CNY"."""
        return "" if self.chart is None else axis_unit(self._longest(), self.chart.currency)[1]

    def bar_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return month and series of the column at a point; a short one is hit above and below too."""
        for rect, month, series in self._bars:
            if rect.left() <= point.x() <= rect.right():
                return month, series
        return None

    # Keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from column to column, open one, ask for the table."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if self.chart is not None and event.key() in steps:
            by_month, by_series = steps[Qt.Key(event.key())]
            self.month = min(max(self.month + by_month, 0), len(self.chart.months) - 1)
            self.series = min(max(self.series + by_series, 0), len(self.chart.series) - 1)
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if (figure := self.current()) is not None:
                self.figure_opened.emit(figure)
        elif event.key() == Qt.Key.Key_T and not event.modifiers():
            self.table_wanted.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a column can be pressed."""
        over = self.bar_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the list of a column."""
        found = self.bar_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton and self.chart is not None:
            self.month, self.series = found
            self._tell()
            self.update()
            self.figure_opened.emit(self.current())

    def event(self, event: QEvent) -> bool:
        """Tell the figure of the column under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.chart is not None:
            found = self.bar_at(QPointF(event.pos()))
            text = "" if found is None else self.words(self.chart.months[found[0]], found[1])
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def words(self, month: Month, series: int) -> str:
        """Return what a column says: month, series, amount, and whether the month still runs."""
        figure = month.figures[series]
        when = _("{month} so far").format(month=month.name) if month.running else month.name
        return f"{when}, {figure.label}: {money_text(figure.value)}"  # type: ignore[arg-type]

    def _tell(self) -> None:
        if self.chart is not None and self.chart.months:
            self.setAccessibleName(self.chart.title)
            self.setAccessibleDescription(self.words(self.chart.months[self.month], self.series))

    # Painting

    def _longest(self) -> float:
        assert self.chart is not None
        return max((abs(one.length) for month in self.chart.months for one in month.figures), default=0.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw grid, columns, months, and what the last two columns are."""
        if self.chart is None or not self.chart.months:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        divisor, _unit = axis_unit(self._longest(), self.chart.currency)
        lengths = [one.length / divisor for month in self.chart.months for one in month.figures]
        low, high, step = scale(min([0.0, *lengths]), max([0.0, *lengths]))
        small = QFontMetricsF(font(HINT))
        # With nothing to measure the axis has its zero alone.
        ticks = [low + step * place for place in range(round((high - low) / step) + 1 if self._longest() else 1)]
        left = px(4) + max(small.horizontalAdvance(number_text(round(tick, 2))) for tick in map(_plain, ticks)) + px(10)
        ends = self._end_labels(divisor)
        right_px = max(QFontMetricsF(font(HINT, SEMIBOLD)).horizontalAdvance(text) for text, _ink, _y in ends) + px(14)
        plot = QRectF(left, px(10), max(self.width() - left - right_px, 40), self.height() - px(10) - px(24))
        self._grid(painter, plot, ticks, low, high)
        self._columns(painter, plot, low, high, divisor)
        self._ends(painter, plot, ends, low, high)
        if not self._longest():
            painter.setFont(font(BODY))
            painter.setPen(token("muted"))
            nothing = _("Nothing was invoiced or received in {currency} in these months.")
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, nothing.format(currency=self.chart.currency))
        painter.end()

    def _grid(self, painter: QPainter, plot: QRectF, ticks: list[float], low: float, high: float) -> None:
        painter.setFont(font(HINT))
        for tick in ticks:
            y = plot.bottom() - (tick - low) / (high - low) * plot.height()
            painter.setPen(QPen(token("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(token("muted"))
            box = QRectF(0, y - px(9), plot.left() - px(8), px(18))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_text(_plain(tick))
            )

    def _columns(self, painter: QPainter, plot: QRectF, low: float, high: float, divisor: int) -> None:
        assert self.chart is not None
        self._bars = []
        slot = plot.width() / len(self.chart.months)
        wide = min(px(_BAR_PX), slot * 0.38)
        zero = plot.bottom() + low / (high - low) * plot.height()
        for place, month in enumerate(self.chart.months):
            middle = plot.left() + slot * (place + 0.5)
            begin = middle - (wide * len(month.figures) + px(2) * (len(month.figures) - 1)) / 2
            for series, figure in enumerate(month.figures):
                long = figure.length / divisor / (high - low) * plot.height()
                bar = QRectF(begin, min(zero - long, zero), wide, abs(long))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(token(figure.slot))
                painter.drawRoundedRect(bar, 1.5, 1.5)
                self._bars.append((QRectF(begin, plot.top(), wide, plot.height()), place, series))
                if self.hasFocus() and (place, series) == (self.month, self.series):
                    paint_focus_ring(painter, bar.adjusted(-2, -2, 2, 2), 3)
                begin += wide + px(2)
            written = font(HINT, SEMIBOLD if month.running else REGULAR)
            painter.setFont(written)
            painter.setPen(token("text" if month.running else "muted"))
            label = QRectF(middle - slot / 2, plot.bottom() + px(4), slot, px(18))
            painter.drawText(label, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, month.label)

    def _end_labels(self, divisor: int) -> list[tuple[str, str, float]]:
        """Return words, ink and height of what stands at the right of the last columns."""
        assert self.chart is not None
        last = self.chart.months[-1]
        places = 0 if self._longest() / divisor >= 100 else 1
        return [
            (
                f"{one.label} {number_text(_rounded(one.length / divisor, places))}",
                _INKS[one.slot],
                one.length / divisor,
            )
            for one in last.figures
        ]

    def _ends(
        self, painter: QPainter, plot: QRectF, ends: list[tuple[str, str, float]], low: float, high: float
    ) -> None:
        """Write them beside their tops, apart from each other."""
        high_px = px(16)
        tops = [plot.bottom() - (value - low) / (high - low) * plot.height() for _text, _ink, value in ends]
        order = sorted(range(len(ends)), key=lambda place: tops[place])
        before = plot.top() - high_px
        for place in order:
            before = tops[place] = max(min(tops[place], plot.bottom() - high_px / 2), before + high_px)
        for place, (text, ink, _value) in enumerate(ends):
            painter.setFont(font(HINT, SEMIBOLD if ink == "accent" else REGULAR))
            painter.setPen(token(ink))
            box = QRectF(plot.right() + px(6), tops[place] - high_px / 2, self.width() - plot.right(), high_px)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def scale(low: float, high: float) -> tuple[float, float, float]:
    """Return first and last line of an axis and the step between them: round figures, three lines at most."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / (_MOST_LINES - 1)))
    for factor in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 20, 25, 50):
        step = factor * power
        first, last = math.floor(low / step) * step, math.ceil(high / step) * step
        if last == first:
            last = first + step
        if round((last - first) / step) <= _MOST_LINES - 1:
            return first, last, step
    return low, high, span


def _plain(value: float) -> int | float:
    return round(value) if abs(value - round(value)) < 1e-6 else round(value, 2)


def _rounded(value: float, places: int) -> int | float:
    return round(value, places) if places else round(value)
