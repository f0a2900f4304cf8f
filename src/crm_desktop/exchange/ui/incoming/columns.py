"""The second step: which column is which field, and how rows become records."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.exchange.ui.incoming.column_rows import ColumnRows
from crm_desktop.exchange.ui.incoming.facts import choose_reading
from crm_desktop.exchange.ui.incoming.options import ImportChoices
from crm_desktop.exchange.ui.incoming.page import ImportPage
from crm_desktop.exchange.ui.incoming.state import ImportState
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.importing import ImportOptions
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.notes import Note


class ColumnsPage(ImportPage):
    """What was recognised, correctable; what is missing is said before the rows are checked."""

    def __init__(self, state: ImportState, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(state, desk, parent)
        self._shown: tuple[Draft, tuple[int, ...]] | None = None
        self.note, self.unsure, self.remembered = Note(), Note(), Note()
        self.unsure.action_clicked.connect(self._read_otherwise)
        self.counted = text_label("", BODY, REGULAR, "text2")
        self.counted.setContentsMargins(px(16), px(10), px(16), px(4))
        self.rows = ColumnRows()
        self.rows.mapped.connect(self._map)
        self.choices = ImportChoices()
        self.choices.decided.connect(self._decide)
        self.go = Button(_("Check the rows"), "primary")
        self.go.clicked.connect(self.next_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for note in (self.note, self.unsure, self.remembered):
            note.clear()
            column.addWidget(note)
        column.addWidget(self.counted)
        column.addWidget(self.rows, 1)
        column.addWidget(hairline())
        column.addWidget(self.choices)
        state.draft_changed.connect(self._refresh)

    def begin(self) -> None:
        """Show the current sheet; its first undecided column gets the focus."""
        draft = self.state.draft
        if draft is None:
            return
        if self._shown != (draft, draft.header_rows):
            self._shown = (draft, draft.header_rows)
            needed = frozenset(name for names in draft.target.required for name in names)
            self.rows.show_columns(draft.columns, draft.context.fields, needed)
            self.choices.show_draft(draft)
            self._say_remembered(draft)
        self._refresh()
        if self.go.isEnabled():
            self.go.setFocus()
        elif self.rows.choices:
            open_ones = [column.place for column in draft.columns if not column.field]
            self.rows.choices[(open_ones or list(self.rows.choices))[0]].setFocus()

    def foot_text(self) -> str:
        """Return what is still missing, else that nothing was written."""
        missing = self._missing()
        return _("Still needed: {fields}.").format(fields=missing) if missing else _("Nothing has been written yet.")

    def foot_buttons(self) -> Sequence[QWidget]:
        """Return the one button."""
        return (self.go,)

    def _refresh(self) -> None:
        draft = self.state.draft
        if draft is None or self._shown is None or self._shown[0] is not draft:
            return
        if self._shown[1] == draft.header_rows:
            self.rows.refresh(draft.columns)
        used = sum(bool(column.field) for column in draft.columns)
        said = ngettext(
            "{used} of {count} column comes in.", "{used} of {count} columns come in.", len(draft.columns)
        ).format(used=used, count=len(draft.columns))
        self.counted.setText(_("{counted} What a column is taken for can be changed.").format(counted=said))
        missing = self._missing()
        self.go.setEnabled(not missing)
        if missing:
            said = _("No column is taken for {fields}. Choose which one it is.").format(fields=missing)
            self.note.show_message("warn", said)
        else:
            self.note.clear()
        self._ask_about_unsure(draft)
        self.foot_changed.emit()

    def _ask_about_unsure(self, draft: Draft) -> None:
        """Ask where a column itself does not say how it is read."""
        unsure = _unsure(draft)
        if unsure:
            reading = draft.readings[unsure[0]]
            labels = {field.name: _(field.label) for field in draft.context.fields}
            said = _("{sentence} The column itself does not decide it.").format(sentence=reading.sentence)
            lead = ", ".join(labels.get(name, name) for name in unsure) + ":"
            self.unsure.show_message("warn", said, _("Read it otherwise…"), lead=lead)
        else:
            self.unsure.clear()

    def _read_otherwise(self) -> None:
        draft = self.state.draft
        if draft is not None and (names := _unsure(draft)):
            choose_reading(self.state, draft, names, self)

    def _say_remembered(self, draft: Draft) -> None:
        if any(column.how == "remembered" for column in draft.columns):
            self.remembered.show_message("info", _("A sheet of this layout came in before: read as last time."))
        else:
            self.remembered.clear()

    def _missing(self) -> str:
        """Return what is needed and mapped nowhere: "Name, Code or Product"."""
        draft = self.state.draft
        if draft is None:
            return ""
        labels = {field.name: _(field.label) for field in draft.context.fields}
        either = _(" or ")
        return ", ".join(either.join(labels.get(name, name) for name in names) for names in draft.missing())

    def _map(self, place: int, field: str) -> None:
        draft = self.state.draft
        if draft is not None:
            draft.map(place, field)
            self.state.touch()

    def _decide(self, options: ImportOptions) -> None:
        self.state.set_options(options)


def _unsure(draft: Draft) -> list[str]:
    """Return the fields that are read alike, but only by a guess."""
    readings = draft.readings
    first = next((reading for reading in readings.values() if not reading.sure and reading.others), None)
    if first is None:
        return []
    return [name for name, reading in readings.items() if not reading.sure and reading.key == first.key]
