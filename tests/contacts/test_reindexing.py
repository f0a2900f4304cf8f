"""Search tokens made anew are those that saving a contact makes."""

from sqlalchemy import delete, select, update

from crm_desktop.contacts import lists, merge, service
from crm_desktop.contacts.model import ContactSearch
from crm_desktop.contacts.reindexing import reindex
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Listing
from tests.companies import Firm

CONTACTS = (
    {"name": "宁波华新机电有限公司", "short_name": "华新", "notes": "Line one\nline two"},
    {"name": "Bergström Marin AB", "points": [{"kind": "mobile", "value": "+46 70 123 45 67"}], "code": "K-0042"},
    {
        "name": "Atlas",
        "points": [{"kind": "email", "value": "a@atlas.example"}, {"kind": "phone", "value": "0574 2210"}],
    },
)


def test_tokens_come_back_as_they_were(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        ids = [service.create(work, dict(values)) for values in CONTACTS]
        gone = service.create(work, {"name": "Atlas Ltd"})
    with database.begin(firm.boss) as work:
        survivor, loser = service.get(work, ids[2]), service.get(work, gone)
        merge.merge(work, ids[2], survivor.version, gone, loser.version, {})
    tokens = select(ContactSearch.contact_id, ContactSearch.pairs, ContactSearch.infix, ContactSearch.grams)
    with database.begin(SYSTEM) as work:
        before = sorted(work.session.execute(tokens).all())
        work.session.execute(update(ContactSearch).values(pairs="", infix="", grams=None))
        work.session.execute(delete(ContactSearch).where(ContactSearch.contact_id == ids[0]))
        reindex(work.session.connection())
        assert sorted(work.session.execute(tokens).all()) == before
    with database.read(firm.boss) as work:
        for text, found in (("hx", ids[0]), ("4567", ids[1]), ("atlas.ex", ids[2]), ("k-0042", ids[1])):
            assert [row[0] for row in lists.first_page(work, Listing(text=text), ["name"]).rows] == [found]
