"""A line in which a contact is found by typing any part of it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from crm_desktop.contacts import lists
from crm_desktop.shared.i18n import _
from crm_desktop.ui.completions import dress_completions
from crm_desktop.ui.desk import Desk

Hit = tuple[int, str, str, str, str]
"""(id, name, kind, phone, city)."""
SETTLE_MS: Final = 180
SEARCHED: Final = 40


class ContactFinder(QLineEdit):
    """Offers contacts of one kind; `found` carries the chosen (id, name, kind, phone, city).

    With `new_text` the last line offers to write the typed name down as a new contact: `new_wanted`.
    """

    found = Signal(object)
    new_wanted = Signal(str)

    def __init__(
        self,
        desk: Desk,
        *,
        kind: str = "",
        but: Callable[[], Sequence[int]] = tuple,
        new_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self.kind, self._but, self._new_text = desk, kind, but, new_text
        self._hits: list[Hit] = []
        self._lines: list[str] = []
        self._typed, self._wanted = "", ""
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        # Queued: the completer writes its line into the field after telling.
        completer.activated.connect(self._take_line, Qt.ConnectionType.QueuedConnection)
        dress_completions(completer)
        self.setCompleter(completer)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._search)
        self.textEdited.connect(self._settle.start)
        self.returnPressed.connect(self._take_first)

    @property
    def lines(self) -> list[str]:
        """Return what is offered now."""
        return list(self._lines)

    def take(self, place: int) -> None:
        """Choose one of the lines offered."""
        text, hits = self.text().strip(), self._hits
        self.completer().popup().hide()
        self._settle.stop()
        self._wanted = ""
        # The line offers what its model has as soon as the next name is begun.
        self._hits, self._lines = [], []
        self._model.setStringList([])
        if place < len(hits):
            self.clear()
            self.found.emit(hits[place])
        elif self._new_text and text:
            self.clear()
            self.new_wanted.emit(text)

    def _search(self) -> None:
        text = self.text().strip()
        if not text:
            self._show([], "")
            return
        kind, but = self.kind, set(self._but())

        def read(work: Any) -> list[Hit]:
            hits = lists.search(work, text, SEARCHED)
            return [hit for hit in hits if hit[0] not in but and (not kind or hit[2] == kind)]

        self._desk.tasks.read(self, read, lambda hits: self._show(hits, text), coalesce="finder")

    def _show(self, hits: list[Hit], text: str) -> None:
        if text != self.text().strip():
            return
        self._hits = hits[:8]
        self._lines = [" · ".join(part for part in (hit[1], hit[4], hit[3]) if part) for hit in self._hits]
        if self._new_text and text:
            self._lines.append(self._new_text.format(name=text))
        elif text and not hits:
            self._lines.append(_("Nobody found"))
        self._typed = text
        self._model.setStringList(self._lines)
        if self._lines and text == self._wanted:
            self.take(0)
        elif self._lines and self.hasFocus():
            self.completer().complete()

    def _take_line(self, line: str) -> None:
        if line in self._lines:
            place = self._lines.index(line)
            # The popup has put its line in the place of what was typed.
            self.setText(self._typed)
            self.take(place)

    def _take_first(self) -> None:
        text = self.text().strip()
        if self._lines and text == self._typed:
            self.take(0)
        elif text:
            # Faster than the search: taken as soon as the answer is there.
            self._wanted = text
            self._settle.stop()
            self._search()
