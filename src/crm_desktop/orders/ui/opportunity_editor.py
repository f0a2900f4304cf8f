"""Which opportunity of the customer a document belongs to."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject

from crm_desktop.orders import opportunities
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk


class OpportunityEditor(ChoiceEditor):
    """One of the customer's open opportunities, read when the keyboard comes; `current` gives values of the form."""

    def __init__(self, name: str, desk: Desk, current: Callable[[str], Any]) -> None:
        super().__init__(name, _("Opportunity"), (), "", 24)
        self._desk, self._current = desk, current
        self._names: dict[int, str] = {}
        self._offered_to: int | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read what can be chosen before somebody chooses."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self._read()
        return super().eventFilter(watched, event)

    def retired(self, value: Any) -> str:
        """Return the name of one that is no longer open."""
        return self._names.get(value) or str(self._current("opportunity_name") or "")

    def _read(self) -> None:
        contact_id = self._current("contact_id")
        may = self._desk.actor.may(Permission.OPPORTUNITY_READ)
        if contact_id is None or contact_id == self._offered_to or not may:
            return

        def offer(found: tuple[tuple[int, str], ...]) -> None:
            self._offered_to = contact_id
            self._offer(found)

        self._desk.tasks.read(
            self.combo,
            lambda work: opportunities.open_for(work, contact_id),
            offer,
            lambda _error: None,
            coalesce="opportunities",
        )

    def _offer(self, found: tuple[tuple[int, str], ...]) -> None:
        value = self.value()
        self._names |= {value: self.combo.currentText()} if value is not None else {}
        self._names |= dict(found)
        self.combo.clear()
        self.combo.addItem("", None)
        for id_, name in found:
            self.combo.addItem(name, id_)
        self._offered = self.combo.count()
        self.set_value(value)
