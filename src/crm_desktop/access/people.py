"""The people who can log in: made, changed, deactivated with everything handed over; never deleted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import exists, func, select, update

from crm_desktop.access import passwords, rules
from crm_desktop.access.company import clean_login, clean_name
from crm_desktop.access.login import set_password
from crm_desktop.access.model import Company, Team, User, UserRole
from crm_desktop.access.server import ServerAccounts
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import CrmError, Invalid, NotAllowed, NotFound, UserError
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

_EDITABLE: Final = frozenset({"login", "name", "team_id", "language"})


class LastOwner(UserError):
    """Nobody would be left who may do everything."""

    message = N_("This is the last active owner. Make somebody else an owner first.")


class NotYourself(UserError):
    """People do not deactivate themselves, nor change their own roles unless they are owners."""

    message = N_("You cannot do this to yourself. Ask an owner of the company.")


class HandsOver(Protocol):
    """What a feature whose rows have an owner offers when that person leaves.

    The calls come with system rights: whoever looks after the users need not see the rows.
    """

    entity: str
    """What is counted, by its name in the journal: "contact"."""

    def count(self, work: Any, user_id: int) -> int:
        """Return how many rows the person owns."""
        ...

    def hand_over(self, work: Any, from_user_id: int, to_user_id: int | None) -> int:
        """Move every row to another person, None the public pool; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """One person who can log in, or could."""

    id: int
    version: int
    login: str
    name: str
    active: bool
    team_id: int | None
    language: str
    roles: tuple[str, ...]
    must_change_password: bool
    last_login_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Burden:
    """How many rows of one entity a person owns."""

    entity: str
    count: int


@open_to_all("everybody sees by name who owns and did what")
def names(work: Work) -> dict[int, str]:
    """Return the name of every user there ever was, by id."""
    return {row.id: row.name for row in work.session.execute(select(User.id, User.name))}


