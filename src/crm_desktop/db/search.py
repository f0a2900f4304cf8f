"""Text search in one entity: the same tokens on both engines, asked in each engine's own way."""

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, Text, and_, bindparam, column, func, or_, select, table, union
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
            rows = self._ask_server(work, query.terms, limit + 1)
        elif work.is_postgres:
            rows = self._ask(work, query.terms, limit + 1, self._grams)
        else:
            rows = self._ask(work, query.terms, limit + 1, self._full_text)
        found = array("q", [row[0] for row in rows])
        return Ids(found[:limit], capped=len(found) > limit)

    def _ask(self, work: Work, terms: Sequence[Term], limit: int, matches: Any) -> list[tuple[Any, ...]]:
        values: dict[str, Any] = {}
        conditions = [matches(term, place, values) for place, term in enumerate(terms)]
        shape = tuple(sorted(values))
        scoped = not work.actor.reaches_everything and not work.has_system_rights
        key = ("search", self.entity.__tablename__, shape, limit, work.actor.scope_key if scoped else None)

        def build() -> Any:
            reach = [self.reach(work.actor)] if scoped else []
            return select(self.entity.id).where(*conditions, *reach).limit(limit)

        return run_prepared(work, key, build, values)

    def _full_text(self, term: Term, place: int, values: dict[str, Any]) -> ColumnElement[bool]:
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
            hits.append(select(full_text.c.rowid).where(full_text.c[name].op("MATCH")(given)))
        found: ColumnElement[bool] = self.entity.id.in_(hits[0] if len(hits) == 1 else union(*hits))
        return found

    def _grams(self, term: Term, place: int, values: dict[str, Any]) -> ColumnElement[bool]:
        ways = []
        for number, match in enumerate(gram_matches(term)):
            grams, contains = f"grams_{place}_{number}", f"contains_{place}_{number}"
            values[grams] = list(match.grams)
            way = self.tokens.grams.op("@>")(bindparam(grams, None, type_=ARRAY(Text)))
            if match.contains:
                values[contains] = match.contains
                way = and_(way, func.strpos(self.tokens.infix, bindparam(contains, "", type_=Text)) > 0)
            ways.append(way)
        found: ColumnElement[bool] = self.entity.id.in_(select(self.key).where(or_(*ways)))
        return found

    def _ask_server(self, work: Work, terms: Sequence[Term], limit: int) -> list[tuple[Any, ...]]:
        """Ask the server's own function: no index on grams may be used before a row policy."""
        ways = [
            [{"grams": list(match.grams), "contains": match.contains} for match in gram_matches(term)] for term in terms
        ]
        asked = work.session.connection().exec_driver_sql(
            f"SELECT * FROM {self.function}(%(terms)s::jsonb, %(most)s)",  # noqa: S608 - our own function's name
            {"terms": json.dumps(ways), "most": limit},
        )
        return [tuple(row) for row in asked]
