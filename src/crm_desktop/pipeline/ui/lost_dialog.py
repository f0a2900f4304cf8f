"""Why an opportunity was lost: a reason is needed, words are welcome."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.pipeline import reasons, service
from crm_desktop.pipeline.reasons import Reason
from crm_desktop.pipeline.ui import words
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.act_dialog import Act, ActDialog
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.text_editors import NoteEditor


class LostDialog(ActDialog):
    """Marks one opportunity as lost; `carried_out` follows."""

    entities = (service.ENTITY,)

    def __init__(
        self, desk: Desk, known: Sequence[Reason], opportunity_id: int, version: int, name: str, parent: QWidget
    ) -> None:
        super().__init__(
            desk,
            _("Why was “{name}” lost?").format(name=name),
            _("Mark as lost"),
            parent,
            text=_("The report on lost opportunities counts the reasons."),
            needed=("lost_reason_id",),
        )
        self._id, self._version = opportunity_id, version
        self.go.set_key("Ctrl+Return")
        offered = [(one.id, words.called(one)) for one in known if one.active]
        self.reason = ChoiceEditor("lost_reason_id", _("Reason"), offered, "", 28)
        self.words = NoteEditor("lost_note", _("In words (if any)"))
        self.row(self.reason)
        self.row(self.words)
        self.begin({"lost_reason_id": None, "lost_note": ""})

    def problem(self, values: Any) -> tuple[str, str] | None:
        """Ask for the reason."""
        return None if values["lost_reason_id"] else ("lost_reason_id", _("Choose why it was lost."))

    def act(self, values: dict[str, Any]) -> Act:
        """Return the step."""
        id_, version = self._id, self._version
        reason_id, note = values["lost_reason_id"], values["lost_note"]

        def lose(work: Any) -> int:
            service.lose(work, id_, version, reason_id, note)
            return id_

        return lose


def ask_lost(
    desk: Desk, parent: QWidget, opportunity_id: int, version: int, name: str, done: Callable[[], None]
) -> None:
    """Ask why an opportunity was lost; `done` follows once it is stored."""

    def show(known: Sequence[Reason]) -> None:
        dialog = LostDialog(desk, known, opportunity_id, version, name, parent)
        dialog.carried_out.connect(lambda _id: done())
        dialog.open()

    desk.tasks.read(parent, reasons.reasons, show, coalesce="ask_lost")


MARKED_LOST = N_("“{name}” is marked as lost.")
MARKED_WON = N_("“{name}” is won.")
