"""Makes the demo company in an empty schema, any size, the same for the same seed."""

import random
import uuid
from datetime import timedelta
from typing import Final

from crm_desktop.access.server import ServerAccounts
from crm_desktop.app.demo.contacts import ContactMaker
from crm_desktop.app.demo.people import hire
from crm_desktop.app.demo.talking import Talker
from crm_desktop.app.demo.trading import Year
from crm_desktop.app.demo.words import WORDS
from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.contacts.model import Tag
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.text import fold

DEFAULT_CONTACTS: Final = 1_200
DEFAULT_SEED: Final = 2026
_BLOCK: Final = 20_000


def make_demo(
    database: Database,
    *,
    contacts: int = DEFAULT_CONTACTS,
    language: str = "en",
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    server: ServerAccounts | None = None,
) -> int:
    """Fill an empty schema with a trading firm of `contacts` contacts and a year of its business.

    `language` is one of the program's. Everybody's password is `people.PASSWORD`. Returns how many orders
    were made. Raises Cancelled.
    """
    words = WORDS[language]
    chance = random.Random(seed)
    watched = progress or Quiet()
    with database.begin(SYSTEM) as work:
        dataset_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        staff = hire(work, words, language, dataset_id, contacts, server)
        tags = [Tag(name=name, name_key=fold(name)) for name in words.tags]
        work.session.add_all(tags)
        work.session.flush()
        maker = ContactMaker(words, staff, [tag.id for tag in tags], work.now, chance)
    for done in range(0, contacts, _BLOCK):
        watched.step(done, 2 * contacts)
        with database.begin(SYSTEM) as work:
            # The journal tells of them before it tells of the year's business.
            work.now -= timedelta(days=365)
            insert_contacts(work, maker.make(min(_BLOCK, contacts - done)))
    # Trading takes about as long as the contacts did.
    year = Year(database, language, staff, seed)
    orders = year.trade(lambda week, weeks: watched.step(contacts + contacts * week // weeks, 2 * contacts))
    Talker(database, language, staff, seed).talk()
    # Fresh statistics: a server plans a list over unknown rows very badly.
    with database.begin(SYSTEM) as work:
        work.session.connection().exec_driver_sql("ANALYZE")
    watched.step(2 * contacts, 2 * contacts)
    return orders
