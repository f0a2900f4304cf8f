"""The tree of teams beside the people: who leads which, how many are in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTreeView, QVBoxLayout, QWidget

from crm_desktop.access import teams
from crm_desktop.access.teams import TeamNode
from crm_desktop.access.ui.form_dialog import FormDialog
from crm_desktop.access.ui.person_dialog import team_editor
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.theme import set_ground

TEAM_ROLE = Qt.ItemDataRole.UserRole + 1


class TeamDialog(FormDialog):
    """A new team, or another name, place or leader."""

    def __init__(
        self,
        desk: Desk,
        nodes: Sequence[TeamNode],
        colleagues: Sequence[tuple[int, str]],
        parent: QWidget,
        team: TeamNode | None = None,
        above: int | None = None,
    ) -> None:
        title = _("New team") if team is None else _("Edit team {name}").format(name=team.name)
        text = _("Whoever leads a team sees the customers of its people and of every team below it.")
        super().__init__(desk, title, text, _("Add the team") if team is None else _("Save"), parent)
        self._team = team
        fields = (
            Field("name", None, N_("Name"), 30, Use.FORM),
            Field("manager_id", None, N_("Led by"), 24, Use.FORM, Kind.USER),
        )
        context = EditorContext(today=lambda: desk.today, users=colleagues)
        self.form = RecordForm(fields, context, {"name": (True, 120)}, parent=self)
        self.form.hide()
        self.form.editor("name")
        self.form.add_editor("parent_id", team_editor("parent_id", _("Below"), nodes, _("No team above")))
        self.column.addLayout(self.form.row("name"))
        self.column.addLayout(self.form.row("parent_id", "manager_id"))
        self.form.load(
            {"name": "", "parent_id": above, "manager_id": None}
            if team is None
            else {"name": team.name, "parent_id": team.parent_id, "manager_id": team.manager_id}
        )
        self.form.focus_first()

    def job(self) -> Callable[[Any], Any] | None:
        """Return the call that adds or changes the team."""
        if not self.form.validate():
            return None
        if self._team is None:
            values = self.form.values()
            return lambda work: teams.create_team(work, **values)
        changes, id_, version = self.form.changes(), self._team.id, self._team.version
        return lambda work: teams.update_team(work, id_, version, changes)

    def show_field_error(self, field: str, text: str) -> bool:
        """Show an error beside its field."""
        return self.form.field_error(field, text)


class TeamsPane(QWidget):
    """The tree with its buttons; the screen opens the dialogs."""

    add_wanted = Signal()
    edit_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self.setMinimumWidth(px(300))
        self.model = QStandardItemModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(True)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.tree.setAccessibleName(_("Teams"))
        self.tree.doubleClicked.connect(self._edit_at)
        self.tree.activated.connect(self._edit_at)
        self.tree.selectionModel().currentChanged.connect(self._show_buttons)
        self.add = Button(_("New team"), "plain", icon="plus", dense=True)
        self.edit = IconButton("pencil", _("Edit the team"))
        self.remove = IconButton("trash-2", _("Remove the team"))
        self.add.clicked.connect(self.add_wanted)
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(self._remove)
        empty = _("No teams yet. A team lets its leader see the customers of its people.")
        self.empty = text_label(empty, BODY, REGULAR, "muted", wrap=True)
        head = QHBoxLayout()
        head.addWidget(section_label(_("Teams")))
        head.addStretch()
        for part in (self.edit, self.remove, self.add):
            head.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(12))
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addWidget(self.tree, 1)

    def show_teams(self, nodes: Sequence[TeamNode], names: Mapping[int, str]) -> None:
        """Show the tree; the current team stays current."""
        before = self.current()
        self.model.clear()
        self.model.setHorizontalHeaderLabels([_("Team"), _("Led by")])
        items: dict[int, QStandardItem] = {}
        for node in nodes:
            people = ngettext("{count} person", "{count} people", node.members)
            item = QStandardItem(_("{team} ({count})").format(team=node.name, count=number_text(node.members)))
            item.setToolTip(_("{team}: {people}").format(team=node.name, people=people.format(count=node.members)))
            item.setData(node, TEAM_ROLE)
            item.setSizeHint(QSize(0, px(28)))
            items[node.id] = item
            above = items.get(node.parent_id or 0, self.model.invisibleRootItem())
            above.appendRow([item, QStandardItem(names.get(node.manager_id or 0, ""))])
        self.tree.expandAll()
        self.tree.header().resizeSection(0, px(160))
        self.empty.setVisible(not nodes)
        self.tree.setVisible(bool(nodes))
        if before is not None and before.id in items:
            self.tree.setCurrentIndex(items[before.id].index())
        self._show_buttons()

    def current(self) -> TeamNode | None:
        """Return the team the keyboard is on."""
        node = self.tree.currentIndex().siblingAtColumn(0).data(TEAM_ROLE)
        return node if isinstance(node, TeamNode) else None

    def _show_buttons(self, *_indexes: QModelIndex) -> None:
        for button in (self.edit, self.remove):
            button.setEnabled(self.current() is not None)

    def _edit_at(self, index: QModelIndex) -> None:
        self.edit_wanted.emit(index.siblingAtColumn(0).data(TEAM_ROLE))

    def _edit(self) -> None:
        if (node := self.current()) is not None:
            self.edit_wanted.emit(node)

    def _remove(self) -> None:
        if (node := self.current()) is not None:
            self.remove_wanted.emit(node)
