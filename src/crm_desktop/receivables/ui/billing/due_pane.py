"""When an invoice is due, in its foot: what it claims, or what posting would make of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.instalments import Part, plan
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, text_label

SHOWN: Final = 3
LEAST_PX: Final = 230


class DuePane(QWidget):
    """A line per instalment: when, and how much; nothing can be typed here."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        self.setMinimumWidth(px(LEAST_PX))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(caption(_("Falls due")))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(4))
        self._grid.setColumnStretch(0, 1)
        column.addLayout(self._grid)
        self._below = text_label("", LABEL, REGULAR, "muted", wrap=True)
        column.addWidget(self._below)
        column.addStretch(1)

    def show_instalments(self, instalments: Sequence[Mapping[str, Any]], remark: str = "") -> None:
        """Show instalments as an invoice's record has them; `remark` stands below."""
        self._show([(_when(one), number_text(one["amount"])) for one in instalments], remark)

    def show_proposed(
        self, parts: Sequence[Part] | None, total: int, currency: str, dated_on: date, due_on: date | None
    ) -> None:
        """Show what payment terms make of a total (minor units), or one day for all of it."""
        if not total:
            self._show([], _("Posting an invoice of nothing claims nothing."))
        elif due_on is None and parts is not None:
            rows = plan(parts, total, currency, dated_on)
            self.show_instalments(
                [
                    {"label": one.label, "event": one.event, "due_on": one.due_on}
                    | {"amount": from_minor(one.amount, currency)}
                    for one in rows
                ]
            )
        else:
            self._show([(shown_date(due_on or dated_on), number_text(from_minor(total, currency)))], "")

    def _show(self, lines: Sequence[tuple[str, str]], remark: str) -> None:
        self.lines = list(lines)
        while self._grid.count():
            item = self._grid.takeAt(0).widget()
            if item is not None:
                item.hide()
                item.deleteLater()
        for row, (when, amount) in enumerate(self.lines[:SHOWN]):
            named = text_label(when, BODY, REGULAR, "text2")
            named.setMinimumWidth(px(60))
            named.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            named.setToolTip(when)
            self._grid.addWidget(named, row, 0)
            self._grid.addWidget(text_label(amount), row, 1, Qt.AlignmentFlag.AlignRight)
        more = len(self.lines) - SHOWN
        said = ngettext("and {count} more", "and {count} more", more).format(count=more) if more > 0 else ""
        self._below.setText(" ".join(part for part in (said, remark) if part))
        self._below.setVisible(bool(self._below.text()))


def days_after(dated_on: date, days: int) -> date:
    """Return the day an invoice without payment terms falls due."""
    return dated_on + timedelta(days=days)


def _when(one: Mapping[str, Any]) -> str:
    when = shown_date(one["due_on"]) if one["due_on"] else str(one["event"] or "")
    return " · ".join(part for part in (str(one["label"] or ""), when) if part) or _("No day yet")
