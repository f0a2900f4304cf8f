"""Committed changes, brought from any thread to every open window."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from crm_desktop.shared.changes import Changes


class ChangeHub(QObject):
    """The one place where windows hear what was committed, here or on another computer."""

    changed = Signal(object)
    """Carries a `shared.changes.Changes`; always emitted on the GUI thread."""
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def publish(self, changes: Changes) -> None:
        """Tell every window. May be called from any thread, after the commit."""
        if changes:
            self._arrived.emit(changes)

    @Slot(object)
    def _pass_on(self, changes: Changes) -> None:
        self.changed.emit(changes)
