"""Goods go out, or come back: the open quantities, to be taken as they are or reduced."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QWidget

from crm_desktop.orders import deliveries
from crm_desktop.orders.deliveries import OpenLine
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.orders.ui.override_dialog import offers_override
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.text_editors import LineEditor, NumberEditor

MOST_SHOWN: Final = 9
"""Lines shown before the table scrolls."""
LINE_PX: Final = 38


class MovableLine(Protocol):
    """A line with a quantity, and how much of it is open."""

    @property
    def line_id(self) -> int:
        """Return the line the quantity is of."""
        ...

    @property
    def code(self) -> str:
        """Return the product's code."""
        ...

    @property
    def name(self) -> str:
        """Return what it is called."""
        ...

    @property
    def unit(self) -> str:
        """Return the unit."""
        ...

    @property
    def quantity(self) -> Decimal:
        """Return the whole quantity."""
        ...

    @property
    def open(self) -> Decimal:
        """Return what may be moved."""
        ...


class QuantityRows(QWidget):
    """A row per line with the quantity of today; Enter and Down go on, Up goes back."""

    def __init__(self, lines: Sequence[MovableLine], heads: tuple[str, str, str]) -> None:
        super().__init__()
        self.lines = tuple(lines)
        self.editors: list[NumberEditor] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, px(10), 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, head in ((0, _("Code")), (1, _("Product")), (2, heads[0]), (3, heads[1]), (4, heads[2])):
            grid.addWidget(caption(head), 0, column, right if column > 1 else Qt.AlignmentFlag.AlignLeft)
        for row, line in enumerate(self.lines, 1):
            grid.addWidget(text_label(line.code, BODY, REGULAR, "text2"), row, 0)
            grid.addWidget(text_label(line.name, BODY, MEDIUM), row, 1)
            unit = f" {line.unit}" if line.unit else ""
            grid.addWidget(text_label(number_text(line.quantity) + unit, BODY, REGULAR, "text2"), row, 2, right)
            grid.addWidget(text_label(number_text(line.open) + unit), row, 3, right)
            grid.addWidget(self._editor(line).widget, row, 4, right)
        grid.setRowStretch(len(self.lines) + 1, 1)

    def _editor(self, line: MovableLine) -> NumberEditor:
        named = _("{product}: quantity now").format(product=line.name)
        editor = NumberEditor(f"quantity_{line.line_id}", named, 10)
        place = len(self.editors)
        editor.committed.connect(lambda: self._go(place + 1))
        for key, by in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1)):
            shortcut = QShortcut(QKeySequence(key), editor.line)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=by: self._go(place + by))
        self.editors.append(editor)
        return editor

    def _go(self, place: int) -> None:
        if 0 <= place < len(self.editors):
            line = self.editors[place].line
            line.setFocus()
            line.selectAll()
            parent: QObject | None = self.parent()
            while parent is not None and not isinstance(parent, QScrollArea):
                parent = parent.parent()
            if parent is not None:
                parent.ensureWidgetVisible(line)
        elif place >= len(self.editors):
            self.focusNextChild()

    def fill(self, *, whole: bool) -> None:
        """Put in everything that is open, or nothing."""
        for line, editor in zip(self.lines, self.editors, strict=True):
            editor.set_value(line.open if whole and line.open > 0 else None)
            editor.set_error(None)

    def quantities(self) -> dict[int, Decimal]:
        """Return what is typed by order line; nothing typed is left out."""
        typed = {line.line_id: editor.value() for line, editor in zip(self.lines, self.editors, strict=True)}
        return {line_id: Decimal(value) for line_id, value in typed.items() if value}

    def check(self) -> str:
        """Mark what cannot be and return the first sentence about it, "" when all is well."""
        said = ""
        for line, editor in zip(self.lines, self.editors, strict=True):
            problem = editor.problem()
            value = editor.value()
            if problem is None and value is not None and value < 0:
                problem = _("A quantity cannot be below zero.")
            elif problem is None and value is not None and value > line.open:
                problem = _("{open} {unit} of {product} are open, not {asked}.").format(
                    open=number_text(line.open), unit=line.unit, product=line.name, asked=number_text(Decimal(value))
                )
            editor.set_error(problem)
            if problem and not said:
                said = problem
                editor.focus()
        return said


