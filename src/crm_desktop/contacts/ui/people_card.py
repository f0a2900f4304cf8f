"""The people of a company at the right of its overview, each with how to reach them; of a person, the companies."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.contacts import rules, service
from crm_desktop.contacts.ui import words
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.card import Card
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.labels import text_label

MOST: int = 6


class PeopleCard(Card):
    """A line per person: name, role, phone."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(_("People"))
        self._desk, self._contact_id = desk, contact_id
        if desk.actor.may(Permission.CONTACT_WRITE):
            self.link(_("Add"), self._add)

    def reload(self) -> None:
        """Read them again."""
        contact_id = self._contact_id
        self._desk.tasks.read(self, lambda work: service.get(work, contact_id), self._show, _quiet, coalesce="people")

    def _show(self, record: Record) -> None:
        company = record["kind"] == rules.COMPANY
        self.say_title(_("People") if company else _("Companies"))
        people = record["people"]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), 0, px(16), px(8))
        column.setSpacing(px(2))
        for one in people[:MOST]:
            column.addLayout(self._line(one))
        if not people:
            column.addWidget(text_label(_("Nobody yet."), BODY, REGULAR, "muted"))
        if len(people) > MOST:
            more = Button(_("and {count} more").format(count=len(people) - MOST), "link")
            more.clicked.connect(self._add)
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_page(page)

    def _line(self, one: dict[str, Any]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        name = Button(words.on_button(str(one["name"])), "link")
        name.clicked.connect(lambda _checked=False, id_=one["contact_id"]: self._desk.open_record("contact", id_))
        row.addWidget(name)
        role = ElidedLabel()
        role.show_text(str(one["role"] or ""))
        row.addWidget(role, 1)
        row.addWidget(text_label(str(one["phone"] or one["email"] or ""), LABEL, REGULAR, "text2"))
        return row

    def _add(self) -> None:
        self.tab_wanted.emit("people")


def _quiet(_error: BaseException) -> None:
    """The record itself says what is wrong."""
