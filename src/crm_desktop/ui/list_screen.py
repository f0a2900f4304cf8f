"""The list every feature has: views, filters, a million rows, actions on many, a preview beside them.

A feature hands over a `ListSpec`, connects its actions and is done; see `ui/list_spec.py`.
"""

from array import array
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QHideEvent, QIcon, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import StateStack
from crm_desktop.ui.filter_bar import FilterBar
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, title_label
from crm_desktop.ui.list_columns import ListColumns
from crm_desktop.ui.list_incoming import ListIncoming, import_actions
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.list_spec import IMPORT, ListSpec, View
from crm_desktop.ui.list_states import ListStates
from crm_desktop.ui.notes import Note
from crm_desktop.ui.preview_pane import PreviewPane
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.saved_views import SavedViews
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.selection_bar import ListFooter, SelectionBar
from crm_desktop.ui.settings import COMPACT_ROWS
from crm_desktop.ui.theme import set_ground

MOST_QUIET = 2
"""Actions that stand in words beside the title; one more is an icon with its words in the tooltip."""
SETTLE_MS = 150
"""Several commits in a row reload a list once."""


class ListScreen(Screen):
    """A list of one entity."""

    def __init__(self, desk: Desk, spec: ListSpec, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.spec = spec
        set_ground(self, "surface")
        self.actions_here = ActionSet(self, _specs(spec, desk), desk.actor.may)
        self.table = RecordTable(desk.tasks, spec.source, self._formats, spec.looks, self)
        self.view = RecordView(self.table, self)
        self.selection = self.view.selection
        self.view.setAccessibleName(_(spec.title))
        self.columns = ListColumns(spec.name, spec.source.fields, self.view, desk.settings)
        self.views = SavedViews(desk, spec.views, spec.store, self._listing, may_share=spec.may_share, parent=self)
        self.filters = FilterBar(spec.source, desk.tasks, self._formats, self.columns.menu, self)
        self.note = Note(parent=self)
        self.note.clear()
        self.selection_bar = SelectionBar([self.action(one.name) for one in spec.bulk], self)
        self.footer = ListFooter(self)
        self.preview = PreviewPane(desk, spec.preview, self)
        self.incoming = ListIncoming(self)
        self._outdated = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._reload_when_seen)
        self._lay_out()
        self.states = ListStates(self)
        self._connect()
        self.view.set_compact(desk.settings.get(COMPACT_ROWS))
        self.setFocusProxy(self.view)
        self.views.load()
        self.show_view(spec.views[0])

    # What the feature uses

    def action(self, name: str) -> QAction:
        """Return an action of this list, to connect or to trigger."""
        return self.actions_here[name]

    def target_ids(self) -> "array[int]":
        """Return what an action is about: the checked rows, else the current one, as an array('q')."""
        if self.selection:
            return self.selection.ids()
        current = self.view.current_id
        return array("q", [] if current is None else [current])

    def set_message(self, kind: str, text: str, action: str = "") -> None:
        """Say something in the strip above the rows; an empty text takes it away."""
        if text:
            self.note.show_message(kind, text, action)
        else:
            self.note.clear()

    def show_view(self, view: View) -> None:
        """Show a view: its filters and order, its columns if it stores any."""
        self.views.set_current(view)
        columns = view.listing.columns or self.columns.initial()
        self.show_listing(replace(view.listing, columns=columns))

    def show_listing(self, listing: Listing) -> None:
        """Show other filters, another order or other columns; checks of another question are dropped."""
        before = self.table.listing
        if (before.text, before.filters) != (listing.text, listing.filters):
            self.selection.clear()
        self.table.show(listing)
        self.filters.show_filters(listing.text, listing.filters)
        self.views.show_listing(self.table.listing)
        self.offer_what_fits(self.table.listing)

    def offer_what_fits(self, listing: Listing) -> None:
        """Show and hide actions by what the rows of `listing` are; a feature overrides it, else all are shown."""

    # What the window uses

    def title(self) -> str:
        """Return the name of the list."""
        return _(self.spec.title)

    def icon(self) -> QIcon:
        """Return the icon of the list."""
        return icon(self.spec.icon)

    def actions_offered(self) -> Sequence[QAction]:
        """Return the actions the actor may use."""
        return self.actions_here.offered()

    def reload(self) -> None:
        """Read the rows again, and the one in the preview; checks and place are kept."""
        self.table.reload()
        self.preview.show_record(self.view.current_id)

    def show_rows(self, listing: Listing) -> None:
        """Show these filters and this order, with the columns that are shown anyway and those it names."""
        self.show_listing(replace(listing, columns=self.columns.beside(listing.columns)))

    def search_here(self) -> None:
        """Go to the quick filter."""
        self.filters.quick.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.quick.selectAll()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this list."""
        own = [
            KeyHint(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text())
            for action in self.actions_here.offered()
            if not action.shortcut().isEmpty()
        ]
        return [
            KeyHint("Enter", _("Open")),
            *([KeyHint("Space", _("Preview"))] if self.spec.preview is not None else []),
            *own,
            KeyHint("Ctrl+F", _("Filter this list")),
            KeyHint("Ctrl+Space", _("Check the row")),
            KeyHint("Ctrl+A", _("Check all rows")),
            KeyHint("Ctrl+C", _("Copy for a spreadsheet")),
            KeyHint("F5", _("Read again")),
            KeyHint("Esc", _("Uncheck, then clear the filters")),
        ]

    # How it is put together

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        _close_up(column)
        column.addWidget(self.view, 1)
        for part in (self.selection_bar, hairline(), self.footer):
            column.addWidget(part)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.preview)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.body = QWidget()
        rows = QVBoxLayout(self.body)
        _close_up(rows)
        rows.addWidget(self.filters)
        rows.addWidget(self.note)
        rows.addWidget(self.splitter, 1)
        self.stack = StateStack(self.body)
        whole = QVBoxLayout(self)
        _close_up(whole)
        whole.addWidget(self._header())
        whole.addWidget(self.stack, 1)

    def _header(self) -> QWidget:
        header, row = head_row()
        self._title = title_label(self.title())
        row.addWidget(self._title)
        row.addSpacing(px(6))
        row.addWidget(self.views)
        row.addStretch()
        for spec in self.spec.quiet:
            row.addWidget(button_for(self.action(spec.name), "quiet", header))
        if IMPORT in self.actions_here:
            row.addWidget(self.incoming.button(worded=len(self.spec.quiet) < MOST_QUIET))
        if self.spec.primary is not None:
            row.addWidget(button_for(self.action(self.spec.primary.name), "primary", header))
        return header

    def _connect(self) -> None:
        self.views.chosen.connect(self.show_view)
        self.columns.chosen.connect(self._change_columns)
        self.filters.text_changed.connect(self._change_text)
        self.filters.filters_changed.connect(self._change_filters)
        self.filters.left.connect(self.view.setFocus)
        self.filters.density_toggled.connect(self._change_density)
        self.view.typed.connect(self.filters.quick.take_typed)
        self.view.sort_wanted.connect(self._change_order)
        self.view.opened.connect(self._open)
        self.view.preview_toggled.connect(self.preview.toggle)
        self.view.current_changed.connect(self.preview.show_record)
        self.view.menu_wanted.connect(self._open_menu)
        self.selection.changed.connect(self._show_selection)
        self.selection_bar.cleared.connect(self._clear_selection)
        self.table.first_shown.connect(self._show_first)
        self.table.completed.connect(self._show_selection)
        self.table.counted.connect(self._show_count)
        self.table.failed.connect(self._show_failure)
        self.note.action_clicked.connect(self._retry)
        self.desk.changes.changed.connect(self._take_changes)
        self.table.completed.connect(self._forget_failure)
        # F5 belongs to the main window: the same key here too would be ambiguous and do nothing.
        find = QKeySequence(QKeySequence.StandardKey.Find)
        shortcut = QShortcut(find, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.search_here)

    # What people do

    def _listing(self) -> Listing:
        return self.table.listing

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _change_text(self, text: str) -> None:
        self.show_listing(replace(self.table.listing, text=text))

    def _change_filters(self, filters: tuple[Filter, ...]) -> None:
        self.show_listing(replace(self.table.listing, filters=filters))

    def _change_order(self, sorts: tuple[Sort, ...]) -> None:
        self.show_listing(replace(self.table.listing, sorts=sorts))

    def _change_columns(self, names: tuple[str, ...]) -> None:
        self.table.set_columns(names)
        self.views.show_listing(self.table.listing)

    def clear_filters(self) -> None:
        """Show everything there is."""
        self.show_listing(replace(self.table.listing, text="", filters=()))
        self.view.setFocus()

    def _change_density(self) -> None:
        compact = not self.desk.settings.get(COMPACT_ROWS)
        self.desk.settings.set(COMPACT_ROWS, compact)
        self.view.set_compact(compact)

    def _open(self, id_: int) -> None:
        self.desk.open_record(self.spec.source.entity, id_)

    def _clear_selection(self) -> None:
        self.selection.clear()
        self.view.setFocus()

    def _open_menu(self, at: QPoint) -> None:
        if self.view.current_id is None:
            return
        menu = self.row_menu()
        menu.popup(at)

    def row_menu(self) -> QMenu:
        """Return the menu of the checked rows, or of the current one."""
        menu = QMenu(self)
        menu.addAction(_("Open")).triggered.connect(lambda: self._open(self.view.current_id or 0))
        menu.addAction(_("Copy for a spreadsheet")).triggered.connect(self.view.copy)
        menu.addSeparator()
        for spec in self.spec.bulk:
            menu.addAction(self.action(spec.name))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that no part has taken clears the filters."""
        listing = self.table.listing
        if event.key() == Qt.Key.Key_Escape and (listing.text or listing.filters) and self.states.no_match:
            self.clear_filters()
            return
        super().keyPressEvent(event)

    # What arrives

    def _show_first(self) -> None:
        self._forget_failure()
        self.states.show_rows(self.table.rowCount())
        self._show_selection()

    def _show_count(self, count: Count) -> None:
        self.footer.show_count(self.spec.counted(count.rows), count)
        self.states.show_rows(self.table.rowCount())
        self._show_selection()

    def _show_selection(self) -> None:
        self.selection_bar.show_count(len(self.selection))
        # "All" while ids are still arriving would silently mean "those that are here".
        ready = self.table.complete or not self.selection.is_open
        for spec in self.spec.bulk:
            self.actions_here.enable(spec.name, ready and (bool(self.selection) or self.view.current_id is not None))

    def _show_failure(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            self.note.show_message("danger", str(error), _("Try again"))
            self.note.setProperty("from_reading", True)

    def _forget_failure(self) -> None:
        if self.note.property("from_reading"):
            self.note.setProperty("from_reading", False)
            self.note.clear()

    def _retry(self) -> None:
        if self.note.property("from_reading"):
            self.note.clear()
            self.table.show(self.table.listing)

    def _take_changes(self, changes: Changes) -> None:
        entity = self.spec.source.entity
        if changes.touches(entity):
            self.table.refresh_rows(changes.ids[entity])
            self._settle.start()

    def _reload_when_seen(self) -> None:
        if self.isVisible():
            self._outdated = False
            self.table.reload()
        else:
            self._outdated = True

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another tab was in front."""
        super().showEvent(event)
        if self.window().focusWidget() is None:
            self.view.setFocus()
        if self._outdated:
            self._reload_when_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember columns and widths; the program may end before the tab is shown again."""
        super().hideEvent(event)
        self.desk.settings.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the preview away in a narrow window."""
        super().resizeEvent(event)
        self.preview.fold_below(self.window().width())

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "states"):
            self._title.setText(self.title())
            self.actions_here.retranslate()
            self.views.retranslate()
            self.selection_bar.retranslate()
            self.table.retranslate()
            self._show_count(self.table.count)

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(px(1100), px(680))


def _specs(spec: ListSpec, desk: Desk) -> tuple[ActionSpec, ...]:
    primary = (spec.primary,) if spec.primary is not None else ()
    return (*primary, *spec.quiet, *import_actions(spec, desk), *spec.bulk)


def _close_up(layout: QVBoxLayout) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
