"""A page of the settings with columns of things a company keeps: each opens in a dialog."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground

WIDEST_PX = 620


class KeptScreen(Screen):
    """A subclass reads what is kept and makes a column of each kind. `entities` are the changes it follows.

    `page_title` is marked.
    """

    page_title: ClassVar[str]
    page_icon: ClassVar[str]
    entities: ClassVar[tuple[str, ...]]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        set_ground(self, "surface")
        self.note = Note()
        self.note.clear()
        self._area = SheetArea()
        head, row = head_row()
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

    # What a page says

    def read(self, work: Any) -> Any:
        """Return what is kept; runs on the database lane."""
        raise NotImplementedError

    def columns(self, found: Any) -> Sequence[QWidget]:
        """Return a column for each kind of what `read` found."""
        raise NotImplementedError

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _(self.page_title)

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon(self.page_icon)

    def reload(self) -> None:
        """Read what is kept again."""
        self.desk.tasks.read(self, self.read, self._show, coalesce=type(self).__name__)

    # How it is put together

    def column(self, title: str, text: str, add: str, act: Callable[[], None]) -> tuple[QWidget, QVBoxLayout]:
        """Return a column with its heading and the button that adds to it, and where its rows go."""
        part = QWidget()
        part.setMaximumWidth(px(WIDEST_PX))
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        head = QHBoxLayout()
        head.addWidget(section_label(title))
        head.addStretch(1)
        button = Button(add, "quiet", icon="plus")
        button.clicked.connect(lambda _checked=False: act())
        head.addWidget(button)
        column.addLayout(head)
        column.addWidget(text_label(text, BODY, REGULAR, "text2", wrap=True))
        column.addSpacing(px(6))
        return part, column

    def row(self, title: str, below: str, edit: Callable[[], None], drop: Callable[[], None] | None = None) -> QWidget:
        """Return a row with a pencil, and a bin when the thing can be deleted."""
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(text_label(title, BODY, MEDIUM))
        if below:
            words.addWidget(text_label(below, LABEL, REGULAR, "muted", wrap=True))
        line.addLayout(words, 1)
        acts = [("pencil", _("Change {name}").format(name=title), edit)]
        if drop is not None:
            acts.append(("trash-2", _("Delete {name}").format(name=title), drop))
        for name, said, act in acts:
            button = IconButton(name, said)
            # The signal carries a bool, which an act with a default would take for its own.
            button.clicked.connect(lambda _checked=False, act=act: act())
            line.addWidget(button)
        column.addLayout(line)
        column.addWidget(hairline())
        return row

    def movable_row(
        self, title: str, below: str, place: int, count: int, edit: Callable[[], None], move: Callable[[Any, int], Any]
    ) -> QWidget:
        """Return a row with a pencil and two arrows; `move(work, to)` puts the thing at another place of `count`."""
        row = self.row(title, below, edit)
        line = row.layout().itemAt(0).layout()
        assert isinstance(line, QHBoxLayout)
        for by, name, tip in (
            (-1, "arrow-up", _("Move {name} up").format(name=title)),
            (1, "arrow-down", _("Move {name} down").format(name=title)),
        ):
            button = IconButton(name, tip)
            to = place + by
            button.setEnabled(0 <= to < count)
            button.clicked.connect(lambda _checked=False, to=to: self.write(lambda work: move(work, to)))
            line.insertWidget(line.count() - 1, button)
        return row

    def write(self, act: Callable[[Any], None]) -> None:
        """Change something and show what is kept then; a refusal stands above the page."""
        self.note.clear()
        self.desk.tasks.write(self, act, lambda _done: self.reload(), self._refused)

    def _show(self, found: Any) -> None:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(28))
        for place, column in enumerate(self.columns(found)):
            if place:
                row.addWidget(hairline(vertical=True))
            row.addWidget(column, 1)
        row.addStretch()
        self._area.show_page(page)

    def _heard(self, changes: Changes) -> None:
        if any(changes.touches(entity) for entity in self.entities):
            self.reload()

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)
