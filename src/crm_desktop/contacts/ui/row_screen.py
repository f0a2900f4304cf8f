"""The tab of a list of rows that belong to customers."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.exchange.ui.export_dialog import Outlet, export_list
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import ListSpec


class RowScreen(ListScreen):
    """A list of documents: opens them, makes new ones, takes the list to a file."""

    def __init__(
        self, desk: Desk, made: Callable[[Actor], ListSpec], outlet: Outlet, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, made(desk.actor), parent)
        self._outlet = outlet
        self.actions_here.on("export", self._export)
        if self.spec.primary is not None:
            self.actions_here.on("new", self._new)

    def _new(self) -> None:
        self.desk.open_record(self.spec.source.entity, None)

    def _export(self) -> None:
        chosen = self.selection.ids() if self.selection else ()
        export_list(self, self._outlet, chosen)
