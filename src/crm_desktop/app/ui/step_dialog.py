"""A dialog in steps: restoring and moving. Nothing changes before the last step, and it says so at the foot."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.tasks import Task, Tasks
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.wizard_head import WizardHead

WIDTH_PX, HEIGHT_PX = 980, 650


class Step(QWidget):
    """One step. It says what the foot shows; the dialog asks again at `changed`."""

    changed = Signal()
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self.note = Note()
        self.note.clear()
        self.progress = ProgressStrip()
        self.progress.cancelled.connect(self.cancel)
        self._task: Task | None = None

    def begin(self) -> None:
        """Come to the front: find out what is missing, put the focus where the work begins."""

    def verb(self) -> str:
        """Return what the primary button says, "" when there is none."""
        return _("Continue")

    def kind(self) -> str:
        """Return how the primary button is dressed."""
        return "primary"

    @property
    def ready(self) -> bool:
        """Return whether the primary button may be pressed."""
        return not self.busy

    @property
    def may_go_back(self) -> bool:
        """Return whether Back leads anywhere from here."""
        return not self.applying

    @property
    def applying(self) -> bool:
        """Return whether something changes just now, or has: there is no way back any more."""
        return False

    @property
    def is_end(self) -> bool:
        """Return whether everything is done and only closing is left."""
        return False

    def go_on(self) -> None:
        """Do what the primary button says."""
        self.next_wanted.emit()

    # Work

    @property
    def busy(self) -> bool:
        """Return whether something runs for this step."""
        return self._task is not None

    def run(
        self,
        tasks: Tasks,
        label: str,
        work: Callable[[Any], Any],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        can_cancel: bool = True,
    ) -> None:
        """Do `work(progress)` on a worker thread; nothing can be pressed twice meanwhile."""
        if self.busy:
            return
        self.note.clear()
        self.progress.start(label, can_cancel=can_cancel)

        def done(result: Any) -> None:
            self._finish()
            then(result)

        def refused(error: BaseException) -> None:
            self._finish()
            if isinstance(error, Cancelled):
                self.stopped()
            else:
                (failed or self.show_refusal)(error)

        self._task = tasks.free(self, work, done, refused, label=label, progressed=self.progress.set_progress)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.cancel()

    def stopped(self) -> None:
        """What ran was cancelled."""

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()
        self.changed.emit()

    def show_refusal(self, error: BaseException) -> None:
        """Say in place why it did not work."""
        self.note.show_message("danger", said_of(error))


class StepDialog(QDialog):
    """Head with the steps, the step, the foot; window-modal to what it was opened from."""

    def __init__(self, title: str, names: Sequence[str], steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.steps = tuple(steps)
        self.head = WizardHead(names)
        self.head.say(title, ())
        self.pages = QStackedWidget()
        self.back = Button(_("Back"), icon="chevron-left")
        self.foot_note = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self.foot_note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.leave, self.forward = Button(_("Cancel")), Button("", "primary")
        self._lay_out()
        self.back.clicked.connect(self.go_back)
        self.leave.clicked.connect(self.reject)
        self.forward.clicked.connect(self._press)
        for step in self.steps:
            step.changed.connect(self.say)
            step.next_wanted.connect(self.go_on)
        QShortcut(QKeySequence("Alt+Left"), self, self.go_back)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._press)
        self.say()

    def _lay_out(self) -> None:
        foot = QWidget()
        set_ground(foot, "sunken")
        foot.setMinimumHeight(px(56))
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(20), px(12), px(20), px(12))
        row.setSpacing(px(8))
        row.addWidget(self.back)
        row.addWidget(self.foot_note, 1)
        row.addWidget(self.leave)
        row.addWidget(self.forward)
        for step in self.steps:
            self.pages.addWidget(step)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part, stretch in ((self.head, 0), (hairline(), 0), (self.pages, 1), (hairline(), 0), (foot, 0)):
            whole.addWidget(part, stretch)

    def sizeHint(self) -> QSize:
        """Return the room it wants, never more than the screen has."""
        room = self.screen().availableSize()
        return QSize(min(px(WIDTH_PX), room.width() - px(40)), min(px(HEIGHT_PX), room.height() - px(60)))

    def start(self) -> None:
        """Show the dialog at its first step."""
        self.resize(self.sizeHint())
        self.show_step(0)
        self.open()
        self.step.begin()

    # Moving

    @property
    def at(self) -> int:
        """Return the number of the step, from 0."""
        return self.pages.currentIndex()

    @property
    def step(self) -> Step:
        """Return the step in front."""
        return self.steps[self.at]

    def show_step(self, at: int) -> None:
        """Go to a step; what was decided in the others stays."""
        self.pages.setCurrentIndex(at)
        self.say()
        if self.isVisible():
            self.step.begin()
            self.say()

    def go_on(self) -> None:
        """Go to the next step; from the last one the dialog closes."""
        if self.at + 1 < len(self.steps):
            self.show_step(self.at + 1)
        else:
            self.accept()

    def go_back(self) -> None:
        """Go to the step before; nothing is lost."""
        if self.at > 0 and self.step.may_go_back:
            self.step.cancel()
            self.show_step(self.at - 1)

    def _press(self) -> None:
        if self.forward.isVisible() and self.forward.isEnabled():
            self.step.go_on()

    # Showing

    def foot_text(self) -> str:
        """Return the sentence at the foot while nothing has changed."""
        return _("Nothing has been changed yet.")

    def say(self) -> None:
        """Show the foot of the step in front."""
        step = self.step
        self.head.steps.show_step(self.at, whole=step.is_end)
        self.back.setVisible(self.at > 0 and step.may_go_back)
        self.leave.setVisible(not step.applying)
        self.foot_note.setText("" if step.applying else self.foot_text())
        verb = step.verb()
        self.forward.setText(verb)
        self.forward.setVisible(bool(verb))
        self.forward.setEnabled(step.ready)
        if self.forward.kind != step.kind():
            self.forward.set_kind(step.kind())

    def changeEvent(self, event: QEvent) -> None:
        """Say the foot in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "forward"):
            self.back.setText(_("Back"))
            self.leave.setText(_("Cancel"))
            self.say()

    # Leaving

    def reject(self) -> None:
        """Leave, stopping what runs; while something changes there is no leaving."""
        if self.step.applying and not self.step.is_end:
            return
        if self.step.is_end:
            self.step.go_on()
            return
        for step in self.steps:
            step.cancel()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross does what Esc does."""
        if self.step.applying:
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from a field; buttons and tables know it themselves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            here = self.focusWidget()
            if isinstance(here, Button):
                here.click()
            else:
                self._press()
        else:
            super().keyPressEvent(event)


def said_of(error: BaseException) -> str:
    """Return an error as a sentence."""
    return str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
