"""The frame of a first-run page: title and steps above, the page, and a foot with Back and the next step."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, REGULAR, SEMIBOLD, px, set_font
from crm_desktop.ui.labels import hairline, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.tasks import Task, Tasks
from crm_desktop.ui.theme import set_ground, set_ink


class WizardFrame(QWidget):
    """Pages one after the other; what is typed stays while the frame lives."""

    left = Signal()
    """Back from the first page."""
    title = N_("CRM Desktop")
    steps: Sequence[str] = ()
    """The names of the pages, marked with `N_`; with one page no steps are shown."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self._task: Task | None = None
        self._words: list[tuple[Callable[[str], object], str]] = []
        set_ground(self, "surface")
        self._heading = title_label("")
        self._marks = [text_label("", LABEL) for _step in self.steps]
        self.note = Note()
        self.note.clear()
        self.pages = QStackedWidget()
        self.progress = ProgressStrip()
        self.back, self.forward = Button("", "plain"), Button("", "primary")
        self.back.clicked.connect(self.go_back)
        self.forward.clicked.connect(self.go_on)
        self.foot_note = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px(20), px(14), px(20), px(14))
        row.setSpacing(px(8))
        row.addWidget(self._heading)
        row.addStretch(1)
        for at, mark in enumerate(self._marks):
            if at:
                row.addWidget(text_label("›", LABEL, REGULAR, "muted"))
            row.addWidget(mark)
        foot = QWidget()
        set_ground(foot, "sunken")
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(20), px(10), px(20), px(10))
        row.setSpacing(px(8))
        row.addWidget(self.foot_note, 1)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        for part, stretch in (
            (head, 0), (hairline(), 0), (self.note, 0), (self.pages, 1), (self.progress, 0), (hairline(), 0), (foot, 0),
        ):  # fmt: skip
            whole.addWidget(part, stretch)

    def new_page(self) -> QVBoxLayout:
        """Add an empty page and return its column; it scrolls when the text is large."""
        inside = QWidget()
        set_ground(inside, "surface")
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(px(20), px(16), px(20), px(16))
        column = QVBoxLayout()
        column.setSpacing(px(14))
        outer.addLayout(column)
        outer.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pages.addWidget(area)
        return column

    def says(self, setter: Callable[[str], object], message: str) -> None:
        """Have `setter` called with the translation of `message` now and at every change of language."""
        self._words.append((setter, message))
        setter(_(message))

    def text(self, message: str, ink: str = "text2") -> QLabel:
        """Return a wrapped sentence that follows the language."""
        label = text_label("", ink=ink, wrap=True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.says(label.setText, message)
        return label

    def names(self, label: QLabel, editor: QWidget, message: str) -> None:
        """Name a field on screen and for screen readers."""
        self.says(label.setText, message)
        self.says(editor.setAccessibleName, message)

    # Moving

    @property
    def page(self) -> int:
        """Return the number of the page shown, from 0."""
        return self.pages.currentIndex()

    def show_page(self, number: int) -> None:
        """Show a page and put the focus where its typing begins."""
        self.note.clear()
        self.pages.setCurrentIndex(number)
        for at, mark in enumerate(self._marks):
            set_ink(mark, "accent" if at == number else "muted")
            set_font(mark, LABEL, SEMIBOLD if at == number else REGULAR)
        self.retranslate_foot()
        if first := self.first_field():
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def first_field(self) -> QWidget | None:
        """Return where the focus belongs on the page shown."""
        return None

    def go_on(self) -> None:
        """Do what the primary button says."""
        raise NotImplementedError

    def go_back(self) -> None:
        """Go one page back; nothing that was typed is lost."""
        if self.busy:
            return
        if self.page == 0:
            self.left.emit()
        else:
            self.show_page(self.page - 1)

    # Work

    @property
    def busy(self) -> bool:
        """Return whether something runs for this page."""
        return self._task is not None

    def run(
        self, says: str, work: Callable[[object], object], then: Callable[[object], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:  # fmt: skip
        """Do `work` on a worker thread; nothing can be pressed twice meanwhile."""
        if self.busy:
            return
        self.note.clear()
        self._set_busy(True)
        self.progress.start(says, can_cancel=False)

        def done(result: object) -> None:
            self._finish()
            then(result)

        def refused(error: BaseException) -> None:
            self._finish()
            (failed or self.show_refusal)(error)

        self._task = self.tasks.free(self, work, done, refused, label=says)

    def show_refusal(self, error: BaseException) -> None:
        """Say in place why it did not work."""
        said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
        self.note.show_message("danger", said)

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for part in (self.pages, self.back, self.forward):
            part.setEnabled(not busy)

    # Keys and language

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Esc goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            here = self.focusWidget()
            if isinstance(here, Button):
                here.click()
            elif self.forward.isEnabled() and not self.busy:
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.go_back()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen; what was typed stays."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "foot_note"):
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self._heading.setText(_(self.title))
        for at, mark in enumerate(self._marks):
            mark.setText(f"{at + 1}  {_(self.steps[at])}")
        for setter, message in self._words:
            setter(_(message))
        self.retranslate_foot()

    def retranslate_foot(self) -> None:
        """Set the texts of the foot, which depend on the page."""
        self.back.setText(_("Back"))
        self.forward.setText(_("Next"))
