"""The head of a screen about debts: what is overdue in large, and beside it the bar with its figures."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting.balances import bucket_labels
from crm_desktop.receivables.ui.collecting.ageing_bar import AgeingBar, slots_text
from crm_desktop.receivables.ui.collecting.debt_words import owed_words
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.shapes import paint_ageing_bar
from crm_desktop.ui.theme import token

LARGE_PX = 24
_SWATCH_PX = 8
_TALL_PX = 9


class _Swatch(QWidget):
    """The colour of a bucket beside its name; the name says what it is."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._token = f"age{min(place, 5)}"
        self.setFixedSize(px(_SWATCH_PX), px(_SWATCH_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), token(self._token))
        painter.end()


class _TallBar(AgeingBar):
    """The bar of a head: a little taller, still the same figure."""

    def sizeHint(self) -> QSize:
        """Return room for the bar."""
        return QSize(px(320), px(_TALL_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the segments."""
        painter = QPainter(self)
        paint_ageing_bar(painter, QRectF(QRect(0, 0, self.width(), self.height())), self._amounts, px(_TALL_PX))
        painter.end()


class AgeingHead(QWidget):
    """Shows the sums of one currency: `told` is everything it says, for tests and screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.label = text_label("", LABEL, REGULAR, "muted")
        self.overdue = text_label("", LARGE_PX, SEMIBOLD, "danger")
        self.below = text_label("", LABEL, REGULAR, "muted")
        self.bar = _TallBar()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(16), px(10))
        row.setSpacing(px(28))
        left = QVBoxLayout()
        left.setSpacing(px(1))
        for line in (self.label, self.overdue, self.below):
            left.addWidget(line)
        row.addLayout(left)
        right = QVBoxLayout()
        right.setSpacing(px(7))
        right.addStretch(1)
        right.addWidget(self.bar)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(0)
        right.addLayout(self._grid)
        right.addStretch(1)
        row.addLayout(right, 1)

    def show_sums(self, currency: str, slots: Sequence[Decimal], bounds: Sequence[int]) -> None:
        """Show not due, each bucket, undated and unapplied (all above 0), in this order."""
        not_due, *buckets, undated, unapplied = slots
        overdue = sum(buckets, Decimal(0))
        owed = not_due + overdue + undated - unapplied
        self.label.setText(_("Overdue, {currency}").format(currency=currency))
        self.overdue.setText(number_text(overdue))
        self.below.setText(owed_words(owed))
        self.bar.show_slots((not_due, *buckets), slots_text(not_due, buckets, bounds))
        figures = [(_("Not due"), not_due), *zip(_days(bounds), buckets, strict=True)]
        if undated:
            figures.append((_("No day yet"), undated))
        figures.append((_("Unapplied"), -unapplied))
        self.told = {label: number_text(amount) for label, amount in figures}
        self._show(figures, len(bounds) + 2)
        said = "; ".join(f"{label} {amount}" for label, amount in self.told.items())
        self.setAccessibleName(f"{self.label.text()} {self.overdue.text()}; {said}")

    def _show(self, figures: Sequence[tuple[str, Decimal]], coloured: int) -> None:
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (label, amount) in enumerate(figures):
            head = QWidget()
            row = QHBoxLayout(head)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(px(5))
            if place < coloured:
                row.addWidget(_Swatch(place))
            row.addWidget(text_label(label, LABEL, REGULAR, "muted"))
            row.addStretch(1)
            self._grid.addWidget(head, 0, place)
            self._grid.addWidget(_figure(amount), 1, place)
            self._grid.setColumnStretch(place, 1)


def _days(bounds: Sequence[int]) -> list[str]:
    labels = bucket_labels(bounds)
    return [_("{days} days").format(days=label) for label in labels[:1]] + list(labels[1:])


def _figure(amount: Decimal) -> QLabel:
    label = text_label(number_text(amount), BODY, MEDIUM, "text" if amount else "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return label
