"""Settings → Receivables: claims, numbers, due days, buckets, closed days, differences, credit, dunning."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.access.rules import OWNER, ROLES
from crm_desktop.contacts.rules import LEVELS
from crm_desktop.receivables import rules, settings
from crm_desktop.receivables.settings import ReceivableProfile
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.settings_page import SettingsPage, SettingsSpec
from crm_desktop.ui.text_editors import NumberEditor

_WRITE: Final = Permission.RECEIVABLE_SETTINGS_WRITE
SPEC: Final = SettingsSpec(
    settings.ENTITY,
    N_("Receivables"),
    "wallet",
    _WRITE,
    N_("The settings of receivables are not saved"),
    settings.get_settings,
    settings.save_settings,
)
FIELDS: Final = (
    Field(
        "claims_by", None, N_("What posts the claim"), 26, Use.FORM, Kind.STATUS, choices=rules.CLAIMS_BY, write=_WRITE
    ),
    Field("due_days", None, N_("Due after (days)"), 10, Use.FORM, Kind.INTEGER, write=_WRITE),
    Field("closed_through", None, N_("Closed through"), 12, Use.FORM, Kind.DATE, write=_WRITE),
    Field("buckets", None, N_("Last day of each bucket"), 28, Use.FORM, write=_WRITE),
    Field("overdue_days", None, N_("Oldest debt (days)"), 10, Use.FORM, Kind.INTEGER, write=_WRITE),
    Field("dunning_gap_days", None, N_("Days between two letters"), 10, Use.FORM, Kind.INTEGER, write=_WRITE),
    Field("invoice_prefix", None, N_("Invoices begin with"), 12, Use.FORM, write=_WRITE),
    Field("credit_prefix", None, N_("Credit notes begin with"), 12, Use.FORM, write=_WRITE),
    Field("receipt_prefix", None, N_("Receipts begin with"), 12, Use.FORM, write=_WRITE),
    Field("refund_prefix", None, N_("Refunds begin with"), 12, Use.FORM, write=_WRITE),
)
_NEEDED: Final = dict.fromkeys(("due_days", "dunning_gap_days", "buckets"), (True, None))
_LEVELS: Final = {f"credit_limits.{key}": key for key, _label in LEVELS}
_SETTLERS: Final = {
    f"difference_limits.{role.key}": role.key
    for role in ROLES.values()
    if role.key != OWNER and Permission.RECEIPT_POST in role.permissions
}
_AMOUNT_CHARS: Final = 12
_BEFORE: Final = (
    (
        N_("Claims"),
        N_(
            "A customer owes from the day its invoice is posted, or from the day its contract is confirmed. Orders "
            "confirmed before keep their way. Without payment terms an invoice falls due that many days after its date."
        ),
        (("claims_by", "due_days"),),
    ),
    (
        N_("Closed books"),
        N_("Nothing is dated on or before this day any more. Only an owner opens closed days again."),
        (("closed_through",),),
    ),
    (
        N_("Ageing"),
        N_("Overdue amounts are sorted by days: 30, 60, 90, 180 makes 1–30, 31–60, 61–90, 91–180 and more."),
        (("buckets",),),
    ),
)
_CREDIT: Final = (
    N_("Credit"),
    N_(
        "Confirming, delivering and posting stop when a customer would use more than its limit, confirmed orders "
        "included, or when its oldest debt is older than that many days. Limits by level hold for customers without "
        "one of their own. Empty is no limit, 0 is cash only."
    ),
    (tuple(_LEVELS), ("overdue_days",)),
)
_DIFFERENCES: Final = (
    N_("Small differences"),
    N_("How much this role may settle as a bank fee or a difference while it records a receipt. An owner may any."),
    (tuple(_SETTLERS),),
)
_AFTER: Final = (
    (
        N_("Dunning"),
        N_("A customer gets no second letter before that many days have passed."),
        (("dunning_gap_days",),),
    ),
    (
        N_("Numbers"),
        N_("Numbers go on without a gap in each year, such as INV2026-0001."),
        (("invoice_prefix", "credit_prefix"), ("receipt_prefix", "refund_prefix")),
    ),
)


class ReceivableSettingsScreen(SettingsPage):
    """The settings of receivables; limits per level and per role stand as one field each."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        checks = dict.fromkeys((*_LEVELS, *_SETTLERS), _limit_problem)
        form = RecordForm(FIELDS, context, _NEEDED, checks)
        writes = desk.actor.may(_WRITE)
        labels = {
            name: _("Level {level} · {currency}").format(level=key, currency=desk.currency)
            for name, key in _LEVELS.items()
        }
        labels |= {name: f"{_(ROLES[key].label)} · {desk.currency}" for name, key in _SETTLERS.items()}
        for name, label in labels.items():
            editor = NumberEditor(name, label, _AMOUNT_CHARS)
            editor.locked = not writes
            editor.set_read_only(not writes)
            form.add_editor(name, editor)
        super().__init__(desk, SPEC, form, parent)
        self.begin()

    def fill(self, column: QVBoxLayout) -> None:
        """Put sections into the page."""
        for section in (*_BEFORE, _CREDIT, _DIFFERENCES, *_AFTER):
            self.add_section(column, *section)

    def values_of(self, profile: ReceivableProfile) -> Mapping[str, Any]:
        """Return the values of the form: buckets as text, a field per limit."""
        values = profile.values()
        values["buckets"] = ", ".join(map(str, profile.buckets))
        values |= {name: profile.credit_limits.get(key) for name, key in _LEVELS.items()}
        values |= {name: profile.difference_limits.get(key) for name, key in _SETTLERS.items()}
        return values

    def changes(self) -> dict[str, Any]:
        """Return what differs, the limits together again."""
        changes = super().changes()
        if "buckets" in changes:
            changes["buckets"] = _bounds(str(changes["buckets"]))
        for whole, names in (("credit_limits", _LEVELS), ("difference_limits", _SETTLERS)):
            typed = {key: changes.pop(name) for name, key in names.items() if name in changes}
            if typed:
                changes[whole] = {**getattr(self.profile, whole), **typed}
        return changes

    def field_of(self, name: str) -> str:
        """Return the field beside which a refusal belongs."""
        return {"credit_limits": next(iter(_LEVELS)), "difference_limits": next(iter(_SETTLERS))}.get(name, name)


def _limit_problem(value: Any) -> str | None:
    return _("A limit is an amount from 0.") if value is not None and Decimal(value) < 0 else None


def _bounds(text: str) -> tuple[Any, ...]:
    """Return the days named in a text; what is no number stays text, for the service to refuse."""
    words = [word for word in re.split(r"[\s,;，、；]+", text) if word]
    return tuple(int(word) if word.isdecimal() else word for word in words)
