"""Northwind as a company: a loader of the sample workbook that lies beside the checkout, never in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from crm_desktop.access import rules
from crm_desktop.access.model import Company, User, UserRole
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import service
from crm_desktop.products import service as products
from crm_desktop.shared.actor import SYSTEM, Actor

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "northwind.xlsx"
CURRENCY = "USD"
COUNTRIES = {
    "Argentina": "AR", "Australia": "AU", "Austria": "AT", "Belgium": "BE", "Brazil": "BR", "Canada": "CA",
    "Denmark": "DK", "Finland": "FI", "France": "FR", "Germany": "DE", "Ireland": "IE", "Italy": "IT", "Japan": "JP",
    "Mexico": "MX", "Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Portugal": "PT", "Singapore": "SG",
    "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "UK": "GB", "USA": "US", "Venezuela": "VE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sheet of orders."""

    order: int
    customer_id: str
    customer: str
    salesperson: str
    ordered_on: date
    required_on: date | None
    product: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal

    @property
    def exact(self) -> Decimal:
        """What the line is worth, not rounded."""
        return self.quantity * self.unit_price * (1 - self.discount)

    @property
    def net(self) -> Decimal:
        """What the line is worth, rounded to cents."""
        return self.exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(slots=True)
class Northwind:
    """The company as it was loaded; ids by what the sheets call their rows."""

    boss: Actor
    lines: list[SheetLine]
    staff: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    suppliers: dict[Any, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    orders: dict[int, int] = field(default_factory=dict)


def load(database: Database) -> Northwind:
    """Load the workbook into an empty schema, through the services."""
    sheets = read_sheets()
    lines = [_line(row) for row in sheets["Orders"]]
    with database.begin(SYSTEM) as work:
        work.session.add(
            Company(
                id=1,
                dataset_id="3f0d6d6e-0000-4000-8000-00000000abcd",
                name="Northwind Traders",
                currency=CURRENCY,
                timezone="America/Los_Angeles",
                language="en",
                country="US",
                created_at=work.now,
            )
        )
        staff: dict[str, int] = {}
        for row in sheets["Staff"]:
            login = row["Name"].split()[0].lower()
            user = User(login=login, login_key=login, name=row["Name"], created_at=work.now)
            work.session.add(user)
            work.session.flush()
            role = "owner" if row["Reports To"] is None else "sales_rep"
            work.session.add(UserRole(user_id=user.id, role=role))
            staff[row["Name"]] = user.id
    boss = rules.combine(user_id=staff["Andrew Fuller"], login="andrew", name="Andrew Fuller", roles=["owner"])
    loaded = Northwind(boss, lines, staff)
    with database.begin(boss) as work:
        for row in sheets["Customers"]:
            values = _firm(row, is_customer=True) | {"owner": staff.get(row["Salesperson"])}
            loaded.customers[row["Customer ID"]] = contacts.create(work, values)
        for row in sheets["Suppliers"]:
            loaded.suppliers[row["Supplier ID"]] = contacts.create(work, _firm(row, is_customer=False))
    with database.begin(boss) as work:
        for row in sheets["Products"]:
            loaded.products[row["Product Name"]] = products.create(work, _product(row))
        gone = [loaded.products[row["Product Name"]] for row in sheets["Products"] if row["Discontinued"] == "Yes"]
        products.set_active(work, gone, active=False)
    with database.begin(boss) as work:
        by_order: dict[int, list[SheetLine]] = {}
        for line in lines:
            by_order.setdefault(line.order, []).append(line)
        ids = service.create_many(work, [_order(loaded, of) for of in by_order.values()], confirmed=True)
        loaded.orders = dict(zip(by_order, ids, strict=True))
    return loaded


def read_sheets() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet by column name."""
    import openpyxl

    workbook = openpyxl.load_workbook(SAMPLE, read_only=True, data_only=True)
    sheets = {}
    for sheet in workbook:
        header, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    workbook.close()
    return sheets


def _line(row: dict[str, Any]) -> SheetLine:
    return SheetLine(
        row["Order No"],
        row["Customer ID"],
        row["Customer"],
        row["Salesperson"],
        row["Order Date"].date(),
        row["Required Date"].date() if row["Required Date"] else None,
        row["Product"],
        *(Decimal(str(row[name])) for name in ("Quantity", "Unit Price", "Discount")),
    )


def _firm(row: dict[str, Any], *, is_customer: bool) -> dict[str, Any]:
    address = {
        "kind": "office",
        "street": row["Address"] or "",
        "city": row["City"] or "",
        "region": row["Region"] or "",
        "postcode": str(row["Postal Code"] or ""),
        "country": COUNTRIES.get(row["Country"] or "", ""),
    }
    points = [
        {"kind": kind, "value": str(row[name])} for kind, name in (("phone", "Phone"), ("fax", "Fax")) if row[name]
    ]
    return {
        "kind": "company",
        "name": row["Company Name"],
        "short_name": str(row["Customer ID"]) if is_customer else "",
        "is_customer": is_customer,
        "is_supplier": not is_customer,
        "status": "customer" if is_customer else "prospect",
        "points": points,
        "addresses": [address],
        "notes": f"{row['Contact Name']}, {row['Contact Title']}",
    }


def _product(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": f"NW-{row['Product ID']:02}",
        "name": row["Product Name"],
        "category": row["Category"],
        "unit": row["Quantity Per Unit"],
        "list_price": Decimal(str(row["Unit Price"])),
        "tax_percent": Decimal(0),
    }


def _order(loaded: Northwind, lines: Sequence[SheetLine]) -> dict[str, Any]:
    first = lines[0]
    return {
        "contact_id": loaded.customers[first.customer_id],
        "salesperson": loaded.staff[first.salesperson],
        "reference": str(first.order),
        "dated_on": first.ordered_on,
        "due_on": first.required_on,
        "lines": [
            {
                "product_id": loaded.products[line.product],
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "discount_percent": line.discount * 100,
            }
            for line in lines
        ],
    }
