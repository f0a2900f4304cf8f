"""The two roads back to a company: into the one that is open, and from nothing but the file."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.app import looking, restoring
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.ui.places import where
from crm_desktop.app.ui.restore.finding import find
from crm_desktop.app.ui.restore.road import Found, OneTimePassword, Outcome, SecretNeeded, SecretWrong, Seen, Wish
from crm_desktop.app.ui.restore.words import moment
from crm_desktop.backup.format import refusals
from crm_desktop.backup.restore import placing
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.progress import Progress

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


class _Road:
    """What both share: unpacking, looking, and how the figures of a backup read."""

    is_new = False
    on_server = False
    where = ""
    replaces: Path | None = None

    def prepare(self, path: Path, secret: str, progress: Progress) -> Any:
        """Unpack and prove a backup."""
        try:
            return restoring.prepare(path, secret, progress)
        except refusals.Locked as error:
            raise SecretNeeded from error
        except refusals.WrongPassphrase as error:
            raise SecretWrong from error
        except refusals.MistypedRecoveryKey as error:
            # Its own sentence names the group that was mistyped.
            raise SecretWrong(error.template, **error.values) from error

    def look(self, prepared: Any) -> None:
        """Open a copy of what was prepared; data from a server is made searchable first."""
        placing.make_file_of_it(prepared, SEAMS)
        looking.open_to_look(prepared.data, moment(prepared.manifest.made_at))

    def _seen(self, path: Path, prepared: Any, session: "Session | None", newer: Found | None) -> Seen:
        # A broken file is not asked what it holds: it may lie, or not answer.
        broken = session is not None and session.database.damaged
        present = None if broken else session
        told = restoring.compare(prepared, present)
        manifest = prepared.manifest
        return Seen(
            company=manifest.company,
            made_at=manifest.made_at,
            size=path.stat().st_size,
            rows_in_it=sum(manifest.counts.values()),
            rows=told.rows,
            lost=told.lost,
            lost_count=told.lost_count,
            hours=told.hours,
            people=told.people,
            newer=newer,
            other_company=present.profile.name if present is not None and not told.same_company else "",
            older_format=prepared.upgraded,
            diverged=told.diverged,
            lost_known=not broken,
        )


class RoadBack(_Road):
    """Into the company that is open."""

    def __init__(self, session: "Session", folders: Sequence[Path]) -> None:
        self._session, self._folders = session, folders
        self.on_server = session.server is not None
        self.where = where(session.address)
        self._found: list[Found] = []

    def find(self) -> list[Found]:
        """Return the backups of the plan's folders, with what the history knows of them."""
        from crm_desktop.backup import folder, history, plans

        session = self._session
        places: list[Path] = []
        known: dict[str, str] = {}
        # Without them the folders remembered on this computer lead on: this is how one gets out of a broken file.
        silent = suppress(UserError) if session.database.damaged else nullcontext()
        with silent, session.database.read(session.actor) as work:
            plan = plans.plan(work)
            places = [Path(one) for one in (plan.folder, plan.second_folder) if one]
            known = {run.file_name: str(run.status) for run in history.runs(work) if run.file_name}
        places += [folder.default_folder(session.database, session.profile.name), *self._folders]
        self._found = find(places, session.profile.dataset_id, known)
        return self._found

    def see(self, path: Path, prepared: Any, progress: Progress) -> Seen:
        """Compare the backup with the company, and look whether a newer good one lies in the folders."""
        found, made = self._found or self.find(), prepared.manifest.made_at
        newer = next((one for one in found if one.verified and one.path != path and one.at and one.at > made), None)
        return self._seen(path, prepared, self._session, newer)

    def confirm(self, wish: Wish) -> None:
        """Make sure of the person."""
        from crm_desktop.app.watch import confirm

        confirm(self._session, wish.password)

    def restore(self, path: Path, prepared: Any, wish: Wish, progress: Progress) -> Outcome:
        """Put the backup in the place of the company."""
        done = restoring.restore(
            prepared,
            self._session.address,
            session=self._session,
            password=wish.password,
            administrator=wish.administrator,
            administrator_password=wish.administrator_password,
            progress=progress,
        )
        return outcome_of(done, prepared.manifest.company)


class RoadAnew(_Road):
    """From nothing but the file, into a new company file, or into the place of a damaged one."""

    is_new = True

    def __init__(self, folders: Sequence[Path], replaces: Path | None = None) -> None:
        self._folders, self.replaces = folders, replaces

    def find(self) -> list[Found]:
        """Return the backups in the folders remembered."""
        return find(self._folders)

    def see(self, path: Path, prepared: Any, progress: Progress) -> Seen:
        """Say what is in the backup."""
        return self._seen(path, prepared, None, None)

    def confirm(self, wish: Wish) -> None:
        """Make sure that nothing lies at the place."""
        from crm_desktop.app.opening import AlreadyThere

        if wish.place != self.replaces and wish.place is not None and wish.place.exists():
            raise AlreadyThere(path=wish.place)

    def restore(self, path: Path, prepared: Any, wish: Wish, progress: Progress) -> Outcome:
        """Write the company into its file."""
        done = restoring.restore(prepared, str(wish.place), progress=progress)
        return outcome_of(done, prepared.manifest.company)


def outcome_of(done: Any, company: str) -> Outcome:
    """Return what came of a restore or a move as the wizards show it."""
    passwords = [OneTimePassword(*one) for one in done.passwords]
    return Outcome(done.address, company, done.safety, done.aside, passwords, done.rows)
