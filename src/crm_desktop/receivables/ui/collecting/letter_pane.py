"""Beside the letters that are to go out: what the current one says."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting.dunning_items import DunningItem, Proposal
from crm_desktop.receivables.ui.billing.invoice_words import lateness
from crm_desktop.receivables.ui.collecting.claim_list import called
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.sheet_area import SheetArea


def level_text(level: int) -> str:
    """Return what a level is called."""
    return _("Dunning level {level}").format(level=level) if level else _("Before the day")


class LetterPane(SheetArea):
    """Whom the letter goes to, each instalment in it with its level, and the sums."""

    def __init__(self, desk: Desk, read: QAction) -> None:
        super().__init__()
        self._desk, self._read = desk, read
        self.told: list[str] = []
        self.setMinimumWidth(px(300))
        self.show_letter(None)

    def show_letter(self, letter: Proposal | None) -> None:
        """Show another letter; None empties the pane."""
        self.told = []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), px(14), px(16), px(16))
        column.setSpacing(px(6))
        if letter is not None:
            self._fill(column, letter)
        column.addStretch(1)
        self.show_page(page)

    def _fill(self, column: QVBoxLayout, letter: Proposal) -> None:
        column.addWidget(text_label(letter.name, SECTION, SEMIBOLD, wrap=True))
        sums = ", ".join(f"{one.currency} {number_text(one.amount)}" for one in letter.sums)
        column.addWidget(text_label(f"{level_text(letter.level)} · {sums}", BODY, REGULAR, "text2", wrap=True))
        row = QHBoxLayout()
        row.addWidget(button_for(self._read, "plain"))
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(px(4))
        column.addWidget(hairline())
        for one in letter.items:
            column.addLayout(self._item(one))
            column.addWidget(hairline())
        if letter.unapplied:
            money = ", ".join(f"{one.currency} {number_text(one.amount)}" for one in letter.unapplied)
            said = _("{amount} of this customer are not allocated yet; the letter says so.").format(amount=money)
            column.addWidget(text_label(said, LABEL, REGULAR, "warn", wrap=True))
            self.told.append(said)

    def _item(self, one: DunningItem) -> QGridLayout:
        item = one.item
        grid = QGridLayout()
        grid.setVerticalSpacing(px(1))
        grid.setColumnStretch(0, 1)
        days = f"{shown_date(item.due_on)} · {lateness(item.due_on, self._desk.today)}" if item.due_on else item.event
        raised = _("{level}, new").format(level=level_text(one.level)) if one.is_new else level_text(one.level)
        grid.addWidget(text_label(called(item), BODY, MEDIUM), 0, 0)
        grid.addWidget(text_label(number_text(item.open), BODY, MEDIUM), 0, 1)
        grid.addWidget(text_label(f"{days} · {raised}", LABEL, REGULAR, "text2", wrap=True), 1, 0, 1, 2)
        self.told.append(f"{called(item)} {number_text(item.open)} {raised}")
        return grid
