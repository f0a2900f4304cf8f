"""How a new receipt is laid out: short fields, what is proposed, the table, the figures at the right or the foot."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.ui.money.proposal_words import counted
from crm_desktop.receivables.ui.money.receipt_form import MATURES, MORE, ReceiptForm
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, px
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.theme import set_ground

STRIP_BELOW_PX: Final = 1200
"""In a window narrower than this the figures stand along the foot."""
_LEAST_PX: Final = 940
_SIDE: Final = 20
_ICON: Final = 16


class ReceiptPage(QWidget):
    """The page of a `ReceiptForm`. `propose_clicked` and `clear_clicked` are the two actions over the table."""

    propose_clicked = Signal()
    clear_clicked = Signal()

    def __init__(self, form: ReceiptForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.pane = form.answer.pane
        self._words = _Words()
        self._more_open = False
        self.again = Button(_("Propose again"), "link", key="F6")
        self.clear = Button(_("Clear amounts"), "link")
        self.count = text_label("", LABEL, REGULAR, "text2")
        self.before = text_label("", LABEL, REGULAR, "text2")
        self.after = text_label("", BODY, SEMIBOLD)
        self._build()
        self.more = Button(_("More fields"), "quiet", tip=_("Who paid instead, and notes for colleagues"))
        self.more.clicked.connect(self._open_more)
        self.again.clicked.connect(self.propose_clicked)
        self.clear.clicked.connect(self.clear_clicked)
        form.proposed.connect(self.say)
        form.table.said.connect(self._say_wrong)
        form.reckoned.connect(self._show_foot)
        form.edited.connect(self._show_fields)
        self._proposed = ""
        self._wrong = ""
        self.say("")
        self._show_fields()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._short_fields())
        self.second = QWidget()
        self._second_row(self.second)
        outer.addWidget(self.second)
        outer.addWidget(hairline())
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._strip())
        left.addWidget(self.form.table, 1)
        left.addWidget(hairline())
        left.addWidget(self._foot())
        self._sides.addLayout(left, 1)
        self._rule = hairline(vertical=True)
        self._sides.addWidget(self._rule)
        self._sides.addWidget(self.pane)
        outer.addLayout(self._sides, 1)
        self.form.settle_tab_order()

    def _short_fields(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(_SIDE), px(10), px(_SIDE), px(12))
        row.setSpacing(px(12))
        for name in ("contact_id", "dated_on", "amount", "currency", "rate", "method", "account_id", "reference"):
            row.addWidget(self.form.box(name), 1 if name == "contact_id" else 0, Qt.AlignmentFlag.AlignTop)
        self.form.box("contact_id").setMaximumWidth(px(320))
        row.addStretch()
        return row

    def _second_row(self, holder: QWidget) -> None:
        row = QHBoxLayout(holder)
        row.setContentsMargins(px(_SIDE), 0, px(_SIDE), px(12))
        row.setSpacing(px(12))
        for name in ("matures_on", *MORE):
            row.addWidget(self.form.box(name), 1 if name in MORE else 0, Qt.AlignmentFlag.AlignTop)

    def _strip(self) -> QWidget:
        strip = grounded("accent-soft")
        strip.setMinimumHeight(px(36))
        row = QHBoxLayout(strip)
        row.setContentsMargins(px(_SIDE), px(4), px(16), px(4))
        row.setSpacing(px(16))
        row.addWidget(self._words, 1)
        row.addWidget(self.again)
        row.addWidget(self.clear)
        self.strip = strip
        return strip

    def _foot(self) -> QFrame:
        foot = grounded("sunken")
        foot.setMinimumHeight(px(36))
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(_SIDE), px(4), px(_SIDE), px(4))
        row.setSpacing(px(20))
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self.before)
        row.addWidget(self.after)
        return foot

    def say(self, text: str) -> None:
        """Say what is proposed; without anything what the table takes."""
        self._proposed = text
        self._show_words()

    def said(self) -> str:
        """Return the sentence over the table."""
        return self._words.text()

    def _say_wrong(self, text: str) -> None:
        self._wrong = text
        self._show_words()

    def _show_words(self) -> None:
        usual = _("Space takes all of a line, typing changes its amount.")
        if self.form.value("contact_id") is None:
            usual = _("Choose the customer, then type what was received.")
        set_ground(self.strip, "danger-soft" if self._wrong else "accent-soft")
        self._words.show_text(self._wrong or self._proposed or usual, wrong=bool(self._wrong))

    def _open_more(self) -> None:
        self._more_open = True
        self._show_fields()
        self.form.editor("payer").focus()

    def _show_fields(self) -> None:
        """Show the fields that belong to the way of paying, and those that hold something."""
        form = self.form
        matures = form.value("method") in MATURES
        more = self._more_open or any(form.value(name) for name in MORE)
        form.box("matures_on").setVisible(matures)
        for name in MORE:
            form.box(name).setVisible(more)
        self.more.setEnabled(not more)
        self.second.setVisible(matures or more)
        form.box("currency").setVisible(form.currency.combo.count() > 1)
        form.box("rate").setVisible(form.currency.value() != form.desk.currency)
        code = form.currency.value() or form.desk.currency
        form.box("amount").label.setText(_("Received {currency}").format(currency=code))
        self._show_words()

    def _show_foot(self) -> None:
        form, figure = self.form, self.form.table.items.figure
        opened, balance = form.opened, form.balance()
        self.count.setText(counted(opened.items) if opened is not None else "")
        self.again.setEnabled(opened is not None)
        self.clear.setEnabled(bool(form.table.items.amounts))
        if balance is None:
            self.before.setText("")
            self.after.setText("")
        else:
            self.before.setText(_("Balance before {amount}").format(amount=figure(balance[0])))
            self.after.setText(_("after {amount}").format(amount=figure(balance[1])))

    def set_strip(self, strip: bool) -> None:
        """Lay the figures along the foot, or at the right."""
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(down if strip else right)
        self._rule.setFixedWidth(16_777_215 if strip else 1)
        self._rule.setMinimumSize(0, 1) if strip else self._rule.setMinimumSize(1, 0)
        self._rule.setMaximumHeight(1 if strip else 16_777_215)
        self.pane.set_strip(strip)

    def minimumSizeHint(self) -> QSize:
        """Return the least size with the figures at the foot, where they go before it gets too narrow."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), px(_LEAST_PX)), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the figures to the foot of a narrow window."""
        super().resizeEvent(event)
        strip = self.window().width() < px(STRIP_BELOW_PX)
        if strip != self.pane.is_strip:
            self.set_strip(strip)


class _Words(QWidget):
    """An icon and one sentence that ends in … where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong = False
        self._label = ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(_ICON + 8), 0, 0, 0)
        row.addWidget(self._label)

    def text(self) -> str:
        """Return the sentence."""
        return self._label.accessibleName()

    def show_text(self, text: str, *, wrong: bool) -> None:
        """Show another sentence."""
        self._wrong = wrong
        self._label.show_text(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        return QSize(px(200), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon before the sentence."""
        super().paintEvent(event)
        place = QRectF(0, (self.height() - px(_ICON)) / 2, px(_ICON), px(_ICON))
        paint_icon(
            QPainter(self), place, "circle-alert" if self._wrong else "info", "danger" if self._wrong else "accent"
        )
