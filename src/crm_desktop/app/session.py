"""An open company with the person who is logged in; everything a window or a command works with."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crm_desktop.access import company, login, people
from crm_desktop.access.company import CompanyProfile
from crm_desktop.access.server import ServerAccounts
from crm_desktop.activities import above as above_activities
from crm_desktop.activities import told as told_of_activities
from crm_desktop.activities.moving import ActivitiesOfContacts, ActivityHandover
from crm_desktop.activities.pool.claims import PoolGate
from crm_desktop.app.opening import FileDamaged, is_server, new_file, new_on_server, open_file, open_on_server
from crm_desktop.contacts import above
from crm_desktop.contacts.above import Told
from crm_desktop.contacts.handover import ContactHandover
from crm_desktop.db.failures import is_damage, is_out_of_reach
from crm_desktop.db.work import Database
from crm_desktop.orders import above as above_orders
from crm_desktop.orders import timeline as timeline_of_orders
from crm_desktop.orders import told as told_of_orders
from crm_desktop.orders.holding import OrdersOfCustomers
from crm_desktop.orders.moving import DocumentsOfContacts
from crm_desktop.pipeline import timeline as timeline_of_pipeline
from crm_desktop.pipeline import told as told_of_pipeline
from crm_desktop.pipeline.moving import OpportunitiesOfContacts, OpportunityHandover
from crm_desktop.products.moving import PriceListsOfContacts
from crm_desktop.receivables import timeline as timeline_of_receivables
from crm_desktop.receivables import told as told_of_receivables
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.holding import DebtsOfCustomers
from crm_desktop.receivables.incoming.credit_limits import CreditLimits
from crm_desktop.receivables.moving import MoneyOfContacts
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import Clock, SystemClock
from crm_desktop.shared.errors import NotFound, Unavailable
from crm_desktop.shared.i18n import N_

HANDS_OVER = (ContactHandover(), ActivityHandover(), OpportunityHandover())
"""What moves when somebody leaves; documents follow their contact by themselves."""

above.attach(
    *(DocumentsOfContacts(), MoneyOfContacts(), PriceListsOfContacts(), OpportunitiesOfContacts()),
    ActivitiesOfContacts(),
    told=Told(
        {**told_of_activities.ENTITIES, **told_of_orders.ENTITIES}
        | {**told_of_receivables.ENTITIES, **told_of_pipeline.ENTITIES},
        {**told_of_activities.ACTIONS, **told_of_orders.ACTIONS}
        | {**told_of_receivables.ACTIONS, **told_of_pipeline.ACTIONS},
        told_of_activities.READABLE,
    ),
    additions=(CreditLimits(),),
    gate=PoolGate(),
    follows=(ActivitiesOfContacts(),),
)
above_activities.attach(
    sources=(*timeline_of_orders.SOURCES, *timeline_of_receivables.SOURCES, *timeline_of_pipeline.SOURCES),
    holds=(OrdersOfCustomers(), DebtsOfCustomers()),
)
above_orders.attach(InvoicesOfOrders())


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one open company. `names` gives the name of each user id."""

    database: Database
    actor: Actor
    address: str
    profile: CompanyProfile
    names: dict[int, str]
    server: ServerAccounts | None = None
    must_change_password: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @contextmanager
    def begin(self, *, operation_id: str, writes: bool) -> Iterator[Any]:
        """Open the unit of work of one task of a window."""
        try:
            if writes:
                with self.database.begin(self.actor, origin=operation_id, operation_id=operation_id) as work:
                    yield work
            else:
                with self.database.read(self.actor) as work:
                    yield work
        except Exception as error:
            if is_damage(error):
                self.database.note_damage()
            elif not writes and isinstance(error, Unavailable) and is_out_of_reach(error.__cause__):
                raise Unavailable(N_("The data cannot be reached just now. Try again in a moment.")) from error
            raise

    def refreshed(self) -> "Session":
        """Return the session as the roles stand now. Raises NotFound when the account was closed."""
        assert self.actor.user_id is not None
        with self.database.read(SYSTEM) as work:
            actor = login.current_actor(work, self.actor.user_id)
        return of_actor(self.database, actor, self.address, self.server)


def open_database(address: str) -> Database | None:
    """Open a file before anybody logs in; None for a server, which is opened by the person."""
    return None if is_server(address) else open_file(path_of(address))


def warm_up(database: Database) -> None:
    """Load, and have compiled, what every login asks for, while the password is still being typed."""
    import argon2  # noqa: F401

    with database.read(SYSTEM) as work:
        company.company(work)
        for user_id in list(people.names(work))[:1]:
            with suppress(NotFound):
                login.current_actor(work, user_id)


def log_in(address: str, login_name: str, password: str, database: Database | None = None) -> Session:
    """Open the company at `address` for one person.

    `database` is the file when it is open already. Raises what `open_file`, `open_on_server` and
    `access.login.log_in` raise, FileDamaged.
    """
    opened = database
    if opened is None:
        if is_server(address):
            opened = open_on_server(address, login_name, password)
        else:
            opened = open_file(path_of(address))
    try:
        return of_actor(opened, login.log_in(opened, login_name, password), address, server_of(address))
    except BaseException as error:
        if database is None:
            opened.close()
        if is_damage(error):
            raise FileDamaged(path=address) from error
        raise


def of_actor(database: Database, actor: Actor, address: str, server: ServerAccounts | None = None) -> Session:
    """Return the session of a known actor."""
    with database.read(actor) as work:
        profile = company.company(work)
        if database.epoch is None:
            database.epoch = profile.epoch
        session = Session(
            database=database,
            actor=actor,
            address=address,
            profile=profile,
            names=dict(people.names(work)),
            server=server,
            clock=database.clock,
        )
        return replace(session, must_change_password=login.must_change_password(work))


def found_company(address: str, **settings: Any) -> str:
    """Make a company with its first owner and return the recovery code.

    `settings` are those of `access.company.found`. On a server `address` carries the administrator's
    name and password. Raises what `new_file`, `new_on_server` and `found` raise.
    """
    database = new_on_server(address) if is_server(address) else new_file(path_of(address))
    try:
        with database.begin(SYSTEM) as work:
            return company.found(work, server=server_of(address), **settings).recovery_code
    finally:
        database.close()


def make_demo_company(address: str, **choices: Any) -> int:
    """Make the demo company and return how many orders it has; `choices` are those of `app.demo.make.make_demo`."""
    from crm_desktop.app.demo.make import make_demo

    database = new_on_server(address) if is_server(address) else new_file(path_of(address))
    try:
        return make_demo(database, server=server_of(address), **choices)
    finally:
        database.close()


def server_of(address: str) -> ServerAccounts | None:
    """Return what manages the login roles of a server, None for a file."""
    if not is_server(address):
        return None
    from crm_desktop.access.rules import login_key
    from crm_desktop.db.server import ServerLogins

    return ServerLogins(login_key)


def path_of(address: str) -> Path:
    """Return the path of a file's address, the home folder spelled out."""
    return Path(address).expanduser()
