"""Text search in one entity: the same tokens on both engines, asked in each engine's own way."""

import json
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
    literal,
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
from crm_desktop.shared.search_text import Index, Term, fts_matches, gram_matches, owner_token, parse_query

MOST_HITS = 2_000
"""Hits of a wide question that are kept; the list then says that there are more."""
MOST_OWNERS = 8
"""Owners that are asked for together with the words; for more, looking the hits up is quicker."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Where an entity's search tokens are.

    `entity` is the mapped class searched, `tokens` its token class, `key` the token class's column with
    the entity's id and `grams` what a server's index holds; `pairs` and `infix` name the FTS5 tables on
    SQLite, `function` the function of a guarded server. `reach` gives the row scope in a form that starts
    from the hits, not from the owners; `owners` the keys of all owners in it, None for everybody.
    """

    entity: Any
    tokens: Any
    key: Any
    grams: ColumnElement[Any]
    pairs: str
    infix: str
    function: str
    reach: Callable[[Actor], ColumnElement[bool]]
    owners: Callable[[Actor], Collection[int] | None]

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
        found = array("q", dict.fromkeys(json.loads(f"[{listed}]")))
        return Ids(found[:limit], capped=len(found) > limit)

    def _ask(self, work: Work, terms: Sequence[Term], limit: int) -> str:
        scoped = not work.actor.reaches_everything and not work.has_system_rights
        owners = self._few_owners(work.actor) if scoped else ()
        if work.is_postgres:
            asked = [self._grams_of(*one) for one in enumerate(terms)]
        else:
            asked = [self._matches_of(*one, owners) for one in enumerate(terms)]

        def build() -> Select[Any]:
            reach = self.reach(work.actor) if scoped else None
            # One long text: fetching two thousand rows takes longer than finding them.
            if work.is_postgres:
                hits = self._grams(asked, limit, reach, owners)
                return select(func.string_agg(cast(hits.c.id, Text), ","))
            return select(func.group_concat(self._full_text(asked, limit, reach).c.id))

        values = {name: value for of_term in asked for name, value in of_term.items()}
        shape = tuple(tuple(of_term) for of_term in asked)
        key = ("search", self.entity.__tablename__, shape, limit, work.actor.scope_key if scoped else None)
        return run_prepared(work, key, build, values)[0][0] or ""

    def _few_owners(self, actor: Actor) -> list[str]:
        """Return the tokens of the owners in reach when those are few: then fewer hits need be looked up."""
        owners = self.owners(actor)
        if owners is None or len(owners) > MOST_OWNERS:
            return []
        return [owner_token(key) for key in sorted(owners)]

    def _full_text(self, asked: Sequence[Mapping[str, str]], limit: int, reach: ColumnElement[bool] | None) -> Subquery:
        """Return the hits on SQLite, at least `limit` different ones if there are so many."""
        first, *others = [[self._matches(name) for name in of_term] for of_term in asked]
        # Without a scope double hits are cheaper to count twice than to sort out; looking each up is not.
        together = union_all if reach is None else union
        hits = (first[0] if len(first) == 1 else together(*first)).subquery()
        # As a sum, or the engine asks the first word anew for each hit of the others: a second at a million contacts.
        chosen = select(hits.c.id).where(*((hits.c.id + 0).in_(union_all(*ways)) for ways in others))
        if reach is not None:
            # Looked up hit by hit: walking the owners' rows would take as long as they have rows.
            chosen = chosen.where(exists().where(self.entity.id == hits.c.id, reach))
        return chosen.limit(limit * len(first)).subquery()

    def _matches_of(self, place: int, term: Term, owners: Sequence[str]) -> dict[str, Any]:
        """Return what the FTS5 tables are asked for a word, by the table's name and the word's place."""
        by_table: dict[str, list[str]] = {}
        for match in fts_matches(term):
            name = self.pairs if match.index is Index.PAIRS else self.infix
            by_table.setdefault(f"{name}_{place}", []).append(match.expression)
        asked = {name: " OR ".join(expressions) for name, expressions in by_table.items()}
        if owners and (pairs := f"{self.pairs}_{place}") in asked:
            whose = " OR ".join(f'"{token}"' for token in owners)
            asked[pairs] = f"({asked[pairs]}) AND ({whose})"
        return asked

    def _matches(self, asked: str) -> Select[Any]:
        name = asked.rpartition("_")[0]
        full_text = table(name, column("rowid"), column(name))
        given = bindparam(asked, "", type_=String)
        return select(full_text.c.rowid.label("id")).where(full_text.c[name].op("MATCH")(given))

    def _grams(
        self,
        asked: Sequence[Mapping[str, Any]],
        limit: int,
        reach: ColumnElement[bool] | None,
        owners: Sequence[str],
    ) -> Subquery:
        """Return the hits on a server."""
        matching = [or_(*self._contains(of_term)) for of_term in asked]
        if owners:
            matching.append(self.grams.op("&&")(literal(owners, ARRAY(Text))))
        hits = select(self.key.label("id")).where(*matching)
        if reach is None:
            return hits.limit(limit).subquery()
        # As an array, so that the server looks each hit up instead of reading every contact of the owners.
        among = self.entity.id == func.any(func.array(hits.scalar_subquery()))
        return select(self.entity.id.label("id")).where(among, reach).limit(limit).subquery()

    def _grams_of(self, place: int, term: Term) -> dict[str, Any]:
        """Return the grams of each way to find a word and, where they are not enough, the text to look it up in."""
        values: dict[str, Any] = {}
        for number, match in enumerate(gram_matches(term)):
            values[f"grams_{place}_{number}"] = list(match.grams)
            if match.contains:
                values[f"contains_{place}_{number}"] = match.contains
        return values

    def _contains(self, of_term: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
        for name in of_term:
            kind, _, number = name.partition("_")
            if kind != "grams":
                continue
            way: ColumnElement[bool] = self.grams.op("@>", is_comparison=True)(bindparam(name, None, type_=ARRAY(Text)))
            if (contains := f"contains_{number}") in of_term:
                way = and_(way, func.strpos(self.tokens.infix, bindparam(contains, "", type_=Text)) > 0)
            yield way

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
