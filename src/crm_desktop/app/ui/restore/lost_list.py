"""What would be lost by name: the newest few beside the figures, all of it in a list, the list as a workbook."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.app.restore_answers import Lost
from crm_desktop.app.ui.restore import words
from crm_desktop.app.ui.restore.road import Seen
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import said_of
from crm_desktop.shared.display import list_separator
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.theme import set_ground, set_ink

WIDTH_PX: Final = 352
SHOWN: Final = 6
_PEOPLE: Final = 6
ICONS: Final = {
    "contact": "users",
    "activity": "message-square",
    "order": "clipboard",
    "invoice": "file-text",
    "receipt": "banknote",
    "credit_note": "undo-2",
    "attachment": "paperclip",
    "product": "package",
    "user": "user",
}


def icon_of(entity: str) -> str:
    """Return the icon of a kind of record."""
    return ICONS.get(entity, "square-pen")


class LostPane(SheetArea):
    """The right side of the third step."""

    def __init__(self, state: RestoreState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.seen: Seen | None = None
        self.setFixedWidth(px(WIDTH_PX))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_all = Button("", "link")
        self.save = Button("", "link")

    def show_lost(self, seen: Seen) -> None:
        """Show what `seen` says would be lost."""
        self.seen = seen
        now = datetime.now(UTC)
        page = QWidget()
        set_ground(page, "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(14), px(20), px(16))
        column.setSpacing(px(2))
        column.addLayout(self._head(seen))
        people = seen.people
        if people:
            named = list_separator().join(people[:_PEOPLE])
            said = _("Entered since then by {names}").format(names=named)
            if len(people) > _PEOPLE:
                more = ngettext("and {count} more", "and {count} more", len(people) - _PEOPLE)
                said = f"{said} {more.format(count=len(people) - _PEOPLE)}"
            column.addWidget(text_label(said, LABEL, REGULAR, "text2", wrap=True))
        column.addSpacing(px(6))
        for lost in seen.lost[:SHOWN]:
            column.addWidget(_entry(lost, now))
            column.addWidget(hairline())
        if seen.lost:
            column.addSpacing(px(10))
            column.addLayout(self._links(seen))
        column.addStretch(1)
        self.setAccessibleName(_("What would be lost"))
        self.show_page(page)

    def _head(self, seen: Seen) -> QHBoxLayout:
        picture = QLabel()
        set_icon(picture, "history", "success" if seen.lost_known and not seen.lost_count else "danger", 16)
        if not seen.lost_known:
            said = _("What would be lost is not known: the present file is damaged")
        elif seen.lost_count:
            hours = max(1, seen.hours)
            said = ngettext("Would be lost: {count} hour of work", "Would be lost: {count} hours of work", hours)
            said = said.format(count=f"{hours:,}")
        else:
            said = _("Nothing would be lost")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(picture)
        row.addWidget(text_label(said, SECTION, SEMIBOLD, wrap=True), 1)
        return row

    def _links(self, seen: Seen) -> QHBoxLayout:
        row = QHBoxLayout()
        self.show_all = Button(_("Show all {count}").format(count=f"{seen.lost_count:,}"), "link")
        self.show_all.clicked.connect(self._show_all)
        self.save = Button(_("Save list to Excel…"), "link")
        self.save.clicked.connect(lambda: save_list(self, self.state, seen))
        row.addWidget(self.show_all)
        row.addStretch(1)
        row.addWidget(self.save)
        return row

    def _show_all(self) -> None:
        assert self.seen is not None
        LostDialog(self.state, self.seen, self).open()


def _entry(lost: Lost, now: datetime) -> QWidget:
    entry = QWidget()
    row = QHBoxLayout(entry)
    row.setContentsMargins(0, px(3), 0, px(3))
    row.setSpacing(px(10))
    picture = QLabel()
    set_icon(picture, icon_of(lost.entity), "text2", 14)
    title, below = ElidedLabel(), ElidedLabel()
    from crm_desktop.ui.fonts import set_font

    set_font(title, BODY, MEDIUM)
    set_font(below, LABEL, REGULAR)
    set_ink(below, "text2")
    title.show_text(lost.title)
    below.show_text(lost.detail or lost.by)
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(title)
    texts.addWidget(below)
    row.addWidget(picture)
    row.addLayout(texts, 1)
    row.addWidget(text_label(words.near(lost.at, now), LABEL, REGULAR, "text2"), 0, Qt.AlignmentFlag.AlignTop)
    entry.setAccessibleName(f"{lost.title}, {lost.detail}, {words.near(lost.at, now)}")
    return entry


class LostDialog(SheetDialog):
    """Everything that would be lost, in one list."""

    def __init__(self, state: RestoreState, seen: Seen, parent: QWidget | None = None) -> None:
        said = _("Entered or changed since {when}, newest first.").format(when=words.moment(seen.made_at))
        if len(seen.lost) < seen.lost_count:
            only = _("Only the newest {count} are named; {total} would be lost.")
            said = f"{said} {only.format(count=f'{len(seen.lost):,}', total=f'{seen.lost_count:,}')}"
        super().__init__(_("What would be lost"), _("Save list to Excel…"), said, width=900, parent=parent)
        self.rows = PlainRows(
            (
                PlainColumn("at", _("When"), 17, lambda lost: f"{lost.at.astimezone():%Y-%m-%d %H:%M}"),
                PlainColumn("title", _("What"), 26, lambda lost: lost.title, grows=True),
                PlainColumn("detail", _("Details"), 26, lambda lost: lost.detail, ink="text2"),
                PlainColumn("by", _("Who"), 14, lambda lost: lost.by, ink="text2"),
            )
        )
        self.rows.show(list(seen.lost))
        self.table = PlainTable(self.rows, _("What would be lost"))
        self.table.setMinimumHeight(px(360))
        self.body.addWidget(self.table)
        self.leave.setText(_("Close"))
        self.go.setDefault(False)
        self.go.clicked.connect(lambda: save_list(self, state, seen))
        if seen.lost:
            self.table.setCurrentIndex(self.rows.index(0, 0))
        self.table.setFocus()


def save_list(owner: QWidget, state: RestoreState, seen: Seen) -> None:
    """Ask for a file and write the list there."""
    local = seen.made_at.astimezone()
    name = _("What a restore would lose {day}").format(day=f"{local:%Y-%m-%d}") + ".xlsx"
    path = state.dialogs.choose_save_file(_("Save list to Excel"), name, _("Excel workbook (*.xlsx)"))
    if path is None:
        return
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
    headers = (_("When"), _("What"), _("Details"), _("Who"))

    def write(_progress: Any) -> None:
        write_list(path, headers, seen.lost)

    def written(_done: Any) -> None:
        state.dialogs.inform(_("{file} is written").format(file=path.name), str(path))

    state.tasks.free(
        owner, write, written, lambda error: state.dialogs.inform(said_of(error)), label=_("Writing the list")
    )


def write_list(path: Path, headers: Sequence[str], lost: Sequence[Lost]) -> None:
    """Write the list as a workbook; text that looks like a formula stays text. Raises Unavailable."""
    from crm_desktop.exchange.workbook import new_workbook
    from crm_desktop.shared.published import publish, writing

    with writing(path) as part, new_workbook(part) as book:
        sheet = book.add_worksheet()
        bold, instant = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for place, one in enumerate(lost, start=1):
            sheet.write_datetime(place, 0, one.at.astimezone().replace(tzinfo=None), instant)
            for column, text in enumerate((one.title, one.detail, one.by), start=1):
                sheet.write_string(place, column, text)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 3, 32)
        sheet.freeze_panes(1, 0)
    publish(path)
