"""Settings → Activities: the kinds and the results people choose from."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.activities import kinds
from crm_desktop.activities.kinds import Kind, Result
from crm_desktop.activities.ui import words
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.choice_strip import Offer, StripEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.kept_screen import KeptScreen
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import LineEditor, NumberEditor


class KindsScreen(KeptScreen):
    """Kinds at the left, results at the right, each in the order the form offers them."""

    page_title = N_("Activities")
    page_icon = "activity"
    entities = ("activity_kind", "activity_result")

    def read(self, work: Any) -> tuple[Sequence[Kind], Sequence[Result]]:
        """Return all kinds and results, those put away too."""
        return kinds.kinds(work, all=True), kinds.results(work, all=True)

    def columns(self, found: tuple[Sequence[Kind], Sequence[Result]]) -> Sequence[QWidget]:
        """Return the two columns."""
        return self._kinds(found[0]), self._results(found[1])

    def _kinds(self, found: Sequence[Kind]) -> QWidget:
        text = _("What an activity can be. The first ones have the digits 1 to 9 in the form.")
        part, column = self.column(_("Kinds"), text, _("Add a kind"), lambda: self._edit_kind(None))
        for place, kind in enumerate(found):
            below = _("Counts as a contact with the customer") if kind.is_contact else _("Does not count as a contact")
            self._row(column, kind, below, place, len(found), self._edit_kind, kinds.move_kind)
        column.addStretch(1)
        return part

    def _results(self, found: Sequence[Result]) -> QWidget:
        text = _("What came of it. A result can propose the next contact after some days.")
        part, column = self.column(_("Results"), text, _("Add a result"), lambda: self._edit_result(None))
        for place, result in enumerate(found):
            self._row(column, result, days_text(result), place, len(found), self._edit_result, kinds.move_result)
        column.addStretch(1)
        return part

    def _row(
        self,
        column: QVBoxLayout,
        one: Any,
        below: str,
        place: int,
        count: int,
        edit: Callable[[Any], None],
        move: Callable[[Any, int, int], Any],
    ) -> None:
        said = below if one.active else _("{text} · put away").format(text=below)
        title = words.called(one)
        column.addWidget(
            self.movable_row(title, said, place, count, lambda: edit(one), lambda work, to: move(work, one.id, to))
        )

    def _edit_kind(self, kind: Kind | None) -> None:
        KindDialog(self.desk, kind, self).open()

    def _edit_result(self, result: Result | None) -> None:
        ResultDialog(self.desk, result, self).open()


def days_text(result: Result) -> str:
    """Return when the next contact is proposed after this result."""
    if result.next_days is None:
        return _("Proposes no next contact")
    said = ngettext("Next contact after {count} day", "Next contact after {count} days", result.next_days)
    return said.format(count=result.next_days)


class KindDialog(StoredDialog):
    """A kind: its name, its picture, whether it counts, whether the form offers it."""

    def __init__(self, desk: Desk, kind: Kind | None, parent: QWidget) -> None:
        title = words.called(kind) if kind is not None else _("New kind")
        super().__init__(desk, title, parent, width=520)
        self._kind = kind
        self.name = LineEditor("name", _("Name"), 30)
        self.name.set_value(words.called(kind) if kind is not None else "")
        self.icon = StripEditor(
            "icon", _("Picture"), [Offer(name, "", name, tip=name) for name in kinds.ICONS], first=10
        )
        self.icon.set_value(kind.icon if kind is not None else kinds.ICONS[0])
        self.counts = TickEditor("is_contact", _("Counts as a contact with the customer"))
        self.counts.set_value(kind is None or kind.is_contact)
        self.active = TickEditor("active", _("The form offers it"))
        self.active.set_value(kind is None or kind.active)
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addWidget(self.add(self.icon))
        self.body.addWidget(self.counts.widget)
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        kind = self._kind
        values = {
            "name": self.name.value(),
            "icon": self.icon.value(),
            "is_contact": self.counts.value(),
            "active": self.active.value(),
        }
        if kind is None:
            return lambda work: kinds.save_kind(work, None, 0, values)
        id_, version = kind.id, kind.version
        return lambda work: kinds.save_kind(work, id_, version, values)


class ResultDialog(StoredDialog):
    """A result: its name, after how many days the next contact is proposed, whether the form offers it."""

    def __init__(self, desk: Desk, result: Result | None, parent: QWidget) -> None:
        title = words.called(result) if result is not None else _("New result")
        super().__init__(desk, title, parent, width=480)
        self._result = result
        self.name = LineEditor("name", _("Name"), 30)
        self.name.set_value(words.called(result) if result is not None else "")
        self.days = NumberEditor(
            "next_days", _("Propose the next contact after (days, empty: not at all)"), 6, decimals=0
        )
        self.days.set_value(result.next_days if result is not None else None)
        self.active = TickEditor("active", _("The form offers it"))
        self.active.set_value(result is None or result.active)
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addWidget(self.add(self.days))
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        if (problem := self.days.problem()) is not None:
            self._boxes["next_days"].set_error(problem)
            return None
        result = self._result
        values = {
            "name": self.name.value(),
            "next_days": self.days.value(),
            "active": self.active.value(),
        }
        if result is None:
            return lambda work: kinds.save_result(work, None, 0, values)
        id_, version = result.id, result.version
        return lambda work: kinds.save_result(work, id_, version, values)
