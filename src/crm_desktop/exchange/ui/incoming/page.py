"""One step of the import wizard: a page, what stands in the foot for it, what the panel tells besides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.exchange.ui.incoming.state import ImportState
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import KeyHint
from crm_desktop.ui.tasks import Task
from crm_desktop.ui.theme import set_ground


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a sentence of the panel, with a link under it if `action` names one."""

    label: str
    text: str
    action: str = ""
    act: Callable[[], object] | None = None


class ImportPage(QWidget):
    """A page of the wizard. Pages talk through the `ImportState`; the wizard asks the rest again at `foot_changed`."""

    foot_changed = Signal()
    """What the page says of itself changed: foot, facts, `busy`, `may_go_back`."""
    next_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, state: ImportState, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.desk = state, desk
        self._task: Task | None = None
        set_ground(self, "surface")

    def begin(self) -> None:
        """Come to the front: find out what is missing, put the focus where the work begins."""

    def foot_text(self) -> str:
        """Return the sentence beside Back."""
        return ""

    def foot_buttons(self) -> Sequence[QWidget]:
        """Return the buttons at the right of the foot, the primary one last; always the same ones."""
        return ()

    def facts(self) -> Sequence[Fact]:
        """Return what the panel tells after how the file was read."""
        return ()

    @property
    def busy(self) -> bool:
        """Return whether long work runs: Back is off, and closing the tab asks."""
        return self._task is not None

    @property
    def may_go_back(self) -> bool:
        """Return whether Back leads anywhere from here."""
        return True

    def cancel(self) -> None:
        """Stop the long work; nothing of it stays."""
        if self._task is not None:
            self._task.cancel()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this page."""
        return ()
