"""What a PostgreSQL server enforces for invoices, receipts and everything about them."""

from typing import Final

from crm_desktop.db.row_security import OwnedTable, Policy, ServerFunction, Table, Verb
from crm_desktop.exchange.protection import only_imported
from crm_desktop.orders.protection import part
from crm_desktop.shared.permissions import Domain, Permission

_CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE)


def _of_customer(name: str, read: Permission, **write: Permission) -> OwnedTable:
    """Rows of a customer on the sales side; `write` names the permission of each verb that changes them."""
    return OwnedTable(
        name,
        "owner_key",
        {Domain.SALES: "true"},
        {Verb.SELECT: read} | {Verb(verb): permission for verb, permission in write.items()},
    )


def _kept(name: str) -> Table:
    """Everybody reads; those who keep the settings of receivables change."""
    keep = Permission.RECEIVABLE_SETTINGS_WRITE
    return Table(name, (Policy(Verb.SELECT), *(Policy(verb, permission=keep) for verb in _CHANGES)))


_INVOICE: Final = dict.fromkeys(("insert", "update", "delete"), Permission.INVOICE_WRITE)
_OF_CUSTOMER: Final = "exists (select from crm.contact c where c.id = contact_id and c.is_customer)"

TABLES: Final = (
    _of_customer("invoice", Permission.INVOICE_READ, **_INVOICE),
    _of_customer("tax_invoice", Permission.INVOICE_READ, **_INVOICE),
    part("invoice_line", "invoice_id", "invoice", Permission.INVOICE_READ, Permission.INVOICE_WRITE),
    part("invoice_paper", "invoice_id", "invoice", Permission.INVOICE_READ, Permission.INVOICE_POST),
    _of_customer(
        "receipt",
        Permission.RECEIPT_READ,
        insert=Permission.RECEIPT_POST,
        update=Permission.RECEIPT_ALLOCATE,
        delete=Permission.RECEIPT_IMPORT,
    ),
    _of_customer(
        "allocation",
        Permission.RECEIPT_READ,
        insert=Permission.RECEIPT_ALLOCATE,
        delete=Permission.RECEIPT_IMPORT,
    ),
    _of_customer("write_off", Permission.RECEIPT_READ, insert=Permission.RECEIPT_ALLOCATE),
    _of_customer("reschedule", Permission.RECEIPT_READ, insert=Permission.INSTALMENT_WRITE),
    _of_customer("promise", Permission.RECEIPT_READ, insert=Permission.PROMISE_WRITE, update=Permission.PROMISE_WRITE),
    _of_customer("dunning_letter", Permission.RECEIPT_READ, insert=Permission.DUNNING_WRITE),
    part("dunning_line", "letter_id", "dunning_letter", Permission.RECEIPT_READ, Permission.DUNNING_WRITE),
    Table(
        "customer_credit",
        (
            Policy(Verb.SELECT, _OF_CUSTOMER, Permission.CREDIT_LIMIT_READ),
            *(Policy(verb, _OF_CUSTOMER, Permission.CREDIT_LIMIT_WRITE) for verb in _CHANGES),
        ),
    ),
    _kept("receivable_settings"),
    _kept("account"),
    _kept("dunning_level"),
)
"""Who reads and changes each table of this feature."""

_VERSIONED: Final = ("invoice", "tax_invoice", "receipt", "write_off", "promise")
_MOVED: Final = (*_VERSIONED, "reschedule", "allocation", "dunning_letter")


def _names(tables: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in tables)


