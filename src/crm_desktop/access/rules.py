"""Pure decisions about people: what the shipped roles give, who is in whose team, how login is throttled."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission, Scope

MIN_PASSWORD_CHARS: Final = 8
FREE_ATTEMPTS: Final = 5
MAX_DELAY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Role:
    """One shipped role. `scopes` gives the row scope per side of the wall; a missing side is none."""

    key: str
    label: str
    explains: str
    permissions: frozenset[Permission]
    scopes: Mapping[Domain, Scope] = field(default_factory=dict)


_STAFF = {
    Permission.ACTIVITY_READ,
    Permission.ACTIVITY_WRITE,
    Permission.CONTACT_READ,
    Permission.CONTACT_WRITE,
    Permission.PRODUCT_READ,
    Permission.TAG_WRITE,
}
_SELLS = {
    Permission.DELIVERY_READ,
    Permission.DELIVERY_WRITE,
    Permission.DOCUMENT_PRINT,
    Permission.INVOICE_READ,
    Permission.OPPORTUNITY_READ,
    Permission.OPPORTUNITY_WRITE,
    Permission.ORDER_CONFIRM,
    Permission.ORDER_READ,
    Permission.ORDER_WRITE,
    Permission.PRICE_READ,
    Permission.PROMISE_WRITE,
    Permission.QUOTE_READ,
    Permission.QUOTE_WRITE,
    Permission.RECEIPT_READ,
    Permission.REPORT_READ,
}
_TAKES_SALES_OUT = {
    Permission.ACTIVITY_EXPORT,
    Permission.DELIVERY_EXPORT,
    Permission.INVOICE_EXPORT,
    Permission.OPPORTUNITY_EXPORT,
    Permission.ORDER_EXPORT,
    Permission.PRODUCT_EXPORT,
    Permission.QUOTE_EXPORT,
    Permission.RECEIPT_EXPORT,
    Permission.REPORT_EXPORT,
}

ROLES: Final[Mapping[str, Role]] = {
    role.key: role
    for role in (
        Role(
            "sales_rep",
            N_("Sales rep"),
            N_("Own customers and the public pool."),
            frozenset(_STAFF | _SELLS),
            {Domain.SALES: Scope.OWN},
        ),
        Role(
            "sales_manager",
            N_("Sales manager"),
            N_("Customers of the team and of every team below it; hands customers over."),
            frozenset(
                _STAFF
                | _SELLS
                | _TAKES_SALES_OUT
                | {
                    Permission.ACTIVITY_DELETE,
                    Permission.ACTIVITY_IMPORT,
                    Permission.CONTACT_ASSIGN,
                    Permission.CONTACT_DELETE,
                    Permission.CONTACT_EXPORT,
                    Permission.CONTACT_IMPORT,
                    Permission.CONTACT_MERGE,
                    Permission.CREDIT_LIMIT_READ,
                    Permission.CREDIT_OVERRIDE,
                    Permission.FOLLOW_UP_SETTINGS_WRITE,
                    Permission.MARGIN_READ,
                    Permission.ORDER_CLOSE,
                    Permission.ORDER_IMPORT,
                    Permission.POOL_WRITE,
                    Permission.PRICE_IMPORT,
                    Permission.PRICE_WRITE,
                    Permission.PRODUCT_IMPORT,
                    Permission.PRODUCT_WRITE,
                    Permission.QUOTE_IMPORT,
                    Permission.VIEW_SHARE,
                }
            ),
            {Domain.SALES: Scope.TEAM},
        ),
        Role(
            "purchaser",
            N_("Purchaser"),
            N_("All suppliers; no customer."),
            frozenset(
                _STAFF
                | {
                    Permission.CONTACT_IMPORT,
                    Permission.COST_READ,
                    Permission.COST_WRITE,
                    Permission.PRODUCT_EXPORT,
                    Permission.PRODUCT_IMPORT,
                    Permission.PRODUCT_WRITE,
                }
            ),
            {Domain.PURCHASING: Scope.ALL},
        ),
        Role(
            "accountant",
            N_("Accountant"),
            N_("Everything on both sides, for money; hands nothing over."),
            frozenset(
                _STAFF
                | _SELLS
                | _TAKES_SALES_OUT
                | {
                    Permission.ACTIVITY_IMPORT,
                    Permission.CONTACT_EXPORT,
                    Permission.CONTACT_IMPORT,
                    Permission.COST_READ,
                    Permission.COST_WRITE,
                    Permission.CREDIT_LIMIT_READ,
                    Permission.CREDIT_LIMIT_WRITE,
                    Permission.DUNNING_WRITE,
                    Permission.INSTALMENT_WRITE,
                    Permission.INVOICE_IMPORT,
                    Permission.INVOICE_POST,
                    Permission.INVOICE_WRITE,
                    Permission.MARGIN_READ,
                    Permission.ORDER_CLOSE,
                    Permission.ORDER_IMPORT,
                    Permission.PRICE_IMPORT,
                    Permission.PRICE_WRITE,
                    Permission.PRODUCT_IMPORT,
                    Permission.PRODUCT_WRITE,
                    Permission.QUOTE_IMPORT,
                    Permission.RECEIPT_ALLOCATE,
                    Permission.RECEIPT_IMPORT,
                    Permission.RECEIPT_POST,
                    Permission.RECEIVABLE_SETTINGS_WRITE,
                    Permission.SALES_SETTINGS_WRITE,
                    Permission.WRITE_OFF,
                }
            ),
            {Domain.SALES: Scope.ALL, Domain.PURCHASING: Scope.ALL},
        ),
        Role(
            "owner",
            N_("Business owner"),
            N_("Everything."),
            frozenset(Permission),
            {Domain.SALES: Scope.ALL, Domain.PURCHASING: Scope.ALL},
        ),
        Role(
            "administrator",
            N_("Administrator"),
            N_("Users, settings and backup; no business data."),
            frozenset(
                {
                    Permission.BACKUP_RESTORE,
                    Permission.BACKUP_RUN,
                    Permission.COMPANY_WRITE,
                    Permission.FIELD_DEFINE,
                    Permission.JOURNAL_EXPORT,
                    Permission.JOURNAL_READ,
                    Permission.USER_WRITE,
                }
            ),
        ),
    )
}
"""The six shipped roles, safe as shipped."""


def combine(*, user_id: int, login: str, name: str, roles: Iterable[str], team_ids: Collection[int] = ()) -> Actor:
    """Return the actor several roles make: every permission of each, the widest scope of each side."""
    held = [ROLES[key] for key in roles if key in ROLES]
    scopes = {
        domain: max((role.scopes.get(domain, Scope.NONE) for role in held), default=Scope.NONE) for domain in Domain
    }
    return Actor(
        user_id=user_id,
        login=login,
        name=name,
        permissions=frozenset().union(*(role.permissions for role in held)),
        scopes=scopes,
        team_ids=frozenset(team_ids) | {user_id},
        roles=tuple(role.key for role in held),
    )


def teams_reached(
    user_id: int, parents: Mapping[int, int | None], managers: Mapping[int, int | None]
) -> frozenset[int]:
    """Return the ids of the teams a person manages and of every team below them.

    `parents` gives each team's parent, `managers` each team's manager. A circle in the tree ends where
    it began.
    """
    reached = {team for team, manager in managers.items() if manager == user_id}
    grown = True
    while grown:
        below = {team for team, parent in parents.items() if parent in reached} - reached
        reached |= below
        grown = bool(below)
    return frozenset(reached)


def retry_after(failed_attempts: int, failed_at: datetime) -> datetime | None:
    """Return the instant before which no further password is looked at, None when there is no delay.

    Five free attempts, then 1, 2, 4 … 60 seconds; never a lock, or a colleague could lock the owner out
    (source: docs/decisions/0004).
    """
    over = failed_attempts - FREE_ATTEMPTS
    if over < 0:
        return None
    return failed_at + timedelta(seconds=min(2 ** min(over, 10), MAX_DELAY_SECONDS))


def makes_circle(team_id: int, parent_id: int | None, parents: Mapping[int, int | None]) -> bool:
    """Return whether hanging `team_id` below `parent_id` would close a circle."""
    seen = set()
    while parent_id is not None and parent_id not in seen:
        if parent_id == team_id:
            return True
        seen.add(parent_id)
        parent_id = parents.get(parent_id)
    return False


OWNER: Final = "owner"

SYSTEM_ENTITIES: Final = frozenset({"backup", "company", "custom_field", "login", "team", "user"})
"""What the journal shows to those who see no business data."""

TALK_ENTITY: Final = "activity"
"""What the journal shows only to those who reach the row itself: it stands on one side of a contact or the other."""

SALES_ENTITIES: Final = (
    "below_cost",
    "credit_override",
    "delivery",
    "dunning_letter",
    "instalment",
    "invoice",
    "opportunity",
    "order",
    "price_list",
    "promise",
    "quote",
    "receipt",
    "reschedule",
    "statement",
    "tax_invoice",
    "write_off",
)
"""What the journal shows of a contact only to those who reach it as a customer."""

COST_ENTITY: Final = "product_cost"
"""What the journal shows only to those who may read costs."""

CREDIT_ENTITY: Final = "customer_credit"
"""What the journal shows only to those who may read credit limits."""


def may_manage(actor: Actor, roles: Collection[str]) -> bool:
    """Return whether the actor may give or take `roles`, or change somebody who has them.

    Only an owner touches an owner: otherwise whoever looks after the users could make themselves one.
    """
    return actor.user_id is None or OWNER in actor.roles or OWNER not in roles


def login_key(login: str) -> str:
    """Return what a login is recognised by, however its letters are typed."""
    import unicodedata

    return unicodedata.normalize("NFKC", login).strip().casefold()
