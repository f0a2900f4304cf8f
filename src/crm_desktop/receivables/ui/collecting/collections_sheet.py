"""How Collections is put together: title, views and actions, questions, head, list, foot, and the pane beside."""

from collections.abc import Sequence, Set

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting.collections import OVERDUE, VIEWS, Case
from crm_desktop.receivables.ui.collecting import debtor_rows
from crm_desktop.receivables.ui.collecting.ageing_head import AgeingHead
from crm_desktop.receivables.ui.collecting.collections_actions import ABOUT_ONE, DUNNING, EXPORT, STATEMENTS
from crm_desktop.receivables.ui.collecting.debtor_pane import DebtorPane
from crm_desktop.receivables.ui.collecting.debtor_rows import NOBODY, CaseSource, Due
from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.shared.display import Formats, list_separator
from crm_desktop.shared.i18n import _
from crm_desktop.ui.actions import ActionSet
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import DateEditor, shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import StateStack
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption, hairline, title_label
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.views_bar import ViewsBar

REMEMBERED = "collections"
"""What the settings of this person call the view that was open last."""
PANE_PX = 340
NAME_PX = 230
NO_ONE = 0
"""Stands for nobody among the people one may choose."""
WIDE_PANE_PX = 404
FOLDED_BELOW_PX = 1_000
WIDE_FROM_PX = 1_500


