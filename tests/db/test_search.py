"""What the token index answers: every hit once, no more than asked for, only what the actor reaches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.contacts import handover
from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.contacts.index import CONTACTS
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Ids
from crm_desktop.shared.search_text import owner_token
from tests.companies import Firm

WORDS = ("伟", "华新", "harbour", "arbou", "hx", "0574", "harbour 华新", "ha", "伟 arbou")


def fill(database: Database, firm: Firm) -> tuple[list[int], list[int]]:
    """Make 20 contacts every word finds and as many no word finds; Anna owns every fourth of both."""
    with database.begin(SYSTEM) as work:
        made = insert_contacts(
            work,
            (
                {
                    "kind": "company",
                    "name": f"华新 伟 Harbour {number}" if number % 2 else f"Quay {number}",
                    "owner": (firm.anna if number % 4 < 2 else firm.outsider).user_id,
                    "points": [{"kind": "phone", "value": f"0574-{8000000 + number}"}] if number % 2 else [],
                }
                for number in range(40)
            ),
        )
    wanted = [id_ for number, id_ in enumerate(made) if number % 2]
    return wanted, [id_ for number, id_ in enumerate(made) if number % 4 == 1]


@pytest.mark.parametrize("text", WORDS)
def test_every_hit_is_found_once_in_the_scope(database: Database, firm: Firm, text: str) -> None:
    wanted, of_anna = fill(database, firm)
    with database.read(firm.boss) as work:
        assert sorted(found(CONTACTS.find(work, text)).ids) == wanted
    with database.read(firm.anna) as work:
        assert sorted(found(CONTACTS.find(work, text)).ids) == of_anna
    with database.read(firm.buyer) as work:
        assert found(CONTACTS.find(work, text)) == Ids(found(CONTACTS.find(work, "nobody")).ids)


@pytest.mark.parametrize("text", WORDS)
def test_a_wide_question_is_cut_and_says_so(database: Database, firm: Firm, text: str) -> None:
    wanted, of_anna = fill(database, firm)
    for actor, reached in ((firm.boss, wanted), (firm.anna, of_anna)):
        with database.read(actor) as work:
            for most in (1, 7, len(reached) - 1):
                hits = found(CONTACTS.find(work, text, limit=most))
                assert hits.capped
                assert len(set(hits.ids)) == len(hits.ids) == most
                assert set(hits.ids) <= set(reached)
            assert not found(CONTACTS.find(work, text, limit=len(reached))).capped


@pytest.mark.parametrize("person", ["boss", "anna"])
def test_each_word_is_asked_once(
    file_database: Database, founded_file: tuple[Path, Firm], monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    """Asking the first word anew for each hit of the second took a second at a million contacts."""
    plans: list[str] = []
    whole = Work.compiled_rows

    def kept(work: Work, sql: str, parameters: Any) -> Any:
        plans.extend(row[3] for row in whole(work, f"EXPLAIN QUERY PLAN {sql}", parameters))
        return whole(work, sql, parameters)

    monkeypatch.setattr(Work, "compiled_rows", kept)
    with file_database.read(getattr(founded_file[1], person)) as work:
        CONTACTS.find(work, "华新 伟")
    asked = [plan for plan in plans if "VIRTUAL TABLE" in plan]
    assert len(asked) == 2
    assert all(plan.endswith("VIRTUAL TABLE INDEX 0:M1") for plan in asked), asked


@pytest.mark.parametrize("text", WORDS)
def test_hits_follow_their_contact_to_its_next_owner(database: Database, firm: Firm, text: str) -> None:
    wanted, of_anna = fill(database, firm)
    given, freed = of_anna[0], of_anna[1]
    with database.begin(firm.boss) as work:
        handover.assign(work, [given], firm.outsider.user_id)
        handover.release(work, [freed])
    others = set(wanted) - set(of_anna)
    for actor, reached in ((firm.anna, set(of_anna) - {given}), (firm.outsider, others | {given, freed})):
        with database.read(actor) as work:
            assert set(found(CONTACTS.find(work, text)).ids) == reached


def test_a_narrow_scope_is_asked_for_with_the_words(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    whole = Work.compiled_rows

    def kept(work: Work, sql: str, parameters: Any) -> Any:
        values = parameters.values() if isinstance(parameters, dict) else parameters
        asked.append(
            " ".join(part for value in values for part in (value if isinstance(value, list) else [str(value)]))
        )
        return whole(work, sql, parameters)

    monkeypatch.setattr(Work, "compiled_rows", kept)
    wide = replace(firm.manager, team_ids=frozenset(range(50)))
    for actor, tokens in ((firm.anna, (0, firm.anna.user_id)), (firm.boss, ()), (wide, ())):
        with database.read(actor) as work:
            CONTACTS.find(work, "伟")
        said = asked.pop()
        assert all(owner_token(key) in said for key in tokens), said
        assert bool(tokens) == (owner_token(0) in said)


def found(hits: Ids | None) -> Ids:
    assert hits is not None
    return hits
