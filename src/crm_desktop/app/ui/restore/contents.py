"""Step three: what is in the backup beside what is in the program, and what would be lost by name."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.restore import words
from crm_desktop.app.ui.restore.lost_list import LostPane
from crm_desktop.app.ui.restore.road import Seen
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import Step
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.sizes import size_text
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import INK_ROLE, PlainColumn, PlainRows, PlainTable


class _Figures(PlainRows):
    """What is lost stands in red."""

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role == INK_ROLE and self.columns[index.column()].name == "lost":
            return "danger"
        return super().data(index, role)


def _lost_text(row: Row) -> str:
    return ngettext("{count} lost", "{count} lost", row.lost).format(count=f"{row.lost:,}") if row.lost else ""


class ContentsStep(Step):
    """The step at which a frightened person decides."""

    def __init__(self, state: RestoreState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.heading = text_label("", SECTION, SEMIBOLD)
        self.facts = text_label("", BODY, REGULAR, "text2", wrap=True, rich=True)
        self.newer = text_label("", BODY, REGULAR, "warn")
        self.use_newer = Button(_("Use that one"), "link")
        self.use_newer.clicked.connect(self._take_newer)
        self.look = Button(_("Open to look, read-only"), icon="eye")
        self.look.clicked.connect(self._open_to_look)
        self.other = Note()
        self.other.clear()
        self.older = text_label("", BODY, REGULAR, "text2", wrap=True)
        columns = [PlainColumn("label", "", 20, lambda row: row.label, grows=True)]
        columns.append(PlainColumn("then", _("In this backup"), 17, lambda row: row.then, right=True))
        if not state.road.is_new:
            columns.append(
                PlainColumn("now", _("In the program now"), 18, lambda row: row.now, right=True, ink="text2")
            )
            columns.append(PlainColumn("lost", "", 9, _lost_text, right=True))
        self.rows = _Figures(columns)
        self.table = PlainTable(self.rows, _("What is in this backup"))
        self.lost = LostPane(state)
        self._lay_out()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addWidget(self.progress)
        whole.addWidget(self.note)
        whole.addWidget(self.other)
        whole.addWidget(hairline())
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.table, 1)
        left.addWidget(self._promise())
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        if not self.state.road.is_new:
            body.addWidget(hairline(vertical=True))
            body.addWidget(self.lost)
        whole.addLayout(body, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px(20), px(14), px(20), px(12))
        row.setSpacing(px(14))
        ground = grounded("success-soft")
        ground.setFixedSize(px(36), px(36))
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        picture = QLabel()
        set_icon(picture, "shield-check", "success", 20)
        inside.addWidget(picture, 0, Qt.AlignmentFlag.AlignCenter)
        texts = QVBoxLayout()
        texts.setSpacing(px(2))
        newer = QHBoxLayout()
        newer.setSpacing(px(6))
        newer.addWidget(self.newer)
        newer.addWidget(self.use_newer)
        newer.addStretch(1)
        for part in (self.heading, self.facts, self.older):
            texts.addWidget(part)
        texts.addLayout(newer)
        row.addWidget(ground, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.look, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _promise(self) -> QWidget:
        """Return the way back, promised before the password."""
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        strip = Note()
        said = _(
            "Before anything changes, what is in the program now is saved as its own backup in the same folder. If the "
            "power fails in the middle, the old data stays as it is."
        )
        lead = _("You can come back.")
        if self.state.road.is_new:
            lead = _("Nothing is overwritten.")
            said = _("The company gets a file of its own, which appears only when everything is in it.")
            if self.state.road.replaces is not None:
                said = _("The damaged file is set aside in its folder, untouched; the backup then takes its place.")
        strip.show_message("info", said, icon="archive-restore", lead=lead)
        strip.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(strip)
        self.promise = strip
        return around

    # What the dialog asks

    def verb(self) -> str:
        """Return what comes next."""
        return _("Choose its place") if self.state.road.is_new else _("Continue to password")

    def begin(self) -> None:
        """Show what was found."""
        seen = self.state.seen
        assert seen is not None
        self._show(seen)
        self.lost.show_lost(seen)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, seen: Seen) -> None:
        path = self.state.path
        assert path is not None
        self.heading.setText(words.moment(seen.made_at))
        self.facts.setText(_facts(seen, str(path.parent)))
        newer = seen.newer
        self.newer.setVisible(newer is not None)
        self.use_newer.setVisible(newer is not None)
        if newer is not None:
            at = words.moment(newer.at) if newer.at is not None else newer.path.name
            self.newer.setText(_("A newer good backup exists: {when}.").format(when=at))
        self.older.setVisible(seen.older_format)
        self.older.setText(
            _("It was made by an older CRM Desktop. The copy was brought up to date; the backup stays as it is.")
        )
        self._show_other(seen)
        self.rows.show(list(seen.rows))
        if seen.rows:
            self.table.setCurrentIndex(self.rows.index(0, 0))

    def _show_other(self, seen: Seen) -> None:
        if seen.other_company:
            self.other.show_message(
                "danger",
                _(
                    "It is a backup of {theirs}. In the program is {ours}: all of it would be replaced. Check twice."
                ).format(theirs=seen.company, ours=seen.other_company),
                lead=_("This is another company’s data."),
            )
        elif seen.diverged:
            self.other.show_message(
                "warn",
                _(
                    "After this backup an older one was restored here, so the two went different ways. What is said to "
                    "be lost is what the program has and this backup has not."
                ),
            )
        else:
            self.other.clear()

    def _take_newer(self) -> None:
        seen = self.state.seen
        if seen is not None and seen.newer is not None:
            self.state.another_wanted.emit(seen.newer.path)

    def _open_to_look(self) -> None:
        road, prepared = self.state.road, self.state.prepared
        self.run(
            self.state.tasks,
            _("Opening the backup to look"),
            lambda _progress: road.look(prepared),
            self._tell_opened,
            can_cancel=False,
        )

    def _tell_opened(self, _done: object) -> None:
        self.note.show_message("success", _("It opens in a window of its own. Look around in peace."))


def _facts(seen: Seen, folder: str) -> str:
    from html import escape

    from crm_desktop.ui.theme import token

    apart = "&nbsp; · &nbsp;"
    good = _("complete and undamaged")
    rest = ngettext("{count} row and all totals agree", "{count} rows and all totals agree", seen.rows_in_it).format(
        count=f"{seen.rows_in_it:,}"
    )
    colour = token("success").name()
    parts = [escape(seen.company), size_text(seen.size), escape(folder)]
    return apart.join([*parts, f"<span style='color:{colour};font-weight:600'>{good}</span>: {rest}"])
