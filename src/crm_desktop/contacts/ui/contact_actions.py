"""What is done with a contact that is open in a tab: hand over, claim, archive, merge, take to a phone."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.contacts import handover, service
from crm_desktop.contacts.ui import assign_dialog
from crm_desktop.contacts.ui.assign_dialog import AssignDialog
from crm_desktop.contacts.ui.merge_dialog import open_merge
from crm_desktop.contacts.ui.other_dialog import OtherDialog
from crm_desktop.contacts.ui.outlet import OUTLET
from crm_desktop.exchange.ui.export_dialog import ExportDialog, Exported
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import IconButton, button_for
from crm_desktop.ui.desk import Desk

ACTIONS: Final = (
    ActionSpec(
        "claim", N_("Claim"), N_("Look after this contact of the public pool"), "hand", None, Permission.CONTACT_WRITE
    ),
    ActionSpec(
        "assign",
        N_("Assign…"),
        N_("Hand this contact over to a colleague"),
        "user-plus",
        "Ctrl+Shift+A",
        Permission.CONTACT_ASSIGN,
    ),
    ActionSpec(
        "release",
        N_("Release"),
        N_("Give this contact back to the public pool"),
        "door-open",
        None,
        Permission.CONTACT_WRITE,
    ),
    ActionSpec(
        "merge", N_("Merge…"), N_("Make one of this contact and another"), "merge", None, Permission.CONTACT_MERGE
    ),
    ActionSpec(
        "archive",
        N_("Archive"),
        N_("Put this contact away; nothing is deleted"),
        "archive",
        None,
        Permission.CONTACT_DELETE,
    ),
    ActionSpec(
        "restore",
        N_("Bring back"),
        N_("Put this contact into the lists again"),
        "archive-restore",
        None,
        Permission.CONTACT_DELETE,
    ),
    ActionSpec(
        "vcard",
        N_("Export vCard…"),
        N_("Take this contact to a phone or a mail program"),
        "download",
        None,
        Permission.CONTACT_EXPORT,
    ),
)
_IN_FRONT: Final = ("claim", "assign", "release", "archive", "restore")
_IN_MENU: Final = ("merge", "vcard")


class ContactActions(QObject):
    """The actions of one record screen; `show_for` says what they are about.

    `began` carries the id of an operation that changes the contact, `changed` tells that it is done,
    `merged` the id of the contact that stays.
    """

    began = Signal(str)
    changed = Signal()
    merged = Signal(int)

    def __init__(self, desk: Desk, fields: Sequence[Field], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._fields, self._window = desk, fields, parent
        self._record: Record | None = None
        self.set = ActionSet(parent, ACTIONS, desk.actor.may)
        self.allowed = {action.objectName() for action in self.set.offered()}
        for name, slot in (
            ("claim", self._claim),
            ("assign", self._assign),
            ("release", self._release),
            ("merge", self._merge),
            ("archive", self._archive),
            ("restore", self._restore),
            ("vcard", self._export),
        ):
            self.set.on(name, slot)
        self._more = IconButton("ellipsis", _("More actions"), parent=parent)
        self._more.clicked.connect(self._open_more)
        self._more.hide()
        self._in_menu: tuple[str, ...] = _IN_MENU
        self._front: list[QWidget] = []
        self.show_for(None)

    def show_for(self, record: Record | None) -> None:
        """Offer what fits this contact and what the person may do."""
        self._record = record
        archived = record is not None and record["archived_at"] is not None
        pool = record is not None and record["owner"] is None
        own = record is not None and record["owner"] == self._desk.actor.user_id
        stored = record is not None and not archived
        for name, fits in (
            ("claim", stored and pool),
            ("assign", stored),
            ("release", stored and own and "assign" not in self.allowed),
            ("merge", stored),
            ("archive", stored),
            ("restore", archived),
            ("vcard", record is not None),
        ):
            self.set[name].setVisible(fits and name in self.allowed)

    def offered(self) -> list[QAction]:
        """Return what can be done now."""
        return [action for action in self.set.offered() if action.isVisible()]

    def buttons(self) -> list[QWidget]:
        """Return the buttons for the head of the record; the rest is behind the three dots."""
        self._in_menu = _IN_MENU
        self._drop_front()
        named = (name for name in _IN_FRONT if self.set[name].isVisible())
        self._front = [button_for(self.set[name], "plain", self._window) for name in named]
        more = any(self.set[name].isVisible() for name in _IN_MENU)
        return [*self._front, self._more] if more else list(self._front)

    def all_in_menu(self) -> QWidget:
        """Return the three dots with every action behind them."""
        self._in_menu = (*_IN_FRONT, *_IN_MENU)
        self._drop_front()
        return self._more

    def _drop_front(self) -> None:
        """Let go of buttons that are in no layout any more: their actions would show them again."""
        for button in self._front:
            button.hide()
            button.deleteLater()
        self._front = []

    def menu(self) -> QMenu:
        """Return the menu behind the three dots."""
        menu = QMenu(self._window)
        for name in self._in_menu:
            menu.addAction(self.set[name])
        return menu

    def _open_more(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _ids(self) -> list[int]:
        return [self._record.id] if self._record is not None else []

    def _name(self) -> str:
        return str(self._record["name"]) if self._record is not None else ""

    def _do(self, act: Callable[[Any], object], said: str, undo: Callable[[], None] | None = None) -> None:
        def done(_result: object) -> None:
            self.changed.emit()
            if undo is not None:
                self._desk.toast(said, _("Undo"), undo)
            else:
                self._desk.toast(said)

        self.began.emit(self._desk.tasks.write(self, act, done).operation_id)

    def _claim(self) -> None:
        ids = self._ids()
        self._do(lambda work: handover.claim(work, ids), _("{name} is yours now").format(name=self._name()))

    def _release(self) -> None:
        ids = self._ids()
        said = _("{name} is in the public pool now").format(name=self._name())
        self._do(lambda work: handover.release(work, ids), said)

    def _assign(self) -> None:
        ids = self._ids()
        dialog = AssignDialog(self._desk, ids, self._window)

        def hand_over(owner_id: int | None) -> None:
            said = assign_dialog.handed_over(1, owner_id, self._desk.names)
            self._do(lambda work: handover.assign(work, ids, owner_id), said)

        dialog.chosen.connect(hand_over)
        dialog.open()

    def _archive(self) -> None:
        ids = self._ids()
        said = _("{name} is archived").format(name=self._name())
        self._do(lambda work: service.archive(work, ids), said, self._restore)

    def _restore(self) -> None:
        ids = self._ids()
        said = _("{name} is back in the lists").format(name=self._name())
        self._do(lambda work: service.unarchive(work, ids), said)

    def _merge(self) -> None:
        if self._record is None:
            return
        own_id = self._record.id
        dialog = OtherDialog(self._desk, self._record, self._window)
        dialog.chosen.connect(
            lambda other: open_merge(self._desk, self._window, self._fields, [own_id, other], self.merged.emit)
        )
        dialog.open()

    def _export(self) -> None:
        if self._record is not None:
            ExportDialog(self._desk, OUTLET, Exported(Listing(), (), 1, self._ids()), self._window, ".vcf").open()
