"""The pane beside the list of contacts: who they are, how to reach them, what happened last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.contacts import journal_words, rules, service, wording
from crm_desktop.contacts.history import Event, history
from crm_desktop.contacts.journal_words import Words
from crm_desktop.contacts.ui import words
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.looks import SHAPE_TOKENS
from crm_desktop.ui.record_preview import RecordPreview
from crm_desktop.ui.shapes import SHAPE_PX, Shape, paint_shape

EVENTS: Final = 4
MOST_PEOPLE: Final = 6
LONGEST_NAME: Final = 26


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pane shows of one contact."""

    record: Record
    events: Sequence[Event]


class StatusDot(QWidget):
    """The shape of a status; the word stands beside it."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self._shape = Shape(dict(rules.STATUS_SHAPES).get(status, Shape.RING.value))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room of a shape beside text."""
        return QSize(px(SHAPE_PX) + 2, px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape in the colour of its meaning."""
        side = px(SHAPE_PX)
        box = QRectF(1, (self.height() - side) / 2, side, side)
        paint_shape(QPainter(self), box, self._shape, SHAPE_TOKENS[self._shape.value])


class ContactPreview(RecordPreview):
    """A contact beside the list of contacts."""

    entity = service.ENTITY

    def __init__(self, desk: Desk, spoken: Words) -> None:
        super().__init__(desk)
        self._spoken = spoken

    def fetch(self, work: Any, id_: int) -> Seen:
        """Return the contact and what happened to it last."""
        return Seen(service.get(work, id_), history(work, id_, limit=EVENTS))

    def fill(self, column: QVBoxLayout, seen: Seen) -> None:
        """Show who they are, how to reach them, and what happened last."""
        record = seen.record
        self._add_head(column, record)
        self._add_points(column, record["points"])
        self._add_actions(column, record)
        self._add_people(column, record)
        for address in record["addresses"]:
            self._section(column, wording.of_choice(rules.ADDRESS_KINDS, address["kind"]))
            column.addWidget(_wrapped(wording.address_line(address)))
        if record["tags"]:
            self._section(column, _("Tags"))
            column.addWidget(_wrapped(" · ".join(record["tags"])))
        if record["notes"]:
            self._section(column, _("Notes"))
            column.addWidget(_wrapped(_cut(record["notes"])))
        if seen.events:
            self._section(column, _("History"))
            for event in seen.events:
                self._add_event(column, event)

    def _add_head(self, column: QVBoxLayout, record: Record) -> None:
        self.add_title(column, str(record["name"]), record.id)
        line = QHBoxLayout()
        line.setSpacing(px(6))
        line.addWidget(StatusDot(record["status"]), 0, Qt.AlignmentFlag.AlignTop)
        facts = [words.status(record["status"]), words.kind(record["kind"])]
        facts += [record["code"], record["city"], wording.owner(self.desk.names, record["owner"])]
        line.addWidget(text_label(" · ".join(fact for fact in facts if fact), LABEL, REGULAR, "text2", wrap=True), 1)
        column.addLayout(line)

    def _add_points(self, column: QVBoxLayout, points: Sequence[dict[str, Any]]) -> None:
        for point in points:
            row = QHBoxLayout()
            row.setSpacing(px(8))
            picture = QLabel()
            set_icon(picture, words.icon_of_point(point), "muted", 14)
            row.addWidget(picture)
            value = str(point["value"])
            label = ElidedLabel()
            label.show_text(value)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(label, 1)
            if point.get("note"):
                row.addWidget(caption(str(point["note"])))
            copy = IconButton("copy", _("Copy {value}").format(value=value), colour="muted")
            copy.clicked.connect(lambda _checked=False, text=value: self._copy(text))
            row.addWidget(copy)
            column.addLayout(row)

    def _add_actions(self, column: QVBoxLayout, record: Record) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(6))
        opening = Button(_("Open"), icon="square-pen", dense=True)
        opening.clicked.connect(lambda: self.desk.open_record(self.entity, record.id))
        row.addWidget(opening)
        mails = [point["value"] for point in record["points"] if point["kind"] == "email"]
        if mails:
            mail = Button(_("Copy e-mail"), icon="mail", dense=True)
            mail.clicked.connect(lambda: self._copy(mails[0]))
            row.addWidget(mail)
        row.addStretch(1)
        column.addSpacing(px(4))
        column.addLayout(row)

    def _add_people(self, column: QVBoxLayout, record: Record) -> None:
        people = record["people"]
        if not people and not self.desk.actor.may(Permission.CONTACT_WRITE):
            return
        company = record["kind"] == rules.COMPANY
        if people:
            self._section(column, _("People") if company else _("Companies"))
        for one in people[:MOST_PEOPLE]:
            # One below the other: beside each other they are wider than the pane.
            row = QVBoxLayout()
            row.setSpacing(px(2))
            words_shown = f"{one['name']} · {one['role']}" if one["role"] else str(one["name"])
            link = Button(words.on_button(_cut(words_shown, LONGEST_NAME)), "link")
            link.setToolTip(words_shown)
            link.clicked.connect(lambda _checked=False, id_=one["contact_id"]: self.desk.open_record(self.entity, id_))
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            if reached_at := str(one["phone"] or one["email"] or ""):
                row.addWidget(text_label(reached_at, LABEL, REGULAR, "text2"))
            column.addLayout(row)
        if len(people) > MOST_PEOPLE:
            column.addWidget(caption(_("and {count} more").format(count=len(people) - MOST_PEOPLE)))

    def _section(self, column: QVBoxLayout, title: str) -> None:
        column.addSpacing(px(4))
        column.addWidget(hairline())
        column.addSpacing(px(2))
        column.addWidget(caption(title))

    def _add_event(self, column: QVBoxLayout, event: Event) -> None:
        formats = self.formats()
        row = QHBoxLayout()
        headline = text_label(journal_words.headline(event, self._spoken), BODY, MEDIUM, wrap=True)
        row.addWidget(headline, 1)
        when = formats.near(formats.local(event.at).date())
        row.addWidget(caption(when), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        changed = journal_words.changes(event, self._spoken)
        if changed:
            column.addWidget(
                text_label(_cut("; ".join(one.sentence() for one in changed)), LABEL, REGULAR, "text2", wrap=True)
            )

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.desk.toast(_("{value} is on the clipboard").format(value=text))


def _wrapped(text: str) -> QLabel:
    label = text_label(text, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _cut(text: str, most: int = 180) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
