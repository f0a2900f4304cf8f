"""Fields a company defines for its contacts: text, number, date or one of a list."""

from collections.abc import Sequence

from sqlalchemy import func, select

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import CustomField
from crm_desktop.contacts.rules import DefinedField
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line


@open_to_all("which fields exist is no business data")
def defined_fields(work: Work) -> list[DefinedField]:
    """Return the user-defined fields in use, in their order."""
    statement = select(CustomField).where(CustomField.active).order_by(CustomField.position, CustomField.id)
    return [_plain(row) for row in work.session.scalars(statement)]


@requires(Permission.FIELD_DEFINE)
def define_field(work: Work, label: str, kind: str, choices: Sequence[str] = ()) -> DefinedField:
    """Add a field; `kind` is "text", "number", "date" or "list". Raises Invalid without a label or choices."""
    label, choices = _checked(label, kind, choices)
    place = work.session.scalar(select(func.count()).select_from(CustomField)) or 0
    # The key is never made from the label: saved views and files keep it when the label changes.
    row = CustomField(key=f"f{place + 1}", label=label, kind=kind, choices=list(choices), position=place)
    work.session.add(row)
    work.session.flush()
    return _plain(row)


@requires(Permission.FIELD_DEFINE)
def change_field(work: Work, field_id: int, version: int, label: str, choices: Sequence[str] = ()) -> None:
    """Rename a field or change its choices; values already stored stay as they are."""
    row = work.get(CustomField, field_id, version)
    row.label, checked = _checked(label, row.kind, choices)
    row.choices = list(checked)


@requires(Permission.FIELD_DEFINE)
def retire_field(work: Work, field_id: int, version: int) -> None:
    """Take a field out of use; its values stay stored."""
    work.get(CustomField, field_id, version).active = False


def _checked(label: str, kind: str, choices: Sequence[str]) -> tuple[str, list[str]]:
    label = clean_line(label)
    if not label:
        raise Invalid("label", N_("A field needs a name."))
    if kind not in dict(rules.CUSTOM_KINDS):
        raise Invalid("kind", N_("A field is a text, a number, a date or a choice from a list."))
    kept = list(dict.fromkeys(choice for choice in map(clean_line, choices) if choice))
    if kind == "list" and not kept:
        raise Invalid("choices", N_("A list needs at least one choice."))
    return label, kept


def _plain(row: CustomField) -> DefinedField:
    return DefinedField(row.id, row.version, row.key, row.label, row.kind, tuple(row.choices))
