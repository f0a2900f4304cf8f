"""The customer a price list is for: found by typing, shown by name."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QWidget

from crm_desktop.contacts import lists
from crm_desktop.contacts.ui.contact_finder import ContactFinder, Hit
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fieldbox import set_read_only
from crm_desktop.ui.fonts import px


class CustomerEditor(Editor):
    """Its value is the id of a contact, None for nobody."""

    def __init__(self, desk: Desk) -> None:
        frame = QWidget()
        super().__init__("contact_id", _("Customer"), frame)
        self._desk = desk
        self._id: int | None = None
        self.finder = ContactFinder(desk)
        self.finder.setPlaceholderText(_("Type a name"))
        self.finder.setAccessibleName(_("Customer"))
        self.shown = QLineEdit()
        self.shown.setAccessibleName(_("Customer"))
        set_read_only(self.shown, True)
        self.other = IconButton("x", _("Choose another customer"))
        chosen = QWidget()
        row = QHBoxLayout(chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(2))
        row.addWidget(self.shown, 1)
        row.addWidget(self.other)
        self._stack = QStackedLayout(frame)
        self._stack.addWidget(self.finder)
        self._stack.addWidget(chosen)
        frame.setFixedWidth(px(300))
        frame.setFixedHeight(self.finder.sizeHint().height())
        self.finder.found.connect(self._choose)
        self.other.clicked.connect(self._begin_again)
        self.watch(self.finder, self.shown)

    def value(self) -> int | None:
        """Return the id of the customer."""
        return self._id

    def fill(self, value: Any) -> None:
        """Show a customer by its id; its name is looked up."""
        self._id = value
        self._stack.setCurrentIndex(0 if value is None else 1)
        self.finder.clear()
        self.shown.clear()
        if value is not None:
            self._desk.tasks.read(self.widget, lambda work: lists.names(work, [value]), self._name, coalesce="customer")

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widget that takes the focus now."""
        return (self.finder if self._id is None else self.shown,)

    def set_read_only(self, read_only: bool) -> None:
        """Let the customer be read only."""
        self.other.setVisible(not read_only)
        set_read_only(self.finder, read_only)

    def _name(self, names: dict[int, str]) -> None:
        if self._id is not None and self._id in names:
            self.shown.setText(names[self._id])
            self.shown.setCursorPosition(0)

    def _choose(self, hit: Hit) -> None:
        # Before the line goes out of sight: leaving it tells what was edited.
        self._id = hit[0]
        self.shown.setText(hit[1])
        self._stack.setCurrentIndex(1)
        self.shown.setFocus()
        self.notice()

    def _begin_again(self) -> None:
        self._id = None
        self._stack.setCurrentIndex(0)
        self.finder.setFocus()
        self.notice()
