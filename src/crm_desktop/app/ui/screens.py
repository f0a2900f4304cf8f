"""The ordered list of what the window offers: rail, tools, records, settings, search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from crm_desktop.activities.ui import pool_specs as pool
from crm_desktop.activities.ui import specs as activities
from crm_desktop.app.ui import contact_above
from crm_desktop.contacts.ui import above as above_contacts
from crm_desktop.contacts.ui import specs as contacts
from crm_desktop.contacts.ui.related import RelatedPane
from crm_desktop.contacts.ui.specs import Found
from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.home.ui import specs as home
from crm_desktop.orders.ui import above as above_orders
from crm_desktop.orders.ui import specs as orders
from crm_desktop.orders.ui import specs_records as documents
from crm_desktop.pipeline.ui import specs as pipeline
from crm_desktop.products.ui import specs as products
from crm_desktop.receivables.ui import report_seam
from crm_desktop.receivables.ui import specs as receivables
from crm_desktop.receivables.ui import specs_settings as money
from crm_desktop.receivables.ui.above import ADDITIONS
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

if TYPE_CHECKING:
    from pathlib import Path

    from crm_desktop.app.session import Session
    from crm_desktop.exchange.ui.incoming.wizard import ImportWizard


def _report_files() -> Any:
    # Loaded when the first report is written: it brings the database library with it.
    from crm_desktop.app import report_files

    return report_files


def _targets() -> Any:
    # Loaded when the first import is looked at, as above.
    from crm_desktop.app.targets import TARGETS

    return TARGETS


above_contacts.attach(activities.CONTACTS_ACTION)
above_orders.attach(ADDITIONS)
incoming_seam.attach(_targets)
report_seam.attach(_report_files)

SETTINGS: Final = "settings"
"""The entity under which `desk.open_record` opens the settings."""

MakeRecord = Callable[[Desk, int | None, DraftStore | None, str], Screen]
Provider = Callable[[Any, str], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record the ☰ menu offers to write down; `text` is marked."""

    entity: str
    text: str
    icon: str
    permission: Permission


def _reports(desk: Desk) -> Screen:
    from crm_desktop.app.ui.reports_screen import ReportsScreen

    return ReportsScreen(desk)


def _imports(desk: Desk) -> Screen:
    from crm_desktop.exchange.ui.incoming.history import ImportHistoryScreen

    return ImportHistoryScreen(desk)


def import_wizard(desk: Desk, name: str, files: "Sequence[Path]", session: "Session") -> "ImportWizard":
    """Return the tab that brings in a file; `name` is what is to come in, "" when that is to be found out."""
    from crm_desktop.app.safety import before_import
    from crm_desktop.exchange.ui.incoming.wizard import ImportWizard

    return ImportWizard(desk, name, files, back_up=partial(before_import, session))


IMPORTING: Final = (
    Permission.CONTACT_IMPORT,
    Permission.PRODUCT_IMPORT,
    Permission.PRICE_IMPORT,
    Permission.QUOTE_IMPORT,
    Permission.ORDER_IMPORT,
    Permission.INVOICE_IMPORT,
    Permission.RECEIPT_IMPORT,
    Permission.USER_WRITE,
)
"""Whoever has one of these may bring in files of that kind."""
IMPORTS: Final = ScreenSpec("imports", N_("Imports"), "history", _imports, any_of=IMPORTING)
REPORTS: Final = ScreenSpec(
    "reports", N_("Reports"), "chart-no-axes-column", _reports, Permission.REPORT_READ, (Domain.SALES,), "", "reports"
)
SCREENS: Final[tuple[ScreenSpec, ...]] = (
    *home.SCREENS,
    *contacts.SCREENS,
    *activities.SCREENS,
    *pipeline.SCREENS,
    *orders.SCREENS,
    *receivables.SCREENS,
    *products.SCREENS,
    REPORTS,
)
"""In the rail, from top to bottom; a new group starts after a gap."""
UNDER: Final = {
    "opportunities": "pipeline",
    "backlog": "orders",
    "deliveries": "orders",
    "instalments": "collections",
    "ageing": "collections",
    "dunning": "collections",
    "tax_invoices": "invoices",
    "price_lists": "products",
}
"""Which screen of the rail stands under which: shown while one works there."""
TOOLS: Final[tuple[ScreenSpec, ...]] = (*contacts.TOOLS, *pool.TOOLS, IMPORTS)
"""Opened from Ctrl+K and from lists."""
TOOL_ENTITIES: Final = {
    contacts.DUPLICATES_ENTITY: "duplicates",
    "dunning_run": "dunning",
    "import_history": "imports",
    "pool": "pool",
}
"""Which tool `desk.open_record` means by an entity."""
RELATED: Final = (
    RelatedPane("pipeline", N_("Opportunities"), pipeline.customer_opportunities, Permission.OPPORTUNITY_READ),
    RelatedPane("sales", N_("Sales"), orders.customer_sales, Permission.ORDER_READ),
    money.RELATED,
)
"""Tabs other features add to the record of a customer."""
OF_OPPORTUNITY: Final = (
    RelatedPane("documents", N_("Quotes and orders"), documents.opportunity_documents, Permission.QUOTE_READ),
)
"""Tabs other features add to the record of an opportunity."""
RECORDS: Final[dict[str, MakeRecord]] = {
    **contacts.RECORDS,
    contacts.ENTITY: partial(contacts.contact_record, above=contact_above.above(RELATED)),
    **products.RECORDS,
    **pipeline.records(OF_OPPORTUNITY),
    **documents.RECORDS,
    **documents.FOR_CONTACT,
    **receivables.RECORDS,
    **receivables.FOR_CONTACT,
}
DIALOGS: Final = {**activities.DIALOGS}
"""What `desk.open_record` shows in a dialog over the window instead of a tab."""
NEW_RECORDS: Final = (
    NewRecord(contacts.ENTITY, N_("New contact"), "user-plus", Permission.CONTACT_WRITE),
    *(NewRecord(entity, *words) for entity, words in (pipeline.NEW | documents.NEW | receivables.NEW).items()),
    *(NewRecord(*new) for new in products.NEW),
)
PROVIDERS: Final[tuple[Provider, ...]] = (
    contacts.find_contacts,
    activities.find_activities,
    pipeline.find_opportunities,
    orders.find_documents,
    receivables.find_receivables,
    products.find_products,
)
"""What Ctrl+K asks for records, on the database lane."""


