"""Two people at the same moment: both are served, or one is told; nothing is lost and nothing crashes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from crm_desktop.contacts import bulk, files, service
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed, UserError
from tests.companies import Firm


def new(database: Database, actor: Actor, name: str, **values: Any) -> int:
    with database.begin(actor) as work:
        return service.create(work, {"name": name, **values})


def at_once(database: Database, actor: Actor, *deeds: Callable[[Any], object]) -> list[BaseException]:
    """Do each deed in a transaction of its own, all at the same moment, five times; return what went wrong."""
    wrong: list[BaseException] = []
    for _round in range(5):
        ready = threading.Barrier(len(deeds))

        def run(deed: Callable[[Any], object], ready: threading.Barrier = ready) -> None:
            try:
                ready.wait(10)
                with database.begin(actor) as work:
                    deed(work)
            except BaseException as error:  # noqa: BLE001 - the test looks at all of them
                wrong.append(error)

        threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    return wrong


def test_two_people_tag_the_same_contacts(database: Database, firm: Firm) -> None:
    ids = [new(database, firm.boss, f"Atlas {number}") for number in range(4)]
    counter = iter(range(100))

    def add(prefix: str) -> Callable[[Any], object]:
        return lambda work: service.tag(work, ids, add=["shared", f"{prefix}{next(counter)}"])

    assert at_once(database, firm.boss, add("a"), add("b"), add("c")) == []
    with database.read(firm.boss) as work:
        assert {len(names) for names in service.tags_of(work, ids).values()} == {16}


def test_two_people_put_files_on_one_contact_while_a_third_saves(database: Database, firm: Firm) -> None:
    contact_id = new(database, firm.boss, "Atlas")
    wrong = at_once(
        database,
        firm.boss,
        lambda work: files.add_file(work, contact_id, "same.pdf", b"the very same"),
        lambda work: files.add_file(work, contact_id, "same too.pdf", b"the very same"),
        lambda work: service.save(work, contact_id, service.get(work, contact_id).version, {"level": "A"}),
    )
    assert [error for error in wrong if not isinstance(error, UserError)] == []
    with database.read(firm.boss) as work:
        assert len(files.files_of(work, contact_id)) == 10


def test_many_contacts_get_ids_beside_those_out_of_sight(database: Database, firm: Firm) -> None:
    new(database, firm.outsider, "Not the manager's")
    with database.begin(firm.manager) as work:
        (made,) = bulk.insert_contacts(work, [{"kind": "company", "name": "Many", "owner": firm.manager.user_id}])
    with database.read(firm.manager) as work:
        assert service.get(work, made)["name"] == "Many"


@pytest.mark.parametrize("sides", [{"is_customer": True, "is_supplier": False}])
def test_nobody_puts_a_contact_out_of_their_own_sight(database: Database, firm: Firm, sides: dict[str, bool]) -> None:
    with pytest.raises(NotAllowed):
        new(database, firm.buyer, "Atlas", **sides)
    mine = new(database, firm.buyer, "Atlas")
    with pytest.raises(NotAllowed), database.begin(firm.buyer) as work:
        service.save(work, mine, 1, sides)
