"""My day: what is to be done at the left, what else needs somebody at the right. It opens first on a new day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QDate, QDateTime, QPoint, Qt, QTime, QTimer
from PySide6.QtGui import QAction, QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QMenu, QScrollArea, QSplitter, QVBoxLayout, QWidget

from crm_desktop.activities import kinds
from crm_desktop.activities.ui import specs as activities
from crm_desktop.home import beginning, day, digest
from crm_desktop.home.day import Day, Line
from crm_desktop.home.digest import Row
from crm_desktop.home.figures import Opens
from crm_desktop.home.ui.beginning import beginning as how_to_begin
from crm_desktop.home.ui.day_moving import Moving
from crm_desktop.home.ui.day_rows import DayRows, counts
from crm_desktop.home.ui.day_view import DayView
from crm_desktop.home.ui.digest_view import DigestBlock
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack, failed
from crm_desktop.ui.fonts import LABEL, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, grounded, hairline, text_label, title_label
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.theme import set_ground

DONE: Final = ActionSpec(
    "done", N_("Done…"), N_("Say what came of it, and what comes next"), "check", "D", Permission.ACTIVITY_WRITE
)
MOVE: Final = ActionSpec(
    "move", N_("Another day"), N_("Move it to another day"), "calendar", "M", Permission.ACTIVITY_WRITE
)
LOG: Final = ActionSpec(
    "log", N_("Log a call or visit…"), N_("Write down what was said to this customer"), "phone", "L",
    Permission.ACTIVITY_WRITE,
)  # fmt: skip
CHANGE: Final = ActionSpec("change", N_("Change…"), N_("Change this task"), "pencil", "F2", Permission.ACTIVITY_WRITE)
CONTACT: Final = ActionSpec("contact", N_("Open the customer"), "", "user", None, Permission.CONTACT_READ)
PLAN: Final = ActionSpec("plan", N_("Plan a task"), N_("Plan something to do"), "plus", "N", Permission.ACTIVITY_WRITE)
HEARS: Final = ("activity", "promise", "receipt", "activity_kind")
"""What the day is made of; the blocks at the right are read anew with F5 and when the screen is opened again."""
SETTLE_MS: Final = 300
SIDE_SHARE: Final = 0.36
STACKS_BELOW_PX: Final = 860


class DayScreen(Screen):
    """The day of this person, or of a colleague this person may look at."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.actions_here = ActionSet(self, (DONE, MOVE, LOG, CHANGE, CONTACT, PLAN), desk.actor.may)
        self.day: Day | None = None
        self.heading = title_label(_("My day"))
        self.said = text_label("", LABEL, ink="muted")
        self.who = QComboBox()
        self.rows = DayRows(self._formats(), {}, desk.actor.user_id)
        self.view = DayView(self.rows)
        self.stack = StateStack(self.view)
        self.blocks = {part.key: DigestBlock(part, self._formats()) for part in digest.parts_of(desk.actor)}
        self.moving = Moving(self)
        self._waiting: list[str] = []
        self._has_contacts = True
        self._outdated = False
        self._read_on = desk.today
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._reload_when_seen)
        self._midnight = QTimer(self, singleShot=True)
        self._midnight.timeout.connect(self.reload)
        self._lay_out()
        self._connect()
        desk.tasks.read(self, _ask_once, self._begin)
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the tab."""
        return _("My day")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("calendar")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("D", _("Done")),
            KeyHint("M", _("Another day")),
            KeyHint("L", _("Log")),
            KeyHint("Enter", _("Open the customer")),
            KeyHint("N", _("Plan a task")),
            KeyHint("F2", _("Change")),
            KeyHint("F5", _("Read again")),
        )

    def reload(self) -> None:
        """Read the day and every block again; what is shown stays until the new one is there."""
        self._read_day()
        busy = bool(self._waiting)
        self._waiting = list(self.blocks)
        if not busy:
            self._read_next()

    def whose(self) -> int | None:
        """Return whose day is shown, None for the person's own, `day.EVERYBODY` for everybody's."""
        chosen = self.who.currentData()
        return None if chosen in (None, self.desk.actor.user_id) else int(chosen)

    # How it is put together

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(hairline())
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.stack)
        if self.blocks:
            self.splitter.addWidget(self._side())
        column.addWidget(self.splitter, 1)
        self.setFocusProxy(self.view)

    def _header(self) -> QWidget:
        header, row = head_row()
        row.setContentsMargins(px(20), px(8), px(16), px(8))
        row.addWidget(self.heading)
        row.addWidget(self.said)
        row.addStretch(1)
        self.who.setProperty("dense", True)
        self.who.setAccessibleName(_("Whose day"))
        self.who.setMinimumWidth(px(150))
        self._whose_label = caption(_("Whose day"))
        for part in (self._whose_label, self.who):
            part.setVisible(False)
            row.addWidget(part)
        offered = {action.objectName() for action in self.actions_here.offered()}
        if "plan" in offered:
            row.addWidget(button_for(self.actions_here["plan"], "primary", header))
        return header

    def _side(self) -> QWidget:
        inside = grounded("surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, px(8))
        column.setSpacing(0)
        for place, block in enumerate(self.blocks.values()):
            if place:
                column.addWidget(hairline())
            column.addWidget(block)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll

    def _connect(self) -> None:
        self.view.opened.connect(self._open)
        self.view.menu_wanted.connect(self._drop_menu)
        self.view.current_changed.connect(self._offer_what_fits)
        self.who.activated.connect(lambda _place: self._read_day())
        for block in self.blocks.values():
            block.row_opened.connect(self._open_row)
            block.list_wanted.connect(self._open_list)
        for name, slot in (
            ("done", self._done), ("log", self._log), ("change", self._change), ("plan", self._plan),
            ("contact", self._open_contact), ("move", self._move),
        ):  # fmt: skip
            self.actions_here.on(name, slot)
        self._offer_what_fits()
        self.desk.changes.changed.connect(self._heard)

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    # Reading

    def _begin(self, asked: tuple[Mapping[int, str], Sequence[tuple[int, str]]]) -> None:
        """Learn the kinds and whose day may be looked at."""
        self.rows.kinds, people = dict(asked[0]), asked[1]
        for id_, name in people:
            self.who.addItem(_("{name} (me)").format(name=name) if id_ == self.desk.actor.user_id else name, id_)
        if len(people) > 1:
            self.who.addItem(_("Everybody"), day.EVERYBODY)
        for part in (self._whose_label, self.who):
            part.setVisible(len(people) > 1)
        if self.day is not None:
            self._show(self.day)

    def _read_day(self) -> None:
        self._outdated = False
        self._read_on = self.desk.today
        whose = self.whose()
        self.desk.tasks.read(
            self,
            lambda work: (beginning.has_contacts(work), day.my_day(work, whose)),
            lambda found: self._arrived(*found),
            self._fail,
            coalesce="my_day",
        )
        self._wait_for_midnight()

    def _arrived(self, has_contacts: bool, found: Day) -> None:
        self._has_contacts = has_contacts
        self._show(found)

    def _show(self, found: Day) -> None:
        self.day = found
        here, row = self.view.line(), self.view.currentIndex().row()
        self.rows.formats = self._formats()
        self.view.shows_people = self.whose() is not None or any(
            line.user_id != self.desk.actor.user_id for line in (*found.overdue, *found.today, *found.week)
        )
        self.rows.show(found)
        # The line that was current, or the one that has taken its place.
        again = self.rows.row_of(here.source, here.id) if here is not None else -1
        after = self.rows.next_line(max(row, 0))
        self.view.go_to(again if again >= 0 else after if after >= 0 else self.rows.next_line(row, -1))
        self.said.setText(counts(found))
        self.heading.setText(_("My day") if self.whose() is None else self.who.currentText())
        self._show_lines(any((found.overdue, found.today, found.week)))
        self._offer_what_fits()

    def _show_lines(self, some: bool) -> None:
        """Show the lines, or what to do where there is none; the keyboard goes on in either."""
        had_focus = self.stack.isAncestorOf(self.focusWidget() or self)
        place: QWidget = self.view
        if some:
            self.stack.show_content()
        else:
            state = self._nothing()
            self.stack.show_state(state)
            place = next(iter(state.buttons), place)
        self.setFocusProxy(place)
        if had_focus and self.isActiveWindow():
            place.setFocus()

    def _nothing(self) -> EmptyState:
        text = _("What you plan with a customer stands here on its day, and stays until it is done or moved.")
        if not self._has_contacts:
            return how_to_begin(self.desk, "calendar", _("Your day begins with your contacts"), text)
        own = self.whose() is None
        title = _("Nothing to do until the end of the coming week") if own else _("Nothing is planned here")
        may = self.desk.actor.may(Permission.ACTIVITY_WRITE)
        plan = Offer(_("Plan a task"), self._plan, key="N") if may else None
        log = Offer(_("Log a call or visit…"), self._log, key="L") if may else None
        return EmptyState("calendar", title, text, primary=plan, other=log, kind="plain")

    def _fail(self, error: BaseException) -> None:
        self.stack.show_state(failed(_("Your day could not be read"), str(error), self.reload))

    def _read_next(self) -> None:
        if not self._waiting:
            return
        key = self._waiting[0]
        self.desk.tasks.read(
            self,
            lambda work: digest.read(work, key),
            lambda section: self._go_on(key, section),
            lambda _error: self._go_on(key, None),
        )

    def _go_on(self, key: str, section: Any) -> None:
        if section is None:
            self.blocks[key].show_failure()
        else:
            self.blocks[key].show_section(section)
        if self._waiting and self._waiting[0] == key:
            self._waiting.pop(0)
        self._read_next()

    @property
    def complete(self) -> bool:
        """Return whether every block has been read."""
        return not self._waiting

    # What people do

    def _offer_what_fits(self) -> None:
        line = self.view.line()
        is_task = line is not None and line.source == "activity"
        for name in ("done", "move", "change"):
            self.actions_here.enable(name, is_task)
        # A call may be with anybody: without a line the form asks with whom.
        self.actions_here.enable("contact", line is not None)

    def _open(self, line: Line) -> None:
        self.desk.open_record("contact", line.contact_id)

    def _open_contact(self) -> None:
        if (line := self.view.line()) is not None:
            self._open(line)

    def _done(self) -> None:
        if (line := self.view.line()) is not None and line.source == "activity":
            activities.log_activity(self.desk, self, activity_id=line.id)

    def _change(self) -> None:
        if (line := self.view.line()) is not None and line.source == "activity":
            activities.log_activity(self.desk, self, activity_id=line.id, plan=True)

    def _log(self) -> None:
        line = self.view.line()
        activities.log_activity(self.desk, self, contact_id=line.contact_id if line is not None else None)

    def _plan(self) -> None:
        activities.log_activity(self.desk, self, plan=True)

    def _move(self) -> None:
        if (line := self.view.line()) is not None and line.source == "activity":
            rect = self.view.visualRect(self.view.currentIndex())
            self.moving.offer(line, self.view.viewport().mapToGlobal(rect.bottomLeft() + QPoint(px(20), 0)))

    def _drop_menu(self, line: Line, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = ("done", "move", "change", "log", "contact") if line.source == "activity" else ("log", "contact")
        offered = {action.objectName() for action in self.actions_here.offered()}
        menu.addActions([self.actions_here[name] for name in names if name in offered])
        menu.popup(at)

    def _open_row(self, row: Row) -> None:
        self.desk.open_record(row.entity, row.id)

    def _open_list(self, opens: Opens) -> None:
        if self.desk.open_list is not None:
            self.desk.open_list(opens.name, opens.listing)

    # Events

    def _heard(self, changes: Changes) -> None:
        heard = HEARS if self._has_contacts else (*HEARS, "contact")
        if any(changes.touches(entity) for entity in heard):
            self._outdated = True
            self._settle.start()

    def _reload_when_seen(self) -> None:
        if not self.isVisible():
            return
        if self._read_on != self.desk.today:
            self.reload()
        elif self._outdated:
            self._read_day()

    def _wait_for_midnight(self) -> None:
        now = QDateTime.currentDateTime()
        midnight = QDateTime(QDate.currentDate().addDays(1), QTime(0, 0, 5))
        # Looked at every hour as well: the company's midnight may be another, and computers sleep.
        self._midnight.start(max(min(now.msecsTo(midnight), 3_600_000), 1_000))

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while it was out of sight, or since yesterday."""
        super().showEvent(event)
        self._reload_when_seen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what else there is at the right, or below in a narrow window."""
        super().resizeEvent(event)
        stacked = self.width() < px(STACKS_BELOW_PX)
        way = Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal
        if self.splitter.orientation() != way or not event.oldSize().isValid() or event.oldSize().width() <= 0:
            self.splitter.setOrientation(way)
        whole = self.height() if stacked else self.width()
        side = round(whole * (0.5 if stacked else SIDE_SHARE))
        self.splitter.setSizes([whole - side, side])


def _ask_once(work: Any) -> tuple[dict[int, str], tuple[tuple[int, str], ...]]:
    names = {one.id: one.name or _(kinds.called(one)) for one in kinds.kinds(work, all=True)}
    return names, day.whose_days(work)
