"""The last step: the present is backed up, the backup takes its place, everybody logs in again."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.app.ui.restore.end_step import EndStep
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.restore.words import breakable, moment
from crm_desktop.app.ui.step_dialog import said_of
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import px


class ApplyStep(EndStep):
    """Puts the backup in its place."""

    def __init__(self, state: RestoreState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.state = state
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(24), px(20), px(20))
        whole.setSpacing(px(16))
        whole.addWidget(self.verdict)
        whole.addWidget(self.progress)
        whole.addWidget(self.passwords, 1)
        whole.addStretch(1)

    def begin(self) -> None:
        """Restore."""
        state, path, prepared, wish = self.state, self.state.path, self.state.prepared, self.state.wish
        seen = state.seen
        if self.is_end or self.busy or path is None or seen is None:
            return
        said = _(
            "What is in the program now is backed up and proved first. Leave the computer on; should the power fail, "
            "the old data is still there."
        )
        if state.road.is_new:
            said = _("The company is written into its new file. Leave the computer on.")
        heading = _("The backup of {when} is being restored").format(when=moment(seen.made_at))
        self.verdict.say("archive-restore", "accent", heading, said)
        self.run(
            state.tasks,
            _("Restoring"),
            lambda progress: state.road.restore(path, prepared, wish, progress),
            self._done,
            self._refused,
            can_cancel=False,
        )
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _done(self, outcome: Outcome) -> None:
        self.state.outcome = outcome
        seen = self.state.seen
        assert seen is not None
        lines = [_("It has been compared with the backup: every table and all totals agree.")]
        if outcome.safety is not None:
            lines.append(
                _("What was in the program before is in {file}. From there you can come back.").format(
                    file=breakable(outcome.safety)
                )
            )
        if outcome.aside:
            said = _("What lay there is kept in {place}, untouched.")
            lines.append(said.format(place=breakable(outcome.aside)))
        lines.append(_("Everybody logs in again."))
        heading = _("{company} is restored").format(company=seen.company)
        self.verdict.say("circle-check", "success", heading, "\n".join(lines))
        if outcome.passwords:
            self.passwords.show_passwords(outcome.passwords, seen.company, everybody=self.state.road.is_new)
            self.passwords.show()
        self.changed.emit()
        if not outcome.passwords:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, error: BaseException) -> None:
        self.verdict.say("circle-alert", "danger", _("It was not restored"), said_of(error))
        self.changed.emit()
