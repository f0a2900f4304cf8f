"""What a PostgreSQL server enforces for contacts and all that hangs on them."""

from typing import Final

from crm_desktop.db.row_security import OwnedTable, Policy, ServerFunction, Table, Verb
from crm_desktop.db.search import MOST_OWNERS
from crm_desktop.exchange.protection import only_imported
from crm_desktop.shared.permissions import Domain, Permission


def _of_contacts(name: str, *columns: str, also: tuple[Policy, ...] = ()) -> Table:
    """Rows are reached when every contact named in `columns` is; a foreign key alone checks no policy."""
    each = " and ".join(f"exists (select from crm.contact c where c.id = {name}.{column})" for column in columns)
    # Whoever reaches every contact need not have each looked up: a join of whole tables took five times as long.
    seen = f"(select crm.reach_everything()) or {each}"
    return Table(
        name,
        (
            Policy(Verb.SELECT, seen, Permission.CONTACT_READ),
            *(Policy(verb, seen, Permission.CONTACT_WRITE) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
            *also,
        ),
    )


TABLES: Final = (
    OwnedTable(
        "contact",
        "owner_key",
        {Domain.SALES: "is_customer", Domain.PURCHASING: "is_supplier"},
        {
            Verb.SELECT: Permission.CONTACT_READ,
            Verb.INSERT: Permission.CONTACT_WRITE,
            Verb.UPDATE: Permission.CONTACT_WRITE,
            # Contacts are archived; only what an import made is deleted again, see TRIGGERS.
            Verb.DELETE: Permission.CONTACT_IMPORT,
        },
    ),
    _of_contacts("attachment", "contact_id"),
    _of_contacts("contact_address", "contact_id"),
    _of_contacts("contact_distinct", "low_id", "high_id"),
    _of_contacts("contact_link", "person_id", "company_id"),
    _of_contacts("contact_point", "contact_id"),
    _of_contacts("contact_search", "contact_id"),
    _of_contacts("contact_tag", "contact_id"),
    Table(
        "attachment_content",
        (
            Policy(
                Verb.SELECT,
                "exists (select from crm.attachment a where a.sha256 = attachment_content.sha256)",
                Permission.CONTACT_READ,
            ),
            Policy(Verb.INSERT, permission=Permission.CONTACT_WRITE),
        ),
    ),
    Table(
        "merge_snapshot",
        tuple(
            Policy(
                verb,
                "exists (select from crm.contact c where c.id = survivor_id)"
                " and exists (select from crm.contact c where c.id = loser_id)",
                permission,
            )
            for verb, permission in (
                (Verb.SELECT, Permission.CONTACT_READ),
                (Verb.INSERT, Permission.CONTACT_MERGE),
                (Verb.UPDATE, Permission.CONTACT_MERGE),
            )
        ),
    ),
    Table(
        "custom_field",
        (
            Policy(Verb.SELECT),
            *(Policy(verb, "true", Permission.FIELD_DEFINE) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
        ),
    ),
    Table(
        "tag",
        (
            Policy(Verb.SELECT),
            *(Policy(verb, "true", Permission.TAG_WRITE) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
        ),
    ),
)
"""Who reads and changes each table of this feature."""

_SAFE = "security definer set search_path = crm, pg_temp"
_TOKENS = "array_append(s.grams, chr(57345) || s.owner_key::text)"
"""What the index of search tokens holds, spelled as it is there."""

FUNCTIONS: Final = (
    ServerFunction(
        "reach_everything()",
        f"""create or replace function crm.reach_everything() returns boolean language sql stable {_SAFE} as $body$
        select crm.me() is not null
            and pg_has_role(session_user, '{{p}}_contact_read_sales_all', 'member')
            and pg_has_role(session_user, '{{p}}_contact_read_purchasing_all', 'member')
        $body$""",
    ),
    ServerFunction(
        "check_receiver(bigint)",
        f"""create or replace function crm.check_receiver(to_user bigint) returns void
        language plpgsql stable {_SAFE} as $body$
        begin
            if crm.me() is null or to_user is not null
                and not exists (select from app_user u where u.id = to_user and u.active)
            then
                raise exception 'contacts go to somebody who still works here' using errcode = '42501';
            end if;
        end $body$""",
        offered=False,
    ),
    ServerFunction(
        "reached_contacts()",
        # The same scope as the policies, spelled out with constants: the search below runs past them,
        # because no index on grams may be asked before a policy (@> is not leakproof).
        f"""create or replace function crm.reached_contacts() returns text language plpgsql stable {_SAFE} as $body$
        declare
            found text[] := '{{}}';
            side record;
        begin
            for side in select * from (values ('sales', 'is_customer'), ('purchasing', 'is_supplier')) s(domain, flag)
            loop
                if pg_has_role(session_user, '{{p}}_contact_read_' || side.domain || '_all', 'member') then
                    found := found || format('c.%I', side.flag);
                elsif pg_has_role(session_user, '{{p}}_contact_read_' || side.domain || '_team', 'member') then
                    found := found || format('c.%I and c.owner_key = any (%L::bigint[])', side.flag, crm.my_team());
                elsif pg_has_role(session_user, '{{p}}_contact_read_' || side.domain || '_own', 'member') then
                    found := found || format('c.%I and c.owner_key = any (%L::bigint[])', side.flag, crm.my_keys());
                end if;
            end loop;
            if crm.me() is null or found = '{{}}' then
                return 'false';
            end if;
            return '(' || array_to_string(found, ' or ') || ')';
        end $body$""",
        offered=False,
    ),
    ServerFunction(
        "owners_reached()",
        f"""create or replace function crm.owners_reached() returns bigint[] language plpgsql stable {_SAFE} as $body$
        declare
            side text;
            keys bigint[] := '{{}}';
        begin
            foreach side in array array['sales', 'purchasing'] loop
                if pg_has_role(session_user, '{{p}}_contact_read_' || side || '_all', 'member') then
                    return null;
                elsif pg_has_role(session_user, '{{p}}_contact_read_' || side || '_team', 'member') then
                    keys := keys || crm.my_team();
                elsif pg_has_role(session_user, '{{p}}_contact_read_' || side || '_own', 'member') then
                    keys := keys || crm.my_keys();
                end if;
            end loop;
            return array(select distinct unnest(keys));
        end $body$""",
        offered=False,
    ),
    ServerFunction(
        "search_contacts(jsonb, int)",
        # terms: [[{"grams": [...], "contains": "..."}, ...], ...]; every term, any of its ways.
        f"""create or replace function crm.search_contacts(terms jsonb, most int default 2000)
        returns setof bigint language plpgsql stable rows 200 {_SAFE} as $body$
        declare
            term jsonb;
            way jsonb;
            ways text[];
            condition text := 'true';
            owners bigint[] := crm.owners_reached();
            wanted int := least(greatest(most, 0), 2001);
            at_most int;
            hits bigint[];
            found bigint[];
        begin
            for term in select jsonb_array_elements(terms) loop
                ways := '{{}}';
                for way in select jsonb_array_elements(term) loop
                    ways := ways || (format('({_TOKENS} @> %L::text[]',
                        (select array_agg(g) from jsonb_array_elements_text(way -> 'grams') g))
                        || case when coalesce(way ->> 'contains', '') = '' then ')'
                            else format(' and strpos(s.infix, %L) > 0)', way ->> 'contains') end);
                end loop;
                condition := condition || ' and ('
                    || coalesce(nullif(array_to_string(ways, ' or '), ''), 'false') || ')';
            end loop;
            if crm.reach_everything() then
                return query execute format(
                    'select s.contact_id from crm.contact_search s where %s limit %s', condition, wanted);
                return;
            end if;
            if cardinality(owners) <= {MOST_OWNERS} then
                condition := condition || format(' and {_TOKENS} && %L::text[]',
                    (select array_agg(chr(57345) || key) from unnest(owners) key));
            elsif owners is not null then
                condition := condition || format(' and s.owner_key = any (%L::bigint[])', owners);
            end if;
            -- The hits as an array, so that each is looked up: the planner knows no better for whoever reaches
            -- little than to read all their contacts. Of twice as many as are wanted enough are in reach, mostly.
            foreach at_most in array array[2 * wanted, null] loop
                execute format('select array(select s.contact_id from crm.contact_search s where %s limit %s)',
                    condition, coalesce(at_most::text, 'all')) into hits;
                execute format('select array(select c.id from crm.contact c where c.id = any ($1) and %s limit %s)',
                    crm.reached_contacts(), wanted) into found using hits;
                exit when cardinality(found) = wanted or cardinality(hits) < at_most;
            end loop;
            return query select unnest(found);
        end $body$""",
        permission=Permission.CONTACT_READ,
    ),
    ServerFunction(
        "duplicate_candidates(text[], text[], text[], bigint)",
        f"""create or replace function crm.duplicate_candidates(
            name_keys text[], point_keys text[], registration_keys text[], but_not bigint default null)
        returns table (contact_id bigint, owner_id bigint, matched text) language sql stable rows 10 {_SAFE} as $body$
        select c.id, c.owner_id, m.matched from (
            select c.id, 'name' as matched from contact c where c.name_key = any (name_keys) and c.name_key <> ''
            union
            select p.contact_id, 'point' from contact_point p where p.key = any (point_keys) and p.key <> ''
            union
            select c.id, 'registration' from contact c
            where c.registration_key = any (registration_keys) and c.registration_key <> ''
        ) m join contact c on c.id = m.id
        where c.merged_into_id is null and c.id is distinct from but_not and crm.me() is not null
        limit 50
        $body$""",
        permission=Permission.CONTACT_WRITE,
    ),
    ServerFunction(
        "met_contacts(text, text[])",
        f"""create or replace function crm.met_contacts(what text, keys text[])
        returns table (key text, contact_id bigint, owner_id bigint) language sql stable {_SAFE} as $body$
        select m.key, c.id, c.owner_id from (
            select c.name_key as key, c.id from contact c where what = 'name' and c.name_key = any (keys)
            union all
            select c.code_key, c.id from contact c
            where what = 'code' and c.code_key = any (keys) and c.code_key <> ''
            union all
            select c.registration_key, c.id from contact c
            where what = 'registration' and c.registration_key = any (keys)
            union all
            select p.key, p.contact_id from contact_point p where what = 'point' and p.key = any (keys)
        ) m join contact c on c.id = m.id
        where m.key <> '' and c.merged_into_id is null and crm.me() is not null
        $body$""",
        permission=Permission.CONTACT_WRITE,
    ),
    ServerFunction(
        "keep_owner()",
        """create or replace function crm.keep_owner() returns trigger language plpgsql
        set search_path = crm, pg_temp as $body$
        begin
            -- Claiming from the pool and releasing into it are everybody's; the rest is handing over.
            if old.owner_key is distinct from new.owner_key
                and not (old.owner_key = 0 and new.owner_key = crm.me())
                and not (old.owner_key = crm.me() and new.owner_key = 0)
                and not pg_has_role(current_user, '{p}_contact_assign', 'member')
                and current_user not in ('{p}_mover', '{p}_owner')
            then
                raise exception 'you may not hand contacts over' using errcode = '42501';
            end if;
            return new;
        end $body$""",
        runs_as="caller",
        offered=False,
    ),
    ServerFunction(
        "hand_over(bigint[], bigint, timestamp)",
        f"""create or replace function crm.hand_over(contact_ids bigint[], to_user bigint, at timestamp)
        returns table (contact_id bigint, old_owner_id bigint, new_version int)
        language plpgsql {_SAFE} as $body$
        begin
            perform crm.check_receiver(to_user);
            return query execute
                'update crm.contact x set owner_id = $2, owner_key = coalesce($2, 0), owned_since = $3,
                    updated_at = $3, updated_by = crm.me(), version = x.version + 1
                from (select c.id, c.owner_id from crm.contact c where c.id = any ($1) and '
                    || crm.reached_contacts() || ' for update of c) o
                where x.id = o.id and x.owner_id is distinct from $2
                returning x.id, o.owner_id, x.version' using contact_ids, to_user, at;
        end $body$""",
        runs_as="mover",
        permission=Permission.CONTACT_ASSIGN,
    ),
    ServerFunction(
        "count_owned(bigint)",
        f"""create or replace function crm.count_owned(of_user bigint) returns bigint
        language sql stable {_SAFE} as $body$
        select count(*) from contact c where c.owner_key = of_user and of_user <> 0 and crm.me() is not null
        $body$""",
        permission=Permission.USER_WRITE,
    ),
    ServerFunction(
        "hand_over_all(bigint, bigint, timestamp)",
        f"""create or replace function crm.hand_over_all(from_user bigint, to_user bigint, at timestamp)
        returns table (contact_id bigint, new_version int) language plpgsql {_SAFE} as $body$
        begin
            perform crm.check_receiver(to_user);
            return query update contact x set owner_id = to_user, owner_key = coalesce(to_user, 0), owned_since = at,
                    updated_at = at, updated_by = crm.me(), version = x.version + 1
                where x.owner_key = from_user and from_user <> 0 and crm.me() is not null
                returning x.id, x.version;
        end $body$""",
        runs_as="mover",
        permission=Permission.USER_WRITE,
    ),
)
"""What must reach past the scope, telling no more than it must."""

TRIGGERS: Final = (
    "drop trigger if exists keep_owner on crm.contact",
    "create trigger keep_owner before update of owner_id, owner_key on crm.contact "
    "for each row execute function crm.keep_owner()",
    *only_imported("contact", "contact"),
)

SEEN: Final = ("contact", "contact_point", "contact_search")
"""Tables that functions read past a person's scope."""

MOVED: Final = ("contact",)
"""Tables that functions change past a person's scope."""
