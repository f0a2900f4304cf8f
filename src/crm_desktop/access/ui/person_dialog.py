"""New person, edit person, new password, deactivate: the dialogs of the people screen."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QRadioButton, QWidget

from crm_desktop.access import people
from crm_desktop.access.people import Burden, HandsOver, Person
from crm_desktop.access.rules import OWNER, ROLES
from crm_desktop.access.server import ServerAccounts
from crm_desktop.access.teams import TeamNode
from crm_desktop.access.ui.form_dialog import FormDialog
from crm_desktop.access.ui.login_steps import PasswordPair, proposed_login
from crm_desktop.access.ui.roles_editor import RolesEditor
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import LANGUAGES, N_, _
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.record_form import RecordForm

INDENT = "\u2003"


def team_editor(name: str, label: str, teams: Sequence[TeamNode], none: str) -> ChoiceEditor:
    """Return a choice of teams, indented by depth; `none` is the word for no team."""
    return ChoiceEditor(name, label, [(team.id, INDENT * team.depth + team.name) for team in teams], none, 22)


def person_form(desk: Desk, teams: Sequence[TeamNode], parent: QWidget) -> RecordForm:
    """Return the form of one person: name, login, team, language, roles."""
    fields = (Field("name", None, N_("Name"), 30, Use.FORM), Field("login", None, N_("Login"), 18, Use.FORM))
    context = EditorContext(today=lambda: desk.today)
    form = RecordForm(fields, context, {"name": (True, 120), "login": (True, 60)}, parent=parent)
    for name in ("name", "login"):
        form.editor(name)
    languages = [("", _("As the company")), *LANGUAGES.items()]
    form.add_editor("team_id", team_editor("team_id", _("Team"), teams, _("No team")))
    form.add_editor("language", ChoiceEditor("language", _("Language"), languages, None, 18))
    form.add_editor("roles", RolesEditor(_("Roles"), may_make_owners=_may_make_owners(desk)))
    return form


class PersonDialog(FormDialog):
    """A new person with a first password, or what somebody's account says."""

    def __init__(
        self,
        desk: Desk,
        teams: Sequence[TeamNode],
        parent: QWidget,
        person: Person | None = None,
        server: ServerAccounts | None = None,
    ) -> None:
        title = _("New person") if person is None else _("Edit {name}").format(name=person.name)
        verb = _("Add the person") if person is None else _("Save")
        super().__init__(desk, title, "", verb, parent)
        self.person, self._server, self._proposed = person, server, ""
        self.setMinimumWidth(px(540))
        self.form = person_form(desk, teams, self)
        self.column.addLayout(self.form.row("name", "login"))
        self.column.addLayout(self.form.row("team_id", "language"))
        self.password = PasswordPair(self)
        if person is None:
            self.form.editor("name").edited.connect(self._propose_login)
            self.column.addWidget(self.password)
            says = _("Tell it to the person; they must choose their own at the first login.")
            self.column.addWidget(text_label(says, LABEL, REGULAR, "muted", wrap=True))
        else:
            self.password.hide()
        self.column.addWidget(self.form.box("roles"))
        self.form.hide()
        self.form.load(_values(person))
        self.form.focus_first()

    def _propose_login(self) -> None:
        """Follow the name until somebody types a login of their own."""
        login = self.form.editor("login")
        if login.value() in (None, "", self._proposed):
            self._proposed = proposed_login(str(self.form.editor("name").value() or ""))
            login.set_value(self._proposed)

    def job(self) -> Callable[[Any], Any] | None:
        """Return the call that adds or changes the person."""
        if not self.form.validate():
            return None
        if self.person is None:
            password = self.password.checked()
            if password is None:
                return None
            values = self.form.values() | {"password": password}
            return lambda work: people.create_user(work, **values, server=self._server)
        changes, id_, version = self.form.changes(), self.person.id, self.person.version
        return lambda work: people.update_user(work, id_, version, changes, self._server)

    def show_field_error(self, field: str, text: str) -> bool:
        """Show an error beside its field."""
        if field == "password":
            self.password.show_error(text)
            return True
        return self.form.field_error(field, text)


