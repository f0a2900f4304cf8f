"""Who comes in: login with its throttling, the recovery code, one's own password, the actor of a person.

`log_in` and `recover` open their own short transactions, because an attempt that fails must be
committed too, and because nothing may be held while Argon2 works.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from crm_desktop.access import passwords, rules
from crm_desktop.access.model import Company, Team, User, UserRole
from crm_desktop.access.server import ServerAccounts
from crm_desktop.db.epoch import DataMoved
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound, Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

LOGIN: Final = "login"
"""The journal entity of a login; `entity_id` is the user's id."""
LOGIN_UNKNOWN: Final = "login_unknown"
"""The journal entity of an attempt with a login nobody has; `entity_id` is a hash of what was typed."""

_COUNTED: Final = rules.FREE_ATTEMPTS + 7
"""After so many failures in a row the delay grows no more."""


class WrongLogin(UserError):
    """No such login, or not its password: the two look the same on purpose."""

    message = N_("Login or password is wrong. Check Caps Lock and the input method, then try again.")


class WrongRecoveryCode(UserError):
    """No such login, not an owner, or not their code."""

    message = N_("Login or recovery code is wrong. The code was shown once when the company was made.")


class TooManyAttempts(UserError):
    """No password is looked at before `seconds` have passed."""

    message = N_("Too many wrong passwords. Try again in {seconds} seconds.")

    def __init__(self, seconds: int) -> None:
        super().__init__(None, seconds=seconds)
        self.seconds = seconds


class Deactivated(UserError):
    """The password was right, but the account is closed."""

    message = N_("This account was deactivated. Ask the owner of your company to open it again.")


@dataclass(frozen=True, slots=True)
class _Account:
    """What one attempt needs to know; `id` None: nobody has this login."""

    id: int | None = None
    login: str = ""
    password: str = ""
    recovery: str = ""
    active: bool = False
    by_server: bool = False
    attempts: int = 0
    unknown_key: int = 0


@open_to_all("nobody is logged in yet")
def log_in(database: Database, login: str, password: str) -> Actor:
    """Return the actor for a login and its password; writes down the attempt whatever comes of it.

    On a server with login roles the server has checked the password when `database` was opened.
    Raises WrongLogin, TooManyAttempts, Deactivated, Unavailable.
    """
    account = _attempt(database, login)
    right = account.by_server or passwords.verify(account.password, password)
    if not right:
        _write_failure(database, account, "password")
        raise WrongLogin
    if not account.active:
        _write_failure(database, account, "deactivated")
        raise Deactivated
    assert account.id is not None
    new_hash = ""
    if not account.by_server and passwords.is_outdated(account.password):
        new_hash = passwords.hash_password(password)
    _write_success(database, account, new_hash)
    with database.read(SYSTEM) as work:
        return current_actor(work, account.id)


@open_to_all("the way in for an owner who forgot the password")
def recover(database: Database, login: str, recovery_code: str, new_password: str) -> str:
    """Set a new password by the printed code, which is then used up; return the next code.

    Raises WrongRecoveryCode, TooManyAttempts, Invalid("password"), Unavailable on a server that keeps
    the passwords itself, DataMoved.
    """
    passwords.check_new(new_password, login)
    if place := _moved_to(database):
        raise DataMoved(place=place)
    account = _attempt(database, login)
    if account.by_server:
        raise Unavailable(N_("The server keeps the passwords. Ask an owner, or whoever looks after it, for a new one."))
    if not passwords.verify(account.recovery, passwords.plain_recovery_code(recovery_code)) or not account.active:
        _write_failure(database, account, "recovery_code")
        raise WrongRecoveryCode
    assert account.id is not None
    code = passwords.new_recovery_code()
    password_hash = passwords.hash_password(new_password)
    code_hash = passwords.hash_password(passwords.plain_recovery_code(code))
    with database.begin(SYSTEM) as work:
        user = work.get(User, account.id)
        user.password, user.recovery = password_hash, code_hash
        user.failed_attempts, user.retry_at = 0, None
        user.must_change_password = False
        work.note("user", user.id, "password_recovered")
    return code


