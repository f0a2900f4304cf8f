"""Settings → Terms and texts: how customers pay, and what documents say again and again."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.orders import terms
from crm_desktop.orders.instalments import FIXED, PERCENT, Part
from crm_desktop.orders.terms import TEXT_KINDS, Term, Text
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.orders.ui.term_dialogs import TermDialog, TextDialog
from crm_desktop.shared.i18n import LANGUAGES, N_, _, ngettext
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.kept_screen import KeptScreen


class TermsScreen(KeptScreen):
    """Payment terms at the left, standing texts at the right; each opens in a dialog."""

    page_title = N_("Terms and texts")
    page_icon = "sticky-note"
    entities = ("payment_term", "standing_text")

    def __init__(self, desk: Desk) -> None:
        self.terms: Sequence[Term] = ()
        self.texts: Sequence[Text] = ()
        super().__init__(desk)

    def read(self, work: Any) -> tuple[Sequence[Term], Sequence[Text]]:
        """Return terms and texts."""
        return terms.payment_terms(work, inactive=True), terms.standing_texts(work)

    def columns(self, found: tuple[Sequence[Term], Sequence[Text]]) -> Sequence[QWidget]:
        """Return a column of each."""
        self.terms, self.texts = found
        return self._terms_column(), self._texts_column()

    def _terms_column(self) -> QWidget:
        text = _("A payment term makes the instalments of an order. The last part takes what is left.")
        part, column = self.column(_("Payment terms"), text, _("Add a payment term"), lambda: self.edit_term(None))
        for term in self.terms:
            name = term.name if term.active else _("{name} (put away)").format(name=term.name)
            column.addWidget(
                self.row(
                    name, parts_text(term.parts), lambda t=term: self.edit_term(t), lambda t=term: self._drop_term(t)
                )
            )
        column.addStretch(1)
        return part

    def _texts_column(self) -> QWidget:
        text = _("Openings and terms that are put into a document by one click.")
        part, column = self.column(_("Standing texts"), text, _("Add a text"), lambda: self.edit_text(None))
        for one in self.texts:
            kind = _(dict(TEXT_KINDS)[one.kind])
            below = " · ".join(
                part for part in (kind, LANGUAGES.get(one.language, ""), one.body.split("\n")[0]) if part
            )
            column.addWidget(
                self.row(one.name, below, lambda t=one: self.edit_text(t), lambda t=one: self._drop_text(t))
            )
        column.addStretch(1)
        return part

    # What people do ------------------------------------------------------------------------------

    def edit_term(self, term: Term | None) -> None:
        """Open a payment term, None for a new one."""
        TermDialog(self.desk, term, self).open()

    def edit_text(self, text: Text | None) -> None:
        """Open a standing text, None for a new one."""
        TextDialog(self.desk, text, self).open()

    def _drop_term(self, term: Term) -> None:
        self._drop(
            _("Delete the payment term {name}?").format(name=term.name),
            lambda work: terms.delete_payment_term(work, term.id, term.version),
        )

    def _drop_text(self, text: Text) -> None:
        self._drop(
            _("Delete the text {name}?").format(name=text.name),
            lambda work: terms.delete_standing_text(work, text.id, text.version),
        )

    def _drop(self, question: str, act: Callable[[Any], None]) -> None:
        if self.desk.dialogs.confirm(question, _("Documents keep what they took from it."), _("Delete")):
            self.write(act)


def parts_text(parts: Sequence[Part]) -> str:
    """Return in one line what a payment term asks for."""
    return " · ".join(_part_text(part) for part in parts)


def _part_text(part: Part) -> str:
    if part.kind == PERCENT:
        amount = f"{number_text(part.value)} %"
    elif part.kind == FIXED:
        amount = number_text(part.value)
    else:
        amount = _("the rest")
    when = part.event or (
        ngettext("after {count} day", "after {count} days", part.days).format(count=part.days)
        if part.days
        else _("on the day of the order")
    )
    return " ".join(word for word in (part.label, amount, when) if word)
