"""One record in the pane beside its list: read on the database lane, read again when it changes."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import NotFound, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.list_spec import Preview
from crm_desktop.ui.sheet_area import SheetArea


class RecordPreview(Preview):
    """Reads one record at a time; the newest wish wins. What cannot be read is said in its place."""

    entity = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._id: int | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = SheetArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self._area)
        desk.changes.changed.connect(self._heard)

    def fetch(self, work: Any, id_: int) -> Any:
        """Return what `fill` shows of the record; runs on the database lane. Raises NotFound."""
        raise NotImplementedError

    def fill(self, column: QVBoxLayout, seen: Any) -> None:
        """Put what `fetch` returned into the column."""
        raise NotImplementedError

    def show_record(self, id_: int | None) -> None:
        """Show a record; None empties the pane."""
        self._id = id_
        if id_ is None:
            self._show(None)
            return
        fetch = self.fetch

        def read(work: Any) -> Any:
            try:
                return fetch(work, id_)
            except NotFound:
                return None

        self.desk.tasks.read(self, read, self._show, self._cannot_show, coalesce="preview")

    def formats(self) -> Formats:
        """Return how days and figures read here."""
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def add_title(self, column: QVBoxLayout, title: str, id_: int) -> None:
        """Add what the record is called, and the way to its tab."""
        row = QHBoxLayout()
        label = text_label(title, SECTION, SEMIBOLD, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(label, 1)
        opening = IconButton("arrow-up-right", _("Open in a tab"))
        opening.clicked.connect(lambda: self.desk.open_record(self.entity, id_))
        row.addWidget(opening, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)

    def add_contact(self, column: QVBoxLayout, contact_id: int, name: str) -> None:
        """Add whose it is, and the way there."""
        opening = Button(name.replace("&", "&&"), "link", tip=_("Open the contact"))
        opening.clicked.connect(lambda: self.desk.open_record("contact", contact_id))
        column.addWidget(opening, 0, Qt.AlignmentFlag.AlignLeft)

    def add_facts(self, column: QVBoxLayout, facts: Iterable[tuple[str, str]]) -> None:
        """Add label and value of each fact, already translated; one without a value is left out."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        for place, (label, value) in enumerate(fact for fact in facts if fact[1]):
            grid.addWidget(caption(label), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text_label(value, wrap=True), place, 1)
        column.addLayout(grid)

    def _heard(self, changes: Changes) -> None:
        if self._id is not None and changes.touches(self.entity, self._id) and self.isVisible():
            self.show_record(self._id)

    def _show(self, seen: Any) -> None:
        page, column = _page()
        if seen is not None:
            self.fill(column, seen)
        column.addStretch(1)
        self._area.show_page(page)

    def _cannot_show(self, error: BaseException) -> None:
        # The record before it must not go on standing beside the row that is current now.
        page, column = _page()
        if isinstance(error, UserError):
            column.addWidget(text_label(str(error), BODY, REGULAR, "text2", wrap=True))
        column.addStretch(1)
        self._area.show_page(page)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(px(16), px(14), px(16), px(16))
    column.setSpacing(px(6))
    return page, column
