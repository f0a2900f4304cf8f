"""The customers that are about to go back to the public pool, the nearest first."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.activities.pool import claims, falling, running, settings
from crm_desktop.activities.pool.falling import Falling, Warned
from crm_desktop.activities.pool.settings import Rules
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.pool_words import reason_text, rules_text
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import Offer, StateStack, never_had
from crm_desktop.ui.fonts import BODY, REGULAR
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.theme import set_ground

_TOUCHING = ("activity", "contact", "instalment", "order", "pool_rules")


@dataclass(frozen=True, slots=True)
class _Page:
    rules: Rules
    warned: Warned
    waiting: int


class PoolScreen(Screen):
    """Enter opens a customer, L logs a talk with it, K locks it; a large release waits here to be confirmed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._formats = Formats.of(desk.today, desk.names, desk.timezone)
        self._waiting = 0
        self.note = Note()
        self.note.clear()
        self.said = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.rows = PlainRows(self._columns())
        self.table = PlainTable(self.rows, self.title())
        self.lock = Button(_("Lock"), "quiet", icon="lock", key="K")
        self.log = Button(_("Log activity"), "primary", icon="phone", key="L")
        self._lay_out()
        self.lock.clicked.connect(self._lock)
        self.log.clicked.connect(self._log)
        self.note.action_clicked.connect(self._release)
        self.table.doubleClicked.connect(lambda _index: self._open())
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._dress())
        for key, slot in (("Return", self._open), ("L", self._log), ("K", self._lock)):
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        desk.changes.changed.connect(self._take_changes)
        self.setFocusProxy(self.table)
        self.reload()

    def _columns(self) -> tuple[PlainColumn, ...]:
        names, formats = self.desk.names, self._formats
        return (
            PlainColumn("name", _("Customer"), 24, lambda one: one.name, grows=True),
            PlainColumn("owner", _("Owner"), 14, lambda one: names.get(one.owner_id, ""), ink="text2"),
            PlainColumn(
                "last",
                _("Last contact"),
                14,
                lambda one: formats.near(formats.local(one.last_contact_at).date()) if one.last_contact_at else "",
                ink="text2",
            ),
            PlainColumn("on", _("Goes back on"), 14, lambda one: formats.near(one.release_on)),
            PlainColumn("why", _("Why"), 26, lambda one: reason_text(one.reason), ink="text2"),
        )

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.stack = StateStack(body)
        header, row = head_row()
        self._heading = title_label(self.title())
        row.addWidget(self._heading)
        row.addWidget(self.said, 1)
        row.addWidget(self.lock)
        row.addWidget(self.log)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (header, hairline(), self.note):
            whole.addWidget(part)
        whole.addWidget(self.stack, 1)

    def title(self) -> str:
        """Return the text of the tab."""
        return _("Going back to the pool")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("layers")

    def keys(self) -> tuple[KeyHint, ...]:
        """Return the keys of this screen."""
        return KeyHint("Enter", _("Open")), KeyHint("L", _("Log activity")), KeyHint("K", _("Lock"))

    def reload(self) -> None:
        """Read the list again."""
        self.desk.tasks.read(self, _read, self._show, coalesce="pool")

    def _show(self, page: _Page) -> None:
        place = self.table.currentIndex().row()
        self.rows.show(page.warned.rows)
        self.said.setText(rules_text(page.rules, self._formats, self.desk.today))
        self.lock.setVisible(page.rules.lock_limit > 0)
        if page.warned.rows:
            self.stack.show_content()
            self.table.setCurrentIndex(self.rows.index(min(max(place, 0), len(page.warned.rows) - 1), 0))
        else:
            self.stack.show_state(
                never_had(
                    "layers",
                    _("Nobody is about to go back to the pool"),
                    _("Customers stand here some days before they lose their owner because nobody spoke to them."),
                    Offer(_("Show the contacts"), self._show_contacts, "users"),
                )
            )
        self._waiting = page.waiting
        if page.waiting:
            said = ngettext(
                "{count} customer would go back at once. Check the date of this computer, then decide.",
                "{count} customers would go back at once. Check the date of this computer, then decide.",
                page.waiting,
            )
            release = ngettext("Release {count} customer", "Release {count} customers", page.waiting)
            self.note.show_message(
                "warn", said.format(count=f"{page.waiting:,}"), release.format(count=f"{page.waiting:,}")
            )
        elif not page.warned.whole:
            self.note.show_message("info", _("There are more; these are the first that were looked at."))
        else:
            self.note.clear()
        self._dress()

    def _show_contacts(self) -> None:
        if self.desk.open_list is not None:
            self.desk.open_list("contacts")

    def _dress(self) -> None:
        current = self._current is not None
        self.lock.setEnabled(current)
        self.log.setEnabled(current)

    @property
    def _current(self) -> Falling | None:
        row = self.table.currentIndex().row()
        found: Any = self.rows.rows[row] if 0 <= row < len(self.rows.rows) else None
        return found if isinstance(found, Falling) else None

    def _open(self) -> None:
        if (one := self._current) is not None:
            self.desk.open_record("contact", one.contact_id)

    def _log(self) -> None:
        if (one := self._current) is not None:
            specs.log_activity(self.desk, self, contact_id=one.contact_id)

    def _lock(self) -> None:
        one = self._current
        if one is None or self.lock.isHidden():
            return
        contact_id, said = one.contact_id, _("{name} is locked: it stays with its owner.").format(name=one.name)

        def undo() -> None:
            self.desk.tasks.write(self, lambda work: claims.unlock(work, contact_id), lambda _none: self.reload())

        def done(_none: None) -> None:
            self.desk.toast(said, _("Undo"), undo)
            self.reload()

        self.desk.tasks.write(self, lambda work: claims.lock(work, contact_id), done, self._refuse)

    def _release(self) -> None:
        def done(ran: running.Ran) -> None:
            said = ngettext(
                "{count} customer is in the public pool now.", "{count} customers are in the public pool now.",
                ran.released,
            )  # fmt: skip
            self.desk.toast(said.format(count=f"{ran.released:,}"), kind="success")
            self.reload()

        self.desk.tasks.write(
            self, lambda work: running.run(work, confirmed=True), done, self._refuse, label=_("Releasing customers")
        )

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _take_changes(self, changes: Changes) -> None:
        if self.isVisible() and any(map(changes.touches, _TOUCHING)):
            self.reload()


def _read(work: Any) -> _Page:
    waiting = 0
    if work.actor.may(Permission.CONTACT_ASSIGN):
        due = len(falling.due(work))
        waiting = due if due and running.must_confirm(work, due) else 0
    return _Page(settings.get_rules(work), falling.about_to_fall(work), waiting)
