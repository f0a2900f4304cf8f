"""Settings → Pipeline: the stages opportunities pass, and the reasons they are lost for."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.pipeline import reasons, stages
from crm_desktop.pipeline.reasons import Reason
from crm_desktop.pipeline.stages import Stage
from crm_desktop.pipeline.ui import words
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.kept_screen import KeptScreen
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import LineEditor, NumberEditor


class StagesScreen(KeptScreen):
    """Stages at the left, from first to last; reasons at the right."""

    page_title = N_("Pipeline")
    page_icon = "columns-3"
    entities = ("pipeline_stage", "lost_reason")

    def read(self, work: Any) -> tuple[Sequence[Stage], Sequence[Reason]]:
        """Return all stages and reasons, those put away too."""
        return stages.stages(work, all=True), reasons.reasons(work, all=True)

    def columns(self, found: tuple[Sequence[Stage], Sequence[Reason]]) -> Sequence[QWidget]:
        """Return the two columns."""
        return self._stages(found[0]), self._reasons(found[1])

    def _stages(self, found: Sequence[Stage]) -> QWidget:
        text = _("The columns of the board, from left to right. The chance weights the amounts in the forecast.")
        part, column = self.column(_("Stages"), text, _("Add a stage"), lambda: self.edit_stage(None))
        for place, stage in enumerate(found):
            below = _("Chance {percent}").format(percent=words.percent(stage.probability))
            self._row(column, stage, words.called(stage), below, place, len(found), self.edit_stage, stages.move_stage)
        column.addStretch(1)
        return part

    def _reasons(self, found: Sequence[Reason]) -> QWidget:
        text = _("Whoever marks an opportunity as lost chooses one; the report on lost ones counts them.")
        part, column = self.column(
            _("Why opportunities are lost"), text, _("Add a reason"), lambda: self.edit_reason(None)
        )
        for place, reason in enumerate(found):
            self._row(
                column, reason, words.called(reason), "", place, len(found), self.edit_reason, reasons.move_reason
            )
        column.addStretch(1)
        return part

    def _row(
        self,
        column: QVBoxLayout,
        one: Any,
        title: str,
        below: str,
        place: int,
        count: int,
        edit: Callable[[Any], None],
        move: Callable[[Any, int, int], Any],
    ) -> None:
        said = below if one.active else " · ".join(part for part in (below, _("put away")) if part)
        column.addWidget(
            self.movable_row(title, said, place, count, lambda: edit(one), lambda work, to: move(work, one.id, to))
        )

    # What people do

    def edit_stage(self, stage: Stage | None) -> None:
        """Open a stage, None for a new one."""
        StageDialog(self.desk, stage, self).open()

    def edit_reason(self, reason: Reason | None) -> None:
        """Open a reason, None for a new one."""
        ReasonDialog(self.desk, reason, self).open()


class StageDialog(StoredDialog):
    """A stage: its name, the chance it usually has, whether it is offered."""

    def __init__(self, desk: Desk, stage: Stage | None, parent: QWidget) -> None:
        title = words.called(stage) if stage is not None else _("New stage")
        text = _("A stage that is put away stays on the board as long as open opportunities are in it.")
        super().__init__(desk, title, parent, width=480, text=text)
        self._stage = stage
        self.name = LineEditor("name", _("Name"), 30)
        self.name.set_value(words.called(stage) if stage is not None else "")
        self.chance = NumberEditor("probability", _("Usual chance in percent"), 6)
        self.chance.set_value(stage.probability if stage is not None else None)
        self.active = TickEditor("active", _("Opportunities can be in this stage"))
        self.active.set_value(stage is None or stage.active)
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addWidget(self.add(self.chance, needed=True))
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        """Return what is stored; a shipped name that stays is not stored, so that it follows the language."""
        stage = self._stage
        values = {"probability": self.chance.value(), "active": self.active.value()}
        values |= _named(stage, self.name.value())
        id_, version = (stage.id, stage.version) if stage is not None else (None, 0)
        return lambda work: stages.save_stage(work, id_, version, values)


class ReasonDialog(StoredDialog):
    """A reason: its name, whether it is offered."""

    def __init__(self, desk: Desk, reason: Reason | None, parent: QWidget) -> None:
        super().__init__(desk, words.called(reason) if reason is not None else _("New reason"), parent, width=480)
        self._reason = reason
        self.name = LineEditor("name", _("Name"), 30)
        self.name.set_value(words.called(reason) if reason is not None else "")
        self.active = TickEditor("active", _("Offered when one is marked as lost"))
        self.active.set_value(reason is None or reason.active)
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        """Return what is stored, as for a stage."""
        reason = self._reason
        values = {"active": self.active.value()} | _named(reason, self.name.value())
        id_, version = (reason.id, reason.version) if reason is not None else (None, 0)
        return lambda work: reasons.save_reason(work, id_, version, values)


def _named(one: Stage | Reason | None, typed: str) -> dict[str, Any]:
    return {} if one is not None and not one.name and typed == words.called(one) else {"name": typed}
