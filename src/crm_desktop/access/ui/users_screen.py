"""Settings → People and teams."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from crm_desktop.access import people, teams
from crm_desktop.access.people import HandsOver, Person
from crm_desktop.access.sentences import ENTITIES
from crm_desktop.access.server import ServerAccounts
from crm_desktop.access.teams import TeamNode
from crm_desktop.access.ui.people_source import PeopleSource
from crm_desktop.access.ui.person_dialog import DeactivateDialog, NewPasswordDialog, PersonDialog
from crm_desktop.access.ui.teams_pane import TeamDialog, TeamsPane
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import ListSpec, NeverHad, View
from crm_desktop.ui.looks import Look
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint, Screen

NOT_DEACTIVATED = ("active", "new")


class PeopleList(ListScreen):
    """The list itself; Enter and double click edit a person in a dialog."""

    edit_wanted = Signal(int)

    def _open(self, id_: int) -> None:
        self.edit_wanted.emit(id_)


class UsersScreen(Screen):
    """People left, teams right; on a data file an honest word above both."""

    def __init__(
        self,
        desk: Desk,
        *,
        on_server: bool = False,
        hands_over: Sequence[HandsOver] = (),
        entities: Mapping[str, str] = ENTITIES,
        server: ServerAccounts | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`hands_over` moves a leaver's rows, `entities` names what they count, `server` keeps logins."""
        super().__init__(desk, parent)
        self._hands_over, self._entities, self._server = tuple(hands_over), entities, server
        self._teams: tuple[TeamNode, ...] = ()
        self._names: Mapping[int, str] = {}
        self._colleagues: tuple[tuple[int, str], ...] = ()
        self.dialog: QDialog | None = None
        self.honest = Note("info", "" if on_server else _honest_word(), icon="shield-alert")
        self.list = PeopleList(desk, _spec())
        self.teams = TeamsPane()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(self.teams)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.honest)
        column.addWidget(splitter, 1)
        column.addWidget(hairline())
        self.setFocusProxy(self.list)
        self._connect()
        self._read_teams()

    def _connect(self) -> None:
        for name, slot in (
            ("add_person", self._add_person),
            ("edit_person", self._edit_current),
            ("reset_password", self._reset_current),
            ("deactivate", self._deactivate_current),
            ("activate", self._activate_current),
        ):
            self.list.action(name).triggered.connect(slot)
        self.list.edit_wanted.connect(self._edit_person)
        self.teams.add_wanted.connect(self._add_team)
        self.teams.edit_wanted.connect(self._edit_team)
        self.teams.remove_wanted.connect(self._remove_team)
        self.desk.changes.changed.connect(self._take_changes)

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("People and teams")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("users")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what can be done here."""
        return self.list.actions_offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the list."""
        return self.list.keys()

    def search_here(self) -> None:
        """Go to the quick filter."""
        self.list.search_here()

    def reload(self) -> None:
        """Read people and teams again."""
        self.list.reload()
        self._read_teams()

    def changeEvent(self, event: QEvent) -> None:
        """Say the honest word in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "teams") and self.honest.text():
            self.honest.show_message("info", _honest_word(), icon="shield-alert")
            self.teams.show_teams(self._teams, self._names)

    # Reading

    def _read_teams(self) -> None:
        self.desk.tasks.read(
            self,
            lambda work: (teams.teams(work), people.names(work), people.colleagues(work)),
            self._show_teams,
            coalesce="teams",
        )

    def _show_teams(self, found: tuple[tuple[TeamNode, ...], Mapping[int, str], tuple[tuple[int, str], ...]]) -> None:
        self._teams, self._names, self._colleagues = found
        self.teams.show_teams(self._teams, self._names)

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches("team") or changes.touches("user"):
            self._read_teams()
        if changes.touches("team"):
            self.list.reload()

    # People

    def _add_person(self) -> None:
        self._open(PersonDialog(self.desk, self._teams, self, server=self._server))

    def _edit_current(self) -> None:
        self._with_current(self._show_edit)

    def _edit_person(self, user_id: int) -> None:
        self._with_person(user_id, self._show_edit)

    def _show_edit(self, person: Person) -> None:
        self._open(PersonDialog(self.desk, self._teams, self, person, self._server))

    def _reset_current(self) -> None:
        self._with_current(lambda person: self._open(NewPasswordDialog(self.desk, person, self, self._server)))

    def _deactivate_current(self) -> None:
        self._with_current(self._show_deactivate)

    def _show_deactivate(self, person: Person) -> None:
        if not person.active:
            self._say(_("{name} is deactivated already.").format(name=person.name))
            return
        if person.id == self.desk.actor.user_id:
            self._say(str(people.NotYourself()))
            return
        heirs = [pair for pair in self._colleagues if pair[0] != person.id]
        self._open(DeactivateDialog(self.desk, person, heirs, self._hands_over, self._entities, self, self._server))

    def _activate_current(self) -> None:
        self._with_current(self._activate)

    def _activate(self, person: Person) -> None:
        if person.active:
            self._say(_("{name} is active already.").format(name=person.name))
            return
        id_, version, server = person.id, person.version, self._server
        self.desk.tasks.write(self, lambda work: people.activate(work, id_, version, server), None, self._show_refusal)

    def _with_current(self, then: Callable[[Person], Any]) -> None:
        ids = self.list.target_ids()
        if len(ids) == 1:
            self._with_person(ids[0], then)
        else:
            self._say(_("Choose one person for this."))

    def _with_person(self, user_id: int, then: Callable[[Person], Any]) -> None:
        self.list.set_message("info", "")
        self.desk.tasks.read(self, lambda work: people.person(work, user_id), then, self._show_refusal)

    # Teams

    def _add_team(self) -> None:
        current = self.teams.current()
        above = current.id if current is not None else None
        self._open(TeamDialog(self.desk, self._teams, self._colleagues, self, above=above))

    def _edit_team(self, node: TeamNode) -> None:
        self._open(TeamDialog(self.desk, self._teams, self._colleagues, self, node))

    def _remove_team(self, node: TeamNode) -> None:
        title = _("Remove the team “{name}”?").format(name=node.name)
        if self.desk.dialogs.confirm(
            title, _("Only a team without people and teams below it can go."), _("Remove the team")
        ):
            id_, version = node.id, node.version
            self.desk.tasks.write(self, lambda work: teams.remove_team(work, id_, version), None, self._show_refusal)

    # Common to both

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self, _result: int) -> None:
        self.dialog = None

    def _show_refusal(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.list.set_message("danger", str(error))

    def _say(self, text: str) -> None:
        self.list.set_message("info", text)


def _honest_word() -> str:
    return _(
        "On a data file, anyone who can log in could read it all with other tools. "
        "Use PostgreSQL if people must not see each other's records."
    )


def _counted(count: int) -> str:
    return ngettext("{count} person", "{count} people", count).format(count=count)


def _spec() -> ListSpec:
    may = Permission.USER_WRITE
    working = Listing(filters=(Filter("status", "is", NOT_DEACTIVATED),))
    return ListSpec(
        name="people",
        title=N_("People"),
        icon="users",
        source=PeopleSource(),
        views=(
            View("working", N_("Active"), working),
            View("all", N_("All"), Listing()),
        ),
        never_had=NeverHad(N_("Nobody here"), N_("The people who can log in."), primary="add_person"),
        counted=_counted,
        primary=ActionSpec("add_person", N_("New person…"), icon="user-plus", shortcut="Ctrl+N", permission=may),
        bulk=(
            ActionSpec("edit_person", N_("Edit…"), icon="pencil", shortcut="F2", permission=may),
            ActionSpec("reset_password", N_("New password…"), icon="key", permission=may),
            ActionSpec("deactivate", N_("Deactivate…"), icon="user-minus", permission=may),
            ActionSpec("activate", N_("Activate again"), icon="user-check", permission=may),
        ),
        looks={"name": Look(token="text", weight=500), "last_login_at": Look(always_ago=True)},
    )
