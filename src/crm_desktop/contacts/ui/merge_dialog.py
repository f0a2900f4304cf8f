"""Two records of one contact: which one stays, whose value stays in each field, what comes along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QSizePolicy, QWidget

from crm_desktop.contacts import files, merge, service, wording
from crm_desktop.contacts.ui import words
from crm_desktop.shared.display import Formats, list_separator
from crm_desktop.shared.errors import NotFound, UserError
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.merge import is_empty, same
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px, set_font
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.sheet_dialog import SheetDialog

LONGEST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the two: the record and how many files hang on it."""

    record: Record
    file_count: int


def read_both(first_id: int, second_id: int) -> Any:
    """Return work that reads both candidates. Raises NotFound when one was merged away meanwhile."""

    def read(work: Any) -> tuple[Candidate, Candidate]:
        found = []
        for id_ in (first_id, second_id):
            record = service.get(work, id_)
            if record.id != id_:
                raise NotFound
            found.append(Candidate(record, len(files.files_of(work, id_))))
        return found[0], found[1]

    return read


def differing(fields: Sequence[Field], one: Record, other: Record) -> list[Field]:
    """Return the fields in which somebody has to decide."""
    compared = [field for field in fields if field.name in service.COLUMNS and field.name not in _ADDED]
    return [field for field in compared if not same(one.values.get(field.name), other.values.get(field.name))]


_ADDED: Final = {"kind", "notes", "is_customer", "is_supplier"}
"""Kept from both, or alike in both."""


