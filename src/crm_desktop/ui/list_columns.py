"""Which columns a list shows: the menu to choose them, and what is remembered of order and width."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import _
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.settings import Settings


class ListColumns(QObject):
    """Columns and widths of one view, remembered under its name."""

    chosen = Signal(object)
    """The field names to show, in order."""

    def __init__(self, name: str, fields: Sequence[Field], view: RecordView, settings: Settings) -> None:
        super().__init__(view)
        self._name, self._view, self._settings = name, view, settings
        self._fields = tuple(field for field in fields if Use.TABLE in field.uses)
        state = settings.view_state(name)
        widths = state.get("widths", {})
        view.widths.choose({key: int(width) for key, width in widths.items() if isinstance(width, int | float)})
        view.widths.dragged.connect(self._remember)
        view.columns_changed.connect(self._take)
        view.header.make_menu = self.menu

    def initial(self) -> tuple[str, ...]:
        """Return the columns shown last time, else the usual ones."""
        stored = self._settings.view_state(self._name).get("columns", [])
        known = {field.name for field in self._fields}
        names = tuple(name for name in stored if name in known)
        return names or self.usual()

    def usual(self) -> tuple[str, ...]:
        """Return the columns a person sees who has chosen nothing."""
        return tuple(field.name for field in self._fields if Use.DEFAULT in field.uses)

    def beside(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the columns shown last time, and these besides."""
        shown = list(self.initial())
        for name in names:
            self._add(shown, name)
        return tuple(shown)

    def remember(self, names: Sequence[str]) -> None:
        """Keep these columns for next time."""
        self._settings.set_view_state(self._name, {"columns": list(names), "widths": self._view.widths.chosen()})

    def menu(self) -> QMenu:
        """Return the column chooser: every field of the list, the name always shown."""
        menu = QMenu(self._view)
        shown = [field.name for field in self._view.table.columns]
        for field in self._fields:
            action = menu.addAction(_(field.label))
            action.setCheckable(True)
            action.setChecked(field.name in shown)
            action.setEnabled(field.name != (shown[0] if shown else ""))
            action.triggered.connect(lambda on, name=field.name: self._turn(name, on))
        menu.addSeparator()
        menu.addAction(_("Usual columns")).triggered.connect(self._reset)
        return menu

    def _turn(self, name: str, on: bool) -> None:
        shown = [field.name for field in self._view.table.columns if field.name != name]
        if on:
            self._add(shown, name)
        self._take(shown)

    def _add(self, shown: list[str], name: str) -> None:
        """Put a column where the description has it, not at the end."""
        order = [field.name for field in self._fields]
        if name in order and name not in shown:
            later = [place for place, other in enumerate(shown) if order.index(other) > order.index(name)]
            shown.insert(max(1, later[0]) if later else len(shown), name)

    def _reset(self) -> None:
        self._view.widths.choose({})
        self._take(self.usual())

    def _take(self, names: Sequence[str]) -> None:
        self.remember(names)
        self.chosen.emit(tuple(names))

    def _remember(self) -> None:
        self.remember([field.name for field in self._view.table.columns])
