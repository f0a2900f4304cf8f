"""Written once, checked for every registered feature."""

import inspect
import random
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect as inspect_mapping
from sqlalchemy import select

from crm_desktop.app.features import FEATURES, GROUND_SERVICES, Feature
from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.contacts.model import Contact, ContactPoint
from crm_desktop.db.work import Database
from crm_desktop.exchange.published import part_of
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Use
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, Scope, needed
from tests.companies import Firm

PEOPLE = ("boss", "manager", "anna", "chen", "outsider", "buyer", "admin")
every_feature = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


@every_feature
def test_every_column_is_described_or_hidden(feature: Feature) -> None:
    columns = {attribute.key for attribute in inspect_mapping(feature.model).column_attrs}
    described = {one.reads.key for one in feature.fields if getattr(one.reads, "key", None)}
    assert columns - described - feature.hidden == set()
    assert feature.hidden <= columns


@every_feature
def test_field_names_are_unique_and_labels_given(feature: Feature) -> None:
    names = [one.name for one in feature.fields]
    assert len(names) == len(set(names))
    assert all(one.label and one.chars > 0 for one in feature.fields)
    headers = [header.casefold() for one in feature.fields for header in (one.label, *one.headers)]
    assert len(headers) == len(set(headers))


@every_feature
def test_choices_are_what_the_column_holds(feature: Feature) -> None:
    for one in feature.fields:
        if one.shapes:
            assert dict(one.shapes).keys() == dict(one.choices).keys()


@pytest.mark.parametrize(
    "module", sorted({*GROUND_SERVICES, *(one for feature in FEATURES for one in feature.services)}, key=str)
)
def test_every_service_says_who_may_call_it(module: object) -> None:
    unguarded = [
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__  # type: ignore[attr-defined]
        and not name.startswith("_")
        and next(iter(inspect.signature(function).parameters), "") in ("work", "database")
        and not hasattr(function, "permissions")
    ]
    inner = {"tags_of", "set_tags", "note_part", "check_reach", "country", "set_password"}
    assert set(unguarded) - inner == set()


def test_permissions_are_in_alphabetical_order() -> None:
    assert [one.value for one in Permission] == sorted(one.value for one in Permission)


def fill(database: Database, firm: Firm, count: int = 120) -> None:
    chance = random.Random(5)
    owners = [None, *(getattr(firm, name).user_id for name in ("boss", "manager", "anna", "chen", "outsider", "buyer"))]
    with database.begin(SYSTEM) as work:
        insert_contacts(
            work,
            (
                chance.choice(({"is_supplier": True}, {}, {}, {"is_customer": False, "is_supplier": True}))
                | {
                    "kind": chance.choice(("company", "person")),
                    "name": f"{chance.choice(('Alpha', 'Beta', '龙珠'))} {number}",
                    "owner": chance.choice(owners),
                    "points": [{"kind": "phone", "value": f"0574-{8000000 + number}"}],
                }
                for number in range(count)
            ),
        )


def plainly_visible(database: Database, actor: Actor) -> set[int]:
    """The definition of the scope in words, over everything there is."""
    with database.read(SYSTEM) as work:
        rows = work.session.execute(
            select(Contact.id, Contact.owner_id, Contact.is_customer, Contact.is_supplier)
        ).all()

    def reached(owner: int | None, domain: Domain) -> bool:
        scope = actor.scope(domain)
        if scope in (Scope.NONE, Scope.ALL):
            return scope is Scope.ALL
        return owner is None or owner == actor.user_id or (scope is Scope.TEAM and owner in actor.team_ids)

    return {
        row.id
        for row in rows
        if (row.is_customer and reached(row.owner_id, Domain.SALES))
        or (row.is_supplier and reached(row.owner_id, Domain.PURCHASING))
    }


@every_feature
@pytest.mark.parametrize("person", PEOPLE)
def test_scope_holds_everywhere(database: Database, firm: Firm, tmp_path: Path, feature: Feature, person: str) -> None:
    actor: Actor = getattr(firm, person)
    fill(database, firm)
    visible = plainly_visible(database, actor)
    if not actor.may(Permission.CONTACT_READ):
        with pytest.raises(NotAllowed), database.read(actor) as work:
            feature.listing.ids(work, Listing())
        return
    listing = feature.listing
    with database.read(actor) as work:
        everything = list(range(1, 200))
        assert set(listing.ids(work, Listing())[0]) == visible
        assert {row[0] for row in listing.first_page(work, Listing(), ["name"], 500).rows} == visible
        assert {row[0] for row in listing.rows(work, ["name"], everything).rows} == visible
        assert listing.count(work, Listing()) == (len(visible), False)
        for text in ("alpha", "龙", "lz", "05748000"):
            found = set(listing.ids(work, Listing(text=text))[0])
            assert found <= visible
            assert listing.count(work, Listing(text=text))[0] == len(found)
        assert {hit[0] for hit in listing.search(work, "a", 500)} <= visible
        assert set(work.session.scalars(select(ContactPoint.contact_id))) == visible
        for sort in (Sort("updated_at", descending=True), Sort("status")):
            assert set(listing.ids(work, Listing(sorts=(sort,)))[0]) == visible
        owned = Listing(filters=(Filter("owner", "is", (firm.anna.user_id,)),))
        assert set(listing.ids(work, owned)[0]) <= visible
    path = tmp_path / "list.xlsx"
    if not actor.may(*needed(feature.write_file)):
        with pytest.raises(NotAllowed), database.read(actor) as work:
            feature.write_file(work, path, Listing(), ["name"])
        return
    with database.read(actor) as work:
        assert feature.write_file(work, path, Listing(), ["name"]) == len(visible)
    book = part_of(path).rename(tmp_path / "done.xlsx")
    assert load_workbook(book).active.max_row == len(visible) + 1


@every_feature
def test_every_sortable_field_has_an_order_without_a_gap(database: Database, firm: Firm, feature: Feature) -> None:
    fill(database, firm)
    sortable = [one.name for one in feature.fields if Use.SORT in one.uses]
    for name in sortable:
        for descending in (False, True):
            asked = Listing(sorts=(Sort(name, descending=descending),))
            with database.read(firm.boss) as work:
                ids, _more = feature.listing.ids(work, asked)
                query, rest = feature.listing._query(work, asked)
                first = query.page(work, rest, ["name"], limit=50)
                keys = query._ordered(work, rest, (), None, 50)
                second = query.page(work, rest, ["name"], after=(*keys[-1][1:], keys[-1][0]), limit=500)
            assert [row[0] for row in (*first.rows, *second.rows)] == list(ids)
