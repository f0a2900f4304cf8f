"""Files a list takes in: by its action, or dropped anywhere on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from crm_desktop.shared.i18n import N_
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.buttons import Button, IconButton, button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.file_drop import dropped_files
from crm_desktop.ui.list_spec import IMPORT, ListSpec

if TYPE_CHECKING:
    from crm_desktop.ui.list_screen import ListScreen


def import_actions(spec: ListSpec, desk: Desk) -> tuple[ActionSpec, ...]:
    """Return the action that brings in a file, none for a list that takes none."""
    if spec.incoming is None or desk.open_import is None:
        return ()
    text, tip = N_("Import…"), N_("Bring in rows from a file; it can also be dropped on the list")
    return (ActionSpec(IMPORT, text, tip, "upload", "Ctrl+Shift+I", spec.incoming.permission),)


class ListIncoming(QObject):
    """Opens the import wizard for a list; does nothing where the person may not import."""

    def __init__(self, screen: "ListScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        if IMPORT in screen.actions_here and screen.action(IMPORT).isEnabled():
            screen.actions_here.on(IMPORT, self._ask)
            screen.setAcceptDrops(True)
            screen.installEventFilter(self)

    def button(self, *, worded: bool) -> Button | IconButton:
        """Return the button of the action, without its words where there is no room for them."""
        action = self._screen.action(IMPORT)
        if worded:
            # Its key stands in the menu and among the keys of the screen; here it would cost the views their room.
            return button_for(action, "quiet", self._screen, keyed=False)
        button = IconButton("upload", action.toolTip(), parent=self._screen)
        button.clicked.connect(action.trigger)
        button.setVisible(action.isVisible())
        action.changed.connect(lambda: button.set_tip(action.toolTip()))
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files that are dragged over the list and dropped."""
        if event.type() == QEvent.Type.DragEnter and watched is self._screen:
            dragged = cast(QDragEnterEvent, event)
            if dropped_files(dragged.mimeData()):
                dragged.acceptProposedAction()
                return True
        elif event.type() == QEvent.Type.Drop and watched is self._screen:
            dropped = cast(QDropEvent, event)
            dropped.acceptProposedAction()
            self._open(dropped_files(dropped.mimeData()))
            return True
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        self._open(())

    def _open(self, files: Sequence[Path]) -> None:
        incoming, open_import = self._screen.spec.incoming, self._screen.desk.open_import
        if incoming is not None and open_import is not None:
            open_import(incoming.name, files)
