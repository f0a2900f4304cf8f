"""Who may do what: one alphabetised vocabulary, `resource:action`, and the guards of the services."""

import functools
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from crm_desktop.shared.errors import NotAllowed

if TYPE_CHECKING:
    from crm_desktop.shared.actor import Actor


class Permission(StrEnum):
    """Every right a role can give, in alphabetical order."""

    ACTIVITY_DELETE = "activity:delete"
    ACTIVITY_EXPORT = "activity:export"
    ACTIVITY_IMPORT = "activity:import"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    BACKUP_RESTORE = "backup:restore"
    BACKUP_RUN = "backup:run"
    COMPANY_WRITE = "company:write"
    CONTACT_ASSIGN = "contact:assign"
    CONTACT_DELETE = "contact:delete"
    CONTACT_EXPORT = "contact:export"
    CONTACT_IMPORT = "contact:import"
    CONTACT_MERGE = "contact:merge"
    CONTACT_READ = "contact:read"
    CONTACT_WRITE = "contact:write"
    COST_READ = "cost:read"
    COST_WRITE = "cost:write"
    CREDIT_OVERRIDE = "credit:override"
    CREDIT_LIMIT_READ = "credit_limit:read"
    CREDIT_LIMIT_WRITE = "credit_limit:write"
    DELIVERY_EXPORT = "delivery:export"
    DELIVERY_READ = "delivery:read"
    DELIVERY_WRITE = "delivery:write"
    DOCUMENT_PRINT = "document:print"
    DUNNING_WRITE = "dunning:write"
    FIELD_DEFINE = "field:define"
    FOLLOW_UP_SETTINGS_WRITE = "follow_up_settings:write"
    INSTALMENT_WRITE = "instalment:write"
    INVOICE_EXPORT = "invoice:export"
    INVOICE_IMPORT = "invoice:import"
    INVOICE_POST = "invoice:post"
    INVOICE_READ = "invoice:read"
    INVOICE_UNPOST = "invoice:unpost"
    INVOICE_WRITE = "invoice:write"
    JOURNAL_EXPORT = "journal:export"
    JOURNAL_READ = "journal:read"
    MARGIN_READ = "margin:read"
    OPPORTUNITY_EXPORT = "opportunity:export"
    OPPORTUNITY_READ = "opportunity:read"
    OPPORTUNITY_WRITE = "opportunity:write"
    ORDER_CLOSE = "order:close"
    ORDER_CONFIRM = "order:confirm"
    ORDER_EXPORT = "order:export"
    ORDER_IMPORT = "order:import"
    ORDER_READ = "order:read"
    ORDER_WRITE = "order:write"
    POOL_WRITE = "pool:write"
    PRICE_IMPORT = "price:import"
    PRICE_READ = "price:read"
    PRICE_WRITE = "price:write"
    PRODUCT_EXPORT = "product:export"
    PRODUCT_IMPORT = "product:import"
    PRODUCT_READ = "product:read"
    PRODUCT_WRITE = "product:write"
    PROMISE_WRITE = "promise:write"
    QUOTE_EXPORT = "quote:export"
    QUOTE_IMPORT = "quote:import"
    QUOTE_READ = "quote:read"
    QUOTE_WRITE = "quote:write"
    RECEIPT_ALLOCATE = "receipt:allocate"
    RECEIPT_EXPORT = "receipt:export"
    RECEIPT_IMPORT = "receipt:import"
    RECEIPT_POST = "receipt:post"
    RECEIPT_READ = "receipt:read"
    WRITE_OFF = "receivable:write_off"
    RECEIVABLE_SETTINGS_WRITE = "receivable_settings:write"
    REPORT_EXPORT = "report:export"
    REPORT_READ = "report:read"
    SALES_SETTINGS_WRITE = "sales_settings:write"
    TAG_WRITE = "tag:write"
    USER_WRITE = "user:write"
    VIEW_SHARE = "view:share"


class Scope(IntEnum):
    """Which rows of an entity a role reaches; several roles combine to the widest."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


class Domain(StrEnum):
    """The two sides of the wall: sales reaches no supplier data, purchasing no customer data."""

    PURCHASING = "purchasing"
    SALES = "sales"


class HasActor(Protocol):
    """What a guard needs of the unit of work."""

    @property
    def actor(self) -> "Actor":
        """Return who acts."""
        ...


P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound=HasActor)


def requires(
    *permissions: Permission,
) -> Callable[[Callable[Concatenate[W, P], R]], Callable[Concatenate[W, P], R]]:
    """Let a service function run only for an actor who has every one of `permissions`.

    The wrapped function raises NotAllowed otherwise; `function.permissions` tells screens whether to
    offer it.
    """

    def guard(function: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[W, P], R]:
        @functools.wraps(function)
        def guarded(work: W, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not work.actor.may(*permissions):
                raise NotAllowed
            return function(work, *args, **kwargs)

        guarded.permissions = frozenset(permissions)  # type: ignore[attr-defined]
        return guarded

    return guard


def open_to_all(reason: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Mark a service function that needs no permission, saying why."""

    def mark(function: Callable[..., R]) -> Callable[..., R]:
        function.permissions = frozenset()  # type: ignore[attr-defined]
        function.open_because = reason  # type: ignore[attr-defined]
        return function

    return mark


def needed(function: Callable[..., Any]) -> frozenset[Permission]:
    """Return the permissions a guarded service function asks for. Raises AttributeError if unguarded."""
    permissions: frozenset[Permission] = function.permissions  # type: ignore[attr-defined]
    return permissions
