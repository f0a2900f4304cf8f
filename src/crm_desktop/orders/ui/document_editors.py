"""Editors that only documents have: the customer found by typing, its persons, amounts, short notes."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.ui.contact_finder import ContactFinder, Hit
from crm_desktop.orders.terms import Text
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor, field_width
from crm_desktop.ui.fonts import px
from crm_desktop.ui.text_editors import LineEditor, NoteEditor, NumberEditor

NARROWEST_CHARS = 17
_CAPTION_PX = 16
_BUTTON_PX = 30


class CustomerEditor(Editor):
    """A contact found by any part of its name; the value is its id, `chosen` tells that another one was taken."""

    chosen = Signal(int)

    def __init__(self, name: str, label: str, desk: Desk) -> None:
        self.line = ContactFinder(desk)
        super().__init__(name, label, self.line)
        self._desk = desk
        self._id: int | None = None
        self.names: dict[int, str] = {}
        self.line.setPlaceholderText(_("Name, phone or pinyin"))
        self.line.setClearButtonEnabled(False)
        self.line.setMinimumWidth(field_width(NARROWEST_CHARS))
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.watch(self.line)
        self.line.found.connect(self._take)
        self.line.textEdited.connect(self.notice)
        self.line.returnPressed.connect(self._entered)

    def value(self) -> int | None:
        return None if self.is_empty() else self._id

    def state(self) -> Any:
        return (self.value(), self.line.text())

    def fill(self, value: Any) -> None:
        self._id = value
        name = self.names.get(value, "") if value is not None else ""
        self.line.setText(name)
        self.line.setCursorPosition(0)
        if value is not None and not name:
            self._ask_name(value)

    def problem(self) -> str | None:
        text = self.line.text().strip()
        if text and text != self._shown():
            return _("Choose the customer from the list that opens while you type.")
        return None

    def is_empty(self) -> bool:
        named = self._id is None or self._id in self.names  # else the name is still being asked for
        return named and not self.line.text().strip()

    def customer_name(self) -> str:
        """Return the name of the customer chosen, "" for none."""
        return self._shown() if self.value() is not None else ""

    def _shown(self) -> str:
        return self.names.get(self._id, "").strip() if self._id is not None else ""

    def _take(self, hit: Hit) -> None:
        self.names[hit[0]] = hit[1]
        self._id = hit[0]
        self.line.setText(hit[1])
        self.notice()
        self.chosen.emit(hit[0])
        self.committed.emit()

    def _entered(self) -> None:
        if self.problem() is None:
            self.committed.emit()

    def _ask_name(self, contact_id: int) -> None:
        """A restored draft knows the id only."""

        def read(work: Any) -> str:
            try:
                return str(contacts.get(work, contact_id)["name"])
            except NotFound:
                return ""

        def show(name: str) -> None:
            self.names[contact_id] = name
            if self._id == contact_id:
                self.line.setText(name)
                self._last = self.state()

        self._desk.tasks.read(self, read, show)


class PersonEditor(ChoiceEditor):
    """One of the persons of the customer, or none; `known` are names by id."""

    def __init__(self, name: str, label: str, known: dict[int, str]) -> None:
        self._known = known
        super().__init__(name, label, (), "", 20)

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer the persons of another customer."""
        value = self.value()
        self.combo.clear()
        self.combo.addItem("", None)
        for person_id, name in people:
            self.combo.addItem(name, person_id)
        self._known |= dict(people)
        self._offered = self.combo.count()
        self.set_value(value)

    def retired(self, value: Any) -> str:
        return self._known.get(value, "")


class CurrencyEditor(LineEditor):
    """Three letters."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label, 5, _currency_problem)
        self.line.setMaxLength(3)

    def value(self) -> Any:
        return str(super().value()).upper()


def _currency_problem(text: str) -> str | None:
    fits = len(text) == 3 and text.isascii() and text.isalpha()
    return None if fits else _("A currency is three letters, such as CNY or EUR.")


class AmountEditor(NumberEditor):
    """A figure that is usually none: zero is shown as nothing."""

    def value(self) -> Decimal:
        return Decimal(super().value() or 0)

    def fill(self, value: Any) -> None:
        super().fill(value or None)

    def is_empty(self) -> bool:
        return not self.value()


class ShortNote(NoteEditor):
    """Text of a few lines at the foot of a document."""

    FEWEST_LINES = 3
    MOST_LINES = 3


def beside_caption(button: Button) -> QWidget:
    """Return `button` in a part that is no higher than the caption it stands beside."""
    part = QWidget()
    button.setParent(part)
    width = button.sizeHint().width()
    part.setFixedSize(width, px(_CAPTION_PX))
    button.setGeometry(0, (px(_CAPTION_PX) - px(_BUTTON_PX)) // 2, width, px(_BUTTON_PX))
    return part


def standing_text_button(editor: NoteEditor, texts: Sequence[Text], language: Callable[[], str]) -> Button | None:
    """Return a button that puts a standing text into `editor`, None when the company has none."""
    if not texts:
        return None
    button = Button(_("Standing text"), "link")
    button.setToolTip(_("Put in a text that is used again and again"))

    def put(body: str) -> None:
        before = editor.value()
        editor.text.setPlainText(f"{before}\n{body}" if before else body)
        editor.focus()

    def offer() -> None:
        menu = QMenu(button)
        fitting = [text for text in texts if text.language in ("", language())]
        for text in fitting or texts:
            menu.addAction(text.name).triggered.connect(lambda _on=False, body=text.body: put(body))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    button.clicked.connect(offer)
    return button
