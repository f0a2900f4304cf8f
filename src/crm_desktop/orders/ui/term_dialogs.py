"""A payment term and a standing text, each in a dialog."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.orders import instalments, terms
from crm_desktop.orders.instalments import Part
from crm_desktop.orders.terms import TEXT_KINDS, Term, Text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import LANGUAGES, N_, _
from crm_desktop.ui.choice_editors import ChoiceEditor, TickEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption
from crm_desktop.ui.rows_editor import RowColumn, RowsEditor
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import LineEditor, NoteEditor

_FORM: Final = Use.FORM
_KIND: Final = Field("kind", None, N_("How much"), 14, _FORM, Kind.STATUS, choices=instalments.KINDS)
PART_COLUMNS: Final = (
    RowColumn(Field("label", None, N_("Named"), 30, _FORM), stretch=2),
    RowColumn(_KIND, default=instalments.PERCENT),
    RowColumn(Field("value", None, N_("% or amount"), 10, _FORM, Kind.DECIMAL)),
    RowColumn(Field("days", None, N_("Days"), 6, _FORM, Kind.INTEGER)),
    RowColumn(Field("event", None, N_("or when this happens"), 30, _FORM), stretch=1),
)


class TermDialog(StoredDialog):
    """Name and parts of a payment term; the last part is the remainder."""

    def __init__(self, desk: Desk, term: Term | None, parent: QWidget) -> None:
        title = _("New payment term") if term is None else _("Payment term")
        text = _("The last part is the remainder: it takes the rounding, so that the parts are the total.")
        super().__init__(desk, title, parent, width=820, text=text)
        self._term = term
        self.name = LineEditor("name", _("Name"), 40)
        self.active = TickEditor("active", _("Offered on new orders"))
        self.parts = RowsEditor(
            "parts",
            _("Parts"),
            [PART_COLUMNS],
            EditorContext(today=lambda: desk.today),
            what=_("Part"),
            add_text=_("Add a part"),
        )
        self.name.set_value(term.name if term is not None else "")
        self.active.set_value(term is None or term.active)
        stored = term.parts if term is not None else (Part(instalments.REMAINDER, days=30, label=_("All of it")),)
        self.parts.set_value([_as_row(part) for part in stored])
        self.body.addWidget(self.add(self.name, needed=True))
        self.body.addWidget(caption(self.parts.label))
        self.body.addWidget(self.parts.widget)
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        if self.parts.problem() is not None:
            return None
        term, name, active = self._term, self.name.value(), self.active.value()
        parts = [_as_part(row) for row in self.parts.value()]
        term_id, version = (term.id, term.version) if term is not None else (None, 0)
        return lambda work: terms.save_payment_term(work, term_id, version, name=name, parts=parts, active=active)


class TextDialog(StoredDialog):
    """Kind, language and body of a standing text."""

    def __init__(self, desk: Desk, text: Text | None, parent: QWidget) -> None:
        super().__init__(desk, _("New standing text") if text is None else _("Standing text"), parent, width=620)
        self._text = text
        kinds = [(key, _(label)) for key, label in TEXT_KINDS]
        self.name = LineEditor("name", _("Name"), 24)
        self.kind = ChoiceEditor("kind", _("Kind"), kinds, None, 16)
        self.language = ChoiceEditor("language", _("Language"), list(LANGUAGES.items()), _("Every language"), 14)
        self.words = NoteEditor("body", _("Text"))
        self.kind.set_value(text.kind if text is not None else "terms")
        if text is not None:
            self.name.set_value(text.name)
            self.language.set_value(text.language)
            self.words.set_value(text.body)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.add(self.name, needed=True), 1)
        row.addWidget(self.add(self.kind))
        row.addWidget(self.add(self.language))
        self.body.addLayout(row)
        self.body.addWidget(self.add(self.words, needed=True))
        self.body.addStretch(1)
        self.name.focus()

    def job(self) -> Callable[[Any], Any] | None:
        text = self._text
        values = {editor.name: editor.value() for editor in (self.name, self.kind, self.language, self.words)}
        text_id, version = (text.id, text.version) if text is not None else (None, 0)
        return lambda work: terms.save_standing_text(work, text_id, version, values)


def _as_row(part: Part) -> dict[str, Any]:
    return {
        "label": part.label,
        "kind": part.kind,
        "value": part.value or None,
        "days": part.days or None,
        "event": part.event,
    }


def _as_part(row: Mapping[str, Any]) -> Part:
    is_rest = row["kind"] == instalments.REMAINDER
    value = Decimal(0) if is_rest else Decimal(row["value"] or 0)
    return Part(row["kind"], value, int(row["days"] or 0), row["event"] or "", row["label"] or "")
