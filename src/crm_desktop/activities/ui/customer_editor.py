"""Whom it is about: a line that finds the contact by typing any part, then its name with a way to take another."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.contacts.ui.contact_finder import ContactFinder, Hit
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import BODY, MEDIUM, px, set_font
from crm_desktop.ui.heading import ElidedLabel


class CustomerEditor(Editor):
    """The value is (id, name), None for nobody yet."""

    def __init__(self, name: str, label: str, desk: Desk) -> None:
        self._chosen: tuple[int, str] | None = None
        widget = QWidget()
        super().__init__(name, label, widget)
        self.finder = ContactFinder(desk)
        self.finder.setPlaceholderText(_("Name, phone or city"))
        self.finder.setAccessibleName(label)
        self.called = ElidedLabel()
        set_font(self.called, BODY, MEDIUM)
        self.other = IconButton("x", _("Choose another contact"))
        self.other.clicked.connect(self._ask_again)
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        row.addWidget(self.finder, 1)
        row.addWidget(self.called, 1)
        row.addWidget(self.other)
        widget.setMinimumHeight(px(30))
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.watch(self.finder, self.other)
        self.finder.found.connect(self._take)
        self.finder.textEdited.connect(self.notice)
        self._show()

    def value(self) -> tuple[int, str] | None:
        return self._chosen

    def state(self) -> Any:
        return self._chosen or self.finder.text().strip() or None

    def fill(self, value: Any) -> None:
        self._chosen = (int(value[0]), str(value[1])) if value else None
        self.finder.clear()
        self._show()

    def problem(self) -> str | None:
        if self._chosen is None and self.finder.text().strip():
            return _("Choose one of the contacts that are offered while you type.")
        return None

    def is_empty(self) -> bool:
        return self._chosen is None and not self.finder.text().strip()

    def parts(self) -> tuple[QWidget, ...]:
        return (self.finder,) if self._chosen is None else (self.other,)

    def set_read_only(self, read_only: bool) -> None:
        self.locked = read_only
        self._show()

    def _take(self, hit: Hit) -> None:
        self._chosen = (hit[0], hit[1])
        self._show()
        self.notice()
        self.committed.emit()

    def _ask_again(self) -> None:
        self._chosen = None
        self._show()
        self.notice()
        self.finder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        chosen = self._chosen is not None
        self.finder.setVisible(not chosen)
        self.called.setVisible(chosen)
        self.other.setVisible(chosen and not self.locked)
        self.called.show_text(self._chosen[1] if self._chosen is not None else "")


class PersonEditor(ChoiceEditor):
    """With whom at the company; who is offered follows the company."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label, (), "", 16)
        self._people: dict[int, str] = {}

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer these persons; one chosen before stays if it is among them."""
        before = self.value()
        self._people = dict(people)
        self.combo.clear()
        self.combo.addItem("", None)
        for id_, words in people:
            self.combo.addItem(words, id_)
        self._offered = len(people) + 1
        if before in self._people:
            self.fill(before)
        self.combo.setEnabled(bool(people))

    def retired(self, value: Any) -> str:
        return _("A person who is not with them any more")
