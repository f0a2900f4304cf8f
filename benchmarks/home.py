"""Home and My day by role, part by part and whole, at a million contacts and invoices; and timelines in it."""

import statistics
import time
from collections.abc import Callable

from sqlalchemy import select

from benchmarks import talks
from benchmarks.companies import Measured
from crm_desktop.access import rules
from crm_desktop.access.model import User, UserRole
from crm_desktop.home import day, digest, tiles
from crm_desktop.shared.actor import SYSTEM, Actor

HOME_MS, DAY_MS = (100, 300), (300, 1000)
"""Until the first part is there, and until all are."""

Parts = list[tuple[str, Callable[..., object]]]


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company."""
    title = f"{company.database.engine.dialect.name}, {company.size:,} invoices"
    people = {"owner": company.everything, "manager": company.team, "representative": company.own}
    if not company.logins:
        # On a server only these three have a login that is measured.
        people["accountant"] = _accountant(company)
    for name, actor in people.items():
        figures: Parts = [(tile.key, tile.run) for tile in tiles.layout(actor).tiles]
        _parts(company, actor, figures, f"{title}: Home, {name}", rounds, HOME_MS)
        sections: Parts = [("the day", day.my_day), *((part.key, part.run) for part in digest.parts_of(actor))]
        _parts(company, actor, sections, f"{title}: My day, {name}", rounds, DAY_MS)
    talks.measure(company, rounds)


def _accountant(company: Measured) -> Actor:
    asked = select(User.id, User.login).join(UserRole).where(UserRole.role == "accountant").order_by(User.id.desc())
    with company.read(SYSTEM) as work:
        id_, login = work.session.execute(asked.limit(1)).one()
    return rules.combine(user_id=id_, login=login, name=login, roles=["accountant"])


def _parts(company: Measured, actor: Actor, parts: Parts, title: str, rounds: int, goals: tuple[int, int]) -> None:
    """Read the parts in the order of the screen, each in a unit of work of its own as the screen does."""
    firsts, wholes = [], []
    taken: dict[str, list[float]] = {key: [] for key, _run in parts}
    for number in range(max(3, rounds // 5) + 2):
        began = time.perf_counter()
        for place, (key, run) in enumerate(parts):
            before = time.perf_counter()
            with company.read(actor) as work:
                run(work)
            after = time.perf_counter()
            if number > 1:
                taken[key].append((after - before) * 1000)
                if not place:
                    firsts.append((after - began) * 1000)
        if number > 1:
            wholes.append((time.perf_counter() - began) * 1000)
    print(f"\n{title}")
    for key, times in taken.items():
        print(f"{key:46} {statistics.median(times):10.1f} {min(times):10.1f}")
    for name, times, goal in (("the first", firsts, goals[0]), ("all of it", wholes, goals[1])):
        print(f"{name:46} {statistics.median(times):10.1f} {min(times):10.1f}          <= {goal} ms")
