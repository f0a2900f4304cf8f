"""What the rows of a list of people would become, worked out against everybody there is."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access import rules
from crm_desktop.access.company import clean_login, clean_name
from crm_desktop.access.incoming.fields import GIVEN, PERSON_IMPORT_FIELDS
from crm_desktop.access.model import Team, User
from crm_desktop.db.work import Work
from crm_desktop.shared import import_reasons, pinyin
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import (
    CLEAR,
    Candidate,
    Difference,
    ImportOptions,
    ImportRow,
    OnMatch,
    Planned,
    Verdict,
)
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import clean_line, fold

ROLE: Final = "role"
_LABELS: Final = {field.name: field.label for field in PERSON_IMPORT_FIELDS}
_WORD: Final = re.compile("[a-z0-9]+")
_NEW_ONLY: Final = ("role", "active")


def made_login(name: str, taken: Collection[str]) -> str:
    """Return a login for a name nobody has yet: Nancy Davolio is nancy.davolio, 陈小明 is chen.xiaoming.

    `taken` are login keys. A name without Latin or Chinese letters gives user, user2 and so on.
    """
    folded = fold(clean_line(name))
    words = _WORD.findall(folded)
    if not words:
        read = pinyin.syllables(folded)
        words = [read[0], "".join(read[1:])] if len(read) > 1 else read
    login = ".".join(dict.fromkeys((words[0], words[-1]))) if words else "user"
    number, made = 1, login
    while made in taken:
        number += 1
        made = f"{login}{number}"
    return made


def person_key(name: str) -> str:
    """Return what two names of people are compared by."""
    return " ".join(fold(clean_line(name)).split())


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added; `team` is the name of one to be made when `team_id` is None and it is not ""."""

    name: str
    login: str
    role: str
    active: bool
    team_id: int | None = None
    team: str = ""


