"""Writes down what a sheet of quotes or orders was planned to become."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from crm_desktop.contacts.incoming.links import CustomerLinks, Named
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import above, quotes, rules, service
from crm_desktop.orders.batch import customers_of, store
from crm_desktop.orders.documents import ORDERS, Kind
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.incoming.plan import ChangedDocument, NewDocument
from crm_desktop.orders.margins import keep_costs
from crm_desktop.orders.taken_over import insert_deliveries, mark_delivered
from crm_desktop.orders.winning import win
from crm_desktop.products.incoming.links import make_missing_products, product_links
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportOptions, Planned
from crm_desktop.shared.progress import Progress

_STEP: Final = 50


def write(work: Work, kind: Kind, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
    """Store the new documents and save the changed ones, each with its journal note. Raises Cancelled, Invalid."""
    new = [one.payload for one in planned if isinstance(one.payload, NewDocument)]
    if new:
        _complete(work, new, options)
        ids = store(work, kind, [one.made for one in new])
        if kind is ORDERS:
            _follow(work, ids, new)
    progress.step(len(new), len(planned))
    _save(work, kind, [one for one in planned if isinstance(one.payload, ChangedDocument)], progress)


def _complete(work: Work, new: Sequence[NewDocument], options: ImportOptions) -> None:
    """Make the customers and products that are missing, and hold the customers of all documents."""
    parties = [one.party for one in new if one.party is not None]
    made = CustomerLinks(work, options).create_missing(parties, _owners(new)) if parties else {}
    _make_products(work, new)
    for one in new:
        if one.party is not None:
            one.made.columns["contact_id"] = made[one.party]
    _win(work, new)
    customers = customers_of(work, {one.made.columns["contact_id"] for one in new}, hold=True)
    for one in new:
        columns = one.made.columns
        if columns["contact_id"] not in customers:
            raise Invalid("customer", N_("{number}: its customer is no longer there."), number=columns["number"])
        columns["owner_key"], columns["contact_sort"] = customers[columns["contact_id"]]
        if one.shipped_on is not None:
            mark_delivered(one.made)


def _owners(new: Sequence[NewDocument]) -> dict[Named, int | None]:
    """Return who looks after customers that are made: who sold them something first, as far as the sheet says."""
    owners: dict[Named, int | None] = {}
    for one in new:
        if one.party is not None and one.made.columns["salesperson_id"] is not None:
            owners.setdefault(one.party, one.made.columns["salesperson_id"])
    return owners


def _make_products(work: Work, new: Sequence[NewDocument]) -> None:
    missing = [named for one in new for named in one.products.values()]
    if not missing:
        return
    links = product_links(work)
    make_missing_products(work, missing, links)
    for one in new:
        for place, (code, name) in one.products.items():
            product = links.fitting(code or name)[0]
            one.made.lines[place]["product_id"] = product.id
            one.made.lines[place]["code"] = product.code


def _win(work: Work, new: Sequence[NewDocument]) -> None:
    """Make customers of prospects something was sold to, and of lapsed ones that something is still to go to."""
    bought: Mapping[str, set[int]] = {"prospect": set(), "lapsed": set()}
    for one in new:
        if one.made.columns["state"] in (rules.CONFIRMED, rules.CLOSED):
            bought["prospect"].add(one.made.columns["contact_id"])
        if one.made.columns["state"] == rules.CONFIRMED:
            bought["lapsed"].add(one.made.columns["contact_id"])
    for status, ids in bought.items():
        for some in portions(sorted(ids)):
            asked = select(Contact.id).where(Contact.id.in_(some), Contact.status == status)
            for contact_id in work.session.scalars(asked.order_by(Contact.id)).all():
                win(work, contact_id)


def _follow(work: Work, ids: Sequence[int], new: Sequence[NewDocument]) -> None:
    """Do for orders what follows: deliveries from before, costs of open ones, claims where contracts claim.

    The credit of their customers is not asked: these orders are binding already.
    """
    shipped = [(id_, one.made, one.shipped_on) for id_, one in zip(ids, new, strict=True) if one.shipped_on is not None]
    insert_deliveries(work, shipped)
    binding = {
        id_: one.made.columns["dated_on"]
        for id_, one in zip(ids, new, strict=True)
        if one.made.columns["state"] == rules.CONFIRMED
    }
    if binding:
        keep_costs(work, list(binding))
        for feature in above.attached():
            feature.confirmed(work, binding)


def _save(work: Work, kind: Kind, changed: Sequence[Planned], progress: Progress) -> None:
    save = service.save if kind is ORDERS else quotes.save
    for place, one in enumerate(changed):
        if place % _STEP == 0:
            progress.step(place, len(changed))
        assert one.id is not None
        assert one.version is not None
        save(work, one.id, one.version, one.payload.changes)
