"""The registry of features without their screens: what exports, reports and the conformance tests walk."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from crm_desktop.access import company, journal_view, login, people, periods, teams, views
from crm_desktop.activities import dates, following, kinds, reminders, timeline, waiting
from crm_desktop.activities import export as activity_export
from crm_desktop.activities import fields as activity_fields
from crm_desktop.activities import lists as activities
from crm_desktop.activities import service as activity_service
from crm_desktop.contacts import (
    bulk,
    custom,
    duplicates,
    export,
    files,
    handover,
    history,
    lists,
    merge,
    service,
    vcard,
)
from crm_desktop.contacts.fields import FIELDS, HIDDEN
from crm_desktop.contacts.incoming import apply as incoming_apply
from crm_desktop.contacts.incoming import matching as incoming_matching
from crm_desktop.contacts.incoming import plan as incoming_plan
from crm_desktop.contacts.incoming import similar as incoming_similar
from crm_desktop.contacts.incoming import undo as incoming_undo
from crm_desktop.contacts.incoming import writing as incoming_writing
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.row_list import RowList
from crm_desktop.exchange import imports, templates, undoing
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.exchange.sheets import context as incoming_context
from crm_desktop.home import (
    asking,
    customer_tiles,
    day,
    digest,
    money_tiles,
    page,
    pool_report,
    quiet_report,
    review,
    rhythm,
    sales_tiles,
    talks,
    tiles,
)
from crm_desktop.orders import (
    deliveries,
    delivery_fields,
    last_prices,
    latest_orders,
    quote_reports,
    quotes,
    reports,
    terms,
)
from crm_desktop.orders import export as document_export
from crm_desktop.orders import fields as document_fields
from crm_desktop.orders import lists as documents
from crm_desktop.orders import service as orders
from crm_desktop.pipeline import board as pipeline_board
from crm_desktop.pipeline import export as pipeline_export
from crm_desktop.pipeline import fields as pipeline_fields
from crm_desktop.pipeline import lists as pipeline
from crm_desktop.pipeline import reasons, stages
from crm_desktop.pipeline import reports as pipeline_reports
from crm_desktop.pipeline import service as opportunities
from crm_desktop.products import costs, price_list_pages, price_lists, prices, settings
from crm_desktop.products import export as product_export
from crm_desktop.products import fields as product_fields
from crm_desktop.products import history as product_history
from crm_desktop.products import lists as product_lists
from crm_desktop.products import service as product_service
from crm_desktop.products.incoming import changing as incoming_changing
from crm_desktop.products.incoming import links as incoming_links
from crm_desktop.products.incoming import making as incoming_making
from crm_desktop.products.model import Product
from crm_desktop.receivables import export as receivable_export
from crm_desktop.receivables import fields as receivable_fields
from crm_desktop.receivables import lists as receivables
from crm_desktop.receivables import money_fields
from crm_desktop.receivables import settings as receivable_settings
from crm_desktop.receivables.billing import (
    credit_notes,
    invoiceable,
    invoices,
    invoicing,
    opening,
    posting,
    stored_papers,
    tax_invoices,
    unposting,
)
from crm_desktop.receivables.billing import history as invoice_history
from crm_desktop.receivables.collecting import (
    aged_items,
    ageing,
    balances,
    collections,
    collections_report,
    credit,
    credit_terms,
    customers,
    due_list,
    due_report,
    dunning,
    dunning_papers,
    on_time,
    payments,
    statement_files,
    statement_papers,
    statements,
    worth,
)
from crm_desktop.receivables.money import (
    accounts,
    allocating,
    disputes,
    open_items,
    paying_back,
    promises,
    receipt_papers,
    receipts,
    rescheduling,
    uses,
    write_offs,
)
from crm_desktop.reports import letterhead
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.report import Report


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature with a list.

    `model` is its main mapped class, every column of which is described in `fields` or named in
    `hidden`; `services` are the modules whose public functions are guarded; `listing` is the module of
    its list; `formats` are the endings `write_file` knows.
    """

    name: str
    entity: str
    label: str
    """What one of its records is called, marked."""
    model: Any
    fields: tuple[Field, ...]
    hidden: frozenset[str]
    services: tuple[ModuleType, ...]
    listing: Any
    write_file: Any
    note_export: Any
    formats: tuple[str, ...]


_SHEETS: Final = (".xlsx", ".csv")


def _documents(
    name: str,
    entity: str,
    label: str,
    listing: RowList,
    export: ListExport,
    *,
    hidden: frozenset[str],
    services: tuple[ModuleType, ...] = (),
) -> Feature:
    """Return a list of documents as a feature: the list itself knows its model and its fields."""
    return Feature(
        name=name,
        entity=entity,
        label=label,
        model=listing.described.entity,
        fields=listing.described.fields,
        hidden=hidden,
        services=services,
        listing=listing,
        write_file=export.write_file,
        note_export=export.note_export,
        formats=_SHEETS,
    )


