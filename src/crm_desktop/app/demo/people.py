"""The demo's own staff: an owner, a manager over two teams, reps, a purchaser, an accountant, an administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crm_desktop.access.model import Company, Team, User, UserRole
from crm_desktop.access.passwords import hash_password
from crm_desktop.access.server import ServerAccounts
from crm_desktop.app.demo.words import Words
from crm_desktop.db.work import Work

PASSWORD: Final = "demo"
"""Everybody's password in a demo company."""

LOGINS: Final = ("owner", "manager", "chen", "anna", "ole", "mia", "buyer", "accounts", "admin")
ROLES: Final = (
    "owner",
    "sales_manager",
    "sales_rep",
    "sales_rep",
    "sales_rep",
    "sales_rep",
    "purchaser",
    "accountant",
    "administrator",
)
CONTACTS_PER_REP: Final = 2_000
MOST_REPS: Final = 50


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of the people made."""

    owner: int
    reps: tuple[int, ...]
    buyer: int
    accountant: int


def hire(
    work: Work, words: Words, language: str, dataset_id: str, contacts: int, server: ServerAccounts | None
) -> Staff:
    """Put the company and its people into an empty schema; a `server` makes a login role for each of them."""
    began = work.now - timedelta(days=365)
    work.session.add(_company(words, language, dataset_id, began))
    top = Team(name=words.teams[0])
    work.session.add(top)
    work.session.flush()
    below = [Team(name=name, parent_id=top.id) for name in words.teams[1:]]
    work.session.add_all(below)
    work.session.flush()
    password = "" if server else hash_password(PASSWORD)
    ids: list[int] = []
    reps: list[int] = []
    for login, role, name in _everybody(words, contacts):
        team = {"sales_manager": top.id, "sales_rep": below[len(reps) % len(below)].id}.get(role)
        user = User(
            login=login,
            login_key=login,
            name=name,
            password=password,
            team_id=team,
            language=language,
            created_at=began,
        )
        if server:
            user.database_role = server.create_login(work, login, PASSWORD)
        work.session.add(user)
        work.session.flush()
        work.session.add(UserRole(user_id=user.id, role=role))
        if server:
            server.set_roles(work, user.database_role, user.id, [role])
        ids.append(user.id)
        if role == "sales_rep":
            reps.append(user.id)
    top.manager_id = ids[1]
    return Staff(
        owner=ids[0], reps=tuple(reps), buyer=ids[ROLES.index("purchaser")], accountant=ids[ROLES.index("accountant")]
    )


def _company(words: Words, language: str, dataset_id: str, began: datetime) -> Company:
    taiwan = language == "zh_Hant"
    return Company(
        id=1,
        dataset_id=dataset_id,
        name=words.company,
        currency="TWD" if taiwan else "CNY",
        timezone="Asia/Taipei" if taiwan else "Asia/Shanghai",
        language=language,
        country="TW" if taiwan else "CN",
        is_demo=True,
        created_at=began,
    )


def _everybody(words: Words, contacts: int) -> list[tuple[str, str, str]]:
    """Return (login, role, name); a demo of very many contacts has more reps."""
    people = list(zip(LOGINS, ROLES, words.staff, strict=True))
    wanted = min(MOST_REPS, contacts // CONTACTS_PER_REP)
    extra = wanted - ROLES.count("sales_rep")
    people += [(f"rep{number}", "sales_rep", f"{words.staff[2]} {number}") for number in range(1, extra + 1)]
    return people
