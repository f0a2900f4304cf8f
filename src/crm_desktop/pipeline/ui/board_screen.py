"""The pipeline: open opportunities by stage, moved by mouse and keyboard, with totals per currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from crm_desktop.access import people
from crm_desktop.activities.ui.specs import log_activity
from crm_desktop.pipeline import board
from crm_desktop.pipeline.board import Board, Sums
from crm_desktop.pipeline.rules import LOST, WON
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.board_filters import BoardFilters, span_of
from crm_desktop.pipeline.ui.board_moves import BoardMoves
from crm_desktop.pipeline.ui.board_view import BoardView
from crm_desktop.pipeline.ui.places import ENTITY, LIST, QUOTE_OF
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import Button, button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import Offer, StateStack, failed, never_had, no_match
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import grounded, hairline, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.theme import set_ground

_WRITE: Final = Permission.OPPORTUNITY_WRITE
ACTIONS: Final = (
    ActionSpec("new", N_("New opportunity"), N_("Write down a sale that may come"), "plus", "Ctrl+N", _WRITE),
    ActionSpec("as_list", N_("As a list"), N_("Show the same opportunities as a list"), "list", None),
    ActionSpec("open_card", N_("Open"), N_("Open the opportunity"), "square-pen", None),
    ActionSpec(
        "log_card", N_("Log a call or visit…"), N_("Write down what was said and what comes next"), "phone", "L",
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec(
        "plan_card", N_("Plan a task…"), N_("Plan what comes next with this customer"), "square-check", "T",
        Permission.ACTIVITY_WRITE,
    ),
    ActionSpec(
        "quote_card", N_("New quote"), N_("Quote this opportunity"), "file-text", "Q", Permission.QUOTE_WRITE
    ),
    ActionSpec("customer_card", N_("Open the customer"), N_("Open the record of the customer"), "building-2", "K"),
    ActionSpec("win_card", N_("Mark as won"), N_("The customer said yes"), "circle-check", "W", _WRITE),
    ActionSpec("lose_card", N_("Mark as lost…"), N_("Say why, so that the report can count it"), "x", "X", _WRITE),
)  # fmt: skip
_OF_CARD: Final = ("open_card", "log_card", "plan_card", "quote_card", "customer_card", "win_card", "lose_card")
_FOLLOWED: Final = (ENTITY, "activity", "contact", "pipeline_stage")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the board is drawn from."""

    board: Board
    colleagues: Sequence[tuple[int, str]]


