"""Contacts that are there twice: groups at the left, both records side by side, merge or not the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.contacts import duplicates, lists, rules, service, wording
from crm_desktop.contacts.duplicates import Group
from crm_desktop.contacts.fields import FIELDS
from crm_desktop.contacts.ui import words
from crm_desktop.contacts.ui.merge_dialog import open_merge
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.merge import same
from crm_desktop.shared.record import Record
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline, text_label, title_label
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.two_lines import DETAIL_ROLE, TwoLineDelegate

GROUP_ROLE: Final = Qt.ItemDataRole.UserRole
MOST_SIDES: Final = 3
_COMPARED: Final = tuple(
    field for field in FIELDS if field.name in {*service.COLUMNS, "owner", "city", "tags"} - {"name", "kind"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """A group with the names of its contacts."""

    group: Group
    names: tuple[str, ...]


def find(work: Any) -> list[Named]:
    """Return the groups with names; contacts that are out of sight by now are left out."""
    groups = duplicates.duplicate_groups(work)
    ids = sorted({id_ for group in groups for id_ in group.ids})
    names: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        names.update((row[0], row[1]) for row in lists.rows(work, ("name",), ids[start : start + 500]).rows)
    return [Named(group, tuple(names[id_] for id_ in group.ids if id_ in names)) for group in groups]


class DuplicatesScreen(Screen):
    """The finder. F5 looks again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.records: list[Record] = []
        self.busy = ProgressStrip()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Contacts that look alike"))
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._read_group)
        self.merge_button = Button(_("Merge…"), "primary", icon="merge")
        self.merge_button.clicked.connect(self._merge)
        self.distinct_button = Button(_("Not the same"), icon="x")
        self.distinct_button.clicked.connect(self._distinct)
        self._lay_out()
        desk.changes.changed.connect(self._heard)
        self.reload()

    def _lay_out(self) -> None:
        self._area = SheetArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(px(20), px(14), px(20), px(14))
        column.setSpacing(px(12))
        verbs = QHBoxLayout()
        verbs.setSpacing(px(8))
        self._why = text_label("", SECTION, SEMIBOLD)
        verbs.addWidget(self._why, 1)
        verbs.addWidget(self.distinct_button)
        verbs.addWidget(self.merge_button)
        column.addLayout(verbs)
        column.addWidget(self._area, 1)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(1)
        body.setChildrenCollapsible(False)
        self.list.setMinimumWidth(px(260))
        body.addWidget(self.list)
        body.addWidget(right)
        body.setStretchFactor(1, 1)
        body.setSizes([px(320), px(900)])
        self.stack = StateStack(body)
        header = QHBoxLayout()
        header.setContentsMargins(px(16), px(10), px(16), px(10))
        header.addWidget(title_label(self.title()))
        self._count = text_label("", BODY, REGULAR, "muted")
        header.addSpacing(px(8))
        header.addWidget(self._count)
        header.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(header)
        outer.addWidget(self.busy)
        outer.addWidget(hairline())
        outer.addWidget(self.stack, 1)

    def title(self) -> str:
        """Return the title."""
        return _("Duplicates")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("copy")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (KeyHint("↑ ↓", _("Next group")), KeyHint("F5", _("Look again")))

    def keyPressEvent(self, event: Any) -> None:
        """F5 looks again."""
        if event.key() == Qt.Key.Key_F5:
            self.reload()
            return
        super().keyPressEvent(event)

    def reload(self) -> None:
        """Look for duplicates again."""
        self.busy.start(_("Looking for duplicates"), can_cancel=False)
        self.desk.tasks.read(self, find, self._show, self._failed, label=_("Looking for duplicates"), coalesce="find")

    def _heard(self, changes: Changes) -> None:
        if changes.touches(service.ENTITY) and self.isVisible():
            self.reload()

    def _failed(self, _error: BaseException) -> None:
        self.busy.finish()

    def _show(self, found: Sequence[Named]) -> None:
        self.busy.finish()
        kept = self._group()
        self.list.clear()
        for named in found:
            item = QListWidgetItem(" / ".join(named.names), self.list)
            item.setData(DETAIL_ROLE, words.why(named.group.why))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {words.why(named.group.why)}")
            item.setData(GROUP_ROLE, named.group)
            if kept is not None and named.group == kept:
                self.list.setCurrentItem(item)
        said = ngettext("{count} group", "{count} groups", len(found)).format(count=len(found))
        self._count.setText(said if found else "")
        if not found:
            offer = Offer(_("Look again"), self.reload, "refresh-cw", "F5")
            text = _("No two contacts within your reach share a name, a phone, an e-mail or a registration number.")
            self.stack.show_state(EmptyState("circle-check", _("No duplicates"), text, primary=offer, kind="plain"))
            return
        self.stack.show_content()
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _group(self) -> Group | None:
        item = self.list.currentItem()
        return item.data(GROUP_ROLE) if item is not None else None

    def _read_group(self) -> None:
        group = self._group()
        if group is None:
            return
        ids = group.ids[:MOST_SIDES]

        def read(work: Any) -> list[Record]:
            found = []
            for id_ in ids:
                try:
                    found.append(service.get(work, id_))
                except NotFound:
                    continue
            return found

        self.desk.tasks.read(self, read, lambda records: self._compare(group, records), coalesce="group")

    def _compare(self, group: Group, records: list[Record]) -> None:
        if group != self._group():
            return
        self.records = records
        more = len(group.ids) - len(records)
        said = words.why(group.why)
        said = f"{said[:1].upper()}{said[1:]}"
        self._why.setText(_("{why}, and {count} more").format(why=said, count=more) if more else said)
        self.merge_button.setEnabled(len(records) >= 2)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, px(8), 0)
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(px(8))
        for place, record in enumerate(records, start=1):
            link = Button(words.on_button(str(record["name"])), "link", icon=words.KIND_ICONS.get(record["kind"], ""))
            link.clicked.connect(lambda _checked=False, id_=record.id: self.desk.open_record(service.ENTITY, id_))
            grid.addWidget(link, 0, place, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(place, 1)
        row = 1
        for label, texts, alike in self._lines(records):
            grid.addWidget(caption(label), row, 0, Qt.AlignmentFlag.AlignTop)
            for place, text in enumerate(texts, start=1):
                ink, weight = ("text2", REGULAR) if alike else ("text", MEDIUM)
                grid.addWidget(text_label(text, BODY, weight, ink, wrap=True), row, place, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(hairline(), row + 1, 0, 1, len(records) + 1)
            row += 2
        grid.setRowStretch(row, 1)
        self._area.show_page(page)

    def _lines(self, records: Sequence[Record]) -> list[tuple[str, list[str], bool]]:
        formats = Formats.of(self.desk.today, self.desk.names, self.desk.timezone)
        lines = []
        for field in _COMPARED:
            values = [record.values.get(field.name) for record in records]
            texts = [self._text(field, value, formats) for value in values]
            if any(texts):
                lines.append((_(field.label), texts, all(same(values[0], value) for value in values)))
        for label, part in (
            (_("Phones and e-mails"), "points"),
            (_("Addresses"), "addresses"),
            (_("People"), "people"),
        ):
            texts = ["\n".join(_part_line(part, one) for one in record[part]) for record in records]
            if any(texts):
                lines.append((label, texts, len(set(texts)) == 1))
        changed = [formats.instant(record["updated_at"]) for record in records]
        lines.append((_("Changed"), changed, False))
        return lines

    def _text(self, field: Field, value: Any, formats: Formats) -> str:
        if field.name == "owner":
            return wording.owner(self.desk.names, value)
        if isinstance(value, bool):
            return _("Yes") if value else ""
        return formats.full_text(field, value)

    def _merge(self) -> None:
        if len(self.records) >= 2:
            first, second = self.records[0], self.records[1]
            open_merge(self.desk, self, FIELDS, [first.id, second.id], lambda _id: self.reload())

    def _distinct(self) -> None:
        group = self._group()
        if group is None:
            return
        ids = list(group.ids)
        self.desk.tasks.write(
            self,
            lambda work: duplicates.declare_distinct(work, ids),
            lambda _nothing: self.reload(),
            label=_("Remembering that they are different"),
        )


def _part_line(part: str, one: Any) -> str:
    if part == "points":
        return f"{one['value']} ({wording.of_choice(rules.POINT_KINDS, one['kind'])})"
    if part == "addresses":
        return wording.address_line(one)
    return str(one["name"])