@open_to_all("hand-over and filters offer the colleagues by name")
def colleagues(work: Work) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of everybody active, by name."""
    rows = work.session.execute(select(User.id, User.name).where(User.active.is_(True)))
    return tuple(sorted(((row.id, row.name) for row in rows), key=lambda pair: (pair[1].casefold(), pair[0])))


@requires(Permission.USER_WRITE)
def people(work: Work) -> tuple[Person, ...]:
    """Return everybody, the active first, by name."""
    roles: dict[int, list[str]] = {}
    for user_id, role in work.session.execute(select(UserRole.user_id, UserRole.role)):
        roles.setdefault(user_id, []).append(role)
    found = [_person(user, roles.get(user.id, ())) for user in work.session.scalars(select(User))]
    return tuple(sorted(found, key=lambda person: (not person.active, person.name.casefold(), person.id)))


@requires(Permission.USER_WRITE)
def person(work: Work, user_id: int) -> Person:
    """Return one person. Raises NotFound."""
    return _person(work.get(User, user_id), _roles(work, user_id))


@requires(Permission.USER_WRITE)
def person_by_login(work: Work, login: str) -> Person:
    """Return the person with this login, however its letters are typed. Raises NotFound."""
    id_ = work.session.scalar(select(User.id).where(User.login_key == rules.login_key(login)))
    if id_ is None:
        raise NotFound(N_("Nobody has the login “{login}”."), login=login)
    return person(work, id_)


@requires(Permission.USER_WRITE)
def create_user(
    work: Work,
    *,
    login: str,
    name: str,
    roles: Collection[str],
    password: str,
    team_id: int | None = None,
    language: str = "",
    must_change_password: bool = True,
    server: ServerAccounts | None = None,
) -> Person:
    """Add a person, who is asked for a password of their own at the first login.

    Raises Invalid (fields: login, name, roles, team_id, language, password), NotAllowed for the role of
    an owner by anybody but an owner.
    """
    _check_roles(work, roles)
    values = _checked(work, {"login": login, "name": name, "team_id": team_id, "language": language})
    user = User(**values, must_change_password=must_change_password, created_at=work.now)
    if server is not None:
        passwords.check_new(password, user.login)
        user.database_role = server.create_login(work, user.login, password)
    else:
        set_password(work, user, password, None)
    _add(work, user, roles)
    if server is not None:
        server.set_roles(work, user.database_role, user.id, sorted(set(roles)))
    return _person(user, roles)


@requires(Permission.USER_WRITE)
def add_person(
    work: Work, *, login: str, name: str, role: str, team_id: int | None = None, active: bool = True
) -> Person:
    """Add a person who cannot log in before somebody gives them a password (`reset_password`).

    Raises Invalid (fields: login, name, roles, team_id), NotAllowed for the role of an owner by anybody
    but an owner.
    """
    _check_roles(work, (role,))
    values = _checked(work, {"login": login, "name": name, "team_id": team_id})
    user = User(**values, active=active, must_change_password=True, created_at=work.now)
    _add(work, user, (role,))
    return _person(user, (role,))


@requires(Permission.USER_WRITE)
def update_user(
    work: Work, user_id: int, version: int, changes: Mapping[str, Any], server: ServerAccounts | None = None
) -> Person:
    """Change login, name, team_id, language or roles, made over `version`.

    Raises Conflict, Invalid(field), NotAllowed, NotYourself, LastOwner.
    """
    wanted = {key: value for key, value in changes.items() if key in _EDITABLE}
    values = _checked(work, wanted, user_id)
    compared = values | ({"roles": sorted(set(changes["roles"]))} if "roles" in changes else {})
    user = work.edit(User, user_id, version, compared)
    _check_manages(work, user_id)
    if user.database_role and values.get("login_key", user.login_key) != user.login_key:
        raise Invalid("login", N_("The server knows this person by their login, so it cannot be changed."))
    for key, value in values.items():
        setattr(user, key, value)
    work.session.flush()
    if "roles" in changes:
        _set_roles(work, user, changes["roles"], server)
    return _person(user, _roles(work, user_id))


@requires(Permission.USER_WRITE)
def reset_password(work: Work, user_id: int, new_password: str, server: ServerAccounts | None = None) -> None:
    """Give somebody a new password, which they must change at the next login; ends their waiting.

    Raises Invalid("password"), NotAllowed for an owner by anybody but an owner.
    """
    _check_manages(work, user_id)
    user = work.get(User, user_id)
    if server is not None and not user.database_role:
        _open_login(work, user, new_password, server)
    else:
        set_password(work, user, new_password, server)
    user.must_change_password = user_id != work.actor.user_id
    user.failed_attempts, user.retry_at = 0, None
    work.note("user", user_id, "password_reset")


@requires(Permission.USER_WRITE)
def burdens(work: Work, user_id: int, hands_over: Sequence[HandsOver]) -> tuple[Burden, ...]:
    """Return what would be handed over if this person left; only what there is."""
    counted = [Burden(part.entity, _count(work, part, user_id)) for part in hands_over]
    led = work.session.scalar(select(func.count()).select_from(Team).where(Team.manager_id == user_id)) or 0
    return tuple(burden for burden in (*counted, Burden("team", led)) if burden.count)


@requires(Permission.USER_WRITE)
def deactivate(
    work: Work,
    user_id: int,
    version: int,
    *,
    successor_id: int | None = None,
    to_pool: bool = False,
    hands_over: Sequence[HandsOver] = (),
    server: ServerAccounts | None = None,
) -> int:
    """Close an account and hand everything over in the same transaction; return how many rows moved.

    Exactly one of `successor_id` and `to_pool` is needed. Raises Invalid("successor_id"), NotYourself,
    LastOwner, NotAllowed, Conflict.
    """
    if (successor_id is None) != to_pool:
        raise Invalid("successor_id", N_("Choose who takes over, or the public pool."))
    if user_id == work.actor.user_id:
        raise NotYourself
    _check_manages(work, user_id)
    if successor_id is not None:
        _check_successor(work, user_id, successor_id)
    user = work.get(User, user_id, version)
    if rules.OWNER in _roles(work, user_id):
        _check_not_last_owner(work, user_id)
    moved = _hand_over(work, user_id, successor_id, hands_over)
    user.active = False
    if server is not None and user.database_role:
        server.disable(work, user.database_role)
    return moved


@requires(Permission.USER_WRITE)
def activate(work: Work, user_id: int, version: int, server: ServerAccounts | None = None) -> Person:
    """Open an account again; what was handed over stays where it is. Raises Conflict, NotAllowed."""
    _check_manages(work, user_id)
    user = work.get(User, user_id, version)
    user.active = True
    user.failed_attempts, user.retry_at = 0, None
    if server is not None and user.database_role:
        server.enable(work, user.database_role)
    work.session.flush()
    return _person(user, _roles(work, user_id))


def _open_login(work: Work, user: User, password: str, server: ServerAccounts) -> None:
    """Give somebody a login role of their own who had none: people out of a list have no password."""
    passwords.check_new(password, user.login)
    user.database_role = server.create_login(work, user.login, password)
    work.session.flush()
    server.set_roles(work, user.database_role, user.id, sorted(_roles(work, user.id)))
    if not user.active:
        server.disable(work, user.database_role)


def _add(work: Work, user: User, roles: Collection[str]) -> None:
    work.session.add(user)
    work.session.flush()
    work.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(set(roles)))
    work.note("user", user.id, "create", after={"roles": sorted(set(roles))})
    work.session.flush()


def _hand_over(work: Work, from_id: int, to_id: int | None, hands_over: Iterable[HandsOver]) -> int:
    moved = 0
    for part in hands_over:
        with work.system_rights("whoever looks after the users hands over rows they need not see"):
            moved += part.hand_over(work, from_id, to_id)
        work.session.flush()
        if left := _count(work, part, from_id):
            raise CrmError(f"{left} rows stayed with the leaver: {part.entity}")
    for team in work.session.scalars(select(Team).where(Team.manager_id == from_id)):
        team.manager_id = to_id
    return moved


def _count(work: Work, part: HandsOver, user_id: int) -> int:
    with work.system_rights("a count only: whoever looks after the users need not see the rows"):
        return part.count(work, user_id)


def _check_successor(work: Work, user_id: int, successor_id: int) -> None:
    active = work.session.scalar(select(User.active).where(User.id == successor_id))
    if successor_id == user_id or not active:
        raise Invalid("successor_id", N_("The successor must be another active person."))


def _check_manages(work: Work, user_id: int) -> None:
    if not rules.may_manage(work.actor, _roles(work, user_id)):
        raise NotAllowed(N_("Only an owner may change the account of an owner."))


def _check_roles(work: Work, roles: Collection[str]) -> None:
    if not roles:
        raise Invalid("roles", N_("At least one role is needed; without one there is nothing to see."))
    if unknown := sorted(set(roles) - rules.ROLES.keys()):
        raise Invalid("roles", N_("There is no role “{role}”."), role=unknown[0])
    if not rules.may_manage(work.actor, roles):
        raise NotAllowed(N_("Only an owner may make somebody an owner."))


def _check_not_last_owner(work: Work, user_id: int) -> None:
    # Two owners who take each other's role at the same moment meet at this lock.
    work.session.scalars(select(Company).with_for_update()).all()
    others = select(User.id).where(
        User.active.is_(True), User.id != user_id, UserRole.user_id == User.id, UserRole.role == rules.OWNER
    )
    if work.session.scalar(others.limit(1)) is None:
        raise LastOwner


def _set_roles(work: Work, user: User, roles: Collection[str], server: ServerAccounts | None) -> None:
    before, after = set(_roles(work, user.id)), set(roles)
    if before == after:
        return
    _check_roles(work, after)
    if user.id == work.actor.user_id and rules.OWNER not in work.actor.roles:
        raise NotYourself
    if rules.OWNER in before - after:
        _check_not_last_owner(work, user.id)
    held = {row.role: row for row in work.session.scalars(select(UserRole).where(UserRole.user_id == user.id))}
    for role in before - after:
        work.session.delete(held[role])
    work.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(after - before))
    # Roles are rows of their own; the person's version must say that something changed.
    work.session.execute(
        update(User)
        .where(User.id == user.id)
        .values(version=User.version + 1)
        .execution_options(synchronize_session=False)
    )
    work.session.flush()
    work.session.refresh(user)
    if server is not None and user.database_role:
        server.set_roles(work, user.database_role, user.id, sorted(after))
    work.note(
        "user", user.id, "update",
        before={"roles": sorted(before)}, after={"roles": sorted(after)}, version=user.version,
    )  # fmt: skip


def _checked(work: Work, values: Mapping[str, Any], user_id: int | None = None) -> dict[str, Any]:
    checked = dict(values)
    if "login" in checked:
        checked["login"] = clean_login(checked["login"])
        checked["login_key"] = key = rules.login_key(checked["login"])
        if work.session.scalar(select(exists().where(User.login_key == key, User.id != (user_id or 0)))):
            raise Invalid("login", N_("Somebody has this login already. Choose another one."))
    if "name" in checked:
        checked["name"] = clean_name(checked["name"])
    if checked.get("language") and checked["language"] not in LANGUAGES:
        raise Invalid("language", N_("This language is not known. Choose one of the list."))
    if checked.get("team_id") is not None and work.session.get(Team, checked["team_id"]) is None:
        raise Invalid("team_id", N_("This team no longer exists. Choose another one."))
    return checked


def _roles(work: Work, user_id: int) -> tuple[str, ...]:
    return tuple(work.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def _person(user: User, roles: Iterable[str]) -> Person:
    order = list(rules.ROLES)
    return Person(
        id=user.id,
        version=user.version,
        login=user.login,
        name=user.name,
        active=user.active,
        team_id=user.team_id,
        language=user.language,
        roles=tuple(sorted(set(roles), key=lambda role: order.index(role) if role in order else len(order))),
        must_change_password=user.must_change_password,
        last_login_at=user.last_login_at,
        created_at=user.created_at,
    )
