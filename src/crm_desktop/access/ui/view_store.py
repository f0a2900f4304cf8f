"""Saved views in the database, for any list."""

from collections.abc import Sequence
from typing import Any

from crm_desktop.access import views
from crm_desktop.access.views import SavedListing
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.list_spec import View


class StoredViews:
    """The `ViewStore` of one list, named as its `ListSpec`."""

    def __init__(self, screen: str) -> None:
        self._screen = screen

    def load(self, work: Any) -> Sequence[View]:
        """Return the views the actor may see."""
        return [_view(work, one) for one in views.views(work, self._screen)]

    def save(self, work: Any, title: str, listing: Listing, key: str = "") -> View:
        """Store a new view, or `key` again."""
        return _view(work, views.save_view(work, self._screen, title, listing, int(key) if key else None))

    def delete(self, work: Any, key: str) -> None:
        """Forget a view."""
        views.delete_view(work, int(key))

    def share(self, work: Any, key: str, shared: bool) -> View:
        """Show a view to colleagues, or no longer."""
        return _view(work, views.share_view(work, int(key), shared))


def _view(work: Any, saved: SavedListing) -> View:
    mine = not saved.shared or work.actor.may(Permission.VIEW_SHARE)
    return View(str(saved.id), saved.name, saved.listing, builtin=False, shared=saved.shared, mine=mine)
