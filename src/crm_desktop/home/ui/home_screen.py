"""Home: four figures, a year as a chart, the money that needs somebody, and what stands beside it.

The parts arrive one by one, the first ones first; between two of them whatever the person does comes first.
"""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.home import beginning, tiles
from crm_desktop.home.figures import Figure, MonthsChart, Opens, Row, Section
from crm_desktop.home.ui.beginning import beginning as how_to_begin
from crm_desktop.home.ui.chart_view import ChartView
from crm_desktop.home.ui.figure_buttons import Headline
from crm_desktop.home.ui.home_export import EXPORT, PRINT, HomeExport
from crm_desktop.home.ui.section_view import SectionView
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.ui.actions import ActionSet
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import StateStack
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, grounded, hairline, title_label
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.theme import set_ground

HEARS: Final = (
    *("invoice", "receipt", "instalment", "write_off", "reschedule", "promise", "receivable_settings"),
    *("order", "delivery", "opportunity", "pipeline_stage", "activity", "contact", "company"),
)
SETTLE_MS: Final = 800
SIDE_PX: Final = 400
STACKS_BELOW_PX: Final = 900
"""Narrower than this, what stands at the right moves below."""


class HomeScreen(Screen):
    """The page that opens first. What it shows depends on the role; every figure opens the list behind it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.layout_ = tiles.layout(desk.actor)
        self.actions_here = ActionSet(self, (EXPORT, PRINT), desk.actor.may)
        self.currency = QComboBox()
        self.heading = title_label("")
        self.headlines = {tile.key: Headline(self) for tile in self.layout_.headlines}
        self.sections = {tile.key: SectionView(self) for tile in self.layout_.side}
        self.lists = {tile.key: SectionView(self) for tile in self.layout_.lists}
        self.chart = ChartView(self) if self.layout_.chart is not None else None
        self.shown: dict[str, tiles.Shown] = {}
        self._waiting: list[str] = []
        # Read when it is seen: on a new day My day stands in front of it.
        self._outdated = True
        self._codes = {desk.currency}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._reload_when_seen)
        self.export = HomeExport(self)
        self._lay_out()
        self._offer_currencies()
        self._connect()

    # What the window uses

    def title(self) -> str:
        """Return the name of the tab."""
        return _("Home")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("house")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        own = [KeyHint("Ctrl+E", _("This page to Excel"))] if self._offers("export") else []
        return (
            KeyHint("Tab", _("To the next figure")),
            KeyHint("Enter", _("Open the list behind a figure")),
            *([KeyHint("T", _("The chart as a table"))] if self.chart is not None else []),
            *own,
            KeyHint("Ctrl+P", _("Print this page")),
            KeyHint("F5", _("Read again")),
        )

    def reload(self) -> None:
        """Read every part again, one after the other; the old figures stay until the new ones are there."""
        self._outdated = False
        self.heading.setText(_long_day(self.desk))
        self.desk.tasks.read(self, beginning.has_contacts, self._begin, lambda _error: None)
        busy = bool(self._waiting)
        self._waiting = [tile.key for tile in self.layout_.tiles]
        if not busy:
            self._read_next()

    def chosen_currency(self) -> str:
        """Return the currency amounts are shown in."""
        return str(self.currency.currentData() or self.desk.currency)

    @property
    def complete(self) -> bool:
        """Return whether every part has been read."""
        return not self._waiting and len(self.shown) == len(self.layout_.tiles)

    # How it is put together

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.export.running)
        inside = grounded("surface")
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._figures())
        body.addWidget(hairline())
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(0)
        self._columns.addWidget(self._left(), 1)
        self._between = hairline(vertical=True)
        self._columns.addWidget(self._between)
        self._side = self._right()
        self._columns.addWidget(self._side)
        body.addLayout(self._columns, 1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.stack = StateStack(self.area)
        column.addWidget(self.stack, 1)
        first = next(iter(self.headlines.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def _header(self) -> QWidget:
        header, row = head_row()
        row.setContentsMargins(px(20), px(8), px(16), px(8))
        row.addWidget(self.heading)
        row.addStretch(1)
        row.addWidget(caption(_("Amounts in")))
        self.currency.setProperty("dense", True)
        self.currency.setAccessibleName(_("Amounts in"))
        self.currency.setToolTip(_("Amounts in other currencies are named as not added, never converted."))
        row.addWidget(self.currency)
        for name in ("print", "export"):
            if self._offers(name):
                row.addWidget(button_for(self.actions_here[name], "quiet", header, keyed=False))
        return header

    def _offers(self, name: str) -> bool:
        return any(action.objectName() == name for action in self.actions_here.offered())

    def _figures(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(12), px(4), px(12), px(8))
        row.setSpacing(px(8))
        for place, headline in enumerate(self.headlines.values()):
            if place:
                row.addWidget(hairline(vertical=True))
            row.addWidget(headline, 1, Qt.AlignmentFlag.AlignTop)
        return bar

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.chart, *self.lists.values()):
            if part is not None:
                column.addWidget(part)
        column.addStretch(1)
        return left

    def _right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, section in enumerate(self.sections.values()):
            if place:
                column.addWidget(hairline())
            column.addWidget(section)
        column.addStretch(1)
        return right

    def _connect(self) -> None:
        sections = (*self.sections.values(), *self.lists.values())
        blocks: list[Any] = [*self.headlines.values(), *sections, *([self.chart] if self.chart is not None else [])]
        for block in blocks:
            block.figure_opened.connect(self.open_figure)
        for section in sections:
            section.row_opened.connect(self._open_row)
            section.list_wanted.connect(self.open_list)
        self.currency.activated.connect(lambda _place: self.reload())
        self.actions_here.on("export", self.export.to_excel)
        self.actions_here.on("print", self.export.preview)
        self.desk.changes.changed.connect(self._heard)

    # Reading

    def _begin(self, has_contacts: bool) -> None:
        """Show the figures, or how to begin while there is nobody to count for."""
        had_focus = self.isAncestorOf(self.focusWidget() or self)
        places: list[QWidget] = list(self.headlines.values())
        if has_contacts == (self.stack.state is None):
            return
        if has_contacts:
            self.stack.show_content()
        else:
            title = _("Home fills itself from the work with your customers")
            text = _(
                "Money received and owed, sales, the pipeline and the customers that need you will stand here."
                " It begins with your contacts."
            )
            state = how_to_begin(self.desk, "house", title, text)
            self.stack.show_state(state)
            places = list(state.buttons)
        if places:
            self.setFocusProxy(places[0])
            if had_focus and self.isActiveWindow():
                places[0].setFocus()

    def _read_next(self) -> None:
        if not self._waiting:
            return
        key, currency = self._waiting[0], self.chosen_currency()
        self.desk.tasks.read(
            self,
            lambda work: tiles.read(work, key, currency),
            lambda shown: self._arrived(key, shown),
            lambda error: self._failed(key, error),
        )

    def _arrived(self, key: str, shown: tiles.Shown) -> None:
        if self._asked_anew(key, shown):
            self._read_next()
            return
        self.shown[key] = shown
        self._show(key, shown)
        self._learn_currencies(shown)
        self._go_on(key)

    def _asked_anew(self, key: str, shown: tiles.Shown) -> bool:
        """Return whether another question was asked while this answer was made."""
        currency = _currency_of(shown)
        return not self._waiting or self._waiting[0] != key or currency not in ("", self.chosen_currency())

    def _failed(self, key: str, error: BaseException) -> None:
        blocks: dict[str, Any] = {**self.headlines, **self.sections, **self.lists}
        block = blocks.get(key, self.chart)
        block.show_failure()
        self._go_on(key)

    def _go_on(self, key: str) -> None:
        if self._waiting and self._waiting[0] == key:
            self._waiting.pop(0)
        self._read_next()

    def _show(self, key: str, shown: tiles.Shown) -> None:
        if isinstance(shown, Figure):
            self.headlines[key].show_figure(shown)
        elif isinstance(shown, MonthsChart):
            assert self.chart is not None
            self.chart.show_chart(shown)
        else:
            (self.sections | self.lists)[key].show_section(shown)

    # Currencies

    def _learn_currencies(self, shown: tiles.Shown) -> None:
        codes = {one if isinstance(one, str) else one.currency for one in shown.not_added}
        if not codes <= self._codes:
            self._codes |= codes
            self._offer_currencies()

    def _offer_currencies(self) -> None:
        chosen = self.chosen_currency()
        self.currency.clear()
        for code in (self.desk.currency, *sorted(self._codes - {self.desk.currency})):
            self.currency.addItem(code, code)
        self.currency.setCurrentIndex(self.currency.findData(chosen))

    # What people do

    def open_figure(self, figure: Figure) -> None:
        """Show the list a figure counts."""
        if figure.opens is not None:
            self.open_list(figure.opens)

    def open_list(self, opens: Opens) -> None:
        """Show a list as a part of Home asks for it."""
        self._mark_place()
        if self.desk.open_list is not None:
            self.desk.open_list(opens.name, opens.listing)

    def _mark_place(self) -> None:
        """Whoever comes back goes on where they left."""
        left = self.focusWidget()
        if left is not None and self.isAncestorOf(left):
            self.setFocusProxy(left)

    def _open_row(self, row: Row) -> None:
        self._mark_place()
        if row.record is not None:
            self.desk.open_record(*row.record)

    # Events

    def _heard(self, changes: Changes) -> None:
        if any(changes.touches(entity) for entity in HEARS):
            self._outdated = True
            self._settle.start()

    def _reload_when_seen(self) -> None:
        if self._outdated and self.isVisible():
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while it was out of sight, or since yesterday."""
        super().showEvent(event)
        if self.focusProxy() is None and self.headlines:
            self.setFocusProxy(next(iter(self.headlines.values())))  # the row it was left on is gone
        if self._outdated or (self.heading.text() and self.heading.text() != _long_day(self.desk)):
            self._outdated = True
            self._reload_when_seen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the right side its width, or put it below in a narrow window."""
        super().resizeEvent(event)
        stacked = self.width() < px(STACKS_BELOW_PX)
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(way)
        self._between.setVisible(not stacked)
        if stacked:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
        else:
            self._side.setFixedWidth(max(px(SIDE_PX), round(self.width() * 0.3)))

    def sizeHint(self) -> QSize:
        """Return the usual size of a sheet."""
        return QSize(px(1100), px(700))


def _currency_of(shown: tiles.Shown) -> str:
    """Return the currency a part was read in, "" when it has none."""
    if isinstance(shown, MonthsChart):
        return shown.currency
    if isinstance(shown, Section):
        figures = [one for one in (shown.total, *shown.figures) if one is not None]
        figures += [row.figure for row in shown.rows if row.figure is not None]
        return next((one.value.currency for one in figures if isinstance(one.value, Money)), "")
    return shown.value.currency if isinstance(shown.value, Money) else ""


def _long_day(desk: Desk) -> str:
    return _("{weekday}, {day}").format(weekday=_(_WEEKDAYS[desk.today.weekday()]), day=shown_date(desk.today))


_WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
