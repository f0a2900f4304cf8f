"""Beside a customer's documents: what the current one was paid with, or used for, and what was promised."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import BROKEN, KEPT, Promised
from crm_desktop.receivables.money.uses import Used, uses_of
from crm_desktop.receivables.ui.money import both_sides
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import caption, hairline, section_label, text_label
from crm_desktop.ui.sheet_area import SheetArea

LEAST_PX: Final = 300
_INKS: Final = {KEPT: "success", BROKEN: "danger"}
_STATES: Final = dict(promises.STATES)


class Allocations(SheetArea):
    """The allocations of one document, the newest on top, told from its side."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.told: list[str] = []
        self._asked: dict[str, int] = {}
        self._title = ""
        self.show_hint()

    def show_hint(self) -> None:
        """Say what stands here once a row is chosen."""
        self._asked, self.told = {}, []
        page, column = _page(_("Allocations"))
        text = _("Choose an invoice to see what paid it, or a receipt to see what it paid.")
        column.addWidget(text_label(text, BODY, REGULAR, "text2", wrap=True))
        column.addStretch(1)
        self.show_page(page)

    def show_document(self, key: str, id_: int, title: str) -> None:
        """Read and show the allocations of one thing; `key` is the name `uses_of` takes its id under."""
        self._asked, self._title = {key: id_}, title
        self.reload()

    def reload(self) -> None:
        """Read them again."""
        asked = dict(self._asked)
        if asked:
            self._desk.tasks.read(self, lambda work: uses_of(work, **asked), self._show, coalesce="uses")

    def _show(self, uses: Sequence[Used]) -> None:
        self.told = []
        page, column = _page(self._title)
        for one in reversed(uses):
            column.addWidget(self._row(one))
            column.addWidget(hairline())
        if not uses:
            column.addWidget(text_label(_("Nothing is allocated yet."), BODY, REGULAR, "text2", wrap=True))
        column.addStretch(1)
        self.show_page(page)

    def _gave(self, one: Used) -> bool:
        """Return whether the money came from what is shown; else it went there."""
        mine = {"receipt": self._asked.get("receipt_id"), "credit": self._asked.get("credit_id")}
        return mine.get(one.source) == one.source_id

    def _row(self, one: Used) -> QWidget:
        entity, id_, text = both_sides.target_of(one) if self._gave(one) else both_sides.source_of(one)
        row, line, below = _block()
        if entity:
            link = Button(text, "link")
            link.clicked.connect(lambda: self._desk.open_record(entity, id_))
            line.addWidget(link)
        else:
            line.addWidget(text_label(text, BODY, REGULAR))
        line.addStretch(1)
        ink = "muted" if both_sides.is_undone(one) else "text"
        line.addWidget(text_label(number_text(one.amount), BODY, MEDIUM, ink))
        remark = both_sides.remark(one)
        said = " · ".join(part for part in (shown_date(one.dated_on), remark) if part)
        below.addWidget(text_label(said, LABEL, REGULAR, "muted", wrap=True), 1)
        self.told.append(f"{text} {number_text(one.amount)} · {said}")
        row.setAccessibleName(self.told[-1])
        return row


class Promises(QWidget):
    """What the customer promised to pay, the latest first, and whether it did."""

    MOST: Final = 5

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget | None = None

    def show_promises(self, found: Sequence[Promised]) -> None:
        """Show the last ones; the heading counts those kept and broken."""
        self.told = []
        kept, broken = (sum(one.state == state for one in found) for state in (KEPT, BROKEN))
        beside = _("{kept} kept, {broken} broken").format(kept=kept, broken=broken) if kept or broken else ""
        page, column = _page(_("Promises"), beside)
        for one in found[: self.MOST]:
            column.addWidget(self._row(one))
            column.addWidget(hairline())
        if self._shown is not None:
            self._column.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = page
        self._column.addWidget(page)
        self.setVisible(bool(found))

    def _row(self, one: Promised) -> QWidget:
        row, line, below = _block()
        amount = f"{one.currency} {number_text(one.amount)}"
        said = _("{amount} by {day}").format(amount=amount, day=shown_date(one.due_on))
        state = _(_STATES[one.state])
        line.addWidget(text_label(said, BODY, MEDIUM))
        line.addStretch(1)
        line.addWidget(text_label(state, BODY, REGULAR, _INKS.get(one.state, "text2")))
        more = " · ".join(part for part in (one.person, one.notes.replace("\n", " ")) if part)
        if more:
            below.addWidget(text_label(more, LABEL, REGULAR, "muted", wrap=True), 1)
        self.told.append(f"{said} · {state}")
        row.setAccessibleName(self.told[-1])
        return row


def _page(title: str, beside: str = "") -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    page.setMinimumWidth(px(LEAST_PX) - px(40))
    column = QVBoxLayout(page)
    column.setContentsMargins(px(16), px(10), px(16), px(10))
    column.setSpacing(px(6))
    head = QHBoxLayout()
    head.addWidget(section_label(title))
    head.addStretch(1)
    head.addWidget(caption(beside))
    column.addLayout(head)
    return page, column


def _block() -> tuple[QWidget, QHBoxLayout, QHBoxLayout]:
    """Return a row of two lines, and each line."""
    row = QWidget()
    column = QVBoxLayout(row)
    column.setContentsMargins(0, px(2), 0, px(2))
    column.setSpacing(px(1))
    line, below = QHBoxLayout(), QHBoxLayout()
    line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    column.addLayout(line)
    column.addLayout(below)
    return row, line, below
