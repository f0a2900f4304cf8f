"""What each command does. Each returns a plain object for `--json`; its `lines` are for people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from crm_desktop.access import people, teams
from crm_desktop.access.company import today
from crm_desktop.access.rules import ROLES
from crm_desktop.app import report_files, session
from crm_desktop.app.checks import check_company
from crm_desktop.app.command_line import Answer, ProgressLine, logged_in
from crm_desktop.app.credentials import WrongUsage, database_of, new_password_of, new_place_of, password_of
from crm_desktop.app.features import FEATURES, REPORTS
from crm_desktop.app.founding import new_place, upgrade_server
from crm_desktop.app.opening import is_server, open_file, public_address
from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting.customers import customers_named
from crm_desktop.shared.fields import Use
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.published import publishing
from crm_desktop.shared.report import AS_OF, Asked, Report

ROLE_KEYS: Final = tuple(ROLES)
EXPORTS: Final = tuple(feature.name for feature in FEATURES)
REPORT_LIST: Final = "list"
PACK: Final = "pack"
REPORT_NAMES: Final = (REPORT_LIST, PACK, *(report.name for report in REPORTS))


def init(options: Any) -> Answer:
    """Make a company."""
    address, password = new_place_of(options), new_password_of(options)
    with new_place(address) as place:
        code = session.found_company(
            place,
            name=options.company,
            currency=options.currency,
            timezone=options.timezone,
            language=options.language,
            country=options.country,
            owner_login=options.owner,
            owner_name=options.owner_name,
            password=password,
        )
    lines = [
        _("{company} is ready.").format(company=options.company),
        _("Recovery code, shown this once: {code}").format(code=code),
    ]
    return {"database": address, "recovery_code": code, "lines": lines}


def demo(options: Any) -> Answer:
    """Make the demo company."""
    address = new_place_of(options)
    with new_place(address) as place:
        orders = session.make_demo_company(
            place, contacts=options.contacts, language=options.language, seed=options.seed, progress=ProgressLine()
        )
    made = ngettext("{count} contact made.", "{count} contacts made.", options.contacts).format(count=options.contacts)
    sold = ngettext("{count} order made.", "{count} orders made.", orders).format(count=orders)
    return {
        "database": address,
        "contacts": options.contacts,
        "orders": orders,
        "lines": [made, sold, _("Log in as “owner”, “manager” or “chen”; the password is “demo”.")],
    }


def user_add(options: Any) -> Answer:
    """Add a person."""
    with logged_in(options) as here, here.database.begin(here.actor) as work:
        team = teams.team_by_name(work, options.team) if options.team else None
        person = people.create_user(
            work,
            login=options.login,
            name=options.name,
            roles=options.role,
            password=new_password_of(options),
            team_id=team.id if team else None,
            server=here.server,
        )
    return {"id": person.id, "login": person.login, "lines": [_("{name} can log in.").format(name=person.name)]}


def user_list(options: Any) -> Answer:
    """List the people."""
    with logged_in(options) as here, here.database.read(here.actor) as work:
        everybody = people.people(work)
    rows = [{"login": one.login, "name": one.name, "roles": list(one.roles), "active": one.active} for one in everybody]
    lines = [
        f"{one.login:20} {one.name:24} {', '.join(_(ROLES[key].label) for key in one.roles)}"
        + ("" if one.active else "  " + _("(deactivated)"))
        for one in everybody
    ]
    return {"users": rows, "lines": lines}


def user_deactivate(options: Any) -> Answer:
    """Close an account and hand over everything it owns."""
    with logged_in(options) as here, here.database.begin(here.actor) as work:
        leaver = people.person_by_login(work, options.login)
        heir = people.person_by_login(work, options.successor).id if options.successor else None
        moved = people.deactivate(
            work,
            leaver.id,
            leaver.version,
            successor_id=heir,
            to_pool=options.to_pool,
            hands_over=session.HANDS_OVER,
            server=here.server,
        )
    return {"login": leaver.login, "moved": moved, "lines": [_("{name} is deactivated.").format(name=leaver.name)]}


def user_password(options: Any) -> Answer:
    """Give somebody a new password."""
    with logged_in(options) as here, here.database.begin(here.actor) as work:
        person = people.person_by_login(work, options.login)
        people.reset_password(work, person.id, new_password_of(options), server=here.server)
    return {"login": person.login, "lines": [_("{name} has a new password.").format(name=person.name)]}


def team_add(options: Any) -> Answer:
    """Add a team."""
    with logged_in(options) as here, here.database.begin(here.actor) as work:
        parent = teams.team_by_name(work, options.parent).id if options.parent else None
        manager = people.person_by_login(work, options.manager).id if options.manager else None
        team_id = teams.create_team(work, name=options.name, parent_id=parent, manager_id=manager)
    return {"id": team_id, "name": options.name, "lines": [_("The team {name} is there.").format(name=options.name)]}


def team_list(options: Any) -> Answer:
    """List the teams as a tree."""
    with logged_in(options) as here, here.database.read(here.actor) as work:
        nodes = teams.teams(work)
    rows = [{"id": one.id, "name": one.name, "parent_id": one.parent_id} for one in nodes]
    return {"teams": rows, "lines": [f"{'  ' * one.depth}{one.name}" for one in nodes]}


def export(options: Any) -> Answer:
    """Write a list, as its default columns show it, to a file."""
    feature = next(one for one in FEATURES if one.name == options.what)
    columns = [one.name for one in feature.fields if Use.EXPORT in one.uses]
    path = options.to.absolute()
    with logged_in(options) as here, publishing(path):
        with here.database.read(here.actor) as work:
            allowed = {one.name for one in feature.listing.fields(work)}
            columns = [name for name in columns if name in allowed]
            listing = replace(Listing(), text=options.filter)
            _count, capped = feature.listing.count(work, listing)
            rows = feature.write_file(work, path, listing, columns, progress=ProgressLine())
        with here.database.begin(here.actor) as work:
            feature.note_export(work, path, rows, columns)
    written = ngettext("{count} row written to {path}.", "{count} rows written to {path}.", rows)
    lines = [written.format(count=rows, path=path)]
    if capped:
        cut = _("More match “{text}” than a search finds. Use a longer text, or no filter.")
        lines.append(cut.format(text=options.filter))
    return {"rows": rows, "capped": capped, "file": str(path), "lines": lines}


def report(options: Any) -> Answer:
    """Write a report to a file, or list the reports this person has."""
    if options.name == REPORT_LIST:
        with logged_in(options) as here:
            offered = [one for one in REPORTS if one.offered_to(here.actor)]
        return {
            "reports": [
                {"name": one.name, "by": _keys(one.groupings), "form": _keys(one.forms), "days": one.days}
                for one in offered
            ],
            "lines": [f"{one.name:12} {_(one.explains)}" for one in offered],
        }
    if options.to is None:
        raise WrongUsage(_("Say where to: --to FILE.xlsx or --to FILE.pdf."))
    if options.name == PACK:
        return _pack(options)
    chosen = next(one for one in REPORTS if one.name == options.name)
    for given, known in ((options.by, chosen.groupings), (options.form, chosen.forms)):
        if given and given not in dict(known):
            raise WrongUsage(_("This report knows: {groupings}.").format(groupings=", ".join(_keys(known)) or "-"))
    path = options.to.absolute()
    with logged_in(options) as here:
        with here.database.read(here.actor) as work:
            asked = _asked(work, options, chosen)
        rows = report_files.take_out(here, path, chosen, asked, ProgressLine())
    written = ngettext("{count} row written to {path}.", "{count} rows written to {path}.", rows)
    return {"rows": rows, "file": str(path), "lines": [written.format(count=rows, path=path)]}


def _pack(options: Any) -> Answer:
    """Write the monthly pack: the reports of `--only`, or all of this person's; the last month by default."""
    path = options.to.absolute()
    with logged_in(options) as here:
        with here.database.read(here.actor) as work:
            month = options.as_of or today(work).replace(day=1) - timedelta(days=1)
        wanted = [one for one in REPORTS if one.offered_to(here.actor) and one.name in (options.only or REPORT_NAMES)]
        rows = report_files.take_out_pack(here, path, wanted, month, ProgressLine())
    told = ngettext("{count} report written to {path}.", "{count} reports written to {path}.", len(wanted))
    lines = [told.format(count=len(wanted), path=path)]
    return {"reports": [one.name for one in wanted], "rows": rows, "file": str(path), "lines": lines}


