"""Bringing in a file: four steps in one tab; nothing is written before the third one's button."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.exchange.ui.incoming import words
from crm_desktop.exchange.ui.incoming.check import CheckPage
from crm_desktop.exchange.ui.incoming.columns import ColumnsPage
from crm_desktop.exchange.ui.incoming.done import DonePage
from crm_desktop.exchange.ui.incoming.facts import reading_facts
from crm_desktop.exchange.ui.incoming.file import FilePage
from crm_desktop.exchange.ui.incoming.page import ImportPage
from crm_desktop.exchange.ui.incoming.panel import ReadingPanel
from crm_desktop.exchange.ui.incoming.reading import freshen
from crm_desktop.exchange.ui.incoming.seam import BackUp
from crm_desktop.exchange.ui.incoming.state import DONE, FILE, ImportState
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.file_drop import dropped_files
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.wizard_head import WizardHead

_STEPS = (N_("File"), N_("Columns"), N_("Check"), N_("Done"))
_PANEL_FROM_PX = 820
"""In a narrower tab the panel gives its room to the page."""


class ImportWizard(Screen):
    """The tab. `preset` names what is brought in when the wizard was opened from a list.

    `back_up` makes the backup before anything is written.
    """

    def __init__(
        self,
        desk: Desk,
        preset: str = "",
        paths: Sequence[Path] = (),
        parent: QWidget | None = None,
        back_up: BackUp | None = None,
    ) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.setAcceptDrops(True)
        self.state = ImportState(self)
        self.state.back_up = back_up
        self.preset = preset
        self.file_page = FilePage(self.state, desk, preset)
        self.columns_page = ColumnsPage(self.state, desk)
        self.check_page = CheckPage(self.state, desk)
        self.done_page = DonePage(self.state, desk)
        self.head, self.panel = WizardHead(_STEPS), ReadingPanel()
        self.back = Button(_("Back"), icon="chevron-left")
        self.foot_note = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self._lay_out()
        self._connect()
        self.show_step(FILE)
        if paths:
            self.file_page.take(paths)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        for page in self.all_pages:
            self.pages.addWidget(page)
        self._edge = hairline(vertical=True)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self._edge)
        middle.addWidget(self.panel)
        foot = QWidget()
        set_ground(foot, "sunken")
        foot.setMinimumHeight(px(52))
        self._foot = QHBoxLayout(foot)
        self._foot.setContentsMargins(px(16), px(10), px(16), px(10))
        self._foot.setSpacing(px(8))
        self._foot.addWidget(self.back)
        self._foot.addWidget(self.foot_note, 1)
        for page in self.all_pages:
            for button in page.foot_buttons():
                self._foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(hairline())
        whole.addLayout(middle, 1)
        whole.addWidget(hairline())
        whole.addWidget(foot)

    def _freshen(self) -> None:
        """Look again who the colleagues are: the sheet before may have brought some in."""
        draft = self.state.draft
        if draft is not None and self.state.written:
            self.desk.tasks.read(self, lambda work: freshen(work, draft), lambda _none: self.state.touch())

    def _connect(self) -> None:
        self.back.clicked.connect(self.go_back)
        self.state.step_wanted.connect(self.show_step)
        self.state.part_changed.connect(self._freshen)
        for signal in (self.state.book_changed, self.state.part_changed, self.state.draft_changed):
            signal.connect(self._say)
        for page in self.all_pages:
            page.foot_changed.connect(self._say)
            page.next_wanted.connect(self.go_on)
            page.close_wanted.connect(self.close_wanted)
        for keys, slot in (("Alt+Left", self.go_back), ("Ctrl+Return", self.press_primary)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def all_pages(self) -> tuple[ImportPage, ...]:
        """Return the pages in the order of the steps."""
        return (self.file_page, self.columns_page, self.check_page, self.done_page)

    @property
    def page(self) -> ImportPage:
        """Return the page in front."""
        return self.all_pages[self.step]

    @property
    def step(self) -> int:
        """Return the number of the step, from 0."""
        return self.pages.currentIndex()

    # Moving

    def show_step(self, step: int) -> None:
        """Go to a step; what was decided in the others stays."""
        self.pages.setCurrentIndex(step)
        self._say()
        self.page.begin()
        self._say()

    def go_on(self) -> None:
        """Go to the next step."""
        if self.step < DONE:
            self.show_step(self.step + 1)

    def go_back(self) -> None:
        """Go to the step before; nothing is lost."""
        if self._may_go_back:
            self.show_step(self.step - 1)

    def press_primary(self) -> None:
        """Do what the last button of the foot says, if it can be done."""
        buttons = [button for button in self.page.foot_buttons() if isinstance(button, Button)]
        if buttons:
            buttons[-1].click()

    @property
    def _may_go_back(self) -> bool:
        return self.step > FILE and self.page.may_go_back and not self.page.busy

    # Showing

    def _say(self) -> None:
        page, draft = self.page, self.state.draft
        self.head.steps.show_step(self.step, whole=self.step == DONE)
        self.head.say(self._heading(), self._facts())
        self.back.setVisible(self.step > FILE and page.may_go_back)
        self.back.setEnabled(self._may_go_back)
        self.foot_note.setText(page.foot_text())
        for one in self.all_pages:
            for button in one.foot_buttons():
                button.setVisible(one is page and not button.property("unwanted"))
        readable = draft if self.step else self.file_page.shown_draft
        self.panel.say([*reading_facts(self.state, readable, self, self.step), *page.facts()])
        self.title_changed.emit()
        self.state_changed.emit()

    def _heading(self) -> str:
        return words.title_of(self.stands_under)

    def _facts(self) -> list[str]:
        facts = [self.state.path.name] if self.state.path is not None else []
        draft = self.state.draft
        if self.step == FILE or draft is None:
            return facts
        if draft.sheet.name and self.state.book is not None and len(self.state.book.sheets) > 1:
            facts.append(_("sheet {name}").format(name=draft.sheet.name))
        if draft.header_rows:
            facts.append(_("header in row {row}").format(row=draft.header_rows[-1] + 1))
        if len(self.state.parts) > 1:
            at, count = self.state.at + 1, len(self.state.parts)
            facts.append(_("{number} of {count}").format(number=at, count=count))
        return facts

    def title(self) -> str:
        """Return what the tab says: the file, once there is one."""
        if self.state.path is None:
            return words.title_of(self.preset)
        return _("Import {file}").format(file=self.state.path.name)

    @property
    def stands_under(self) -> str:
        """Return the name of the list this fills, "" while it is not known."""
        return self.state.draft.target.name if self.state.draft is not None else self.preset

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("upload")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the step in front."""
        hints = [*self.page.keys(), KeyHint("Ctrl+Return", _("Go on"))]
        return [*hints, KeyHint("Alt+Left", _("Back"))] if self._may_go_back else hints

    @property
    def untouched(self) -> bool:
        """Return whether no file was chosen yet: another wish to import may use this tab."""
        return self.state.path is None and not self.page.busy

    def begin_with(self, preset: str, paths: Sequence[Path]) -> None:
        """Take the tab for what is asked now."""
        self.preset = preset
        self.file_page.set_preset(preset)
        if paths:
            self.file_page.take(paths)
        self._say()

    def can_close(self) -> bool:
        """Ask while something runs; leaving stops it and nothing of it is written."""
        if not self.page.busy:
            return True
        if not self.desk.dialogs.confirm(
            _("Stop the import?"),
            _("It has not finished. When it is stopped, nothing of this sheet is written."),
            _("Stop"),
            keep=_("Go on"),
        ):
            return False
        self.page.cancel()
        return True

    # Events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the tab while nothing runs."""
        if dropped_files(event.mimeData()) and not self.page.busy and self.step == FILE:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the file."""
        event.acceptProposedAction()
        self.file_page.take(dropped_files(event.mimeData()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the panel away in a narrow window."""
        super().resizeEvent(event)
        wide = self.width() >= px(_PANEL_FROM_PX)
        self.panel.setVisible(wide)
        self._edge.setVisible(wide)

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "panel"):
            self.back.setText(_("Back"))
            self._say()

    def focusInEvent(self, event: object) -> None:
        """Hand the keyboard to the page in front."""
        self.page.begin()