class MoveDialog(SheetDialog):
    """Base of delivering and taking back. `posted` carries the id of the new delivery, `began` its operation."""

    posted = Signal(int)
    began = Signal(str)

    def __init__(self, desk: Desk, title: str, verb: str, parent: QWidget) -> None:
        super().__init__(title, verb, width=720, parent=parent)
        self.desk = desk
        self.rows: QuantityRows | None = None
        self.note = Note()
        self.note.clear()
        self.day = DateEditor("delivered_on", _("On"), lambda: desk.today)
        self.day.set_value(desk.today)
        self.go.setEnabled(False)
        self.go.setDefault(False)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.post)
        self.whole = Button(_("All of it"), key="F9")
        self.none = Button(_("Nothing yet"), "quiet")
        self.whole.clicked.connect(lambda: self.rows and self.rows.fill(whole=True))
        self.none.clicked.connect(lambda: self.rows and self.rows.fill(whole=False))
        for button in (self.whole, self.none):
            button.setAutoDefault(False)
            self.foot.insertWidget(self.foot.indexOf(self.leave) - 1, button)
        QShortcut(QKeySequence(Qt.Key.Key_F9), self).activated.connect(self.whole.click)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.go.click)
        self.body.addWidget(self.note)

    def build(self, lines: Sequence[MovableLine], heads: tuple[str, str, str], *, whole: bool) -> None:
        """Show the lines."""
        if not lines:
            self.note.show_message("info", self.nothing_text())
            return
        self.rows = QuantityRows(lines, heads)
        self.rows.fill(whole=whole)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.rows)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        self.rows.setAutoFillBackground(False)
        area.setMinimumHeight(px(LINE_PX) * min(len(lines), MOST_SHOWN) + px(30))
        self.body.addWidget(area, 1)
        self.body.addWidget(hairline())
        self.body.addLayout(self.travel())
        self.go.setEnabled(True)
        self.rows.editors[0].line.setFocus()
        self.rows.editors[0].line.selectAll()

    def travel(self) -> QHBoxLayout:
        """Return the fields below the lines."""
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(FieldBox(self.day.label, self.day.widget))
        return row

    def nothing_text(self) -> str:
        """Return what to say when there is nothing to move."""
        return _("Nothing is open any more.")

    def act(self, quantities: dict[int, Decimal]) -> Any:
        """Return the function that posts `quantities`."""
        raise NotImplementedError

    def post(self) -> None:
        """Check and post; why it is refused stands above the lines."""
        if self.rows is None:
            return
        problem = self.rows.check() or self.day.problem() or ""
        quantities = self.rows.quantities()
        if not problem and not quantities:
            problem = _("Type at least one quantity, or press F9 for everything.")
        self.note.show_message("danger", problem)
        if problem:
            return
        self.go.setEnabled(False)
        task = self.desk.tasks.write(self, self.act(quantities), self._done, self._refused, label=_("Saving"))
        self.began.emit(task.operation_id)

    def _done(self, delivery_id: int) -> None:
        self.posted.emit(delivery_id)
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, UserError | Invalid):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)


class DeliveryDialog(MoveDialog):
    """Everything open is filled in; what does not go out is reduced."""

    def __init__(self, desk: Desk, order: Record, parent: QWidget) -> None:
        super().__init__(
            desk, _("Deliver {number}").format(number=order["number"]), _("Write down the delivery"), parent
        )
        self._order, self._override = order, ""
        self.carrier = LineEditor("carrier", _("Carrier"), 16)
        self.tracking = LineEditor("tracking", _("Tracking number"), 20)
        self.ship_to = LineEditor("ship_to", _("Ship to"), 30)
        self.ship_to.set_value(" ".join(str(order["ship_to"]).split()))
        self._shipped = self.ship_to.value()
        order_id = order.id
        desk.tasks.read(self, lambda work: deliveries.open_lines(work, order_id), self._show, self._refused)

    def _show(self, lines: Sequence[OpenLine]) -> None:
        left = [line for line in lines if line.open > 0]
        self.build(left, (_("Ordered"), _("To deliver"), _("Now")), whole=True)

    def travel(self) -> QHBoxLayout:
        row = super().travel()
        for editor in (self.carrier, self.tracking, self.ship_to):
            row.addWidget(FieldBox(editor.label, editor.widget), editor is self.ship_to)
        return row

    def act(self, quantities: dict[int, Decimal]) -> Any:
        order_id, version, override = self._order.id, self._order.version, self._override
        ship_to = self.ship_to.value()
        travel = {"delivered_on": self.day.value(), "carrier": self.carrier.value(), "tracking": self.tracking.value()}
        # The order's own address keeps its line breaks unless somebody typed another one.
        where = None if ship_to == self._shipped else ship_to
        return lambda work: deliveries.deliver(
            work, order_id, version, quantities, ship_to=where, override=override, **travel
        )

    def _refused(self, error: BaseException) -> None:
        self._override = ""
        if offers_override(error, _("Deliver all the same"), self, self._post_overriding):
            self.go.setEnabled(True)
        else:
            super()._refused(error)

    def _post_overriding(self, reason: str) -> None:
        self._override = reason
        self.post()


class ReturnDialog(MoveDialog):
    """What comes back of one delivery; it is open again afterwards."""

    def __init__(self, desk: Desk, delivery_id: int, number: str, parent: QWidget) -> None:
        super().__init__(desk, _("Take back from {number}").format(number=number), _("Write down the return"), parent)
        self._delivery_id = delivery_id
        self.why = LineEditor("notes", _("Why it came back"), 30)
        desk.tasks.read(self, lambda work: deliveries.returnable(work, delivery_id), self._show, self._refused)

    def _show(self, lines: Sequence[OpenLine]) -> None:
        left = [line for line in lines if line.open > 0]
        self.build(left, (_("Ordered"), _("Can come back"), _("Came back")), whole=False)

    def travel(self) -> QHBoxLayout:
        row = super().travel()
        row.addWidget(FieldBox(self.why.label, self.why.widget), 1)
        return row

    def nothing_text(self) -> str:
        return _("All of this delivery has come back already.")

    def act(self, quantities: dict[int, Decimal]) -> Any:
        delivery_id, day, notes = self._delivery_id, self.day.value(), self.why.value()
        return lambda work: deliveries.take_back(work, delivery_id, quantities, delivered_on=day, notes=notes)
