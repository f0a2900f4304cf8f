"""Saved views beside the title of a list: choose, save, share, delete; a dot marks what is not saved."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_spec import View, ViewStore
from crm_desktop.ui.views_bar import ViewsBar

TABS = 5
"""So many views stand in the row; the others are in the menu."""


class SavedViews(QWidget):
    """The views of one list. `listing()` tells what is on screen now."""

    chosen = Signal(object)
    """The `View` to show."""

    def __init__(
        self,
        desk: Desk,
        builtin: Sequence[View],
        store: ViewStore | None,
        listing: Callable[[], Listing],
        *,
        may_share: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._store, self._listing = desk, store, listing
        self._may_share = may_share
        self._builtin = tuple(builtin)
        self._saved: tuple[View, ...] = ()
        self.current = self._builtin[0]
        self.changed = False
        self.bar = ViewsBar(self)
        self.bar.chosen.connect(self._choose)
        self.more = IconButton("ellipsis", _("More views"), parent=self)
        self.more.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.bar)
        row.addWidget(self.more)
        self._fill()

    @property
    def views(self) -> tuple[View, ...]:
        """Return all views, the built-in ones first."""
        return self._builtin + self._saved

    def load(self) -> None:
        """Read the saved views."""
        if self._store is not None:
            self._desk.tasks.read(self, self._store.load, self._take_saved, coalesce="views")

    def show_listing(self, listing: Listing) -> None:
        """Mark the current view when `listing` is no longer what it stores; widths and such do not count."""
        stored = self.current.listing
        same = (listing.text, listing.filters, listing.sorts) == (stored.text, stored.filters, stored.sorts)
        self.changed = not (same and (not stored.columns or listing.columns == stored.columns))
        self.bar.set_changed(self.current.key, self.changed)

    def set_current(self, view: View) -> None:
        """Show which view is chosen."""
        self.bar.set_changed(self.current.key, False)
        self.current, self.changed = view, False
        if view.key not in self._keys:
            self._fill()
        self.bar.set_current(view.key)

    def retranslate(self) -> None:
        """Name the built-in views in the language on screen."""
        self.more.set_tip(_("More views"))
        self._fill()

    def menu(self) -> QMenu:
        """Return the menu of other views and of what can be done with this one."""
        menu = QMenu(self)
        for view in self.views:
            if view.key not in self._keys:
                menu.addAction(view.shown_title()).triggered.connect(
                    lambda _checked=False, key=view.key: self._choose(key)
                )
        menu.addSeparator()
        offered: list[tuple[str, Callable[[], None], bool]] = [
            (_("Save changes to this view"), self.save, self.changed and self._own),
            (_("Save view as…"), self.save_as, self._store is not None),
            (_("Discard changes"), self.discard, self.changed),
            (_("Share with everyone"), self.share, self._own and self._may_share and not self.current.shared),
            (_("Stop sharing"), self.unshare, self._own and self.current.shared),
            (_("Delete view…"), self.delete, self._own),
        ]
        for words, act, possible in offered:
            if possible:
                menu.addAction(words).triggered.connect(act)
        return menu

    @property
    def _keys(self) -> list[str]:
        return self.bar.keys()

    @property
    def _own(self) -> bool:
        return self._store is not None and not self.current.builtin and self.current.mine

    def save(self) -> None:
        """Store what is on screen in the current view."""
        store, view, listing = self._store, self.current, self._listing()
        if store is not None:
            self._write(lambda work: store.save(work, view.title, listing, view.key))

    def save_as(self) -> None:
        """Ask for a name and store what is on screen as a new view."""
        store, listing = self._store, self._listing()
        title = self._desk.dialogs.input_text(_("Save view"), _("Name of the view"))
        if title and store is not None:
            self._write(lambda work: store.save(work, title, listing))

    def discard(self) -> None:
        """Go back to what the view stores."""
        self.chosen.emit(self.current)

    def share(self) -> None:
        """Let colleagues see the view."""
        self._share(True)

    def unshare(self) -> None:
        """Keep the view to oneself again."""
        self._share(False)

    def delete(self) -> None:
        """Ask, then forget the view."""
        store, view = self._store, self.current
        sure = self._desk.dialogs.confirm(
            _("Delete the view “{title}”?").format(title=view.title),
            _("The records in it stay as they are."),
            _("Delete view"),
        )
        if sure and store is not None:
            self._desk.tasks.write(self, lambda work: store.delete(work, view.key), self._forget_current)

    def _share(self, shared: bool) -> None:
        store, view = self._store, self.current
        if store is not None:
            self._write(lambda work: store.share(work, view.key, shared))

    def _write(self, call: Callable[[Any], View]) -> None:
        self._desk.tasks.write(self, call, self._take_stored)

    def _take_saved(self, saved: Sequence[View]) -> None:
        self._saved = tuple(saved)
        self._fill()

    def _take_stored(self, view: View) -> None:
        others = tuple(one for one in self._saved if one.key != view.key)
        self._saved = (*others, view)
        self.current, self.changed = view, False
        self._fill()

    def _forget_current(self, _nothing: object) -> None:
        self._saved = tuple(one for one in self._saved if one.key != self.current.key)
        self.chosen.emit(self._builtin[0])

    def _fill(self) -> None:
        shown = list(self.views[:TABS])
        known = next((view for view in self.views if view.key == self.current.key), None)
        if known is not None and known not in shown:
            shown[-1] = known
        self.bar.clear()
        for view in shown:
            self.bar.add_view(view.key, view.shown_title())
        self.bar.set_current(self.current.key)
        self.bar.set_changed(self.current.key, self.changed)
        self.more.setVisible(self._store is not None or len(self.views) > len(shown))

    def _choose(self, key: str) -> None:
        view = next((one for one in self.views if one.key == key), None)
        if view is not None:
            self.chosen.emit(view)

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
