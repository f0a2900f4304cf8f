"""Lists of products from files: what a column can be, what becomes of the rows, and how it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Final

from crm_desktop.db.work import Work
from crm_desktop.products.incoming.changing import change_products
from crm_desktop.products.incoming.fields import PRODUCT_FIELDS
from crm_desktop.products.incoming.making import make_products
from crm_desktop.products.incoming.plan import (
    AS_KEPT,
    CODES,
    NUMBERED,
    REFUSED,
    TAX,
    WITH_TAX,
    WITHOUT_TAX,
    ProductPlan,
)
from crm_desktop.products.incoming.undo import ProductUndo
from crm_desktop.products.service import ENTITY
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer, Verdict
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import fold

_WITHOUT: Final = ("不含税", "未税", "excl. tax", "excl. vat", "without tax")
_WITH: Final = ("含税", "incl. tax", "incl. vat", "with tax")
"""What folded headers say of prices with and without tax."""


class ProductTarget:
    """Takes lists of products: a row each, by id, code or name."""

    name = "products"
    label = N_("Products")
    entity = ENTITY
    permission = Permission.PRODUCT_IMPORT
    keys: tuple[str, ...] = ("code", "name")
    required: tuple[tuple[str, ...], ...] = (("name", "code"),)
    grouped = ""
    percents = frozenset({"tax_percent"})
    sheet_names: tuple[str, ...] = ("Items", "Articles", "Stock", "产品", "產品", "商品", "物料", "存货", "存貨")
    choices: tuple[ImportChoice, ...] = (
        ImportChoice(
            CODES,
            N_("A new product without a code"),
            ((NUMBERED, N_("gets a number of its own")), (REFUSED, N_("is not imported"))),
        ),
        ImportChoice(
            TAX,
            N_("List prices in the file"),
            (
                (AS_KEPT, N_("with or without tax as prices are kept here")),
                (WITH_TAX, N_("with tax")),
                (WITHOUT_TAX, N_("without tax")),
            ),
        ),
    )
    undoers: Mapping[str, Undoer] = {ENTITY: ProductUndo()}

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be; the cost for those who may write costs."""
        return tuple(field for field in PRODUCT_FIELDS if field.writable_by(work.actor))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return whether a header says that prices are with or without tax."""
        folded = [fold(header) for header in headers]
        if any(word in header for header in folded for word in _WITHOUT):
            return {TAX: WITHOUT_TAX}
        if any(word in header for header in folded for word in _WITH):
            return {TAX: WITH_TAX}
        return {}

    def plan(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each row; writes nothing. Raises NotAllowed, Cancelled."""
        if not work.actor.may(Permission.PRODUCT_READ, Permission.PRODUCT_WRITE):
            raise NotAllowed
        return ProductPlan(work, options).plan(rows, progress)

    def apply(self, work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write new and changed products down. Raises NotAllowed, Conflict, Cancelled."""
        new = [one.payload for one in planned if one.verdict is Verdict.NEW]
        make_products(work, new)
        progress.step(len(new), len(planned))
        change_products(work, [one.payload for one in planned if one.verdict is Verdict.UPDATE])


PRODUCTS: Final = ProductTarget()