def _keys(offered: Sequence[tuple[str, str]]) -> list[str]:
    return [key for key, _label in offered]


def _asked(work: Work, options: Any, report: Report) -> Asked:
    """Return what the options ask a report. Raises WrongUsage for a customer there is not, or not only one."""
    last = options.last if report.days == AS_OF else options.last or options.as_of
    contact_id = None
    if options.customer:
        found = customers_named(work, options.customer)
        if len(found) != 1:
            told = _("No customer is called “{name}”.") if not found else _("Several customers are called “{name}”.")
            raise WrongUsage(told.format(name=options.customer))
        contact_id = found[0]
    return Asked(
        from_on=options.first,
        to_on=last,
        by=options.by,
        as_of=options.as_of or (options.last if report.days == AS_OF else None),
        form=options.form,
        contact_id=contact_id,
        currency=options.currency.upper(),
    )


def upgrade(options: Any) -> Answer:
    """Bring a company up to date with this program."""
    address = database_of(options)
    if is_server(address):
        upgrade_server(address)
    else:
        open_file(session.path_of(address)).close()
    return {"database": public_address(address), "lines": [_("The company is up to date.")]}


def check(options: Any) -> Answer:
    """Check the data of a company; of a file without a login, since it shows nothing of it."""
    address = database_of(options)
    checked = check_company(address, password_of(options, address) if is_server(address) else None)
    told = {"tone": checked.backup.tone, "verified_at": None, "sentence": checked.backup.sentence}
    if checked.backup.verified_at is not None:
        told["verified_at"] = checked.backup.verified_at.isoformat()
    lines = [_("Everything is in order.")]
    if checked.moved_to:
        lines.append(_("This company was moved to {place}; what is here is only kept.").format(place=checked.moved_to))
    else:
        lines += [line for line in (checked.backup.sentence, checked.backup.detail) if line]
    return {"ok": True, "findings": [], "backup": told, "moved_to": checked.moved_to, "lines": lines}
