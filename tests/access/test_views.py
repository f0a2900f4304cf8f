from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.access import views
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from crm_desktop.shared.listing import Filter, Listing, Sort

LISTING = Listing(
    text="宁波",
    filters=(
        Filter("status", "is", ("customer", "prospect")),
        Filter("created_at", "from", (date(2026, 1, 31),)),
        Filter("limit", "to", (Decimal("10.50"),)),
        Filter("owner_id", "is", (3, None)),
    ),
    sorts=(Sort("name"), Sort("created_at", descending=True)),
    columns=("name", "status"),
)


def test_a_listing_comes_back_as_it_was_saved(database, owner):
    with database.begin(owner) as work:
        saved = views.save_view(work, "contacts", "Ningbo", LISTING)
    with database.read(owner) as work:
        assert views.views(work, "contacts") == (saved,)
        assert views.views(work, "orders") == ()
    assert saved.listing == LISTING


def test_what_a_newer_program_saved_is_read_as_far_as_known():
    stored = views.to_plain(LISTING) | {"grouping": ["owner"]}
    assert views.from_plain(stored) == LISTING
    assert views.from_plain({}) == Listing()


def test_own_views_are_ones_own_and_sharing_needs_the_right(database, owner, make_person, actor_of):
    rep, manager = actor_of(make_person("Wu Lan").id), actor_of(make_person("Zhou Min", "sales_manager").id)
    with database.begin(rep) as work:
        mine = views.save_view(work, "contacts", "Mine", Listing())
        with pytest.raises(NotAllowed):
            views.share_view(work, mine.id, True)
    with database.begin(manager) as work:
        assert views.views(work, "contacts") == ()
        with pytest.raises(NotFound):
            views.delete_view(work, mine.id)
        ours = views.share_view(work, views.save_view(work, "contacts", "Ours", LISTING).id, True)
    with database.begin(rep) as work:
        assert [(one.name, one.shared) for one in views.views(work, "contacts")] == [
            ("Ours", True),
            ("Mine", False),
        ]
        with pytest.raises(NotAllowed):
            views.save_view(work, "contacts", "Spoilt", Listing(), ours.id)
        with pytest.raises(NotAllowed):
            views.delete_view(work, ours.id)
        with pytest.raises(Invalid):
            views.save_view(work, "contacts", " ", Listing())
        views.delete_view(work, mine.id)
    with database.begin(manager) as work:
        taken = views.share_view(work, ours.id, False)
        assert not taken.shared
        views.save_view(work, "contacts", "Ours too", LISTING, ours.id)
    with database.read(rep) as work:
        assert views.views(work, "contacts") == ()