FEATURES: Final = (
    Feature(
        name="contacts",
        entity=service.ENTITY,
        label=N_("Contact"),
        model=Contact,
        fields=FIELDS,
        hidden=HIDDEN,
        services=(
            *(service, lists, bulk, custom, duplicates, export, files, handover, history, merge, vcard),
            *(incoming_apply, incoming_matching, incoming_plan, incoming_similar, incoming_undo, incoming_writing),
        ),
        listing=lists,
        write_file=export.write_file,
        note_export=export.note_export,
        formats=(".xlsx", ".csv", ".vcf"),
    ),
    Feature(
        name="products",
        entity=product_service.ENTITY,
        label=N_("Product"),
        model=Product,
        fields=product_fields.FIELDS,
        hidden=product_fields.HIDDEN,
        services=(
            *(product_service, product_lists, product_export, product_history, costs, prices, price_lists, settings),
            *(price_list_pages, incoming_changing, incoming_links, incoming_making),
        ),
        listing=product_lists,
        write_file=product_export.write_file,
        note_export=product_export.note_export,
        formats=_SHEETS,
    ),
    _documents(
        "activities",
        "activity",
        N_("Activity"),
        activities.ACTIVITIES,
        activity_export.ACTIVITY_EXPORT,
        hidden=activity_fields.HIDDEN,
        services=(activity_service, activities, dates, following, kinds, reminders, timeline, waiting),
    ),
    _documents(
        "opportunities",
        "opportunity",
        N_("Opportunity"),
        pipeline.OPPORTUNITIES,
        pipeline_export.OPPORTUNITY_EXPORT,
        hidden=pipeline_fields.HIDDEN,
        services=(opportunities, pipeline, pipeline_board, pipeline_reports, reasons, stages),
    ),
    _documents(
        "quotes",
        "quote",
        N_("Quote"),
        documents.QUOTES,
        document_export.QUOTE_EXPORT,
        hidden=document_fields.QUOTE_HIDDEN,
        services=(quotes, terms),
    ),
    _documents(
        "orders",
        "order",
        N_("Order"),
        documents.ORDERS,
        document_export.ORDER_EXPORT,
        hidden=document_fields.ORDER_HIDDEN,
        services=(orders, documents, last_prices, latest_orders, reports, quote_reports),
    ),
    _documents(
        "deliveries",
        "delivery",
        N_("Delivery"),
        documents.DELIVERIES,
        document_export.DELIVERY_EXPORT,
        hidden=delivery_fields.DELIVERY_HIDDEN,
        services=(deliveries,),
    ),
    _documents(
        "backlog",
        "order_line",
        N_("Open line"),
        documents.BACKLOG,
        document_export.BACKLOG_EXPORT,
        hidden=delivery_fields.BACKLOG_HIDDEN,
    ),
    _documents(
        "invoices",
        "invoice",
        N_("Invoice"),
        receivables.INVOICES,
        receivable_export.INVOICE_EXPORT,
        hidden=receivable_fields.INVOICE_HIDDEN,
        services=(
            *(credit, credit_notes, credit_terms, invoice_history, invoiceable, invoices, invoicing, opening, posting),
            *(receivable_settings, receivables, stored_papers, unposting),
        ),
    ),
    _documents(
        "receipts",
        "receipt",
        N_("Receipt"),
        receivables.RECEIPTS,
        receivable_export.RECEIPT_EXPORT,
        hidden=money_fields.RECEIPT_HIDDEN,
        services=(
            *(accounts, allocating, disputes, open_items, paying_back, promises, receipts, rescheduling, uses),
            write_offs,
        ),
    ),
    _documents(
        "instalments",
        "instalment",
        N_("Instalment"),
        receivables.INSTALMENTS,
        receivable_export.INSTALMENT_EXPORT,
        hidden=money_fields.INSTALMENT_HIDDEN,
        services=(
            *(
                aged_items,
                ageing,
                balances,
                collections,
                collections_report,
                customers,
                due_list,
                due_report,
                dunning,
                dunning_papers,
                on_time,
                payments,
            ),
            *(receipt_papers, statement_files, statement_papers, statements, worth),
        ),
    ),
    _documents(
        "tax_invoices",
        "tax_invoice",
        N_("Tax invoice"),
        receivables.TAX_INVOICES,
        receivable_export.TAX_INVOICE_EXPORT,
        hidden=money_fields.TAX_INVOICE_HIDDEN,
        services=(tax_invoices,),
    ),
)

REPORTS: Final[tuple[Report, ...]] = (
    reports.SALES,
    reports.BACKLOG_REPORT,
    pipeline_reports.FORECAST,
    pipeline_reports.FUNNEL,
    pipeline_reports.WIN_RATE,
    pipeline_reports.CYCLE,
    pipeline_reports.LOST_REASONS,
    quote_reports.HIT_RATE,
    quote_reports.LOST,
    ageing.AGEING,
    collections_report.COLLECTIONS,
    due_report.DUE,
    statement_files.STATEMENT,
    payments.PAYMENTS,
    on_time.ON_TIME,
    review.CALLS,
    review.UNTOUCHED,
    review.HANDED_OVER,
    page.HOME,
    quiet_report.QUIET,
    pool_report.POOL_WARNING,
)
"""Every report, in the order they are offered."""

GROUND_SERVICES: Final = (
    *(company, journal_view, letterhead, login, people, periods, teams, views),
    *(incoming_context, imports, templates, undoing),
    *(asking, customer_tiles, day, digest, money_tiles, page, pool_report, quiet_report, review, rhythm),
    *(sales_tiles, talks, tiles),
)
"""Guarded modules below the features."""