class MergeDialog(SheetDialog):
    """Field by field; `merged` carries the id that stays. Stays open when the merge is refused."""

    merged = Signal(int)

    def __init__(
        self,
        desk: Desk,
        fields: Sequence[Field],
        first: Candidate,
        second: Candidate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Merge two contacts"), _("Merge"), width=680, parent=parent)
        self._desk, self._fields = desk, fields
        self._sides = (first, second)
        self._formats = Formats.of(desk.today, desk.names, desk.timezone)
        self.survivor = QButtonGroup(self)
        self.choices: dict[str, QButtonGroup] = {}
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self.body.addWidget(self._table(), 1)
        self._moves = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.body.addWidget(self._moves)
        self.survivor.idToggled.connect(self._change_survivor)
        self.go.clicked.connect(self._merge)
        self._say()
        if first.record["kind"] != second.record["kind"]:
            self.go.setEnabled(False)
            self.note.show_message("warn", _("A company and a person cannot be one. Link them instead."))

    def choose_survivor(self, place: int) -> None:
        """Let the left (0) or the right (1) record stay."""
        self.survivor.button(place).setChecked(True)

    def choose(self, name: str, place: int) -> None:
        """Let the value of one side stay in a field."""
        self.choices[name].button(place).setChecked(True)

    def _table(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnMinimumWidth(0, px(110))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.addWidget(caption(_("This record stays")), 0, 0)
        for place, side in enumerate(self._sides):
            name = str(side.record["name"])
            grid.addWidget(self._radio(self.survivor, place, name, place == 0, weight=MEDIUM), 0, place + 1)
            facts = [
                words.status(side.record["status"]),
                side.record["city"],
                wording.owner(self._desk.names, side.record["owner"]),
            ]
            line = text_label(" · ".join(part for part in facts if part), LABEL, REGULAR, "muted", wrap=True)
            line.setContentsMargins(px(22), 0, 0, 0)
            grid.addWidget(line, 1, place + 1)
        for row, field in enumerate(differing(self._fields, self._sides[0].record, self._sides[1].record), start=2):
            self._add_field(grid, row, field)
        grid.setRowStretch(grid.rowCount(), 1)
        area = SheetArea()
        area.show_page(page)
        area.setMinimumHeight(min(px(340), page.sizeHint().height() + px(4)))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _add_field(self, grid: QGridLayout, row: int, field: Field) -> None:
        group = QButtonGroup(self)
        self.choices[field.name] = group
        grid.addWidget(caption(_(field.label)), row, 0)
        values = [side.record.values.get(field.name) for side in self._sides]
        first = 1 if is_empty(values[0]) else 0
        for place, value in enumerate(values):
            text = self._formats.full_text(field, value) or _("empty")
            button = self._radio(group, place, text, place == first)
            button.setAccessibleName(_("{field}: {value}").format(field=_(field.label), value=text))
            grid.addWidget(button, row, place + 1)

    def _radio(self, group: QButtonGroup, place: int, text: str, checked: bool, weight: int = REGULAR) -> QRadioButton:
        shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
        button = QRadioButton(shown.replace("&", "&&"))
        set_font(button, BODY, weight)
        button.setToolTip(text if shown != text else "")
        button.setChecked(checked)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setMinimumWidth(px(200))
        group.addButton(button, place)
        return button

    def _survivor(self) -> int:
        return self.survivor.checkedId()

    def _change_survivor(self, place: int, chosen: bool) -> None:
        """Values follow the record that stays, as most people expect; empty ones never win."""
        if chosen:
            for name, group in self.choices.items():
                if not is_empty(self._sides[place].record.values.get(name)):
                    group.button(place).setChecked(True)
            self._say()

    def _say(self) -> None:
        stays, goes = self._sides[self._survivor()], self._sides[1 - self._survivor()]
        self.go.setText(_("Merge into {name}").format(name=words.on_button(_short(str(stays.record["name"])))))
        self.explain(
            _("{other} becomes part of {name}. Whoever opens it later is led to {name}.").format(
                other=goes.record["name"], name=stays.record["name"]
            )
        )
        parts = _moving(goes)
        self._moves.setText(
            _("Comes along: {parts}. Tags and notes of both are kept.").format(parts=list_separator().join(parts))
            if parts
            else _("Tags and notes of both are kept.")
        )

    def _merge(self) -> None:
        stays, goes = self._survivor(), 1 - self._survivor()
        survivor, loser = self._sides[stays].record, self._sides[goes].record
        taken: Mapping[str, str] = {
            name: "survivor" if group.checkedId() == stays else "loser" for name, group in self.choices.items()
        }
        self.go.setEnabled(False)
        self._desk.tasks.write(
            self,
            lambda work: merge.merge(work, survivor.id, survivor.version, loser.id, loser.version, taken),
            lambda _nothing: self._done(survivor, loser),
            self._refused,
            label=_("Merging contacts"),
        )

    def _done(self, survivor: Record, loser: Record) -> None:
        said = _("{other} was merged into {name}").format(other=loser["name"], name=survivor["name"])
        self._desk.toast(said, kind="success")
        self.merged.emit(survivor.id)
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:31]}…"


def _moving(goes: Candidate) -> list[str]:
    """Return what the loser brings, in words."""
    record = goes.record
    counts = (
        (
            len(record["points"]),
            ngettext("{count} phone or e-mail", "{count} phones and e-mails", len(record["points"])),
        ),
        (len(record["addresses"]), ngettext("{count} address", "{count} addresses", len(record["addresses"]))),
        (
            len(record["people"]),
            ngettext("{count} person or company", "{count} people or companies", len(record["people"])),
        ),
        (goes.file_count, ngettext("{count} file", "{count} files", goes.file_count)),
    )
    return [text.format(count=count) for count, text in counts if count]


def open_merge(desk: Desk, parent: QWidget, fields: Sequence[Field], ids: Sequence[int], then: Any = None) -> None:
    """Read both contacts and open the dialog over `parent`; `then(survivor id)` is called when done."""

    def show(found: tuple[Candidate, Candidate]) -> None:
        dialog = MergeDialog(desk, fields, *found, parent)
        if then is not None:
            dialog.merged.connect(then)
        dialog.open()

    desk.tasks.read(parent, read_both(ids[0], ids[1]), show)
