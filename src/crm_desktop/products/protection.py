"""What a PostgreSQL server enforces for products, costs and price lists."""

from typing import Final

from crm_desktop.db.row_security import Policy, ServerFunction, Table, Verb
from crm_desktop.exchange.protection import only_imported
from crm_desktop.shared.permissions import Permission

_CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE)
_LIST = (
    "(select crm.sells()) and (contact_id is null or exists (select from crm.contact c where c.id = contact_id and "
    "c.is_customer))"
)
_OF_LIST = "exists (select from crm.price_list l where l.id = price_list_id)"

TABLES: Final = (
    Table(
        "product",
        (
            Policy(Verb.SELECT, permission=Permission.PRODUCT_READ),
            Policy(Verb.INSERT, permission=Permission.PRODUCT_WRITE),
            Policy(Verb.UPDATE, permission=Permission.PRODUCT_WRITE),
            Policy(Verb.DELETE, permission=Permission.PRODUCT_IMPORT),
        ),
    ),
    Table(
        "product_cost",
        (
            Policy(Verb.SELECT, permission=Permission.COST_READ),
            *(Policy(verb, permission=Permission.COST_WRITE) for verb in _CHANGES),
        ),
    ),
    Table(
        "price_list",
        (
            Policy(Verb.SELECT, _LIST, Permission.PRICE_READ),
            *(Policy(verb, _LIST, Permission.PRICE_WRITE) for verb in _CHANGES),
        ),
    ),
    Table(
        "price",
        (
            Policy(Verb.SELECT, _OF_LIST, Permission.PRICE_READ),
            *(Policy(verb, _OF_LIST, Permission.PRICE_WRITE) for verb in _CHANGES),
        ),
    ),
    Table(
        "sales_settings",
        (
            Policy(Verb.SELECT),
            Policy(Verb.INSERT, permission=Permission.SALES_SETTINGS_WRITE),
            Policy(Verb.UPDATE, permission=Permission.SALES_SETTINGS_WRITE),
        ),
    ),
)
"""Who reads and changes each table of this feature."""

_SAFE = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "sells()",
        f"""create or replace function crm.sells() returns boolean language sql stable {_SAFE} as $body$
        select crm.me() is not null and (
            pg_has_role(session_user, '{{p}}_contact_read_sales_own', 'member')
            or pg_has_role(session_user, '{{p}}_contact_read_sales_team', 'member')
            or pg_has_role(session_user, '{{p}}_contact_read_sales_all', 'member'))
        $body$""",
    ),
    ServerFunction(
        "below_cost(bigint[], bigint[])",
        # Says whether, never how much: the warning is for people who may not see costs.
        f"""create or replace function crm.below_cost(products bigint[], prices bigint[]) returns boolean[]
        language sql stable {_SAFE} as $body$
        select array_agg(coalesce(crm.me() is not null and given.price < c.cost, false) order by given.place)
        from unnest(products, prices) with ordinality given(product, price, place)
        left join product_cost c on c.product_id = given.product
        $body$""",
        permission=Permission.PRICE_READ,
    ),
)
"""What must reach past the scope, telling no more than it must."""

TRIGGERS: Final = only_imported("product", "product")
"""A product is deleted only by taking back the import that made it."""

SEEN: Final = ("product_cost",)
"""Tables that functions read past a person's scope."""
