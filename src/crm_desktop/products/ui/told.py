"""The history of products and price lists in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from crm_desktop.contacts.history import Event
from crm_desktop.products import history, lists, price_list_pages, price_lists
from crm_desktop.products.fields import FIELDS
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import N_, _

_PRODUCT_LABELS: Final = {field.name: field.label for field in FIELDS}
_LIST_LABELS: Final = {field.name: field.label for field in price_list_pages.FIELDS}
_UNSAID: Final = frozenset({"code_sort", "contact_id"})
_FIGURES: Final = frozenset({"list_price", "cost", "tax_percent"})
_ACTIVE: Final = (
    (N_("{person} took this product out of sale"), N_("{person} put this product on sale again")),
    (N_("{person} took this price list out of use"), N_("{person} put this price list into use again")),
)


def product_events(work: Any, product_id: int, before_id: int | None, limit: int) -> tuple[list[Event], None]:
    """Read the history of a product."""
    return history.product_history(work, product_id, before_id=before_id, limit=limit), None


def price_list_events(
    work: Any, list_id: int, before_id: int | None, limit: int
) -> tuple[list[Event], Mapping[int, str]]:
    """Read the history of a price list, and the names of the products in it."""
    events = history.price_list_history(work, list_id, before_id=before_id, limit=limit)
    keys = {key for event in events for key in (*event.before, *event.after) if key.startswith(price_lists.PRICE)}
    return events, lists.names(work, [int(key.removeprefix(price_lists.PRICE)) for key in keys])


def tell_product(event: Event, _needed: None) -> tuple[str, Sequence[str]]:
    """Return what happened to a product, "" for an entry that tells nothing (another one tells the cost)."""
    names = set(event.after) | set(event.before)
    if event.action == "create" and names != {"cost"}:
        return _("{person} added this product").format(person=event.actor_name), ()
    if not names:
        return "", ()
    if names == {"active"}:
        return _retired(0, event), ()
    return _("{person} changed this product").format(person=event.actor_name), _changes(event, _PRODUCT_LABELS, {})


def tell_price_list(event: Event, products: Mapping[int, str]) -> tuple[str, Sequence[str]]:
    """Return what happened to a price list."""
    if event.action == "create":
        return _("{person} added this price list").format(person=event.actor_name), ()
    if set(event.after) == {"active"}:
        return _retired(1, event), ()
    said = _("{person} changed this price list").format(person=event.actor_name)
    return said, _changes(event, _LIST_LABELS, products)


def _retired(of: int, event: Event) -> str:
    return _(_ACTIVE[of][bool(event.after["active"])]).format(person=event.actor_name)


def _changes(event: Event, labels: Mapping[str, str], products: Mapping[int, str]) -> list[str]:
    told = []
    for name in dict.fromkeys((*event.before, *event.after)):
        if name in _UNSAID:
            continue
        if name.startswith(price_lists.PRICE):
            label = products.get(int(name.removeprefix(price_lists.PRICE)), "")
        else:
            label = _(labels.get(name, name))
        before, after = _value(name, event.before.get(name)), _value(name, event.after.get(name))
        if not before and after:
            told.append(_("{field}: {value}").format(field=label, value=after))
        elif before or after:
            told.append(_("{field}: {before} → {after}").format(field=label, before=before, after=after or _("empty")))
    return told


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in _FIGURES or name.startswith(price_lists.PRICE):
        return number_text(Decimal(value))
    return " ".join(str(value).split())
