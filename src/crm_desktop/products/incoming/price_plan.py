"""What the rows of price lists would become: which product, for whom, and at what price instead of which."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.contacts.incoming.link_fields import NAMES
from crm_desktop.contacts.incoming.links import CustomerLinks, Link, Named, named_in
from crm_desktop.db.work import Work
from crm_desktop.exchange.links import text_key
from crm_desktop.exchange.sheets.number_patterns import currency_code
from crm_desktop.products import rules
from crm_desktop.products.incoming.fields import PRICE_FIELDS
from crm_desktop.products.incoming.links import LinkedProduct, product_links
from crm_desktop.products.model import Price, PriceList
from crm_desktop.shared import import_reasons
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import (
    CLEAR,
    Candidate,
    Difference,
    ImportOptions,
    ImportRow,
    OnMatch,
    Planned,
    Verdict,
)
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

_LABELS: Final = {one.name: one.label for one in PRICE_FIELDS}
_STEP: Final = 1000


@dataclass(frozen=True, slots=True)
class ForWhom:
    """The list a price goes into: one there is (`id`), or one to be made for a customer or a level.

    `customer` says who the customer is that is not there yet.
    """

    id: int | None = None
    version: int | None = None
    name: str = field(default="", compare=False)
    contact_id: int | None = None
    customer: Named | None = None
    level: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """One price to be written: of a product there is, or of one (code, name) to be made; None takes it out."""

    to: ForWhom
    product_id: int | None
    product: tuple[str, str]
    price: Decimal | None


class KnownLists:
    """Every price list in sight, by whom it is for and by name, with its prices."""

    def __init__(self, work: Work) -> None:
        self.by_id: dict[int, ForWhom] = {}
        self.by_name: dict[str, list[ForWhom]] = defaultdict(list)
        self._of: dict[tuple[int | None, str], list[ForWhom]] = defaultdict(list)
        columns = (PriceList.id, PriceList.version, PriceList.name, PriceList.contact_id)
        for id_, version, name, contact_id, level, currency in work.session.execute(
            select(*columns, PriceList.level, PriceList.currency).order_by(PriceList.id)
        ):
            known = ForWhom(id_, version, name, contact_id, None, level, currency)
            self.by_id[id_] = known
            self.by_name[text_key(name)].append(known)
            self._of[contact_id, level].append(known)
        self.prices: dict[tuple[int, int], Decimal] = {
            (list_id, product_id): price
            for list_id, product_id, price in work.session.execute(
                select(Price.price_list_id, Price.product_id, Price.price)
            )
        }

    def of(self, contact_id: int | None, level: str, currency: str) -> ForWhom | None:
        """Return the list for a customer or a level; without a currency the only one there is."""
        found = [one for one in self._of.get((contact_id, level), ()) if currency in ("", one.currency)]
        return found[0] if len(found) == 1 else None


class PricePlan:
    """Works out one file, row by row."""

    def __init__(self, work: Work, options: ImportOptions) -> None:
        self._options = options
        self._products = product_links(work)
        self._lists = KnownLists(work)
        self._customers = CustomerLinks(work, options)
        self._home = company(work).currency
        self._may_make_products = options.create_missing and work.actor.may(Permission.PRODUCT_WRITE)
        self._links: dict[Named, Link] = {}
        self._rows: dict[Any, int] = {}

    def plan(self, rows: Sequence[ImportRow], progress: Progress) -> list[Planned]:
        """Return what becomes of each row, in order."""
        self._links = self._customers.find({named_in(row) for row in rows})
        planned = []
        for place, row in enumerate(rows):
            if place % _STEP == 0:
                progress.step(place, len(rows))
            planned.append(self._one(row))
        return planned

    def _one(self, row: ImportRow) -> Planned:
        if why := import_reasons.unreadable(row):
            return Planned(Verdict.INVALID, [row], why=why, field=next(iter(row.problems)))
        try:
            return self._priced(row)
        except Refused as refused:
            return refused.planned(row)
        except Invalid as invalid:
            return Planned(Verdict.INVALID, [row], why=str(invalid), field=invalid.field)

    def _priced(self, row: ImportRow) -> Planned:
        product, named = self._product(row)
        to = self._for_whom(row)
        price = self._price(row)
        key = (to, product.id if product else text_key(named[0] or named[1]))
        if first := self._rows.get(key):
            return Planned(Verdict.DUPLICATE, [row], to.id, to.version, import_reasons.same_as(first))
        self._rows[key] = row.number
        listed = ListedPrice(to, product.id if product else None, named, price)
        known = self._lists.prices.get((to.id, product.id)) if to.id is not None and product else None
        if known is None:
            if price is None:
                return Planned(Verdict.SKIP, [row], to.id, to.version, import_reasons.nothing_differs())
            return Planned(Verdict.NEW, [row], to.id, to.version, payload=listed)
        if known == price:
            return Planned(Verdict.SKIP, [row], to.id, to.version, import_reasons.nothing_differs())
        if self._options.on_match is OnMatch.SKIP:
            return Planned(Verdict.SKIP, [row], to.id, to.version, import_reasons.skipped())
        if self._options.on_match is OnMatch.ERROR:
            raise Refused("price", import_reasons.refused())
        shown = [number_text(rules.padded(one, to.currency)) if one is not None else "" for one in (known, price)]
        change = Difference("price", _(_LABELS["price"]), *shown)
        return Planned(Verdict.UPDATE, [row], to.id, to.version, differences=(change,), payload=listed)

    def _product(self, row: ImportRow) -> tuple[LinkedProduct | None, tuple[str, str]]:
        """Return the product a row is about, or code and name of the one to be made."""
        code, name = (row.text(column) for column in ("product_code", "product"))
        column, text = ("product_code", code) if code else ("product", name)
        if not text:
            raise Refused("product_code", import_reasons.missing(_(_LABELS["product"])))
        meant = self._products.meant(text, column, self._options)
        if meant.record is not None:
            return meant.record, (meant.record.code, meant.record.name)
        if meant.is_missing and self._may_make_products:
            if code:
                rules.check_named(code, name or code)
            return None, (code, name or code)
        raise Refused(column, meant.why or import_reasons.missing(_(_LABELS["product"])), meant.candidates)

    def _for_whom(self, row: ImportRow) -> ForWhom:
        currency = self._currency(row)
        level = row.text("level")
        contact_id, customer = self._customer(row)
        has_customer = contact_id is not None or customer is not None
        if name := row.text("list"):
            offered = self._lists_named(name, currency, contact_id, level)
            if len(offered) == 1:
                return offered[0]
            if offered:
                why = _("{count} price lists are called “{name}”. Choose the one that is meant.")
                candidates = tuple(Candidate(one.id or 0, f"{one.name} · {one.currency}") for one in offered)
                raise Refused("list", why.format(count=len(offered), name=name), candidates)
        if has_customer and level:
            why = _("A price list is for one customer or for one level: choose one of them.")
            raise Refused("level", why)
        if not (has_customer or level):
            why = _("There is no price list “{name}”. To make it, say which customer or level it is for.")
            raise Refused("list", why.format(name=name) if name else import_reasons.missing(_(_LABELS["customer"])))
        known = self._lists.of(contact_id, level, currency) if customer is None else None
        return known or ForWhom(None, None, name, contact_id, customer, level, currency or self._home)

    def _lists_named(self, name: str, currency: str, contact_id: int | None, level: str) -> list[ForWhom]:
        """Return the lists of that name which are for whom the row says, if it says that."""
        key = text_key(name)
        answer = self._options.answers.get(("list", key))
        if answer is not None and answer in self._lists.by_id:
            return [self._lists.by_id[answer]]
        return [
            one
            for one in self._lists.by_name.get(key, ())
            if currency in ("", one.currency)
            and (contact_id is None or one.contact_id == contact_id)
            and level in ("", one.level)
        ]

    def _customer(self, row: ImportRow) -> tuple[int | None, Named | None]:
        """Return the customer a row names: who it is, or who is to be made."""
        named = named_in(row)
        link = self._links[named]
        if link.why:
            raise Refused(link.field, link.why, link.candidates)
        if link.missing:
            if self._options.create_missing:
                return None, named
            text = next(filter(None, (named.code, named.name, named.registration)))
            why = _("There is no customer “{text}” that you may see.").format(text=text)
            raise Refused(next(column for column in NAMES if row.text(column)), why)
        return link.id, None

    def _currency(self, row: ImportRow) -> str:
        text = currency_code(row.text("currency"), self._home)
        if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
            raise Refused("currency", _("A currency is three letters, such as CNY or EUR."))
        return text

    def _price(self, row: ImportRow) -> Decimal | None:
        given = row.values.get("price")
        if given is CLEAR:
            return None
        if given is None:
            raise Refused("price", import_reasons.missing(_(_LABELS["price"])))
        price = rules.checked_price("price", given)
        if price != given:
            row.remarks["price"] = _("Rounded to {figure}.").format(figure=number_text(price))
        return price
