"""The row scope reaches every class a statement names, aliases in outer joins included."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm_desktop.contacts import service
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from tests.companies import Firm


def test_an_alias_in_an_outer_join_shows_no_more_than_its_class(database: Database, firm: Firm) -> None:
    ids: dict[str, int] = {}
    for whose in (firm.anna, firm.outsider):
        with database.begin(whose) as work:
            ids[whose.login] = service.create(work, {"name": whose.name, "is_customer": True})
    other = aliased(Contact)
    pairs = select(Contact.id, other.id).outerjoin(other, other.id != Contact.id)
    for whose in (firm.anna, firm.outsider):
        with database.read(whose) as work:
            assert work.session.execute(pairs).all() == [(ids[whose.login], None)]
    with database.read(firm.boss) as work:
        assert len(work.session.execute(pairs).all()) == 2
