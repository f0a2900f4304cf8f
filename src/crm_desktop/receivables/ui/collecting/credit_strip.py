"""The customer's credit above the lines of an order: limit, used, this order, free after, oldest overdue."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.rules import CONFIRMED, DRAFT
from crm_desktop.orders.ui.above import OrderNow
from crm_desktop.receivables.collecting import credit
from crm_desktop.receivables.collecting.credit import CreditStanding
from crm_desktop.receivables.collecting.exposure import worth
from crm_desktop.receivables.ui.collecting import credit_words
from crm_desktop.receivables.ui.collecting.credit_words import Said
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, HINT, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.shapes import paint_segments
from crm_desktop.ui.theme import set_ink

MOVES: Final = ("contact", "invoice", "receipt", "instalment", "order", "delivery", "receivable_settings")
"""What may change how a customer's credit stands."""
_BAR_PX: Final = 220
_SIDE: Final = 20
_HEIGHT_PX: Final = 36


class CreditBar(QWidget):
    """How much of a limit is used, and what this order adds; past the limit in `danger`."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[tuple[float, str], ...] = ()
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the one size it has."""
        return QSize(px(_BAR_PX), px(8))

    def show_use(self, limit: Decimal, used: Decimal, added: Decimal) -> None:
        """Show a limit above 0; the bar is as long as the limit, or as all of it when that is more."""
        whole = max(limit, used + added)
        before, more = max(used, Decimal(0)), max(added, Decimal(0))
        within = min(max(limit - before, Decimal(0)), more)
        past = max(used + added - limit, Decimal(0))
        owed = min(before, limit)
        self._parts = tuple(
            (float(part / whole), ink) for part, ink in ((owed, "age0"), (within, "accent"), (past, "danger"))
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parts on their track."""
        painter = QPainter(self)
        paint_segments(painter, QRectF(self.rect()), self._parts)
        painter.end()


class _Figure(QWidget):
    """A caption with its value behind it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.label = text_label("", LABEL, REGULAR, "muted")
        self.value = text_label("", BODY, MEDIUM)
        row.addWidget(self.label)
        row.addWidget(self.value)

    def say(self, said: Said) -> None:
        """Show it."""
        self.label.setText(said.label)
        self.value.setText(said.value)
        set_ink(self.value, said.ink)


class _Row(QFrame):
    """The figures in one line: where there is no room for all, the bar goes first, then what can be reckoned."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = CreditBar()
        self.code = text_label("", HINT, REGULAR, "muted")
        self.words = text_label("", BODY, REGULAR, "text2")
        self.figures = [_Figure(self) for _place in range(4)]
        self.late = _Figure(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(_SIDE), 0, px(_SIDE), 0)
        row.setSpacing(px(18))
        for part in (self.bar, self.code, self.words, *self.figures):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.late)
        self.setFixedHeight(px(_HEIGHT_PX))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._wanted: tuple[QWidget, ...] = ()

    def minimumSizeHint(self) -> QSize:
        """Return a width any window has: what finds no room is left out."""
        return QSize(px(240), px(_HEIGHT_PX))

    def want(self, parts: Iterable[QWidget]) -> None:
        """Show these parts, as many as there is room for."""
        self._wanted = tuple(parts)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        used, added = self.figures[1], self.figures[2]
        left_out: list[QWidget] = []
        room, apart = self.width() - 2 * px(_SIDE), px(18)
        for first in (None, self.bar, used, added):
            if first is not None and first in self._wanted:
                left_out.append(first)
            shown = [part for part in self._wanted if part not in left_out]
            if sum(part.sizeHint().width() + apart for part in shown) <= room:
                break
        for part in (self.bar, self.code, self.words, *self.figures, self.late):
            part.setVisible(part in self._wanted and part not in left_out)


class CreditStrip(QWidget):
    """Reads how the credit of a customer stands once, then follows what is typed.

    A second strip below says why confirming, or delivering, will be refused. `override_wanted`: go on all the
    same.
    """

    override_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._order: OrderNow | None = None
        self._asked_for: int | None = None
        self.standing: CreditStanding | None = None
        self._warned = ""
        self.row = _Row()
        self.note = Note()
        self.note.clear()
        self.note.action_clicked.connect(self.override_wanted)
        ground = grounded("sunken")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        column.addWidget(ground)
        column.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        desk.changes.changed.connect(self._heard)

    def show_order(self, order: OrderNow) -> None:
        """Follow an order as it is typed; its customer is looked up once."""
        self._order = order
        self.setVisible(order.state == DRAFT or (order.state == CONFIRMED and order.to_come))
        if order.contact_id != self._asked_for:
            self._asked_for, self.standing = order.contact_id, None
            if order.contact_id is not None:
                self.reload()
        self._say()

    def reload(self) -> None:
        """Read how the credit stands again."""
        contact_id = self._asked_for
        if contact_id is None:
            return

        def take(found: CreditStanding) -> None:
            if found.contact_id == self._asked_for:
                self.standing = found
                self._say()

        self._desk.tasks.read(
            self, lambda work: credit.standing(work, contact_id), take, lambda _error: None, coalesce="credit"
        )

    def text(self) -> str:
        """Return all the strip says, as a screen reader reads it."""
        parts = [self.row.words.text()] if self.row.words in self.row._wanted else []
        for figure in (*self.row.figures, self.row.late):
            if figure in self.row._wanted:
                parts.append(f"{figure.label.text()} {figure.value.text()}")
        return " · ".join(parts)

    def _say(self) -> None:
        order, standing, row = self._order, self.standing, self.row
        if order is None:
            return
        if standing is None:
            row.words.setText(_("Choose the customer to see its credit.") if order.contact_id is None else "")
            row.want((row.words,))
            self._warned = ""
            self.note.clear()
            return
        added = self._added(order, standing.currency)
        shown: list[QWidget] = []
        if standing.limit:
            row.bar.show_use(standing.limit, standing.used, added or Decimal(0))
            shown.append(row.bar)
        if words := credit_words.in_words(standing, added):
            row.words.setText(words)
            shown.append(row.words)
        else:
            row.code.setText(standing.currency)
            shown.append(row.code)
        for figure, said in zip(row.figures, credit_words.figures(standing, added), strict=False):
            figure.say(said)
            shown.append(figure)
        if (late := credit_words.oldest(standing)) is not None:
            row.late.say(late)
            shown.append(row.late)
        row.want(shown)
        self.setAccessibleName(self.text())
        self._warn(order, standing, added)

    def _warn(self, order: OrderNow, standing: CreditStanding, added: Decimal | None) -> None:
        refused = standing.refusal(added or Decimal(0))
        if refused is None:
            self._warned = ""
            self.note.clear()
            return
        draft = order.state == DRAFT
        action = _("Override…") if standing.may_override and draft else ""
        lead, text = credit_words.next_step(standing, draft=draft), str(refused)
        if (said := f"{lead} {text} {action}") != self._warned:
            # Said once, not with every key: a screen reader reads it out each time.
            self._warned = said
            self.note.show_message("warn", text, action, lead=lead)

    def _added(self, order: OrderNow, currency: str) -> Decimal | None:
        """Return what the order adds to what is used, None when that is nothing or not known."""
        more = order.total if order.state == DRAFT else order.total - order.stored
        if order.rate is None or (not more and order.state != DRAFT):
            return None
        return worth(more, order.rate, currency)

    def _heard(self, changes: Changes) -> None:
        if any(changes.touches(entity) for entity in MOVES):
            self.reload()


def credit_strip(desk: Desk) -> Any:
    """Return the strip for the form of an order."""
    return CreditStrip(desk)
