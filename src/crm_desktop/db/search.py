"""Text search in one entity: the same tokens on both engines, asked in each engine's own way."""

from array import array
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, column, or_, select, table, type_coerce, union
from sqlalchemy.dialects.postgresql import ARRAY

from crm_desktop.db.work import Work
from crm_desktop.shared.listing import Ids
from crm_desktop.shared.search_text import Index, Term, fts_matches, gram_matches, parse_query

MOST_HITS = 2_000
"""Hits of a wide question that are kept; the list then says that there are more."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Where an entity's search tokens are.

    `entity` is the mapped class searched, `tokens` its token class and `key` the token class's column
    with the entity's id; `pairs` and `infix` name the FTS5 tables on SQLite.
    """

    entity: Any
    tokens: Any
    key: Any
    pairs: str
    infix: str

    def find(self, work: Work, text: str, *conditions: ColumnElement[bool], limit: int = MOST_HITS) -> Ids | None:
        """Return the ids in the actor's scope that match every word of `text`, None when it has no word."""
        query = parse_query(text)
        if not query:
            return None
        matches = self._grams if work.is_postgres else self._full_text
        statement = select(self.entity.id).where(*conditions, *(matches(term) for term in query.terms)).limit(limit + 1)
        found = array("q", work.session.scalars(statement))
        return Ids(found[:limit], capped=len(found) > limit)

    def _full_text(self, term: Term) -> ColumnElement[bool]:
        by_table: dict[str, list[str]] = {}
        for match in fts_matches(term):
            name = self.pairs if match.index is Index.PAIRS else self.infix
            by_table.setdefault(name, []).append(match.expression)
        hits = []
        for name, expressions in by_table.items():
            full_text = table(name, column("rowid"), column(name))
            hits.append(select(full_text.c.rowid).where(full_text.c[name].op("MATCH")(" OR ".join(expressions))))
        found: ColumnElement[bool] = self.entity.id.in_(hits[0] if len(hits) == 1 else union(*hits))
        return found

    def _grams(self, term: Term) -> ColumnElement[bool]:
        ways = []
        for match in gram_matches(term):
            way = type_coerce(self.tokens.grams, ARRAY(Text)).contains(list(match.grams))
            if match.contains:
                way = and_(way, self.tokens.infix.contains(match.contains, autoescape=True))
            ways.append(way)
        found: ColumnElement[bool] = self.entity.id.in_(select(self.key).where(or_(*ways)))
        return found
