"""The form of one contact: its editors, what is needed, and how they stand on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.access import people
from crm_desktop.contacts import custom, rules, service
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.emails import check_email
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.shared.registration import check_registration
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.fonts import px
from crm_desktop.ui.form_page import two_columns
from crm_desktop.ui.labels import section_label
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.rows_editor import RowColumn, RowsEditor

_WRITE: Final = Permission.CONTACT_WRITE
_FORM: Final = Use.FORM
COLUMN_PX: Final = 236
WIDEST_PX: Final = (640, 560)
QWIDGETSIZE_MAX: Final = 16_777_215
POINT_COLUMNS: Final = (
    Field("kind", None, N_("Kind"), 9, _FORM, Kind.CHOICE, choices=rules.POINT_KINDS, write=_WRITE),
    Field("value", None, N_("Number or address"), 30, _FORM, write=_WRITE),
    Field("note", None, N_("Note"), 10, _FORM, write=_WRITE),
)
ADDRESS_LINES: Final = (
    (
        Field("kind", None, N_("Kind"), 12, _FORM, Kind.CHOICE, choices=rules.ADDRESS_KINDS, write=_WRITE),
        Field("street", None, N_("Street"), 40, _FORM, write=_WRITE),
    ),
    (
        Field("postcode", None, N_("Postcode"), 10, _FORM, write=_WRITE),
        Field("city", None, N_("City"), 30, _FORM, write=_WRITE),
        Field("region", None, N_("Region"), 18, _FORM, write=_WRITE),
        Field("country", None, N_("Country"), 18, _FORM, write=_WRITE),
    ),
)


@dataclass(frozen=True, slots=True)
class FormNeeds:
    """What the form has to know before it can be built."""

    defined: Sequence[rules.DefinedField]
    tags: Sequence[str]
    colleagues: Sequence[tuple[int, str]]
    country: str


def form_needs(work: Any) -> FormNeeds:
    """Read what the form has to know."""
    return FormNeeds(
        custom.defined_fields(work), service.all_tags(work), people.colleagues(work), service.country(work)
    )


def sees_both_sides(actor: Actor) -> bool:
    """Return whether "customer" and "supplier" are a choice for this person, or follow from the role."""
    return all(actor.scope(domain) is not Scope.NONE for domain in Domain)


class ContactForm(RecordForm):
    """Editors of all fields of a contact; `overview()` and `addresses_page()` lay them out."""

    def __init__(self, desk: Desk, needs: FormNeeds, *, new: bool) -> None:
        fields = (*FIELDS, *custom_fields(needs.defined))
        context = EditorContext(
            today=lambda: desk.today,
            actor=desk.actor,
            users=tuple(needs.colleagues),
            tags=tuple(needs.tags),
            nobody=N_("Public pool"),
        )
        super().__init__(fields, context, limits={"name": (True, 200)})
        self.all_fields = fields
        self._needs, self._desk = needs, desk
        self.chooses_owner = new and desk.actor.may(Permission.CONTACT_ASSIGN)
        self._add_own_editors()

    def _add_own_editors(self) -> None:
        kind = ChoiceEditor("kind", _("Kind"), [(key, _(text)) for key, text in rules.KINDS], None, 10)
        kind.locked = not self._desk.actor.may(_WRITE)
        name = self.add_editor("name", editor_for(self._fields["name"], self.context))
        name.widget.setMaximumWidth(QWIDGETSIZE_MAX)
        name.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_editor("kind", kind)
        value = RowColumn(POINT_COLUMNS[1], stretch=3, check=_email_problem)
        points = RowsEditor(
            "points",
            _("Phones and e-mails"),
            [[RowColumn(POINT_COLUMNS[0], default="mobile"), value, RowColumn(POINT_COLUMNS[2])]],
            self.context,
            what=_("Phone or e-mail"),
            add_text=_("Add a phone or an e-mail"),
        )
        points.edited.connect(lambda: _guess_kinds(points))
        self.add_editor("points", points)
        lines = [
            [
                RowColumn(
                    one,
                    stretch=2 if one.name in ("street", "city") else 0,
                    default="office" if one.name == "kind" else None,
                )
                for one in line
            ]
            for line in ADDRESS_LINES
        ]
        self.add_editor(
            "addresses",
            RowsEditor(
                "addresses", _("Addresses"), lines, self.context, what=_("Address"), add_text=_("Add an address")
            ),
        )

    def lock_kind(self) -> None:
        """A contact that is stored stays what it is: its links depend on it."""
        self.editor("kind").set_read_only(True)

    def overview(self) -> QWidget:
        """Return the first page: what they are at the left, how to reach them at the right."""
        page = two_columns(self._who(), self._reach(), widest_px=WIDEST_PX, shares=(11, 10))
        self._watch_registration()
        return page

    def _who(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(12))
        first = self.row("name", "short_name")
        column.addLayout(first)
        column.addLayout(self.row("kind", "status", "level", *(("owner",) if self.chooses_owner else ())))
        column.addLayout(self._grid("industry", "source", "code", "registration_number", "website"))
        column.addLayout(self.row("language", *self._sides()))
        own = [name for name in self._fields if name.startswith("custom.")]
        if own:
            column.addSpacing(px(4))
            column.addWidget(section_label(_("Fields of our own")))
            column.addLayout(self._grid(*own))
        column.addStretch(1)
        return column

    def _grid(self, *names: str) -> QGridLayout:
        """Return boxes in two columns that stand below each other on the whole page."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(12))
        grid.setColumnMinimumWidth(0, px(COLUMN_PX))
        grid.setColumnStretch(1, 1)
        place = 0
        for name in (name for name in names if self.offers(name)):
            box = self.box(name)
            if self.editor(name).widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding:
                place += place % 2
                grid.addWidget(box, place // 2, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
                place += 2
            else:
                box.setMaximumWidth(px(COLUMN_PX))
                side = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
                grid.addWidget(box, place // 2, place % 2, side)
                place += 1
        return grid

    def _reach(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(14))
        column.addWidget(section_label(_("Phones and e-mails")))
        column.addWidget(self.editor("points").widget)
        column.addWidget(self.box("tags"))
        self.editor("notes").widget.setMinimumHeight(px(110))
        column.addWidget(self.box("notes"))
        column.addStretch(1)
        return column

    def addresses_page(self) -> QWidget:
        """Return the page of addresses."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(16), px(20), px(20))
        column.addWidget(self.editor("addresses").widget)
        self.editor("addresses").widget.setMaximumWidth(px(820))
        column.addStretch(1)
        return page

    def _sides(self) -> tuple[str, ...]:
        return ("is_customer", "is_supplier") if sees_both_sides(self._desk.actor) else ()

    def blank(self) -> dict[str, Any]:
        """Return what a new contact begins with."""
        actor = self._desk.actor
        values: dict[str, Any] = {"kind": rules.COMPANY, "status": "prospect"}
        if sees_both_sides(actor):
            values |= {"is_customer": True, "is_supplier": False}
        if self.chooses_owner:
            values["owner"] = actor.user_id
        return values

    def _watch_registration(self) -> None:
        self.editor("registration_number").left.connect(self.check_registration)

    def check_registration(self) -> None:
        """Warn under the number when its check character does not fit; it can be saved all the same."""
        number = self.editor("registration_number").value()
        problem = check_registration(number, self._needs.country) if number else None
        self.box("registration_number").set_error(_(problem) if problem else "", "warn")


def _email_problem(value: str) -> str | None:
    """Return what is wrong with what looks like an e-mail address; a chat id may begin with @."""
    if "@" not in value[1:]:
        return None
    problem = check_email(value)
    return _(problem) if problem else None


def _guess_kinds(points: RowsEditor) -> None:
    """An address with @ in a row that says phone is an e-mail: nobody should have to choose that."""
    phones = {kind for kind, _label in rules.PHONE_KINDS}
    for row in points.rows:
        if "@" in str(row.editors["value"].value())[1:] and row.editors["kind"].value() in phones:
            row.editors["kind"].set_value("email")