class BoardScreen(Screen):
    """Moves show at once and are stored behind; when somebody else was faster, it says so and shows what is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        set_ground(self, "surface")
        self.found: _Found | None = None
        self._called: dict[int, str] = {}
        self._currencies: set[str] = set()
        self.actions_here = ActionSet(self, ACTIONS, desk.actor.may)
        self.filters = BoardFilters()
        self.note = Note(closable=True)
        self.note.clear()
        self.view = BoardView(self._formats, self._stage_name, may_move=desk.actor.may(_WRITE))
        self.moves = BoardMoves(desk, self.view, self)
        self.states = StateStack(self.view)
        self._lay_out()
        self._connect()
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Pipeline")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("columns-3")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        return [action for action in self.actions_here.offered() if action.isEnabled()]

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the board."""
        move = (KeyHint("Ctrl+←→", _("Move the card")),) if self.view.may_move else ()
        log = (KeyHint("L", _("Log a call")),) if self.desk.actor.may(Permission.ACTIVITY_WRITE) else ()
        return (KeyHint("←↑↓→", _("Walk")), *move, KeyHint("↵", _("Open")), *log)

    def reload(self) -> None:
        """Read the board again; cards on their way stay where they were put."""
        users, currency = self.filters.people.value, self.filters.currency.value
        expected = span_of(str(self.filters.expected.value or ""), self.desk.today)

        def read(work: Any) -> _Found:
            chosen = None if users is None else {users}
            found = board.board(work, salesperson_ids=chosen, currency=currency, expected=expected)
            return _Found(found, people.colleagues(work))

        self.desk.tasks.read(self, read, self._show, self._refused, coalesce="board")

    # How it is put together

    def _lay_out(self) -> None:
        head, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addStretch(1)
        row.addWidget(button_for(self.actions_here["as_list"], "quiet", head))
        row.addWidget(button_for(self.actions_here["new"], "primary", head))
        asked, questions = questions_row()
        questions.addWidget(self.filters, 1)
        foot = grounded("sunken")
        foot.setMinimumHeight(px(36))
        self._foot = QHBoxLayout(foot)
        self._foot.setContentsMargins(px(16), 0, px(12), 0)
        self.open_sums = text_label("", ink="text2")
        self.won, self.lost = Button("", "link"), Button("", "link")
        self._foot.addWidget(self.open_sums, 1)
        for button in (self.won, self.lost):
            self._foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (head, asked, hairline(), self.note):
            column.addWidget(part)
        column.addWidget(self.states, 1)
        column.addWidget(hairline())
        column.addWidget(foot)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        here, view = self.actions_here, self.view
        here.on("new", self._new)
        here.on("as_list", self._as_list)
        here.on("open_card", self._open)
        here.on("log_card", self._log)
        here.on("plan_card", self._plan)
        here.on("quote_card", self._quote)
        here.on("customer_card", self._customer)
        here.on("win_card", self._win)
        here.on("lose_card", self._lose)
        view.opened.connect(lambda id_: self.desk.open_record(ENTITY, id_))
        view.moved.connect(self.moves.move)
        view.won.connect(self.moves.win)
        view.lost.connect(self.moves.lose)
        self.moves.refused.connect(self._refused)
        self.moves.settled.connect(self.reload)
        view.dropped.connect(self.reload)
        view.menu_wanted.connect(self._open_menu)
        view.current_changed.connect(self._enable)
        self.filters.changed.connect(self.reload)
        self.won.clicked.connect(lambda: self._show_closed(WON))
        self.lost.clicked.connect(lambda: self._show_closed(LOST))
        self.desk.changes.changed.connect(self._heard)
        self._enable()

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _stage_name(self, stage_id: int) -> str:
        return self._called.get(stage_id, "")

    # What is shown

    def _show(self, found: _Found) -> None:
        if self.view.is_dragging:
            return  # nothing moves under the hand; it is read again when the card is dropped
        self.found = found
        self._called = {column.stage.id: words.called(column.stage) for column in found.board.columns}
        self.view.show_board(found.board)
        self.moves.show_again()
        self._offer(found)
        self._show_sums(found.board)
        self._show_state(found.board)

    def _offer(self, found: _Found) -> None:
        self.filters.people.offer(found.colleagues)
        sums = (found.board.sums, found.board.won, found.board.lost)
        self._currencies |= {money.currency for one in sums for money in one.total}
        own = self.desk.currency
        ordered = sorted(self._currencies, key=lambda code: (code != own, code))
        self.filters.currency.offer([(code, code) for code in ordered])

    def _show_sums(self, shown: Board) -> None:
        said = words.GAP.join(part for part in (words.counted(shown.sums.count), words.sums(shown.sums)) if part)
        self.open_sums.setText(said)
        weighted = _("Weighted by the chances: {amounts}").format(amounts=words.sums(Sums(0, shown.sums.weighted)))
        self.open_sums.setToolTip(weighted if shown.sums.weighted else "")
        for button, sums, said in (
            (self.won, shown.won, _("Won this month: {count}")),
            (self.lost, shown.lost, _("Lost this month: {count}")),
        ):
            text = said.format(count=f"{sums.count:,}")
            button.setText(text)
            button.setToolTip(" · ".join(part for part in (text, words.sums(sums)) if part))
            button.setEnabled(bool(sums.count) and self.desk.open_list is not None)

    def _show_state(self, shown: Board) -> None:
        if shown.sums.count:
            self.states.show_content()
        elif self.filters.any_set:
            text = _("No open opportunity fits {filters}.").format(filters=self.filters.words())
            self.states.show_state(no_match(_("Nothing fits"), text, self.filters.clear))
        else:
            self.states.show_state(self._never_had())

    def _never_had(self) -> QWidget:
        text = _(
            "An opportunity is a sale that may come: who wants what, for how much, and when. Write one down when a"
            " customer asks; move its card from stage to stage until it is won or lost."
        )
        new = self.actions_here["new"]
        first = Offer(_("Write down the first opportunity"), new.trigger, icon="plus", key="Ctrl+N")
        second = Offer(_("Won and lost ones"), self.actions_here["as_list"].trigger)
        title = _("No open opportunities")
        if self.desk.actor.may(_WRITE):
            return never_had("columns-3", title, text, first, second)
        return never_had("columns-3", title, text, second)

    def _enable(self) -> None:
        has = self.view.current() is not None
        for name in _OF_CARD:
            self.actions_here.enable(name, has)
        self.actions_here.enable("as_list", self.desk.open_list is not None)

    # What people do

    def _new(self) -> None:
        self.desk.open_record(ENTITY, None)

    def _as_list(self) -> None:
        if self.desk.open_list is not None:
            self.desk.open_list(LIST)

    def _show_closed(self, state: str) -> None:
        listing = Listing(filters=(Filter("state", "is", (state,)), Filter("closed_on", "from", ("this_month",))))
        if self.desk.open_list is not None:
            self.desk.open_list(LIST, listing)

    def _open(self) -> None:
        card = self.view.current()
        if card is not None:
            self.desk.open_record(ENTITY, card.id)

    def _customer(self) -> None:
        card = self.view.current()
        if card is not None:
            self.desk.open_record("contact", card.contact_id)

    def _quote(self) -> None:
        card = self.view.current()
        if card is not None:
            self.desk.open_record(QUOTE_OF, card.id)

    def _log(self) -> None:
        self._talk(plan=False)

    def _plan(self) -> None:
        self._talk(plan=True)

    def _talk(self, *, plan: bool) -> None:
        card = self.view.current()
        if card is not None:
            log_activity(self.desk, self, contact_id=card.contact_id, opportunity_id=card.id, plan=plan)

    def _win(self) -> None:
        if self.view.model.current is not None:
            self.moves.win(self.view.model.current)

    def _lose(self) -> None:
        if self.view.model.current is not None:
            self.moves.lose(self.view.model.current)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _OF_CARD:
            if name == "win_card":
                menu.addSeparator()
                self._add_moves(menu)
            menu.addAction(self.actions_here[name])
        menu.popup(at)

    def _add_moves(self, menu: QMenu) -> None:
        card = self.view.current()
        if card is None or not self.view.may_move:
            return
        below = menu.addMenu(_("Move to"))
        here = self.view.model.place(card.id)[0]
        for place, stage in enumerate(self.view.model.stages):
            action = below.addAction(self._stage_name(stage.id))
            action.setEnabled(place != here)
            action.triggered.connect(lambda _checked=False, id_=card.id, to=stage.id: self.moves.move(id_, to))

    def _refused(self, error: BaseException) -> None:
        """Say why: above the board, or in its place when there is none yet."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            self.note.show_message("warn", str(error))
        else:
            self.desk.dialogs.show_error(error)
        if self.found is None:
            text = _("Try again in a moment.")
            self.states.show_state(failed(_("The pipeline could not be read"), text, self.reload))

    def _heard(self, changes: Changes) -> None:
        if any(changes.touches(entity) for entity in _FOLLOWED):
            self.reload()
