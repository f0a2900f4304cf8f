"""What a backup holds beside what is there now, and what a restore would take back, in words. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from crm_desktop.access.sentences import ENTITIES
from crm_desktop.app.features import FEATURES
from crm_desktop.app.figures import FIGURES
from crm_desktop.app.restore_answers import Lost, Row
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.format import contents
from crm_desktop.backup.restore import lost
from crm_desktop.backup.restore.restoring import Prepared
from crm_desktop.orders import told as told_of_orders
from crm_desktop.receivables import told as told_of_receivables
from crm_desktop.shared.display import number_text
from crm_desktop.shared.figures import Figure, FigureKind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import exponent, from_minor

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

_WORDS: Final = {
    **ENTITIES,
    **told_of_orders.ENTITIES,
    **told_of_receivables.ENTITIES,
    "attachment": N_("Attached file"),
    "import": N_("Import"),
    **{feature.entity: feature.label for feature in FEATURES},
}
_DOCUMENT: Final = "SELECT id, number, '', contact_id, currency, total FROM {table} WHERE id IN (:ids)"
_MONEY: Final = "SELECT id, {number}, '', contact_id, currency, amount FROM {table} WHERE id IN (:ids)"
_NAMED: Final = "SELECT id, '', {name}, {contact}, '', NULL FROM {table} WHERE id IN (:ids)"
_ASKED: Final = {
    "contact": _NAMED.format(name="name", contact="NULL", table="contact"),
    "product": _NAMED.format(name="name", contact="NULL", table="product"),
    "price_list": _NAMED.format(name="name", contact="contact_id", table="price_list"),
    "user": _NAMED.format(name="name", contact="NULL", table="app_user"),
    "team": _NAMED.format(name="name", contact="NULL", table="team"),
    "quote": _DOCUMENT.format(table="quote"),
    "order": _DOCUMENT.format(table="sales_order"),
    "invoice": _DOCUMENT.format(table="invoice"),
    "delivery": "SELECT id, number, '', contact_id, '', NULL FROM delivery WHERE id IN (:ids)",
    "receipt": _MONEY.format(number="number", table="receipt"),
    "promise": _MONEY.format(number="''", table="promise"),
    "write_off": _MONEY.format(number="''", table="write_off"),
}
"""How a record is called: number, name, its customer, currency, amount in minor units."""
_CUSTOMERS: Final = "SELECT id, name FROM contact WHERE id IN (:ids)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A backup beside what is there now. `lost_count` records have work of `hours` hours by `people` since.

    `diverged`: both have work the other never had, as after an earlier restore.
    """

    rows: tuple[Row, ...]
    same_company: bool = True
    diverged: bool = False
    lost_count: int = 0
    hours: int = 0
    people: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()


def compare(prepared: Prepared, session: "Session | None") -> Comparison:
    """Compare what was prepared with the company that is open; without one, only the backup is told.

    Raises Unavailable.
    """
    from crm_desktop.app.figures import SEAMS

    then = contents.figures(prepared.data, SEAMS)
    if session is None:
        return Comparison(_rows(then, {}))
    source = Source.of(session.database)
    now = figures_of(source)
    if prepared.manifest.dataset_id != session.profile.dataset_id:
        return Comparison(_rows(then, now), same_company=False)
    since = lost.since(source, prepared.data)
    named = tuple(_named(source, since.records))
    return Comparison(_rows(then, now), True, since.diverged, since.count, since.hours, since.people, named)


def lost_entries(prepared: Prepared, session: "Session") -> list[Lost]:
    """Return what would be lost, newest first; nothing for another company's backup. Raises Unavailable."""
    if prepared.manifest.dataset_id != session.profile.dataset_id:
        return []
    source = Source.of(session.database)
    return _named(source, lost.since(source, prepared.data).records)


def figures_of(source: Source) -> dict[str, Any]:
    """Return the figures of an open company by key. Raises Unavailable."""
    with lost.seeing(source) as connection:
        return {figure.key: _value(figure, connection.execute(text(figure.sql)).all()) for figure in FIGURES}


def figures_of_file(path: Path) -> dict[str, Any]:
    """Return the figures of a company file by key."""
    from crm_desktop.app.figures import SEAMS

    return contents.figures(path, SEAMS)


def figures_now(session: "Session") -> tuple[Row, ...]:
    """Return the figures of the company that is open, in `now`. Raises Unavailable."""
    return _rows({}, figures_of(Source.of(session.database)))


def rows_of(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Row, ...]:
    """Return the figures of two places side by side."""
    return _rows(then, now)


def _value(figure: Figure, rows: Sequence[Any]) -> Any:
    if figure.kind is FigureKind.MONEY:
        return {currency: int(amount) for currency, amount in rows if amount is not None}
    value = rows[0][0] if rows else None
    return int(value or 0) if figure.kind is FigureKind.COUNT else str(value or "")


def _rows(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Row, ...]:
    made: list[Row] = []
    for figure in FIGURES:
        was, is_ = then.get(figure.key), now.get(figure.key)
        if figure.kind is FigureKind.MONEY:
            for currency in sorted({*(was or {}), *(is_ or {})}):
                label = _(figure.label).format(currency=currency)
                one, other = (None if side is None else side.get(currency, 0) for side in (was, is_))
                made.append(Row(label, _money(one, currency), _money(other, currency)))
        elif figure.kind is FigureKind.COUNT:
            more = max(0, is_ - was) if was is not None and is_ is not None else 0
            made.append(Row(_(figure.label), _count(was), _count(is_), more))
        else:
            made.append(Row(_(figure.label), was or "", is_ or ""))
    return tuple(made)


def _count(value: int | None) -> str:
    return "" if value is None else number_text(value)


def _money(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    return f"{Decimal(from_minor(minor, currency)):,.{exponent(currency)}f}"


def _named(source: Source, records: Sequence[lost.LostRecord]) -> list[Lost]:
    """Give every record the name people know it by, as it stands now."""
    ids: dict[str, list[int]] = {}
    for one in records:
        if one.entity in _ASKED and one.entity_id is not None:
            ids.setdefault(one.entity, []).append(one.entity_id)
    facts = {entity: lost.names_of(source, _ASKED[entity], some) for entity, some in ids.items()}
    customers = {one.contact_id for one in records if one.contact_id is not None}
    customers |= {row[2] for rows in facts.values() for row in rows.values() if row[2] is not None}
    names = lost.names_of(source, _CUSTOMERS, sorted(customers))
    return [_entry(one, facts.get(one.entity, {}).get(one.entity_id or 0), names) for one in records]


def _entry(one: lost.LostRecord, fact: tuple[Any, ...] | None, names: Mapping[int, tuple[Any, ...]]) -> Lost:
    number, name, contact_id, currency, amount = fact or (one.told.get("number"), one.told.get("name"), None, "", None)
    contact_id = contact_id if contact_id is not None else one.contact_id
    word = _(_WORDS.get(one.entity, one.entity))
    known = names.get(contact_id or 0, ("",))
    customer = "" if one.entity == "contact" else str(known[0])
    price = f"{_money(int(amount), currency)} {currency}" if amount is not None and currency else ""
    title = " ".join(str(part) for part in (word, number or name) if part)
    return Lost(one.at, one.by, one.entity, title, " · ".join(part for part in (customer, price) if part))
