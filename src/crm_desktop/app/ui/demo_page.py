"""Look around: which language the demo company speaks, and the progress while it is made."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.app.ui.choice_row import ChoiceColumn, ChoiceRow
from crm_desktop.app.ui.ways import Ways
from crm_desktop.app.ui.wizard_frame import WizardFrame
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.i18n import LANGUAGES, N_, _, current_language
from crm_desktop.ui.fonts import px
from crm_desktop.ui.tasks import Tasks


class DemoPage(WizardFrame):
    """Three rows, one a language; the demo is made when chosen, or opened when it is there already."""

    ready = Signal(str)
    """The address of the demo company."""
    title = N_("Look around with demo data")

    def __init__(self, tasks: Tasks, ways: Ways, parent: QWidget | None = None) -> None:
        super().__init__(tasks, parent)
        self._ways = ways
        self.rows = ChoiceColumn()
        self._of: dict[str, ChoiceRow] = {}
        for language in LANGUAGES:
            row = self.rows.add(ChoiceRow("play"))
            row.clicked.connect(lambda _checked=False, chosen=language: self.make(chosen))
            self._of[language] = row
        column = self.new_page()
        column.setSpacing(px(10))
        column.addWidget(
            self.text(
                N_(
                    "A trading firm with 1,200 contacts and nine people. It lies in a file of its own on this computer "
                    "and never mixes with your data. Log in as owner with the password demo."
                )
            )
        )
        column.addWidget(self.rows)
        self.progress.cancelled.connect(self._cancel)
        self.forward.hide()
        self.retranslate()
        self.show_page(0)

    def first_field(self) -> QWidget | None:
        """Return the row of the language on screen."""
        return self._of.get(current_language())

    def make(self, language: str) -> None:
        """Make the demo in `language`, then say where it is."""
        if self.busy:
            return
        self.note.clear()
        self._set_busy(True)
        self.progress.start(_("Making the demo company"))
        self._task = self.tasks.free(
            self,
            lambda progress: self._ways.make_demo(language, progress),
            self._show_ready,
            self._show_failed,
            label=_("Making the demo company"),
            progressed=self.progress.set_progress,
        )

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _show_ready(self, address: object) -> None:
        self._finish()
        self.ready.emit(str(address))

    def _show_failed(self, error: BaseException) -> None:
        self._finish()
        if not isinstance(error, Cancelled):
            self.show_refusal(error)
        if first := self.first_field():
            first.setFocus()

    def go_on(self) -> None:
        """Do nothing: the rows themselves go on."""

    def retranslate(self) -> None:
        """Set every text again; each language is named in itself."""
        super().retranslate()
        below = {
            "en": N_("Names, cities and notes in English"),
            "zh_Hans": N_("Names, cities and notes in Simplified Chinese"),
            "zh_Hant": N_("Names, cities and notes in Traditional Chinese"),
        }
        for language, row in self._of.items():
            row.say(LANGUAGES[language], _(below[language]))