@open_to_all("everybody may change their own password")
def change_password(work: Work, old: str, new: str, server: ServerAccounts | None = None) -> None:
    """Set one's own password. Raises Invalid("old" | "password").

    On a server with login roles the old password is not asked again: the connection proves it.
    """
    if old == new:
        raise Invalid("password", N_("The new password is the old one. Choose another one."))
    me = work.actor.user_id
    if me is None:
        raise NotAllowed
    # Not through the object: a server lets people read and change these few columns only.
    values: dict[str, Any] = {"must_change_password": False}
    role = work.session.scalar(select(User.database_role).where(User.id == me))
    if role:
        passwords.check_new(new, work.actor.login)
        _on_server(server).set_password(work, role, new)
    else:
        if not passwords.verify(work.session.scalar(select(User.password).where(User.id == me)) or "", old):
            raise Invalid("old", N_("This is not your present password."))
        passwords.check_new(new, work.actor.login)
        values["password"] = passwords.hash_password(new)
    work.session.execute(update(User).where(User.id == me).values(values))
    work.note("user", me, "password_changed")


@requires(Permission.USER_WRITE)
def set_password(work: Work, user: User, password: str, server: ServerAccounts | None) -> None:
    """Check and store a password where this company keeps it. Raises Invalid("password")."""
    passwords.check_new(password, user.login)
    if user.database_role:
        _on_server(server).set_password(work, user.database_role, password)
    else:
        user.password = passwords.hash_password(password)


@open_to_all("everybody may ask it of themselves")
def must_change_password(work: Work) -> bool:
    """Return whether the actor works with a password somebody else gave them."""
    wanted = select(User.must_change_password).where(User.id == work.actor.user_id)
    return bool(work.session.scalar(wanted))


@open_to_all("the idle lock asks who is already logged in")
def confirm_password(database: Database, actor: Actor, password: str) -> Actor:
    """Return the actor as they are now, after their own password; throttled like a login.

    Raises what `log_in` raises; NotAllowed when the program itself is the actor.
    """
    if actor.user_id is None:
        raise NotAllowed
    return log_in(database, actor.login, password)


@open_to_all("asked before and at every refresh, for the person themselves")
def current_actor(work: Work, user_id: int) -> Actor:
    """Return what a person may do now, with every role and team as stored.

    Raises NotFound when the account is closed: the program then goes back to the login.
    """
    row = work.session.execute(
        select(User.login, User.name).where(User.id == user_id, User.active.is_(True))
    ).one_or_none()
    if row is None:
        raise NotFound
    roles = work.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id))
    return rules.combine(
        user_id=user_id,
        login=row.login,
        name=row.name,
        roles=sorted(roles),
        team_ids=_colleagues(work, user_id),
    )


def _colleagues(work: Work, user_id: int) -> frozenset[int]:
    """Return the ids of the people in the teams a person leads, directly or from above."""
    teams = work.session.execute(select(Team.id, Team.parent_id, Team.manager_id)).all()
    parents = {team.id: team.parent_id for team in teams}
    reached = rules.teams_reached(user_id, parents, {team.id: team.manager_id for team in teams})
    if not reached:
        return frozenset()
    return frozenset(work.session.scalars(select(User.id).where(User.team_id.in_(reached))))


def _on_server(server: ServerAccounts | None) -> ServerAccounts:
    if server is None:
        raise Unavailable(N_("The server keeps the passwords, and it cannot be reached for this just now."))
    return server


def _attempt(database: Database, login: str) -> _Account:
    """Return the account, its attempt already counted, so that killing the program gains nothing.

    Raises TooManyAttempts. Where nothing can be written (read-only file, full disk) people still get in.
    """
    with database.read(SYSTEM) as work:
        account = _look_up(work, login)
    if account.by_server:
        return account
    try:
        if not _is_written_down(database):
            return account
        with database.begin(SYSTEM) as work:
            return _count(work, _look_up(work, login))
    except Unavailable:
        return account


def _is_written_down(database: Database) -> bool:
    """Return whether attempts are counted here: not where one only reads, nor in the place a company moved from."""
    return not database.read_only and not _moved_to(database)