def rail_of(actor: Actor) -> tuple[ScreenSpec, ...]:
    """Return the screens the role of `actor` has."""
    return tuple(spec for spec in SCREENS if spec.offered_to(actor))


def tools_of(actor: Actor) -> tuple[ScreenSpec, ...]:
    """Return the tools the role of `actor` has."""
    return tuple(spec for spec in TOOLS if spec.offered_to(actor))


def settings_sections(session: "Session", back_up: Callable[[], None] = lambda: None) -> tuple[ScreenSpec, ...]:
    """Return the sections of the settings this person has, in order; `back_up` begins a backup in this window."""
    offered = (
        ScreenSpec("company", N_("Company"), "building-2", _company, Permission.COMPANY_WRITE),
        ScreenSpec("people", N_("People and teams"), "users", _people(session), Permission.USER_WRITE),
        ScreenSpec("letterhead", N_("Letterhead"), "file-text", _letterhead, Permission.COMPANY_WRITE),
        *products.SETTINGS,
        *documents.SETTINGS,
        *money.SETTINGS,
        *contacts.SETTINGS,
        *activities.SETTINGS,
        *pipeline.SETTINGS,
        *pool.SETTINGS,
        ScreenSpec("backup", N_("Backup"), "archive", _backup(session, back_up), Permission.BACKUP_RUN),
        ScreenSpec("data", N_("Where is my data?"), "database", _data(session)),
        ScreenSpec("journal", N_("Journal"), "history", _journal, Permission.JOURNAL_READ),
        ScreenSpec("account", N_("My account"), "user", _account(session)),
        ScreenSpec("about", N_("About"), "info", _about),
    )
    return tuple(spec for spec in offered if spec.offered_to(session.actor))


def _letterhead(desk: Desk) -> Screen:
    from crm_desktop.reports.ui.letterhead_page import LetterheadPage

    return LetterheadPage(desk)


def _company(desk: Desk) -> Screen:
    from crm_desktop.access.ui.company_screen import CompanyScreen

    return CompanyScreen(desk)


def _people(session: "Session") -> Callable[[Desk], Screen]:
    def make(desk: Desk) -> Screen:
        from crm_desktop.access.ui.users_screen import UsersScreen
        from crm_desktop.app.session import HANDS_OVER

        on_server = session.server is not None
        return UsersScreen(desk, on_server=on_server, hands_over=HANDS_OVER, server=session.server)

    return make


def _journal(desk: Desk) -> Screen:
    from crm_desktop.app.ui.journal import journal_screen

    return journal_screen(desk)


def _account(session: "Session") -> Callable[[Desk], Screen]:
    def make(desk: Desk) -> Screen:
        from crm_desktop.app.ui.account_page import AccountPage

        return AccountPage(desk, session.server)

    return make


def _backup(session: "Session", back_up: Callable[[], None]) -> Callable[[Desk], Screen]:
    def make(desk: Desk) -> Screen:
        from crm_desktop.app.ui.backup_seam import seam_of
        from crm_desktop.backup.ui.page import BackupPage

        return BackupPage(desk, seam_of(session, desk, back_up), session.profile.name)

    return make


def _data(session: "Session") -> Callable[[Desk], Screen]:
    def make(desk: Desk) -> Screen:
        from crm_desktop.app.ui.data_page import DataPage

        return DataPage(desk, session)

    return make


def _about(desk: Desk) -> Screen:
    from crm_desktop.app.ui.about_page import AboutPage

    return AboutPage(desk)