class PeoplePlan:
    """Works out one file, row by row."""

    def __init__(self, work: Work, options: ImportOptions) -> None:
        self._options = options
        self._by_login: dict[str, User] = {}
        self._by_name: dict[str, list[User]] = defaultdict(list)
        for user in work.session.scalars(select(User).order_by(User.id)):
            self._by_login[user.login_key] = user
            self._by_name[person_key(user.name)].append(user)
        self._teams: dict[str, list[Team]] = defaultdict(list)
        for team in work.session.scalars(select(Team).order_by(Team.id)):
            self._teams[person_key(team.name)].append(team)
        self._logins = set(self._by_login)
        self._rows: dict[tuple[str, Any], int] = {}
        """The number of the first row of the file that is a person, or has a login or a name."""

    def plan(self, rows: Sequence[ImportRow], progress: Progress) -> list[Planned]:
        """Return what becomes of each row, in order."""
        given = [str(row.values["login"]) for row in rows if isinstance(row.values.get("login"), str)]
        # What the file itself says comes before what is made from a name.
        self._logins |= {rules.login_key(login) for login in given}
        planned = []
        for place, row in enumerate(rows):
            progress.step(place, len(rows))
            planned.append(self._one(row))
        return planned

    def _one(self, row: ImportRow) -> Planned:
        if why := import_reasons.unreadable(row):
            return Planned(Verdict.INVALID, [row], why=why, field=next(iter(row.problems)))
        try:
            name, login = row.text("name"), row.text("login")
            known = self._meet(name, login)
            return self._new(row, name, login) if known is None else self._update(row, name, known)
        except Refused as refused:
            return refused.planned(row)
        except Invalid as invalid:
            return Planned(Verdict.INVALID, [row], why=str(invalid), field=invalid.field)

    def _meet(self, name: str, login: str) -> User | None:
        """Return whom a row means, None for somebody new."""
        key = self._options.key
        if key and not (login if key == "login" else name):
            raise Refused(key, import_reasons.key_missing(_(_LABELS[key])))
        if login and key != "name":
            return self._by_login.get(rules.login_key(login))
        if not name:
            raise Refused("name", import_reasons.missing(_(_LABELS["name"])))
        named = person_key(name)
        found = self._by_name.get(named, [])
        if len(found) < 2:
            return found[0] if found else None
        if ("name", named) in self._options.answers:
            answer = self._options.answers["name", named]
            return next((one for one in found if one.id == answer), None)
        offered = tuple(Candidate(one.id, f"{one.name} ({one.login})") for one in found)
        raise Refused("name", _("{count} people are called so. Choose who is meant.").format(count=len(found)), offered)

    def _new(self, row: ImportRow, name: str, login: str) -> Planned:
        clean_name(name)
        key = ("login", rules.login_key(login)) if login else ("name", person_key(name))
        if (first := self._rows.get(key)) and (login or not self._options.keep_duplicates):
            return Planned(Verdict.DUPLICATE, [row], why=import_reasons.same_as(first), field=key[0])
        similar = ""
        if login and (named := self._by_name.get(person_key(name))):
            similar = _("{name} has the same name, with the login “{login}”.").format(
                name=named[0].name, login=named[0].login
            )
        team_id, team = self._team(row)
        role = row.values.get("role")
        if role is CLEAR or role is None:
            role = self._options.chosen.get(ROLE) or GIVEN[0][0]
        if role not in dict(GIVEN):
            raise Refused("role", _("A list cannot give this role."))
        self._rows[key] = row.number
        self._rows.setdefault(("name", person_key(name)), row.number)
        if login:
            login = clean_login(login)
        else:
            login = made_login(name, self._logins)
            row.remarks["login"] = _("Gets the login “{login}”.").format(login=login)
            self._logins.add(rules.login_key(login))
        active = row.values.get("active", True)
        person = NewPerson(clean_name(name), login, role, active is not False, team_id, team)
        return Planned(Verdict.NEW, [row], similar=similar, payload=person)

    def _update(self, row: ImportRow, name: str, known: User) -> Planned:
        if first := self._rows.get(("id", known.id)):
            return Planned(Verdict.DUPLICATE, [row], known.id, known.version, import_reasons.same_as(first))
        self._rows["id", known.id] = row.number
        for field in _NEW_ONLY:
            if field in row.values:
                row.remarks[field] = _("Roles and accounts of people who are here already stay as they are.")
        if self._options.on_match is OnMatch.ERROR:
            raise Refused("name", import_reasons.refused())
        changes: dict[str, Any] = {}
        if name and clean_name(name) != known.name and person_key(name) != person_key(known.name):
            changes["name"] = clean_name(name)
        if row.values.get("team") is not None:
            team_id, team = self._team(row)
            if team or team_id != known.team_id:
                changes |= {"team_id": team_id, "team": team}
        if not changes:
            return Planned(Verdict.SKIP, [row], known.id, known.version, import_reasons.nothing_differs())
        if self._options.on_match is OnMatch.SKIP:
            return Planned(Verdict.SKIP, [row], known.id, known.version, import_reasons.skipped())
        return Planned(
            Verdict.UPDATE, [row], known.id, known.version,
            differences=self._differences(known, changes, row), payload=changes,
        )  # fmt: skip

    def _team(self, row: ImportRow) -> tuple[int | None, str]:
        """Return the team a row names, or the name of one to be made."""
        text = row.text("team")
        if not text:
            return None, ""
        key = person_key(text)
        if ("team", key) in self._options.answers:
            return self._options.answers["team", key], ""
        found = self._teams.get(key, [])
        if len(found) == 1:
            return found[0].id, ""
        if found:
            offered = tuple(Candidate(one.id, one.name) for one in found)
            why = _("{count} teams are called so. Choose the one that is meant.").format(count=len(found))
            raise Refused("team", why, offered)
        if not self._options.create_missing:
            raise Refused("team", _("There is no team “{text}”.").format(text=text))
        return None, text

    def _differences(self, known: User, changes: Mapping[str, Any], row: ImportRow) -> tuple[Difference, ...]:
        found = []
        if "name" in changes:
            found.append(Difference("name", _(_LABELS["name"]), known.name, changes["name"]))
        if "team_id" in changes:
            teams = {team.id: team.name for same in self._teams.values() for team in same}
            before = teams.get(known.team_id or 0, "")
            found.append(Difference("team", _(_LABELS["team"]), before, row.text("team")))
        return tuple(found)