def _moved_to(database: Database) -> str:
    with database.read(SYSTEM) as work:
        return work.session.scalar(select(Company.moved_to)) or ""


def _look_up(work: Work, login: str) -> _Account:
    key = rules.login_key(login)
    if work.is_postgres and (account := _known_to_server(work, key)):
        return account
    user = work.session.execute(
        select(
            User.id, User.login, User.password, User.recovery, User.active,
            User.failed_attempts, User.retry_at,
        ).where(User.login_key == key)
    ).one_or_none()  # fmt: skip
    if user is None:
        return _look_up_unknown(work, key)
    _check_delay(work.now, user.retry_at)
    return _Account(
        id=user.id, login=user.login, password=user.password, recovery=user.recovery, active=user.active,
        attempts=user.failed_attempts,
    )  # fmt: skip


def _known_to_server(work: Work, key: str) -> _Account | None:
    """Return the account whose login role this very connection has proved with its password."""
    user = work.session.execute(
        select(User.id, User.login, User.active).where(
            User.login_key == key, User.database_role != "", User.database_role == func.session_user()
        )
    ).one_or_none()
    return None if user is None else _Account(user.id, user.login, active=user.active, by_server=True)


def _look_up_unknown(work: Work, key: str) -> _Account:
    # Unknown logins wait exactly like known ones, or the waiting would tell which exist. What was typed
    # is kept as a hash only: people type their password there.
    dataset = work.session.scalar(select(Company.dataset_id)) or ""
    digest = hashlib.blake2b(f"{dataset}\0{key}".encode(), digest_size=8).digest()
    unknown = int.from_bytes(digest, "big") >> 1
    failures = work.session.scalars(
        select(JournalEntry.at)
        .where(JournalEntry.entity == LOGIN_UNKNOWN, JournalEntry.entity_id == unknown)
        .order_by(JournalEntry.id.desc())
        .limit(_COUNTED)
    ).all()
    if failures:
        _check_delay(work.now, rules.retry_after(len(failures), failures[0]))
    return _Account(attempts=len(failures), unknown_key=unknown)


def _check_delay(now: datetime, retry_at: datetime | None) -> None:
    if retry_at is not None and now < retry_at:
        raise TooManyAttempts(math.ceil((retry_at - now).total_seconds()))


def _count(work: Work, account: _Account) -> _Account:
    attempts = account.attempts + 1
    if account.id is not None:
        # Not through the object: an attempt is no edit, the version must stay.
        work.session.execute(
            update(User)
            .where(User.id == account.id)
            .values(failed_attempts=attempts, retry_at=rules.retry_after(attempts, work.now))
        )
    return _Account(
        account.id, account.login, account.password, account.recovery, account.active,
        attempts=attempts, unknown_key=account.unknown_key,
    )  # fmt: skip


def _write_failure(database: Database, account: _Account, reason: str) -> None:
    """Write a failed attempt into the journal. An unknown login is counted by these very entries."""
    delayed = account.attempts >= rules.FREE_ATTEMPTS
    after = {"reason": reason, "attempts": account.attempts}
    if account.login:
        after["login"] = account.login
    if not _is_written_down(database):
        return
    try:
        with database.begin(SYSTEM) as work:
            work.note(
                LOGIN if account.id is not None else LOGIN_UNKNOWN,
                account.id if account.id is not None else account.unknown_key,
                "login_delayed" if delayed else "login_failed",
                after=after,
            )
    except Unavailable:
        return


def _write_success(database: Database, account: _Account, new_hash: str) -> None:
    assert account.id is not None
    if not _is_written_down(database):
        return
    with database.read(SYSTEM) as work:
        actor = current_actor(work, account.id)
    try:
        with database.begin(actor) as work:
            values: dict[str, Any] = {"last_login_at": work.now}
            if not account.by_server:
                values |= {"failed_attempts": 0, "retry_at": None}
            if new_hash:
                values["password"] = new_hash
            work.session.execute(update(User).where(User.id == account.id).values(values))
            work.note(LOGIN, account.id, "login", after={"login": account.login})
    except Unavailable:
        return