class CollectionsSheet(Screen):
    """The parts of the screen and where they stand."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.actions_here = ActionSet(self, (*ABOUT_ONE, STATEMENTS, DUNNING, EXPORT), desk.actor.may)
        self.views = ViewsBar()
        for key, label in VIEWS:
            self.views.add_view(key, _(label))
        self.views.set_current(OVERDUE)
        self.views.set_current(str(desk.settings.view_state(REMEMBERED).get("view", "")))
        self.currencies = ViewsBar()
        self.currencies.setAccessibleName(_("Currency"))
        self.filter = QLineEdit()
        self.as_of = DateEditor("as_of", _("As of"), lambda: desk.today)
        self.whose, self.who = QComboBox(), QComboBox()
        self.head = AgeingHead()
        self.running = LongWork(desk)
        source = CaseSource(NOBODY, (), self.formats(), frozenset())
        self.table = RecordTable(desk.tasks, source, self.formats, debtor_rows.LOOKS)
        self.view = RecordView(self.table)
        self.table.setParent(self.view)
        self.view.rows.checks = False  # Everything here is about one customer.
        self.view.widths.favour(NAME_PX)
        self.footer = ListFooter()
        self.pane = DebtorPane(desk, [self.actions_here[spec.name] for spec in ABOUT_ONE])
        self._lay_out()
        self.setFocusProxy(self.view)

    def formats(self) -> Formats:
        """Return how days and people are shown."""
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def search_here(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _lay_out(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(px(debtor_rows.ROW_PX))
        self.view.verticalScrollBar().setSingleStep(self.view.row_height)
        self.view.setAccessibleName(_("Customers who owe"))
        listed = QWidget()
        inner = QVBoxLayout(listed)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.view, 1)
        inner.addWidget(hairline())
        inner.addWidget(self.footer)
        self.stack = StateStack(listed)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header(), self._questions(), hairline(), self.running, self.head, hairline()):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(body)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)

    def _header(self) -> QWidget:
        header, row = head_row()
        row.addWidget(title_label(_("Collections")))
        row.addSpacing(px(10))
        row.addWidget(self.currencies)
        row.addStretch(1)
        offered = {action.objectName() for action in self.actions_here.offered()}
        for name in ("statements", "dunning", "export"):
            if name in offered:
                row.addWidget(button_for(self.actions_here[name], "quiet", header, keyed=False))
        return header

    def _questions(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        upper, views = questions_row()
        views.addWidget(self.views)
        views.addStretch(1)
        bar, row = questions_row()
        self.filter.setPlaceholderText(_("Filter by customer"))
        self.filter.setAccessibleName(_("Filter by customer"))
        self.filter.setProperty("dense", True)
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(px(200))
        self.as_of.widget.setAccessibleName(self.as_of.label)
        self.as_of.set_value(self.desk.today)
        for chooser, name, everybody in (
            (self.whose, _("Whose customers"), _("Customers of everybody")),
            (self.who, _("Who calls next"), _("Anybody calls")),
        ):
            chooser.setProperty("dense", True)
            chooser.setAccessibleName(name)
            chooser.addItem(everybody, None)
        for widget in (self.filter, caption(_("as of")), self.as_of.widget, self.whose, self.who):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(upper)
        column.addWidget(bar)
        return holder

    def show_people(self, due: Due) -> bool:
        """Offer the owners of all who owe and those who call next; return whether somebody chosen is gone."""
        rows = due.collected.rows
        owners = self._offer_people(self.whose, _("Customers of {name}"), {one.debtor.owner_id for one in rows})
        callers = self._offer_people(self.who, _("{name} calls"), {one.caller_id for one in rows})
        return owners or callers

    def _offer_people(self, chooser: QComboBox, said: str, ids: Set[int | None]) -> bool:
        chosen, nobody = chooser.currentData(), None in ids
        known = [(self.desk.names.get(id_, ""), id_) for id_ in ids if id_ is not None]
        chooser.blockSignals(True)
        while chooser.count() > 1:
            chooser.removeItem(1)
        for name, id_ in sorted(known, key=lambda pair: pair[0].casefold()):
            chooser.addItem(said.format(name=name), id_)
        if nobody:
            chooser.addItem(_("Without an owner") if chooser is self.whose else _("Nobody calls"), NO_ONE)
        place = chooser.findData(chosen)
        chooser.setCurrentIndex(max(place, 0))
        chooser.blockSignals(False)
        return chosen is not None and place < 0

    def stands_here(self, case: Case) -> bool:
        """Return whether a customer is one of the chosen owner and of the chosen caller."""
        asked = ((self.whose, case.debtor.owner_id), (self.who, case.caller_id))
        return all(chooser.currentData() in (None, id_ or NO_ONE) for chooser, id_ in asked)

    def asked_words(self) -> str:
        """Return the view, and whose customers and which caller were chosen."""
        words = [_(dict(VIEWS)[self.views.current()])]
        words += [one.currentText() for one in (self.whose, self.who) if one.currentData() is not None]
        return list_separator().join(words)

    def ask(self, *, found: bool) -> None:
        """Leave out what cannot be asked or done where nobody owes; the day stays, another may have somebody."""
        for part in (self.views, self.filter, self.whose, self.who, self.head):
            part.setVisible(found)
        self.actions_here.enable("dunning", found)
        self.actions_here.enable("export", found)
        self._fold()

    def export_list(self) -> None:
        """Take the list as it stands to a file."""
        from crm_desktop.receivables.collecting.collections_report import as_seen
        from crm_desktop.receivables.ui.collecting.report_export import export
        from crm_desktop.shared.report import Asked

        currency = self.currencies.current()
        said = list_separator().join((self.asked_words(), currency))
        as_of = self.as_of.value()
        asked = Asked(as_of=None if as_of == self.desk.today else as_of, currency=currency)
        title = f"{self.title()} {currency} {shown_date(as_of or self.desk.today)}"
        export(self, as_seen(tuple(self.table.ids()), currency, said), asked, title, self.running)

    def remember_view(self, view: str) -> None:
        """Open with this view next time."""
        self.desk.settings.set_view_state(REMEMBERED, {"view": view})

    def columns_here(self) -> tuple[str, ...]:
        """Return the columns there is room for."""
        return debtor_rows.WIDE if self.width() >= px(WIDE_FROM_PX) else debtor_rows.NARROW

    def _fold(self) -> None:
        """Fold the pane away where there is no room, unless a call is being written down."""
        wanted = not self.views.isHidden() and self.width() >= px(FOLDED_BELOW_PX)
        self.pane.setVisible(wanted or self.pane.calling)
        wide = px(WIDE_PANE_PX if self.width() >= px(WIDE_FROM_PX) else PANE_PX)
        self.split.setSizes([self.width() - wide, wide])
