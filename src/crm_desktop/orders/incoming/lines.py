"""The lines of a sheet's documents: products found by code or name, prices as they are in the sheet."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from crm_desktop.db.work import Work
from crm_desktop.exchange.links import Meant
from crm_desktop.orders import rules, totals
from crm_desktop.orders.batch import Batch, Made
from crm_desktop.orders.composing import MOST_PRICE
from crm_desktop.orders.incoming.sheet import SheetDocument, values_of
from crm_desktop.products.incoming.links import LinkedProduct, product_links
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import CLEAR, ImportOptions, ImportRow
from crm_desktop.shared.money import from_minor, round_half_away

TAX: Final = "tax"
NO_TAX: Final = "none"
_HUNDRED: Final = Decimal(100)


class Lines:
    """Makes lines of rows; products that are looked up are told to the batch."""

    def __init__(self, work: Work, batch: Batch, options: ImportOptions) -> None:
        self.batch = batch
        self.options = options
        self.products = product_links(work)

    def of(self, document: SheetDocument) -> tuple[list[Mapping[str, Any]], dict[int, tuple[str, str]]]:
        """Return the lines of a document, and (code, name) of products to be made, by the place of their line."""
        lines: list[Mapping[str, Any]] = []
        missing: dict[int, tuple[str, str]] = {}
        for row in document.items:
            values = {name: value for name, value in values_of(row).items() if value is not CLEAR}
            line, makes = self._line(document, row, values)
            if makes:
                missing[len(lines)] = (str(values.get("product_code") or ""), str(values.get("product") or ""))
            lines.append(line)
        return lines, missing

    def check_amounts(self, document: SheetDocument, made: Made) -> None:
        """Refuse a document that comes to other amounts than the sheet says, of a line or of the whole."""
        shown = made.columns
        smallest = from_minor(1, shown["currency"])

        def check(said: Any, row: ImportRow, name: str, *amounts: int) -> None:
            if not isinstance(said, Decimal):
                return
            found = [from_minor(one, shown["currency"]) for one in amounts]
            if all(abs(said - one) > smallest for one in found):
                why = _("Row {row}: this comes to {found}, but the sheet says {said}.")
                document.refuse(why.format(row=row.number, found=f"{found[0]:,}", said=f"{said:,}"), name)

        for row, line in zip(document.items, made.lines, strict=False):
            amounts = (line["amount"], line["net"], line["net"] + line["tax"])
            check(row.values.get("line_amount"), row, "line_amount", *amounts)
            check(row.values.get("tax_amount"), row, "tax_amount", line["tax"])
        check(document.said("total"), document.rows[0], "total", shown["total"], shown["net"], shown["subtotal"])

    def _line(self, document: SheetDocument, row: ImportRow, values: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Return a line, and whether its product has to be made."""
        code, name = str(values.get("product_code") or ""), str(values.get("product") or "")
        description = str(values.get("description") or "")
        if not (code or name) and not any(key in values for key in ("quantity", "unit_price", "line_amount")):
            return {"kind": rules.TEXT, "description": description}, False
        line: dict[str, Any] = {
            "name": name if code else "",
            "description": description,
            "unit": values.get("unit") or "",
            "quantity": values.get("quantity"),
            "discount_percent": values.get("discount_percent") or Decimal(0),
            "tax_percent": values.get("tax_percent"),
            "due_on": values.get("line_due_on"),
        }
        makes = self._find_product(document, row, line, (code, name))
        if line["tax_percent"] is None and self.options.chosen.get(TAX) == NO_TAX:
            line["tax_percent"] = Decimal(0)
        if line["tax_percent"] is None and not line.get("product_id"):
            line["tax_percent"] = self.batch.settings.tax_percent
        line["name"] = line["name"] or (
            "" if line.get("product_id") else name or code or description.partition("\n")[0]
        )
        if line["quantity"] is None:
            document.refuse(_("Row {row}: the quantity is missing.").format(row=row.number), "quantity")
        line["unit_price"] = self._price(document, row, values, line)
        return line, makes

    def _find_product(
        self, document: SheetDocument, row: ImportRow, line: dict[str, Any], named: tuple[str, str]
    ) -> bool:
        """Take a line's product from its code, else its name; return whether it has to be made."""
        code, name = named
        found: Meant[LinkedProduct] = Meant()
        about = "product_code"
        if code:
            found = self.products.meant(code, about, self.options)
        if name and (not code or found.is_missing):
            about = "product"
            found = self.products.meant(name, about, self.options)
        if found.record is not None:
            self.batch.products[found.record.id] = found.record
            line["product_id"] = found.record.id
            return False
        line["code"] = code
        if found.is_missing and self.options.create_missing:
            return True
        if found.why:
            why = _("Row {row}: {sentence}").format(row=row.number, sentence=found.why)
            document.refuse(why, about, found.candidates)
        return False

    def _price(
        self, document: SheetDocument, row: ImportRow, values: Mapping[str, Any], line: Mapping[str, Any]
    ) -> Decimal | None:
        """Return a line's price: as the sheet has it, else what its amount comes to for one."""
        price: Decimal | None = values.get("unit_price")
        if price is not None:
            return price
        amount, quantity = values.get("line_amount"), line["quantity"]
        kept = 1 - line["discount_percent"] / _HUNDRED
        exact: Decimal | None = amount / quantity / kept if amount is not None and quantity and kept else None
        if exact is not None and abs(exact) < MOST_PRICE:
            price = round_half_away(exact, totals.PRICE_PLACES)
            if abs(price * quantity * kept - amount) * 2 < Decimal("0.01"):
                return price
        document.refuse(_("Row {row}: the price is missing.").format(row=row.number), "unit_price")
        return None