class NewPasswordDialog(FormDialog):
    """A new password for somebody who forgot theirs."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget, server: ServerAccounts | None = None) -> None:
        super().__init__(
            desk,
            _("New password for {name}").format(name=person.name),
            _("They must choose their own at the next login. The journal keeps who did this, not the password."),
            _("Set the password"),
            parent,
        )
        self._id, self._server = person.id, server
        self.password = PasswordPair()
        self.password.submitted.connect(self.try_to_save)
        self.column.addWidget(self.password)
        self.password.first.setFocus()

    def job(self) -> Callable[[Any], Any] | None:
        """Return the call that sets the password."""
        password = self.password.checked()
        if password is None:
            return None
        return partial(_reset, self._id, password, self._server)

    def show_field_error(self, field: str, text: str) -> bool:
        """Show an error beside its field."""
        if field == "password":
            self.password.show_error(text)
        return field == "password"


class DeactivateDialog(FormDialog):
    """Who takes over what the leaver has, counted before anything happens."""

    def __init__(
        self,
        desk: Desk,
        person: Person,
        heirs: Sequence[tuple[int, str]],
        hands_over: Sequence[HandsOver],
        entities: Mapping[str, str],
        parent: QWidget,
        server: ServerAccounts | None = None,
    ) -> None:
        super().__init__(
            desk,
            _("Deactivate {name}").format(name=person.name),
            _("{name} can no longer log in. What they did stays in the history under their name.").format(
                name=person.name
            ),
            _("Deactivate {name}").format(name=person.name),
            parent,
            danger=True,
        )
        self._person, self._hands_over, self._entities, self._server = person, hands_over, entities, server
        self.counts = text_label(_("Counting…"), BODY, REGULAR, wrap=True)
        self.to_successor = QRadioButton(_("Everything goes to a colleague"))
        self.to_pool = QRadioButton(_("Everything goes to the public pool, where all of sales can claim it"))
        self.successor = QComboBox()
        self.successor.setPlaceholderText(_("Choose who takes over"))
        for id_, name in heirs:
            self.successor.addItem(name, id_)
        self.successor.setCurrentIndex(-1)
        self.successor.activated.connect(lambda _index: self.to_successor.setChecked(True))
        self.successor_box = FieldBox(_("Successor"), self.successor)
        self.successor_box.setContentsMargins(px(24), 0, 0, 0)
        self.column.addWidget(caption(_("To be handed over")))
        for part in (self.counts, self.to_successor, self.successor_box, self.to_pool):
            self.column.addWidget(part)
        self.to_successor.setChecked(True)
        id_ = person.id
        desk.tasks.read(self, lambda work: people.burdens(work, id_, hands_over), self._show_counts)

    def _show_counts(self, burdens: Sequence[Burden]) -> None:
        lines = [
            _("{entity}: {count}").format(
                entity=_(self._entities.get(burden.entity, burden.entity)), count=number_text(burden.count)
            )
            for burden in burdens
        ]
        self.counts.setText("\n".join(lines) or _("Nothing: no record belongs to this person."))

    def job(self) -> Callable[[Any], Any] | None:
        """Return the call that hands over and deactivates."""
        to_pool, successor = self.to_pool.isChecked(), self.successor.currentData()
        if not to_pool and successor is None:
            self.successor_box.set_error(_("Choose who takes over, or the public pool."))
            self.successor.setFocus()
            return None
        id_, version, hands_over, server = self._person.id, self._person.version, self._hands_over, self._server
        return lambda work: people.deactivate(
            work,
            id_,
            version,
            successor_id=None if to_pool else successor,
            to_pool=to_pool,
            hands_over=hands_over,
            server=server,
        )

    def show_field_error(self, field: str, text: str) -> bool:
        """Show an error beside its field."""
        if field == "successor_id":
            self.successor_box.set_error(text)
        return field == "successor_id"


def _reset(user_id: int, password: str, server: ServerAccounts | None, work: Any) -> None:
    people.reset_password(work, user_id, password, server)


def _may_make_owners(desk: Desk) -> bool:
    return desk.actor.user_id is None or OWNER in desk.actor.roles


def _values(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {"name": "", "login": "", "team_id": None, "language": "", "roles": (next(iter(ROLES)),)}
    return {
        "name": person.name,
        "login": person.login,
        "team_id": person.team_id,
        "language": person.language,
        "roles": person.roles,
    }
