"""The persons of a company, or the companies of a person: link existing ones or write down new ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.contacts import rules, service
from crm_desktop.contacts.ui import words
from crm_desktop.contacts.ui.contact_finder import ContactFinder, Hit
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import caption, hairline, text_label


class PeopleEditor(Editor):
    """Its value is a tuple of dicts: contact_id (None: to be written down), name, role, phone, email."""

    def __init__(self, desk: Desk) -> None:
        frame = QWidget()
        super().__init__("people", _("People"), frame)
        self._desk = desk
        self._kind = rules.COMPANY
        self._rows: list[dict[str, Any]] = []
        self.roles: list[QLineEdit] = []
        self._lines: dict[tuple[int, str], QLineEdit] = {}
        """What can be typed, by row and field, in reading order."""
        self._read_only = False
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(px(10))
        self.finder = ContactFinder(desk, but=self._linked, new_text=_("Write down “{name}” as a new contact"))
        self.finder.setMinimumWidth(px(320))
        self._finder_box = FieldBox("", self.finder)
        outer.addWidget(self._finder_box, 0, Qt.AlignmentFlag.AlignLeft)
        self._grid_host = QWidget()
        outer.addWidget(self._grid_host)
        self._empty = text_label("", BODY, REGULAR, "muted", wrap=True)
        outer.addWidget(self._empty)
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.finder.found.connect(self._add_found)
        self.finder.new_wanted.connect(self._add_new)
        self.set_kind(self._kind)

    def set_kind(self, kind: str) -> None:
        """Say what this contact is: a company links persons, a person companies."""
        self._kind = kind
        company = kind == rules.COMPANY
        self.finder.kind = rules.PERSON if company else rules.COMPANY
        self._finder_box.label.setText(_("Add a person") if company else _("Add a company"))
        self.finder.setAccessibleName(self._finder_box.label.text())
        self.finder.setPlaceholderText(_("Type a name, a phone or an e-mail"))
        self._empty.setText(
            _("Nobody is written down here yet.") if company else _("This person belongs to no company yet.")
        )

    def value(self) -> tuple[dict[str, Any], ...]:
        """Return the linked contacts in their order."""
        return tuple(dict(row) for row in self._rows)

    def fill(self, value: Sequence[Mapping[str, Any]] | None) -> None:
        """Show `value`."""
        self._rows = [dict(row) for row in value or ()]
        self._show()

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that take the focus."""
        return (self.finder, *self._lines.values())

    def set_read_only(self, read_only: bool) -> None:
        """Let the links be read only."""
        self._read_only = read_only
        self._finder_box.setVisible(not read_only)
        self._show()

    def set_error(self, text: str | None) -> None:
        """Say what is wrong under the finder."""
        self.error = text or None
        self._finder_box.set_error(text or "")

    def set_role(self, place: int, role: str) -> None:
        """Take the role a person typed."""
        self._rows[place]["role"] = role
        self.notice()

    def remove(self, place: int) -> None:
        """Take a link away; it is stored with the rest."""
        del self._rows[place]
        self._show()
        self.notice()
        self.finder.setFocus()

    def _linked(self) -> list[int]:
        return [row["contact_id"] for row in self._rows if row.get("contact_id")]

    def _add_found(self, hit: Hit) -> None:
        id_, name, _kind, phone, _city = hit
        self._add({"contact_id": id_, "name": name, "role": "", "phone": phone, "email": ""})

    def _add_new(self, name: str) -> None:
        self._add({"contact_id": None, "name": name, "role": "", "phone": "", "email": ""})

    def _add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        self._show()
        self.notice()
        self.roles[-1].setFocus()

    def _show(self) -> None:
        before = next((key for key, line in self._lines.items() if line.hasFocus()), None)
        self._build_rows()
        if before is not None:
            # What was typed into is made anew; the keyboard must not fall out of the page.
            self._lines.get(before, self.finder).setFocus()

    def _build_rows(self) -> None:
        layout = self.widget.layout()
        fresh = QWidget()
        layout.replaceWidget(self._grid_host, fresh)
        self._grid_host.hide()
        self._grid_host.deleteLater()
        self._grid_host = fresh
        self.roles = []
        self._lines = {}
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnMinimumWidth(0, px(180))
        grid.setColumnMinimumWidth(2, px(130))
        grid.setColumnStretch(3, 1)
        for place, row in enumerate(self._rows):
            self._add_row(grid, place, row)
        fresh.setVisible(bool(self._rows))
        self._empty.setVisible(not self._rows)

    def _add_row(self, grid: QGridLayout, place: int, row: Mapping[str, Any]) -> None:
        line = 2 * place
        name = str(row["name"])
        if row.get("contact_id"):
            link = Button(words.on_button(name), "link")
            link.clicked.connect(
                lambda _checked=False, id_=row["contact_id"]: self._desk.open_record(service.ENTITY, id_)
            )
            grid.addWidget(link, line, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        else:
            new = QHBoxLayout()
            new.setSpacing(px(8))
            new.addWidget(text_label(name))
            new.addWidget(caption(_("new")))
            new.addStretch(1)
            grid.addLayout(new, line, 0)
        role = QLineEdit(str(row.get("role") or ""))
        role.setPlaceholderText(_("Role"))
        role.setAccessibleName(_("Role of {name}").format(name=name))
        role.setFixedWidth(px(180))
        role.setReadOnly(self._read_only)
        role.textEdited.connect(lambda text, at=place: self.set_role(at, text))
        self.roles.append(role)
        self._take_line(place, "role", role)
        grid.addWidget(role, line, 1)
        if row.get("contact_id"):
            grid.addWidget(text_label(str(row.get("phone") or ""), BODY, REGULAR, "text2"), line, 2)
            grid.addWidget(text_label(str(row.get("email") or ""), BODY, REGULAR, "text2"), line, 3)
        else:
            grid.addWidget(self._typed(place, "phone", _("Phone")), line, 2)
            grid.addWidget(self._typed(place, "email", _("E-mail")), line, 3)
        if not self._read_only:
            cross = IconButton("x", _("Take {name} off").format(name=name), colour="muted")
            cross.clicked.connect(lambda _checked=False, at=place: self.remove(at))
            grid.addWidget(cross, line, 4)
        grid.addWidget(hairline(), line + 1, 0, 1, 5)

    def _typed(self, place: int, key: str, label: str) -> QLineEdit:
        edit = QLineEdit(str(self._rows[place].get(key) or ""))
        edit.setPlaceholderText(label)
        edit.setAccessibleName(_("{field} of {name}").format(field=label, name=self._rows[place]["name"]))
        edit.setFixedWidth(px(170 if key == "phone" else 220))

        def take(text: str) -> None:
            self._rows[place][key] = text.strip()
            self.notice()

        edit.textEdited.connect(take)
        self._take_line(place, key, edit)
        return edit

    def _take_line(self, place: int, key: str, line: QLineEdit) -> None:
        self._lines[place, key] = line
        line.returnPressed.connect(self._go_on)

    def _go_on(self) -> None:
        """Enter goes through the row and from its end back to the finder, for the next one."""
        keys = list(self._lines)
        here = next((at for at, key in enumerate(keys) if self._lines[key].hasFocus()), len(keys) - 1)
        after = keys[here + 1] if here + 1 < len(keys) else None
        same_row = after is not None and after[0] == keys[here][0]
        (self._lines[after] if after is not None and same_row else self.finder).setFocus()


def write_new_people(work: Any, kind: str, people: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Write down the new ones among `people` of a contact of `kind`; all have a contact_id afterwards."""
    other = rules.PERSON if kind == rules.COMPANY else rules.COMPANY
    linked = []
    for one in people:
        row = dict(one)
        if row.get("contact_id") is None:
            points = [
                {"kind": point, "value": row.get(key), "note": ""}
                for point, key in (("mobile", "phone"), ("email", "email"))
                if row.get(key)
            ]
            row["contact_id"] = service.create(work, {"kind": other, "name": row["name"], "points": points})
        linked.append(row)
    return tuple(linked)
