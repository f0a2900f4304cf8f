"""The whole road from a file to a server or back: carried over, compared, and only then marked. No Qt."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crm_desktop.access.rules import login_key
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.opening import AlreadyThere, is_server, public_address
from crm_desktop.app.restore_facts import figures_of, figures_of_file, rows_of
from crm_desktop.app.restoring import Restored, check_may, check_server, load, terms_of, with_login
from crm_desktop.app.safety import make_safety
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.filing import Stage
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.restore import placing
from crm_desktop.backup.restore.moving import journal_end, mark_moved, snapshot_end, take_along
from crm_desktop.backup.restore.restoring import Prepared
from crm_desktop.shared.errors import Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

_STILL_SAVING: Final = N_(
    "Somebody is still saving in the old place, so nothing was moved. Ask everybody to close CRM Desktop and try again."
)
_TRIES: Final = 4


class MovedUnequal(UserError):
    """The copy is not what was copied; the old place was left as it is."""

    message = N_(
        "The company was not moved: what arrived in {place} is not the same ({what}). The old place is as it was; go "
        "on working there, and report this."
    )


def move(
    session: "Session",
    target: str,
    *,
    password: str,
    administrator: str = "",
    administrator_password: str = "",
    progress: Progress,
) -> Restored:
    """Move the company to `target`, a new file or an empty database; the old place is left and marked as moved.

    Both places are compared before anything is marked; whoever stops before finds the old one as it was. Raises
    what `restore` raises, MovedUnequal.
    """
    check_may(session, password)
    if not is_server(target):
        target = str(Path(target).expanduser().absolute())
        full = target
        if Path(target).exists():
            raise AlreadyThere(path=target)
    else:
        full = with_login(target, administrator, administrator_password)
        check_server(full, replace_there=False)
    safety = make_safety(session, Kind.BEFORE_MOVE, progress).path
    public = public_address(target)
    if session.database.path is not None:
        # Nobody writes meanwhile: whoever saves waits, then is told so.
        with session.database.begin(session.actor) as work:
            done, _end = _carry(session, full, password, progress)
            mark_moved(work, public)
    else:
        done = _carry_from_server(session, full, public, password, progress)
    return replace(done, safety=safety)


def _carry_from_server(session: "Session", full: str, public: str, password: str, progress: Progress) -> Restored:
    """Carry everything over and mark the old place; what somebody saved in between is carried over again."""
    source, is_marked_now = Source.of(session.database), False
    for again in range(_TRIES):
        done, (last, count) = _carry(session, full, password, progress, again=bool(again))
        if not is_marked_now:
            if journal_end(source) != (last, count):
                continue
            with session.database.begin(session.actor) as work:
                mark_moved(work, public)
            is_marked_now, count = True, count + 1
        # Whoever began before the mark may have ended after it; nobody begins any more.
        if journal_end(source)[1] == count:
            return done
    if is_marked_now:
        return done
    _take_back(full)
    raise Unavailable(_STILL_SAVING)


def _carry(
    session: "Session", full: str, password: str, progress: Progress, *, again: bool = False
) -> tuple[Restored, tuple[int, int]]:
    """Copy the company to an empty place and compare both; returns where the old journal ended as well."""
    source = Source.of(session.database)
    prepared = take_along(source, session.profile, SEAMS, session.clock.now(), Stage(progress, (0, 400)))
    with prepared:
        then, end = figures_of_file(prepared.data), snapshot_end(prepared.data)
        terms = terms_of(placing.MOVED_HERE, session, {"from": public_address(session.address)})
        terms = replace(terms, known={login_key(session.actor.login): password})
        writing = Stage(progress, (400, 950))
        if is_server(full):
            loaded = load(prepared, full, None, terms, replace_there=again, progress=writing)
            one_time = loaded.passwords
        else:
            path = Path(full)
            if again:
                path.unlink(missing_ok=True)  # nobody but this move knows of it yet
            one_time = placing.apply_to_file(prepared, path, SEAMS, terms, progress=writing).passwords
        now = _compared(prepared, full)
        if then != now:
            _take_back(full)
            raise MovedUnequal(place=public_address(full), what=", ".join(key for key in then if then[key] != now[key]))
    progress.step(1000, 1000)
    return Restored(public_address(full), session.profile.name, None, one_time, rows=rows_of(then, now)), end


def _compared(prepared: Prepared, full: str) -> dict[str, Any]:
    """Return the figures of the new place, all of whose tables have as many rows. Raises MovedUnequal."""
    from crm_desktop.backup.engines.comparing import compare as compare_places
    from crm_desktop.db.engine import postgres_url
    from crm_desktop.db.server import administrator_engine

    if not is_server(full):
        path = Path(full)
        different, now = compare_places(prepared.data, path, SEAMS), figures_of_file(path)
    else:
        engine = administrator_engine(postgres_url(full))
        try:
            there = Source(engine, None)
            different, now = compare_places(prepared.data, there, SEAMS), figures_of(there)
        finally:
            engine.dispose()
    if different:
        _take_back(full)
        raise MovedUnequal(place=public_address(full), what=", ".join(one.what for one in different))
    return now


def _take_back(full: str) -> None:
    """Remove the new file of a move that was not finished; a server's database is left to its administrator."""
    if not is_server(full):
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{full}{ending}").unlink(missing_ok=True)
