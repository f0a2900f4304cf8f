"""Teams: a tree without circles; whoever leads a team reaches its members and every team below."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access import rules
from crm_desktop.access.company import clean_name
from crm_desktop.access.model import Company, Team, User
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid, NotFound, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import fold

_EDITABLE: Final = frozenset({"name", "parent_id", "manager_id"})


class TeamInUse(UserError):
    """A team with people or teams below it is not removed."""

    message = N_("This team still has people or teams below it. Move them to another team first.")


@dataclass(frozen=True, slots=True)
class TeamNode:
    """One team; `depth` is 0 at the top. `members` counts the active people directly in it."""

    id: int
    version: int
    name: str
    parent_id: int | None
    manager_id: int | None
    depth: int
    members: int


@open_to_all("the tree holds names only, and pickers of every role show it")
def teams(work: Work) -> tuple[TeamNode, ...]:
    """Return every team in the order of the tree: each one straight before those below it."""
    rows = {team.id: team for team in work.session.scalars(select(Team))}
    placed = select(User.team_id).where(User.team_id.is_not(None), User.active.is_(True))
    counts = Counter(work.session.scalars(placed))
    below: dict[int | None, list[Team]] = {}
    for team in sorted(rows.values(), key=lambda team: (team.name.casefold(), team.id)):
        below.setdefault(team.parent_id, []).append(team)
    found: list[TeamNode] = []
    waiting = [(team, 0) for team in reversed(below.get(None, []))]
    while waiting:
        team, depth = waiting.pop()
        found.append(_node(team, depth, counts[team.id]))
        waiting += [(child, depth + 1) for child in reversed(below.get(team.id, []))]
    return tuple(found)


@requires(Permission.USER_WRITE)
def team_by_name(work: Work, name: str) -> TeamNode:
    """Return the team of this name, however its letters are typed. Raises NotFound unless there is one."""
    found = [team for team in teams(work) if fold(team.name) == fold(name.strip())]
    if len(found) != 1:
        raise NotFound(N_("There is no team “{name}”, or there are several."), name=name)
    return found[0]


@requires(Permission.USER_WRITE)
def create_team(work: Work, *, name: str, parent_id: int | None = None, manager_id: int | None = None) -> int:
    """Add a team and return its id. Raises Invalid (fields: name, parent_id, manager_id)."""
    _lock_tree(work)
    values = _checked(work, {"name": name, "parent_id": parent_id, "manager_id": manager_id})
    team = Team(**values)
    work.session.add(team)
    work.session.flush()
    return team.id


@requires(Permission.USER_WRITE)
def update_team(work: Work, team_id: int, version: int, changes: Mapping[str, Any]) -> None:
    """Change name, parent_id or manager_id, made over `version`. Raises Conflict, Invalid(field)."""
    _lock_tree(work)
    values = _checked(work, {key: value for key, value in changes.items() if key in _EDITABLE})
    team = work.edit(Team, team_id, version, values)
    if "parent_id" in values:
        parents = {row.id: row.parent_id for row in work.session.execute(select(Team.id, Team.parent_id))}
        if rules.makes_circle(team_id, values["parent_id"], parents):
            raise Invalid("parent_id", N_("A team cannot be below itself. Choose another team above it."))
    for key, value in values.items():
        setattr(team, key, value)


@requires(Permission.USER_WRITE)
def remove_team(work: Work, team_id: int, version: int) -> None:
    """Delete an empty team. Raises TeamInUse, Conflict, NotFound."""
    _lock_tree(work)
    team = work.get(Team, team_id, version)
    people = work.session.scalar(select(func.count()).select_from(User).where(User.team_id == team_id))
    below = work.session.scalar(select(func.count()).select_from(Team).where(Team.parent_id == team_id))
    if people or below:
        raise TeamInUse
    work.session.delete(team)


def _lock_tree(work: Work) -> None:
    # Two people moving two teams below each other at the same moment would close a circle neither saw.
    work.session.scalars(select(Company).with_for_update()).all()


def _checked(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = clean_name(checked["name"])
    if checked.get("parent_id") is not None and work.session.get(Team, checked["parent_id"]) is None:
        raise Invalid("parent_id", N_("This team no longer exists. Choose another one."))
    if checked.get("manager_id") is not None:
        manager = work.session.get(User, checked["manager_id"])
        if manager is None or not manager.active:
            raise Invalid("manager_id", N_("The team needs an active person to lead it, or nobody."))
    return checked


def _node(team: Team, depth: int, members: int) -> TeamNode:
    return TeamNode(team.id, team.version, team.name, team.parent_id, team.manager_id, depth, members)
