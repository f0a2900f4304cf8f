"""Lists of people from files: the staff, so that what they sold has its salesperson."""

from collections.abc import Mapping, Sequence
from typing import Final

from crm_desktop.access import people, teams
from crm_desktop.access.incoming.fields import GIVEN, PERSON_IMPORT_FIELDS
from crm_desktop.access.incoming.plan import ROLE, NewPerson, PeoplePlan, person_key
from crm_desktop.access.incoming.undo import PeopleUndo, TeamUndo
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer, Verdict
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress


class PeopleTarget:
    """Takes lists of people: a row each, by login or name. Nobody can log in before they are given a password."""

    name = "people"
    label = N_("People")
    entity = "user"
    permission = Permission.USER_WRITE
    keys: tuple[str, ...] = ("login", "name")
    required: tuple[tuple[str, ...], ...] = (("name", "login"),)
    grouped = ""
    percents: frozenset[str] = frozenset()
    sheet_names: tuple[str, ...] = (
        *("Staff", "Employees", "Salespeople", "Sales reps", "Users", "员工", "員工", "业务员", "業務員"),
        *("销售员", "銷售員", "人员", "人員", "用户", "用戶"),
    )
    choices: tuple[ImportChoice, ...] = (ImportChoice(ROLE, N_("Role of new people"), GIVEN),)
    undoers: Mapping[str, Undoer] = {"user": PeopleUndo(), "team": TeamUndo()}

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be."""
        return tuple(field for field in PERSON_IMPORT_FIELDS if field.writable_by(work.actor))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: what a list calls people says too little of what they may do."""
        return {}

    def plan(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each row; writes nothing. Raises NotAllowed, Cancelled."""
        if not work.actor.may(Permission.USER_WRITE):
            raise NotAllowed
        return PeoplePlan(work, options).plan(rows, progress)

    def apply(self, work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Add and change people. Raises NotAllowed, Conflict, Invalid, Cancelled."""
        made: dict[str, int] = {}
        for done, one in enumerate(planned):
            progress.step(done, len(planned))
            if one.verdict is Verdict.NEW:
                person: NewPerson = one.payload
                people.add_person(
                    work,
                    login=person.login,
                    name=person.name,
                    role=person.role,
                    team_id=_team(work, person.team_id, person.team, made),
                    active=person.active,
                )
            elif one.verdict is Verdict.UPDATE:
                assert one.id is not None
                assert one.version is not None
                changes = {name: value for name, value in one.payload.items() if name != "team"}
                if "team_id" in changes:
                    changes["team_id"] = _team(work, changes["team_id"], one.payload["team"], made)
                people.update_user(work, one.id, one.version, changes)


def _team(work: Work, team_id: int | None, name: str, made: dict[str, int]) -> int | None:
    """Return the team, which is made when only its name is known."""
    if team_id is not None or not name:
        return team_id
    key = person_key(name)
    if key not in made:
        made[key] = teams.create_team(work, name=name)
    return made[key]


PEOPLE: Final = PeopleTarget()
