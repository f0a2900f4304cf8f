"""What moves, the person's own password, and the move with its comparison."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.move.state import MoveState
from crm_desktop.app.ui.restore.end_step import EndStep
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.restore.words import breakable
from crm_desktop.app.ui.step_dialog import Step, said_of
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable


class WhatStep(Step):
    """The figures by which the person knows the company, before they move."""

    def __init__(self, state: MoveState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.rows = PlainRows(
            (
                PlainColumn("label", "", 24, lambda row: row.label, grows=True),
                PlainColumn("then", _("Moves"), 20, lambda row: row.then, right=True),
            )
        )
        self.table = PlainTable(self.rows, _("What moves"))
        self.says = text_label("", BODY, REGULAR, "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(12))
        column.setSpacing(px(10))
        column.addWidget(section_label(_("What moves")))
        column.addWidget(self.says)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)

    def verb(self) -> str:
        """Return what comes next."""
        return _("Continue to password")

    @property
    def ready(self) -> bool:
        """Return whether the figures are there."""
        return self.state.rows is not None and not self.busy

    def begin(self) -> None:
        """Read the figures once."""
        said = _(
            "Everything moves to {place}: records, history, attached files and people. A proved backup is made first. "
            "Afterwards both places are compared. The old one stays as it is and is marked as moved, so that nobody "
            "works in it by mistake."
        )
        self.says.setText(said.format(place=breakable(self.state.target.said)))
        if self.state.rows is None:
            self.run(self.state.tasks, _("Reading the figures"), self.state.road.see, self._show)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, rows: Sequence[Row]) -> None:
        self.state.rows = rows
        self.rows.show(list(rows))
        if rows:
            self.table.setCurrentIndex(self.rows.index(0, 0))
        self.changed.emit()


class MovePasswordStep(Step):
    """The person's own password again."""

    def __init__(self, state: MoveState, login: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.password = PasswordEdit()
        self.box = FieldBox(_("Password of {login}").format(login=login), self.password)
        self.box.setMaximumWidth(px(380))
        self.password.textEdited.connect(lambda: self.box.set_error(""))
        said = _(
            "You keep this password in the new place. Everybody else gets a password for one login, which is shown at "
            "the end. Ask them to save their work and close the program now."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(14))
        column.addWidget(section_label(_("Your password again")))
        column.addWidget(text_label(said, BODY, REGULAR, "text2", wrap=True))
        column.addWidget(self.box)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addStretch(1)

    def verb(self) -> str:
        """Name what the button does."""
        return _("Move {company}").format(company=self.state.road.company)

    def begin(self) -> None:
        """Put the keyboard into the field."""
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Make sure who it is, then go to the step that moves."""
        typed = self.password.text()
        if not typed:
            self.box.set_error(_("Type your password."))
            self.password.setFocus()
            return
        self.run(
            self.state.tasks,
            _("Checking the password"),
            lambda _progress: self.state.road.confirm(typed),
            lambda _done: self._confirmed(typed),
            self._refuse,
            can_cancel=False,
        )

    def _confirmed(self, typed: str) -> None:
        self.state.password = typed
        self.password.clear()
        self.next_wanted.emit()

    def _refuse(self, error: BaseException) -> None:
        self.box.set_error(said_of(error))
        self.password.selectAll()
        self.password.setFocus()


class MovingStep(EndStep):
    """Begins by itself; at the end both places stand side by side."""

    def __init__(self, state: MoveState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.state = state
        self.rows = PlainRows(
            (
                PlainColumn("label", "", 24, lambda row: row.label, grows=True),
                PlainColumn("then", _("In the old place"), 18, lambda row: row.then, right=True, ink="text2"),
                PlainColumn("now", _("In the new place"), 18, lambda row: row.now, right=True),
                PlainColumn("same", "", 8, lambda row: "✓" if row.then == row.now else "✗", ink="success"),
            )
        )
        self.table = PlainTable(self.rows, _("Both places compared"))
        self.table.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(20), px(20), px(12))
        whole.setSpacing(px(12))
        whole.addWidget(self.verdict)
        whole.addWidget(self.progress)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.passwords, 1)
        whole.addStretch(0)

    def begin(self) -> None:
        """Move."""
        if self.is_end or self.busy:
            return
        state, target, password = self.state, self.state.target, self.state.password
        heading = _("{company} is being moved").format(company=state.road.company)
        self.verdict.say("server", "accent", heading, _("Leave the computer on. The old place is only read."))
        self.run(
            state.tasks,
            _("Moving"),
            lambda progress: state.road.move(target, password, progress),
            self._done,
            self._refused,
            can_cancel=False,
        )

    def _done(self, outcome: Outcome) -> None:
        self.state.outcome, self.state.password = outcome, ""
        heading = _("{company} has moved").format(company=self.state.road.company)
        said = _(
            "Both places were compared: every table and all totals agree. The old place ({where}) was left as it was "
            "and is marked as moved."
        ).format(where=self.state.road.where)
        self.verdict.say("circle-check", "success", heading, said)
        self.rows.show(list(outcome.rows))
        self.table.setVisible(bool(outcome.rows))
        if outcome.passwords:
            self.passwords.show_passwords(outcome.passwords, self.state.road.company)
            self.passwords.show()
        self.changed.emit()

    def _refused(self, error: BaseException) -> None:
        self.verdict.say("circle-alert", "danger", _("It was not moved"), said_of(error))
        self.changed.emit()
