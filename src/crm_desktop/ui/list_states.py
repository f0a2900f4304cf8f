"""What stands in place of the rows: never had any, nothing matches."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.relative_days import resolved
from crm_desktop.ui.empty import Offer, never_had, no_match
from crm_desktop.ui.filter_popup import filters_by_field
from crm_desktop.ui.filter_words import filters_words
from crm_desktop.ui.list_spec import IMPORT

if TYPE_CHECKING:
    from crm_desktop.ui.list_screen import ListScreen


class ListStates(QObject):
    """Decides between rows, the state of a list that never had any, and the state of no match."""

    def __init__(self, screen: "ListScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        self.no_match: QWidget | None = None
        self.never_had: QWidget | None = None
        screen.view.viewport().installEventFilter(self)

    def show_rows(self, rows: int) -> None:
        """Show the rows if there are any, else ask which of the two states it is."""
        screen = self._screen
        if rows:
            self._drop_no_match()
            self.never_had = None
            screen.stack.show_content()
            return
        if not screen.table.complete:
            return
        source, listing = screen.spec.source, resolved(screen.table.listing, screen.desk.today)
        bare = Listing(columns=listing.columns)

        def look(work: Any) -> tuple[bool, str]:
            if not source.count(work, bare).rows:
                return False, ""
            return True, source.close_match(work, listing)

        screen.desk.tasks.read(screen, look, self._show_nothing, coalesce="nothing")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the state as large as the place of the rows."""
        if event.type() == QEvent.Type.Resize and self.no_match is not None:
            self.no_match.setGeometry(self._screen.view.viewport().rect())
        return super().eventFilter(watched, event)

    def _show_nothing(self, found: tuple[bool, str]) -> None:
        screen = self._screen
        if screen.table.rowCount():
            return
        has_rows, close_match = found
        self._drop_no_match()
        if not has_rows:
            self.never_had = self._never_had()
            screen.stack.show_state(self.never_had)
            return
        self.never_had = None
        screen.stack.show_content()
        title, text = self._words()
        state = no_match(title, " ".join(part for part in (text, close_match) if part), screen.clear_filters)
        state.setParent(screen.view.viewport())
        state.setGeometry(screen.view.viewport().rect())
        state.show()
        self.no_match = state

    def _drop_no_match(self) -> None:
        if self.no_match is not None:
            self.no_match.deleteLater()
            self.no_match = None

    def _never_had(self) -> QWidget:
        screen, words = self._screen, self._screen.spec.never_had
        offers = [self._offer(name) for name in (words.primary, words.other)]
        primary, other = offers
        if other is None and IMPORT in screen.actions_here:
            other = self._offer(IMPORT)
        if primary is None:
            primary, other = other, None
        if primary is None:
            return no_match(_(words.title), _(words.text), screen.reload)
        return never_had(screen.spec.icon, _(words.title), _(words.text), primary, other, _(words.hint))

    def _offer(self, name: str) -> Offer | None:
        if not name or not self._screen.action(name).isVisible():
            return None
        action = self._screen.action(name)
        return Offer(action.text(), action.trigger, str(action.property("icon_name") or ""))

    def _words(self) -> tuple[str, str]:
        """Return title and sentence: which filter is in the way."""
        screen = self._screen
        listing = screen.table.listing
        fields = {field.name: field for field in screen.spec.source.fields}
        formats = screen.table.formats()
        named = [
            f"{_(fields[name].label)}: {filters_words(fields[name], of_field, formats)}"
            for name, of_field in filters_by_field(listing.filters).items()
            if name in fields
        ]
        title = _("Nothing matches “{text}”").format(text=listing.text) if listing.text else _("Nothing matches")
        text = _("Filtered by {filters}.").format(filters="; ".join(named)) if named else ""
        return title, text
