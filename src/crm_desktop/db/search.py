"""Text search in one entity: the same tokens on both engines, asked in each engine's own way."""

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    table,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Ids
from crm_desktop.shared.search_text import Index, Term, fts_matches, gram_matches, parse_query

MOST_HITS = 2_000
"""Hits of a wide question that are kept; the list then says that there are more."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Where an entity's search tokens are.

    `entity` is the mapped class searched, `tokens` its token class and `key` the token class's column
    with the entity's id; `pairs` and `infix` name the FTS5 tables on SQLite, `function` the function of
    a guarded server. `reach` gives the row scope in a form that starts from the hits, not from the owners.
    """

    entity: Any
    tokens: Any
    key: Any
    pairs: str
    infix: str
    function: str
    reach: Callable[[Actor], ColumnElement[bool]]

    def find(self, work: Work, text: str, *, limit: int = MOST_HITS) -> Ids | None:
        """Return the ids in the actor's scope that match every word of `text`, None when it has no word."""
        query = parse_query(text)
        if not query:
            return None
        if work.is_guarded:
            listed = self._ask_server(work, query.terms, limit + 1)
        else:
            listed = self._ask(work, query.terms, limit + 1)
        # Two ways to one row find it twice; in the order of the hits it counts once.
        found = array("q", dict.fromkeys(map(int, listed.split(",")))) if listed else array("q")
        return Ids(found[:limit], capped=len(found) > limit)

    def _ask(self, work: Work, terms: Sequence[Term], limit: int) -> str:
        values: dict[str, Any] = {}
        ask = self._grams if work.is_postgres else self._full_text
        scoped = not work.actor.reaches_everything and not work.has_system_rights
        hits = ask(terms, values, limit, self.reach(work.actor) if scoped else None)
        shape = tuple(sorted(values))
        key = ("search", self.entity.__tablename__, shape, limit, work.actor.scope_key if scoped else None)
        listed = func.string_agg(cast(hits.c.id, Text), ",") if work.is_postgres else func.group_concat(hits.c.id)
        # One long text: fetching two thousand rows takes longer than finding them.
        return run_prepared(work, key, lambda: select(listed), values)[0][0] or ""

    def _full_text(
        self, terms: Sequence[Term], values: dict[str, Any], limit: int, reach: ColumnElement[bool] | None
    ) -> Subquery:
        """Return the hits on SQLite, at least `limit` different ones if there are so many."""
        first, *others = [self._matches(term, place, values) for place, term in enumerate(terms)]
        # Without a scope double hits are cheaper to count twice than to sort out; looking each up is not.
        together = union_all if reach is None else union
        hits = (first[0] if len(first) == 1 else together(*first)).subquery()
        asked = select(hits.c.id).where(*(hits.c.id.in_(union_all(*ways)) for ways in others))
        if reach is not None:
            # Looked up hit by hit: walking the owners' rows would take as long as they have rows.
            asked = asked.where(exists().where(self.entity.id == hits.c.id, reach))
        return asked.limit(limit * len(first)).subquery()

    def _matches(self, term: Term, place: int, values: dict[str, Any]) -> list[Select[Any]]:
        by_table: dict[str, list[str]] = {}
        for match in fts_matches(term):
            name = self.pairs if match.index is Index.PAIRS else self.infix
            by_table.setdefault(name, []).append(match.expression)
        hits = []
        for name, expressions in by_table.items():
            asked = f"{name}_{place}"
            values[asked] = " OR ".join(expressions)
            full_text = table(name, column("rowid"), column(name))
            given = bindparam(asked, "", type_=String)
            hits.append(select(full_text.c.rowid.label("id")).where(full_text.c[name].op("MATCH")(given)))
        return hits

    def _grams(
        self, terms: Sequence[Term], values: dict[str, Any], limit: int, reach: ColumnElement[bool] | None
    ) -> Subquery:
        """Return the hits on a server."""
        matching = [self._contains(term, place, values) for place, term in enumerate(terms)]
        hits = select(self.key.label("id")).where(*matching)
        if reach is None:
            return hits.limit(limit).subquery()
        # As an array, so that the server looks each hit up instead of reading every contact of the owners.
        among = self.entity.id == func.any(func.array(hits.scalar_subquery()))
        return select(self.entity.id.label("id")).where(among, reach).limit(limit).subquery()

    def _contains(self, term: Term, place: int, values: dict[str, Any]) -> ColumnElement[bool]:
        ways = []
        for number, match in enumerate(gram_matches(term)):
            grams, contains = f"grams_{place}_{number}", f"contains_{place}_{number}"
            values[grams] = list(match.grams)
            way = self.tokens.grams.op("@>")(bindparam(grams, None, type_=ARRAY(Text)))
            if match.contains:
                values[contains] = match.contains
                way = and_(way, func.strpos(self.tokens.infix, bindparam(contains, "", type_=Text)) > 0)
            ways.append(way)
        return or_(*ways)

    def _ask_server(self, work: Work, terms: Sequence[Term], limit: int) -> str:
        """Ask the server's own function: no index on grams may be used before a row policy."""
        ways = [
            [{"grams": list(match.grams), "contains": match.contains} for match in gram_matches(term)] for term in terms
        ]
        asked = work.compiled_rows(
            f"SELECT string_agg(id::text, ',') FROM {self.function}(%(terms)s::jsonb, %(most)s) id",  # noqa: S608 - our own function's name
            {"terms": json.dumps(ways), "most": limit},
        )
        return asked[0][0] or ""