_SAFE = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "credit_terms(bigint)",
        # The check of an order needs the limit of its customer, whoever confirms it; of no other customer.
        f"""create or replace function crm.credit_terms(of_contact bigint)
        returns table (limit_amount bigint, overdue_days int) language sql stable {_SAFE} as $body$
        select t.limit_amount, t.overdue_days from customer_credit t join contact c on c.id = t.contact_id
        where t.contact_id = of_contact and c.is_customer and crm.me() is not null
            and (crm.reach_every_sale() or c.owner_key = any (crm.my_sales()))
        $body$""",
        permission=Permission.ORDER_READ,
    ),
    ServerFunction(
        "move_money(bigint, bigint)",
        # Whoever merges two contacts in reach takes their money along without being allowed to touch it.
        f"""create or replace function crm.move_money(from_contact bigint, to_contact bigint) returns void
        language plpgsql {_SAFE} as $body$
        declare
            one text;
            kept contact%rowtype;
            reached bigint;
        begin
            execute 'select count(*) from crm.contact c where c.id in ($1, $2) and ' || crm.reached_contacts()
                into reached using from_contact, to_contact;
            if reached <> 2 then
                raise exception 'both contacts must be in reach' using errcode = '42501';
            end if;
            select * into kept from contact where id = to_contact;
            foreach one in array array[{_names(_MOVED)}] loop
                execute format('update crm.%I set contact_id = $2, owner_key = $3, contact_sort = $4%s
                    where contact_id = $1', one,
                    case when one = any (array[{_names(_VERSIONED)}]) then ', version = version + 1' else '' end)
                    using from_contact, to_contact, kept.owner_key, kept.sort_key;
            end loop;
            update invoice set person_id = to_contact where person_id = from_contact;
            update customer_credit set contact_id = to_contact where contact_id = from_contact
                and not exists (select from customer_credit c where c.contact_id = to_contact);
            delete from customer_credit where contact_id = from_contact;
        end $body$""",
        runs_as="owner",
        permission=Permission.CONTACT_MERGE,
    ),
    ServerFunction(
        "only_taken_over()",
        # What money was used for is deleted with a receipt that an import brought, and else taken back.
        f"""create or replace function crm.only_taken_over() returns trigger language plpgsql {_SAFE} as $body$
        begin
            if session_user <> '{{p}}_owner' and not exists (
                select from receipt r join journal j on j.entity = 'receipt' and j.entity_id = r.id
                where r.id = old.receipt_id and r.taken_over and j.action = 'create' and j.batch is not null)
            then
                raise exception 'only what an import made can be deleted' using errcode = '42501';
            end if;
            return old;
        end $body$""",
        offered=False,
    ),
    ServerFunction(
        "keep_claim()",
        # Planned instalments are written by whoever writes orders; from the claim on only money changes them,
        # and what is kept as open is what the allocations leave.
        """create or replace function crm.keep_claim() returns trigger language plpgsql
        set search_path = crm, pg_temp as $body$
        declare
            lawful boolean := true;
        begin
            if pg_has_role(current_user, '{p}_receipt_allocate', 'member')
                or current_user in ('{p}_mover', '{p}_owner')
            then
                return case when tg_op = 'DELETE' then old else new end;
            end if;
            if tg_op = 'DELETE' then
                lawful := old.claimed_on is null;
            elsif tg_op = 'INSERT' then
                lawful := new.claimed_on is null and new.open_amount = 0;
            elsif old.claimed_on is not null
                and (new.amount, new.currency, new.due_on, new.event, new.claimed_on, new.dated_on, new.invoice_id,
                    new.order_id, new.moved_from_id, new.dunning_level, new.dunned_on)
                is distinct from (old.amount, old.currency, old.due_on, old.event, old.claimed_on, old.dated_on,
                    old.invoice_id, old.order_id, old.moved_from_id, old.dunning_level, old.dunned_on)
            then
                lawful := false;
            elsif (new.open_amount, new.settled_on) is distinct from (old.open_amount, old.settled_on) then
                lawful := (new.settled_on is null) = (new.open_amount <> 0) and new.claimed_on is not null
                    and new.open_amount = new.amount - coalesce(
                        (select sum(a.amount) from allocation a where a.instalment_id = new.id), 0);
            end if;
            if not lawful then
                raise exception 'a claim is changed by those who keep the books' using errcode = '42501';
            end if;
            return case when tg_op = 'DELETE' then old else new end;
        end $body$""",
        runs_as="caller",
        offered=False,
    ),
)
"""What must reach past the scope, telling no more than it must."""

SEEN: Final = ("customer_credit", "receipt")
"""Tables that functions read past a person's scope."""

TRIGGERS: Final = (
    *only_imported("receipt", "receipt"),
    "drop trigger if exists only_taken_over on crm.allocation",
    "create trigger only_taken_over before delete on crm.allocation for each row "
    "execute function crm.only_taken_over()",
    "drop trigger if exists keep_claim on crm.instalment",
    "create trigger keep_claim before insert or delete or update of amount, currency, due_on, event, claimed_on, "
    "dated_on, invoice_id, order_id, moved_from_id, dunning_level, dunned_on, open_amount, settled_on "
    "on crm.instalment for each row execute function crm.keep_claim()",
)
