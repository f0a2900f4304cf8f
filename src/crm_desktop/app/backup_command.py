"""`crm-desktop backup`, `restore` and `move`: what each does; nothing is ever asked, passwords are no arguments."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crm_desktop.app import session as sessions
from crm_desktop.app.command_line import Answer, ProgressLine, logged_in
from crm_desktop.app.credentials import WrongUsage, database_of, new_password_of, new_place_of, password_of
from crm_desktop.app.opening import FileDamaged, NotOurs, is_server, public_address
from crm_desktop.db.epoch import DataMoved
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import NotAllowed, Unavailable, UserError
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.permissions import Permission

if TYPE_CHECKING:
    from crm_desktop.app.session import Session
    from crm_desktop.backup.folder import Listed
    from crm_desktop.backup.format.manifest import Manifest
    from crm_desktop.backup.restore.restoring import Prepared

_MEGABYTE: Final = 1_000_000
_OTHER_COMPANY: Final = N_(
    "{file} is a backup of another company, {theirs}; in {place} is {ours}. Restore it into a new file, or say "
    "--other-company to replace everything."
)


class ScheduledFailed(UserError):
    """The backup that was due was not made; the sentence says why."""

    message = N_("{reason}")


def backup(options: Any) -> Answer:
    """Make a backup now, or with `--scheduled` what the plan says is due."""
    if options.scheduled:
        return _scheduled(options)
    from crm_desktop.app.backup_job import make_here, order_of
    from crm_desktop.backup import folder as folders
    from crm_desktop.backup.kinds import Kind
    from crm_desktop.backup.making import Order

    with logged_in(options) as here:
        if not here.actor.may(Permission.BACKUP_RUN):
            raise NotAllowed
        order = order_of(here, Kind.MANUAL)
        if options.to is not None:
            to = options.to.expanduser().absolute()
            folders.make_ours(to, here.profile.dataset_id)
            order = Order(Kind.MANUAL, to, None, order.lock, here.actor.name)
        made = make_here(here, order, ProgressLine())
    return _made(made.path, made.manifest, _("The backup {file} was made and verified."))


def _scheduled(options: Any) -> Answer:
    """Run what is due by the plan; on a file nobody logs in, on a server the person of the keyring."""
    from crm_desktop.app.backup_job import make_here
    from crm_desktop.app.backup_keeper import Keeper

    with _nobody(options) as here:
        if here.profile.moved_to:
            raise DataMoved(place=here.profile.moved_to)
        told = Keeper(here, make_here).look(ProgressLine())
    if told is None:
        return {"file": None, "verified": False, "due": False, "lines": [_("No backup is due.")]}
    if told.made is None:
        raise ScheduledFailed(reason=told.sentence)
    return {**_made(told.made.path, told.made.manifest, ""), "due": True, "lines": [told.sentence]}


@contextmanager
def _nobody(options: Any) -> "Iterator[Session]":
    """Open a company file for the program itself; a server as the person the options name."""
    address = database_of(options)
    if is_server(address):
        with logged_in(options) as here:
            yield here
        return
    database = sessions.open_database(address)
    assert database is not None
    try:
        yield sessions.of_actor(database, SYSTEM, address)
    finally:
        database.close()


def verify(options: Any) -> Answer:
    """Read all of a backup and prove it."""
    from crm_desktop.app.figures import SEAMS
    from crm_desktop.backup.format.verify import verify_archive
    from crm_desktop.backup.restore.restoring import key_of

    path = options.file.expanduser().absolute()
    _check_file(path)
    key = key_of(path, passphrase_of(options))
    proved = verify_archive(path, seams=SEAMS, key=key, progress=ProgressLine())
    answer = _made(path, proved.manifest, _("{file} is whole: every byte was read and proved."))
    return {**answer, "sha256": proved.sha256, "size": proved.size}


def listing(options: Any) -> Answer:
    """List the backups in a folder, or in the folders of a company."""
    from crm_desktop.backup import folder as folders
    from crm_desktop.backup import plans

    if options.folder is not None:
        folder = options.folder.expanduser().absolute()
        if not folder.is_dir():
            raise Unavailable(N_("There is no folder {folder}. Check the name, or connect its drive."), folder=folder)
        places, dataset_id = [folder], ""
    else:
        with logged_in(options) as here, here.database.read(here.actor) as work:
            plan, dataset_id = plans.plan(work), here.profile.dataset_id
            places = [folders.default_folder(here.database, here.profile.name)]
        named = [Path(one) for one in (plan.folder, plan.second_folder) if one]
        places = named + [one for one in places if one not in named and one.is_dir()]
    found = [one for place in places for one in folders.listing(place, dataset_id)]
    found.sort(key=lambda one: one.made_at, reverse=True)
    lines = [_line(one) for one in found] or [_("There is no backup.")]
    return {"backups": [_told(one) for one in found], "lines": lines}


def _told(one: "Listed") -> dict[str, Any]:
    return {
        "file": str(one.path),
        "made_at": one.made_at.isoformat(),
        "kind": str(one.kind),
        "size": one.size,
        "locked": one.locked,
        "company": one.manifest.company if one.manifest is not None else None,
        "problem": one.problem,
    }


def _line(one: "Listed") -> str:
    known = _("locked") if one.locked else one.problem or (one.manifest.company if one.manifest is not None else "")
    return f"{one.made_at.astimezone():%Y-%m-%d %H:%M}  {one.size / _MEGABYTE:>9,.1f} MB  {one.path}  {known}"


def restore(options: Any) -> Answer:
    """Put a backup in the place of a company, or into a new one."""
    from crm_desktop.app import restoring

    address, path = new_place_of(options), options.file.expanduser().absolute()
    _check_file(path)
    with (
        restoring.prepare(path, passphrase_of(options), ProgressLine()) as prepared,
        _whoever(options, address) as (
            here,
            password,
        ),
    ):
        told = restoring.compare(prepared, here)
        if not told.same_company and here is not None and not options.other_company:
            names = {"theirs": prepared.manifest.company, "ours": here.profile.name}
            raise UserError(_OTHER_COMPANY, file=path.name, place=public_address(address), **names)
        lines = [f"{row.label}: {row.then}" + (f" ({row.now})" if row.now else "") for row in told.rows]
        if told.lost_count:
            lost = ngettext(
                "{count} record entered or changed since the backup is taken back.",
                "{count} records entered or changed since the backup are taken back.",
                told.lost_count,
            )
            lines.append(lost.format(count=told.lost_count))
        answer = {"file": str(path), "verified": True, "database": public_address(address), "lost": told.lost_count}
        if options.dry_run:
            return {**answer, "restored": False, "lines": [*lines, _("Nothing was changed.")]}
        done = _restore(options, prepared, address, here, password)
    lines.append(_("{company} was restored to {place}.").format(company=done.company, place=done.address))
    if done.safety is not None:
        lines.append(_("What was there before is in {file}.").format(file=done.safety))
    if done.aside:
        lines.append(_("What was there before lies in {place}.").format(place=done.aside))
    safety = str(done.safety) if done.safety is not None else None
    return {
        **answer,
        "restored": True,
        "safety": safety,
        "aside": done.aside or None,
        "passwords": _passwords(done.passwords),
        "lines": [*lines, *_password_lines(done.passwords)],
    }


def _restore(options: Any, prepared: "Prepared", address: str, here: "Session | None", password: str) -> Any:
    from crm_desktop.app import restoring

    administrator, secret = administrator_of(options)
    owner_password = new_password_of(options) if options.owner else ""
    return restoring.restore(
        prepared,
        address,
        session=here,
        password=password,
        administrator=administrator,
        administrator_password=secret,
        owner=options.owner,
        owner_password=owner_password,
        progress=ProgressLine(),
    )


@contextmanager
def _whoever(options: Any, address: str) -> "Iterator[tuple[Session | None, str]]":
    """Log in to the company that is at the address; nobody does to a new place or to a file that is broken."""
    here, password = _enter(options, address)
    try:
        yield here, password
    finally:
        if here is not None:
            here.database.close()


def _enter(options: Any, address: str) -> "tuple[Session | None, str]":
    if is_server(address):
        from crm_desktop.app.founding import Administrator, is_founded
        from crm_desktop.app.restoring import administrator_in

        administrator, secret = administrator_in(address, *administrator_of(options))
        if not is_founded(public_address(address), Administrator(administrator, secret)):
            return None, ""
    elif not Path(address).expanduser().exists():
        return None, ""
    from crm_desktop.backup.restore.present import present_in_file

    if not is_server(address):
        present = present_in_file(Path(address).expanduser())
        if present is None or present.broken:
            return None, ""
    public = public_address(address)
    login, password = password_of(options, public)
    try:
        return sessions.log_in(public, login, password), password
    except (FileDamaged, NotOurs):
        return None, ""


def move(options: Any) -> Answer:
    """Move a company from a file to a server, or back."""
    from crm_desktop.app import moving

    target = options.to
    administrator, secret = administrator_of(options)
    login, password = password_of(options, database_of(options))
    here = sessions.log_in(database_of(options), login, password)
    try:
        done = moving.move(
            here,
            target,
            password=password,
            administrator=administrator,
            administrator_password=secret,
            progress=ProgressLine(),
        )
    finally:
        here.database.close()
    lines = [f"{row.label}: {row.then} = {row.now}" for row in done.rows]
    lines.append(_("{company} has moved to {place}.").format(company=done.company, place=done.address))
    return {
        "from": public_address(database_of(options)),
        "database": done.address,
        "verified": True,
        "safety": str(done.safety),
        "figures": {row.label: row.now for row in done.rows},
        "passwords": _passwords(done.passwords),
        "lines": [*lines, *_password_lines(done.passwords)],
    }


def passphrase_of(options: Any) -> str:
    """Return what opens a locked backup: from standard input or CRM_BACKUP_PASSPHRASE, "" when neither is there."""
    if options.passphrase_stdin:
        return sys.stdin.readline().rstrip("\n")
    return os.environ.get("CRM_BACKUP_PASSPHRASE", "")


def administrator_of(options: Any) -> tuple[str, str]:
    """Return the login and the password of a server's administrator, "" when only the address may have them."""
    login: str = options.administrator or os.environ.get("CRM_ADMINISTRATOR", "")
    password = os.environ.get("CRM_ADMINISTRATOR_PASSWORD", "")
    if login and not password:
        raise WrongUsage(_("No password of the server's administrator: set CRM_ADMINISTRATOR_PASSWORD."))
    return login, password


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise UserError(N_("There is no file {file}."), file=path)


def _made(path: Path, manifest: "Manifest", sentence: str) -> Answer:
    return {
        "file": str(path),
        "verified": True,
        "company": manifest.company,
        "made_at": manifest.made_at.isoformat(),
        "kind": str(manifest.kind),
        "schema": manifest.schema,
        "rows": sum(manifest.counts.values()),
        "lines": [sentence.format(file=path)],
    }


def _passwords(one_time: Any) -> list[dict[str, str]]:
    return [{"login": login, "name": name, "password": password} for login, name, password in one_time]


def _password_lines(one_time: Any) -> list[str]:
    if not one_time:
        return []
    head = _("Passwords for one login each, shown this once:")
    return [head, *(f"{login:20} {name:24} {password}" for login, name, password in one_time)]
