"""What is said about a claim: other days, a dispute."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from PySide6.QtWidgets import QWidget

from crm_desktop.receivables.money import disputes, rescheduling
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.receivables.ui.money.money_dialog import Act, MoneyDialog
from crm_desktop.receivables.ui.money.money_dialogs import Claim, called
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import exponent
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.rows_editor import RowColumn, RowsEditor
from crm_desktop.ui.text_editors import LineEditor, NoteEditor

PARTS: Final = (
    RowColumn(Field("amount", None, N_("Amount"), 12, Use.FORM, Kind.MONEY), required=True),
    RowColumn(Field("due_on", None, N_("Due"), 12, Use.FORM, Kind.DATE)),
    RowColumn(Field("event", None, N_("or when this happens"), 24, Use.FORM), stretch=1),
    RowColumn(Field("label", None, N_("Named"), 16, Use.FORM), stretch=1),
)


class RescheduleDialog(MoneyDialog):
    """The open rest of an instalment gets another day, an event, or several parts; the past stays as it was."""

    entities: ClassVar[tuple[str, ...]] = ("reschedule", "invoice", "order")

    def __init__(self, desk: Desk, instalment: Claim, currency: str, parent: QWidget) -> None:
        super().__init__(
            desk,
            _("Other days for {name}").format(name=called(instalment)),
            _("Reschedule"),
            parent,
            width=760,
            needed=("reason",),
        )
        self._item, self._currency = instalment, currency
        when = shown_date(instalment.due_on) if instalment.due_on else instalment.event or _("no day yet")
        self.explain(
            _("{amount} is open, due {when}. Each part is due on a day, or when something happens.").format(
                amount=f"{currency} {number_text(instalment.open)}", when=when
            )
        )
        context = EditorContext(today=lambda: desk.today, decimals=exponent(currency))
        self.rows = RowsEditor("parts", _("Parts"), [PARTS], context, what=_("Part"), add_text=_("Add a part"))
        self.form.add_editor("parts", self.rows)
        self.body.addWidget(self.rows.widget)
        self.lacking = text_label("", BODY, REGULAR, "warn")
        self.body.addWidget(self.lacking)
        self.row(LineEditor("reason", _("Why"), 30))
        self.body.addStretch(1)
        # Rows keep their own order of Tab, which changes with every row that is added.
        self.form.load({"parts": (_row(instalment),)})
        self.rows.focus()
        self.form.edited.connect(self._reckon)
        self._reckon()

    def missing(self) -> Decimal:
        """Return what the parts lack to the open rest; below 0 what they are over."""
        return self._item.open - sum((row["amount"] or Decimal(0) for row in self.rows.value()), Decimal(0))

    def _reckon(self) -> None:
        self.lacking.setText(self._lacking_text())
        self.lacking.setVisible(bool(self.lacking.text()))

    def _lacking_text(self) -> str:
        missing = self.missing()
        amount = f"{self._currency} {number_text(abs(missing))}"
        if not missing:
            return ""
        said = _("{amount} is missing to the open rest.") if missing > 0 else _("{amount} more than the open rest.")
        return said.format(amount=amount)

    def problem(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        return ("parts", self._lacking_text()) if self.missing() else None

    def show_problem(self, field: str, text: str) -> None:
        if field == "parts":
            self.note.show_message("danger", text)
            self.rows.focus()
        else:
            super().show_problem(field, text)

    def act(self, values: dict[str, Any]) -> Act:
        parts = [
            Part(Decimal(row["amount"]), row.get("due_on"), row.get("event") or "", row.get("label") or "")
            for row in values["parts"]
        ]
        instalment_id, reason = self._item.id, values["reason"]

        def move(work: Any) -> int:
            rescheduling.reschedule(work, instalment_id, parts, reason)
            return instalment_id

        return move


class DisputeDialog(MoneyDialog):
    """The customer does not agree with a claim; or they do now, and the dispute is settled."""

    entities: ClassVar[tuple[str, ...]] = ("invoice", "order")

    def __init__(self, desk: Desk, instalment_id: int, name: str, *, disputed: bool, parent: QWidget) -> None:
        title = _("Settle the dispute over {name}") if disputed else _("{name} is disputed")
        verb = _("Dispute settled") if disputed else _("Mark as disputed")
        super().__init__(desk, title.format(name=name), verb, parent, needed=() if disputed else ("reason",))
        self._instalment_id, self._disputed = instalment_id, disputed
        self.explain(
            _("It is reminded of again as usual.")
            if disputed
            else _("It stays in balances and ageing but is left out of reminders until the dispute is settled.")
        )
        label = _("How it was settled (if there is something to say)") if disputed else _("What the customer says")
        self.row(NoteEditor("reason", label))
        self.begin({})

    def act(self, values: dict[str, Any]) -> Act:
        instalment_id, reason, disputed = self._instalment_id, values["reason"], self._disputed

        def say(work: Any) -> int:
            if disputed:
                disputes.settle(work, instalment_id, outcome=reason)
            else:
                disputes.dispute(work, instalment_id, reason)
            return instalment_id

        return say


def _row(one: Claim) -> dict[str, Any]:
    return {"amount": one.open, "due_on": one.due_on, "event": one.event, "label": one.label}
