"""The instalments of an order: what the payment term makes of the total, or a plan made by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.instalments import Part, Planned, difference, plan
from crm_desktop.orders.ui.document_editors import beside_caption
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.money import exponent, from_minor, to_minor
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.rows_editor import RowColumn, RowsEditor
from crm_desktop.ui.sheet_dialog import SheetDialog

SHOWN: Final = 3
LEAST_PX: Final = 250
_FORM: Final = Use.FORM
COLUMNS: Final = (
    RowColumn(Field("label", None, N_("Named"), 30, _FORM), stretch=2),
    RowColumn(Field("amount", None, N_("Amount"), 12, _FORM, Kind.MONEY), required=True),
    RowColumn(Field("due_on", None, N_("Due"), 12, _FORM, Kind.DATE)),
    RowColumn(Field("event", None, N_("or when this happens"), 30, _FORM), stretch=1),
)


class InstalmentsEditor(Editor):
    """The value is what is stored until somebody makes a plan by hand, then that plan: a tuple of dicts."""

    def __init__(self, context: EditorContext) -> None:
        frame = QWidget()
        super().__init__("instalments", _("Instalments"), frame)
        self._context = context
        self._stored: tuple[Mapping[str, Any], ...] = ()
        self._by_hand: tuple[Mapping[str, Any], ...] | None = None
        self._parts: Sequence[Part] | None = None
        self._total, self._currency, self._dated_on = 0, "CNY", context.today()
        frame.setMinimumWidth(px(LEAST_PX))
        frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.addWidget(caption(self.label))
        head.addStretch(1)
        self.change = Button(_("Change…"), "link")
        self.change.setAccessibleName(_("Change the instalments"))
        self.change.clicked.connect(self._open)
        head.addWidget(beside_caption(self.change))
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(4))
        self._grid.setColumnStretch(0, 1)
        column.addLayout(self._grid)
        self._below = text_label("", LABEL, REGULAR, "muted", wrap=True)
        column.addWidget(self._below)
        column.addStretch(1)

    def value(self) -> tuple[Mapping[str, Any], ...]:
        return self._by_hand if self._by_hand is not None else self._stored

    def fill(self, value: Any) -> None:
        self._stored = tuple(value or ())
        self._by_hand = None
        self._show()

    def parts(self) -> tuple[QWidget, ...]:
        return (self.change,)

    def set_read_only(self, read_only: bool) -> None:
        self.change.setVisible(not read_only)

    def follow_term(self, parts: Sequence[Part] | None, *, chosen: bool) -> None:
        """Take the parts of the payment term, None for none; with `chosen` a plan made by hand gives way to it."""
        self._parts = parts
        if chosen:
            self._by_hand = None
            self._stored = ()
            self._last = self.state()
        self._show()

    def follow_total(self, total: int, currency: str, dated_on: date) -> None:
        """Take the total (minor units) and the day the plan counts from."""
        if (total, currency, dated_on) != (self._total, self._currency, self._dated_on):
            self._total, self._currency, self._dated_on = total, currency, dated_on
            self._show()

    def planned(self) -> tuple[Planned, ...]:
        """Return the plan on screen."""
        if self._by_hand is None and self._parts is not None:
            return plan(self._parts, self._total, self._currency, self._dated_on)
        return _as_planned(self.value(), self._currency)

    def lines(self) -> list[tuple[str, str]]:
        """Return the plan in words: (when, amount)."""
        return [(_when(one), figure(from_minor(one.amount, self._currency))) for one in self.planned()]

    def _show(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0).widget()
            if item is not None:
                item.hide()
                item.deleteLater()
        lines = self.lines()
        for row, (when, amount) in enumerate(lines[:SHOWN]):
            named = text_label(when, BODY, REGULAR, "text2")
            named.setMinimumWidth(px(60))
            named.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            named.setToolTip(when)
            self._grid.addWidget(named, row, 0)
            self._grid.addWidget(text_label(amount), row, 1, Qt.AlignmentFlag.AlignRight)
        self._below.setText(self._remark(len(lines)))
        self._below.setVisible(bool(self._below.text()))

    def _remark(self, count: int) -> str:
        if not count:
            return _("Everything at once, on the day of the order.")
        lacking = difference(self.planned(), self._total)
        if lacking:
            return lacking_text(lacking, self._currency)
        if count > SHOWN:
            return ngettext("and {count} more", "and {count} more", count - SHOWN).format(count=count - SHOWN)
        return ""

    def _open(self) -> None:
        dialog = InstalmentsDialog(self._context, self.planned(), self._total, self._currency, self.widget)
        dialog.chosen.connect(self._take)
        dialog.open()

    def _take(self, chosen: tuple[Mapping[str, Any], ...]) -> None:
        self._by_hand = chosen
        self._show()
        self.notice()


class InstalmentsDialog(SheetDialog):
    """Rows of amount and date or event, with what is missing to the total; `chosen` carries the plan."""

    chosen = Signal(object)

    def __init__(
        self, context: EditorContext, planned: Sequence[Planned], total: int, currency: str, parent: QWidget
    ) -> None:
        super().__init__(_("Instalments"), _("Take over"), width=760, parent=parent)
        self._total, self._currency = total, currency
        self.explain(
            _("Each is due on a day, or when something happens. Together they are the total of {total}.").format(
                total=f"{currency} {figure(from_minor(total, currency))}"
            )
        )
        money = EditorContext(today=context.today, decimals=exponent(currency))
        self.rows = RowsEditor(
            "instalments", _("Instalments"), [COLUMNS], money, what=_("Instalment"), add_text=_("Add an instalment")
        )
        rows = planned or (Planned(total, None),)
        self.rows.set_value([_as_row(one, currency) for one in rows])
        self.body.addWidget(self.rows.widget)
        self.difference = text_label("", BODY, REGULAR, "warn")
        self.body.addWidget(self.difference)
        self.body.addStretch(1)
        self.rows.edited.connect(self._reckon)
        self.go.setDefault(False)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self._choose)
        self._reckon()
        self.rows.focus()

    def _reckon(self) -> None:
        lacking = difference(_as_planned(self.rows.value(), self._currency), self._total)
        self.difference.setText(lacking_text(lacking, self._currency) if lacking else "")

    def _choose(self) -> None:
        if self.rows.problem() is None:
            self.chosen.emit(tuple(dict(row, amount=row["amount"] or 0) for row in self.rows.value()))
            self.accept()


def lacking_text(lacking: int, currency: str) -> str:
    """Return in words what a plan lacks to the total, or has too much (minor units)."""
    amount = f"{currency} {figure(from_minor(abs(lacking), currency))}"
    if lacking > 0:
        return _("{amount} is missing to the total.").format(amount=amount)
    return _("{amount} more than the total.").format(amount=amount)


def _when(one: Planned) -> str:
    when = one.event or (shown_date(one.due_on) if one.due_on else "")
    return " · ".join(part for part in (one.label, when) if part) or _("No day yet")


def _as_row(one: Planned, currency: str) -> dict[str, Any]:
    return {
        "label": one.label,
        "amount": from_minor(one.amount, currency),
        "event": one.event,
        "due_on": one.due_on,
    }


def _as_planned(rows: Sequence[Mapping[str, Any]], currency: str) -> tuple[Planned, ...]:
    return tuple(
        Planned(
            to_minor(row["amount"], currency) if row.get("amount") else 0,
            row.get("due_on"),
            row.get("event") or "",
            row.get("label") or "",
        )
        for row in rows
    )
