"""The visible frame of a record: head, strips, inner tabs, save button. It stores nothing."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.heading import RecordHead
from crm_desktop.ui.inner_tabs import InnerTabs
from crm_desktop.ui.labels import hairline
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.theme import set_ground


class RecordSheet(Screen):
    """Head above, strips under it, inner tabs over the pages of one form."""

    compact_head = False
    """Whether the buttons stand beside the figures: a page of lines needs the height."""

    def __init__(self, desk: Desk, form: RecordForm, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.form = form
        self._on_note: Callable[[], None] | None = None
        self._pages: dict[str, QWidget] = {}
        self.save_action = self._save_action()
        self._build()
        self.tabs.chosen.connect(self._show_page)
        self.note.action_clicked.connect(self._act_on_note)
        form.error_shown.connect(self._bring_field)
        form.errors_changed.connect(self._mark_tabs)

    def save(self) -> None:
        """Store what was typed; the record screen says how."""
        raise NotImplementedError

    def _save_action(self) -> QAction:
        action = QAction(_("Save"), self)
        action.setObjectName("save")
        action.setShortcut(QKeySequence.StandardKey.Save)
        # Whatever has the focus in the window: only the tab in front is visible, so only it answers.
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(_("Save the changes"))
        action.triggered.connect(self.save)
        self.addAction(action)
        return action

    def _build(self) -> None:
        set_ground(self, "surface")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.head = RecordHead(compact=self.compact_head)
        self.note = Note("info", "")
        self.note.hide()
        self.strips = QVBoxLayout()
        self.strips.setContentsMargins(20, 0, 20, 0)
        self.strips.setSpacing(8)
        self.strips.addWidget(self.note)
        self.tabs = InnerTabs()
        self._stack = QStackedWidget()
        outer.addWidget(self.head)
        outer.addLayout(self.strips)
        tab_line = QVBoxLayout()
        tab_line.setContentsMargins(20, 0, 20, 0)
        tab_line.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addLayout(tab_line)
        outer.addWidget(hairline())
        outer.addWidget(self._stack, 1)
        self.save_button = button_for(self.save_action, "primary")
        self.head.set_actions((), (self.save_button,))
        self.tabs.hide()

    def add_tab(self, key: str, text: str, page: QWidget, *, scrolls: bool = True, first: bool = False) -> QWidget:
        """Add an inner tab and return `page`; a page of a form scrolls when the window is too small for it.

        One that is `first` stands before all others.
        """
        added = page
        if scrolls:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setWidget(page)
            # The sheet is the ground of every page.
            page.setAutoFillBackground(False)
            area.viewport().setAutoFillBackground(False)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            page = area
        self._pages[key] = page
        self._stack.addWidget(page)
        self.tabs.add(key, text, first=first)
        self.tabs.setVisible(self.tabs.count() > 1)
        return added

    def show_tab(self, key: str) -> None:
        """Bring an inner tab to the front."""
        self.tabs.choose(key)

    def set_count(self, key: str, count: int | None) -> None:
        """Show how many things an inner tab holds."""
        self.tabs.set_count(key, count)

    def set_actions(self, actions: Sequence[QWidget]) -> None:
        """Put the record's own actions into the head, before Save."""
        self.head.set_actions(actions, (self.save_button,))

    def say(self, kind: str, text: str, action: str = "", on_action: Callable[[], None] | None = None) -> None:
        """Show a strip under the head with one action; an empty text takes it away."""
        self._on_note = on_action
        if text:
            self.note.show_message(kind, text, action)
        else:
            self.note.clear()

    def _act_on_note(self) -> None:
        if self._on_note is not None:
            self._on_note()

    def _show_page(self, key: str) -> None:
        if key in self._pages:
            self._stack.setCurrentWidget(self._pages[key])

    def _tab_of(self, name: str) -> str:
        widget = self.form.editor(name).widget
        return next((key for key, page in self._pages.items() if page.isAncestorOf(widget)), "")

    def _bring_field(self, name: str) -> None:
        self.show_tab(self._tab_of(name))

    def _mark_tabs(self) -> None:
        self.tabs.mark(frozenset(self._tab_of(name) for name in self.form.errors))
