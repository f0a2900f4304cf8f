"""What one customer may owe, in a dialog: its own limit and overdue stop, and what holds without them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.collecting.credit_terms import CustomerTerms
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import NumberEditor


class CreditTermsDialog(StoredDialog):
    """Empty is as the level or the company says, 0 is cash only; who may not write reads."""

    def __init__(self, desk: Desk, terms: CustomerTerms, parent: QWidget) -> None:
        text = _("What is left empty is as the level and the company say. A limit of 0 is cash only.")
        super().__init__(desk, _("Credit terms"), parent, width=480, text=text)
        self._terms = terms
        self.limit = NumberEditor("limit", _("Credit limit · {currency}").format(currency=terms.currency), 14)
        self.days = NumberEditor("overdue_days", _("Oldest debt (days)"), 8, decimals=0)
        self.limit.set_value(terms.limit)
        self.days.set_value(terms.overdue_days)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.add(self.limit))
        row.addWidget(self.add(self.days))
        row.addStretch(1)
        self.body.addLayout(row)
        self.holds = text_label(_otherwise(terms), LABEL, REGULAR, "muted", wrap=True)
        self.body.addWidget(self.holds)
        self.body.addStretch(1)
        if not desk.actor.may(Permission.CREDIT_LIMIT_WRITE):
            for editor in (self.limit, self.days):
                editor.set_read_only(True)
            self.go.hide()
            self.leave.setText(_("Close"))
        self.limit.focus()

    def job(self) -> Callable[[Any], Any] | None:
        for editor in (self.limit, self.days):
            if (problem := editor.problem()) is not None:
                self._boxes[editor.name].set_error(problem)
                return None
        contact_id, version = self._terms.contact_id, self._terms.version
        values = {"limit": self.limit.value(), "overdue_days": self.days.value()}
        return lambda work: credit_terms.save(work, contact_id, version, values)


def _otherwise(terms: CustomerTerms) -> str:
    """Return in words what holds for a customer without terms of its own."""
    if terms.level and terms.level_limit is not None:
        values = {"level": terms.level, "limit": number_text(terms.level_limit), "currency": terms.currency}
        limit = _("Level {level} has a limit of {limit} {currency}.").format(**values)
    else:
        limit = _("Without a limit of its own this customer has none.")
    days = terms.company_overdue_days
    if days is None:
        stop = _("However old a debt is, it stops nothing.")
    else:
        stops = ngettext(
            "A debt older than {count} day stops new orders.", "A debt older than {count} days stops new orders.", days
        )
        stop = stops.format(count=days)
    return f"{limit} {stop}"
