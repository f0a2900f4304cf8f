"""Settings → Terms and texts: how customers pay, and what documents say again and again."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.orders import terms
from crm_desktop.orders.instalments import FIXED, PERCENT, Part
from crm_desktop.orders.terms import TEXT_KINDS, Term, Text
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.orders.ui.term_dialogs import TermDialog, TextDialog
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import LANGUAGES, _, ngettext
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground

WIDEST_PX = 620


class TermsScreen(Screen):
    """Payment terms at the left, standing texts at the right; each opens in a dialog."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        set_ground(self, "surface")
        self.terms: Sequence[Term] = ()
        self.texts: Sequence[Text] = ()
        self.note = Note()
        self.note.clear()
        self._area = SheetArea()
        head = QWidget()
        head.setMinimumHeight(px(48))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.addWidget(title_label(self.title()))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (head, hairline(), self.note):
            column.addWidget(part)
        column.addWidget(self._area, 1)
        desk.changes.changed.connect(self._heard)
        self.reload()

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Terms and texts")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("sticky-note")

    def reload(self) -> None:
        """Read terms and texts again."""

        def read(work: Any) -> tuple[Sequence[Term], Sequence[Text]]:
            return terms.payment_terms(work, inactive=True), terms.standing_texts(work)

        self.desk.tasks.read(self, read, self._show, coalesce="terms")

    def _heard(self, changes: Changes) -> None:
        if changes.touches("payment_term") or changes.touches("standing_text"):
            self.reload()

    def _show(self, found: tuple[Sequence[Term], Sequence[Text]]) -> None:
        self.terms, self.texts = found
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(28))
        row.addWidget(self._terms_column(), 1)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self._texts_column(), 1)
        row.addStretch()
        self._area.show_page(page)

    def _terms_column(self) -> QWidget:
        text = _("A payment term makes the instalments of an order. The last part takes what is left.")
        part, column = self._column(_("Payment terms"), text, _("Add a payment term"), lambda: self.edit_term(None))
        for term in self.terms:
            name = term.name if term.active else _("{name} (put away)").format(name=term.name)
            column.addWidget(
                self._row(
                    name, parts_text(term.parts), lambda t=term: self.edit_term(t), lambda t=term: self._drop_term(t)
                )
            )
        column.addStretch(1)
        return part

    def _texts_column(self) -> QWidget:
        text = _("Openings and terms that are put into a document by one click.")
        part, column = self._column(_("Standing texts"), text, _("Add a text"), lambda: self.edit_text(None))
        for one in self.texts:
            kind = _(dict(TEXT_KINDS)[one.kind])
            below = " · ".join(
                part for part in (kind, LANGUAGES.get(one.language, ""), one.body.split("\n")[0]) if part
            )
            column.addWidget(
                self._row(one.name, below, lambda t=one: self.edit_text(t), lambda t=one: self._drop_text(t))
            )
        column.addStretch(1)
        return part

    def _column(self, title: str, text: str, add: str, act: Callable[[], None]) -> tuple[QWidget, QVBoxLayout]:
        part = QWidget()
        part.setMaximumWidth(px(WIDEST_PX))
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        head = QHBoxLayout()
        head.addWidget(section_label(title))
        head.addStretch(1)
        button = Button(add, "quiet", icon="plus")
        button.clicked.connect(act)
        head.addWidget(button)
        column.addLayout(head)
        column.addWidget(text_label(text, BODY, REGULAR, "text2", wrap=True))
        column.addSpacing(px(6))
        return part, column

    def _row(self, title: str, below: str, edit: Callable[[], None], drop: Callable[[], None]) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(text_label(title, BODY, MEDIUM))
        words.addWidget(text_label(below, LABEL, REGULAR, "muted", wrap=True))
        line.addLayout(words, 1)
        pencil = IconButton("pencil", _("Change {name}").format(name=title))
        pencil.clicked.connect(edit)
        bin_ = IconButton("trash-2", _("Delete {name}").format(name=title))
        bin_.clicked.connect(drop)
        line.addWidget(pencil)
        line.addWidget(bin_)
        column.addLayout(line)
        column.addWidget(hairline())
        return row

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
            self.note.clear()
            self.desk.tasks.write(self, act, lambda _done: self.reload(), self._refused)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)


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
