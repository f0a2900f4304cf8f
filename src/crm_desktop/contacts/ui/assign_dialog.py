"""Who looks after these contacts from now on: a colleague within reach, or the public pool."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from crm_desktop.access import people
from crm_desktop.contacts import wording
from crm_desktop.contacts.ui import bulk, words
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Domain, Scope
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.sheet_dialog import SheetDialog

OWNER_ROLE: Final = Qt.ItemDataRole.UserRole
SEARCHED_FROM: Final = 9
MOST_COUNTED: Final = 20_000
"""More are not counted by owner: the hand-over would have to wait for the count."""


class AssignDialog(SheetDialog):
    """Shows how many contacts change hands before they do; `chosen` carries the new owner (None: pool)."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, ids: Sequence[int], parent: QWidget | None = None) -> None:
        count = len(ids)
        title = ngettext("Hand over {count} contact", "Hand over {count} contacts", count)
        super().__init__(title.format(count=f"{count:,}"), _("Hand over"), parent=parent)
        self._desk, self._ids = desk, ids
        self._owners: Mapping[int | None, int] | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Type a name"))
        self.search.setAccessibleName(_("Search the colleagues"))
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Who looks after them from now on"))
        self.list.setMinimumHeight(px(180))
        self.list.currentItemChanged.connect(self._preview)
        self.list.itemActivated.connect(self._choose)
        self.body.addWidget(self.search)
        self.body.addWidget(FieldBox(_("Who looks after them from now on"), self.list), 1)
        self.explain(_("Everything on a contact goes with it: its people, files and history."))
        self.go.clicked.connect(self._choose)
        self.go.setEnabled(False)
        desk.tasks.read(self, people.colleagues, self._fill)
        if len(ids) <= MOST_COUNTED:
            counting = desk.tasks.read_long(
                self, bulk.owners_of(ids), self._take_owners, label=_("Counting the contacts")
            )
            self.finished.connect(counting.cancel)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Move through the list while typing a name."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.list.keyPressEvent(event)
                return True
        return bool(super().eventFilter(watched, event))

    def _fill(self, colleagues: Sequence[tuple[int, str]]) -> None:
        self._add(None, _("Public pool"), "globe")
        for user_id, name in colleagues:
            if may_receive(self._desk.actor, user_id):
                self._add(user_id, name, "user")
        self.search.setVisible(self.list.count() >= SEARCHED_FROM)
        (self.search if self.search.isVisible() else self.list).setFocus()
        self._preview()

    def _add(self, user_id: int | None, name: str, picture: str) -> None:
        item = QListWidgetItem(icon(picture), name, self.list)
        item.setData(OWNER_ROLE, user_id)
        item.setSizeHint(QSize(px(120), px(28)))

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().casefold())
            first = first or (None if item.isHidden() else item)
        if wanted and first is not None:
            self.list.setCurrentItem(first)

    def _take_owners(self, owners: Mapping[int | None, int]) -> None:
        self._owners = owners
        self._preview()

    def _preview(self) -> None:
        item = self.list.currentItem()
        self.go.setEnabled(item is not None)
        if item is None:
            return
        total = len(self._ids)
        there = (self._owners or {}).get(item.data(OWNER_ROLE), 0)
        moving = total - there
        self.go.setText(_("Hand over to {name}").format(name=words.on_button(item.text())))
        said = ngettext("{count} contact changes hands.", "{count} contacts change hands.", moving).format(
            count=f"{moving:,}"
        )
        if there:
            same = ngettext("{count} is there already.", "{count} are there already.", there)
            said = f"{said} {same.format(count=f'{there:,}')}"
        along = _("Everything on a contact goes with it: its people, files and history.")
        self.explain(f"{said} {along}")
        self.go.setEnabled(moving > 0 or self._owners is None)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None and self.go.isEnabled():
            self.chosen.emit(item.data(OWNER_ROLE))
            self.accept()


def may_receive(actor: Actor, user_id: int) -> bool:
    """Return whether the actor may hand contacts to this colleague; the service checks it again."""
    reach = max(actor.scope(domain) for domain in Domain)
    if reach is Scope.ALL or user_id == actor.user_id:
        return True
    return reach is Scope.TEAM and user_id in actor.team_ids


def handed_over(count: int, owner_id: int | None, names: Mapping[int, str]) -> str:
    """Return what the toast says after a hand-over."""
    if owner_id is None:
        said = ngettext(
            "{count} contact is in the public pool now", "{count} contacts are in the public pool now", count
        )
        return said.format(count=f"{count:,}")
    said = ngettext("{name} looks after {count} contact more", "{name} looks after {count} contacts more", count)
    return said.format(count=f"{count:,}", name=wording.owner(names, owner_id))
