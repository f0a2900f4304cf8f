"""What a PostgreSQL server enforces for quotes, orders and deliveries."""

from typing import Final

from crm_desktop.db.row_security import OwnedTable, Policy, ServerFunction, Table, Verb
from crm_desktop.shared.permissions import Domain, Permission

_CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE)


def _document(name: str, read: Permission, write: Permission) -> OwnedTable:
    """A document is on the sales side alone."""
    return OwnedTable(
        name,
        "owner_key",
        {Domain.SALES: "true"},
        {Verb.SELECT: read, Verb.INSERT: write, Verb.UPDATE: write, Verb.DELETE: write},
    )


def part(name: str, column: str, whole: str, read: Permission, write: Permission) -> Table:
    """A row of `name` is reached when the row of `whole` it belongs to is."""
    # Whoever reaches every sale need not have each looked up.
    seen = f"(select crm.reach_every_sale()) or exists (select from crm.{whole} w where w.id = {name}.{column})"
    return Table(name, (Policy(Verb.SELECT, seen, read), *(Policy(verb, seen, write) for verb in _CHANGES)))


def _kept(name: str) -> Table:
    """Everybody reads; those who keep the sales settings change."""
    keep = Permission.SALES_SETTINGS_WRITE
    return Table(name, (Policy(Verb.SELECT), *(Policy(verb, permission=keep) for verb in _CHANGES)))


TABLES: Final = (
    _document("quote", Permission.QUOTE_READ, Permission.QUOTE_WRITE),
    _document("sales_order", Permission.ORDER_READ, Permission.ORDER_WRITE),
    _document("delivery", Permission.DELIVERY_READ, Permission.DELIVERY_WRITE),
    _document("instalment", Permission.ORDER_READ, Permission.ORDER_WRITE),
    part("quote_line", "quote_id", "quote", Permission.QUOTE_READ, Permission.QUOTE_WRITE),
    part("order_line", "order_id", "sales_order", Permission.ORDER_READ, Permission.ORDER_WRITE),
    part("delivery_line", "delivery_id", "delivery", Permission.DELIVERY_READ, Permission.DELIVERY_WRITE),
    Table(
        "order_line_cost",
        (
            Policy(
                Verb.SELECT,
                "(select crm.reach_every_sale()) or exists (select from crm.order_line l where l.id = line_id)",
                Permission.MARGIN_READ,
            ),
        ),
    ),
    _kept("payment_term"),
    _kept("standing_text"),
    Table("counter", (Policy(Verb.SELECT),)),
)
"""Who reads and changes each table of this feature."""

_SAFE = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "reach_every_sale()",
        f"""create or replace function crm.reach_every_sale() returns boolean language sql stable {_SAFE} as $body$
        select crm.me() is not null and pg_has_role(session_user, '{{p}}_contact_read_sales_all', 'member')
        $body$""",
    ),
    ServerFunction(
        "take_numbers(text, int, int)",
        f"""create or replace function crm.take_numbers(of_series text, of_year int, how_many int) returns int
        language sql {_SAFE} as $body$
        insert into counter (series, year, last) select of_series, of_year, how_many
        where crm.me() is not null and how_many > 0
        on conflict (series, year) do update set last = counter.last + how_many
        returning last - how_many + 1
        $body$""",
        runs_as="owner",
        permission=Permission.ORDER_WRITE,
    ),
    ServerFunction(
        "keep_costs(bigint)",
        # Costs are written down for whoever confirms, and shown to those who may see margins.
        f"""create or replace function crm.keep_costs(of_order bigint) returns void language sql {_SAFE} as $body$
        insert into order_line_cost (line_id, cost)
        select l.id, c.cost from order_line l
        join sales_order o on o.id = l.order_id and o.state = 'confirmed'
        join product_cost c on c.product_id = l.product_id
        where l.order_id = of_order and crm.me() is not null
        on conflict (line_id) do nothing
        $body$""",
        runs_as="owner",
        permission=Permission.ORDER_CONFIRM,
    ),
    *(
        ServerFunction(
            f"{of}_numbers_in_use(text[])",
            # An import must not give a number that a document out of sight has: that it is taken is all it tells.
            f"""create or replace function crm.{of}_numbers_in_use(wanted text[]) returns setof text
            language sql stable {_SAFE} as $body$
            select distinct d.number from {table} d where d.number = any (wanted) and crm.me() is not null
            $body$""",
            permission=permission,
        )
        for of, table, permission in (
            ("quote", "quote", Permission.QUOTE_IMPORT),
            ("order", "sales_order", Permission.ORDER_IMPORT),
        )
    ),
)
"""What must reach past the scope, telling no more than it must."""

SEEN: Final = ("quote", "sales_order")
"""Tables that functions read past a person's scope."""
