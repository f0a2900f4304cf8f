"""Whether the data are still those a person logged in to: a restore and a move end every open window's work."""

from sqlalchemy import Connection

from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_


class DataReplaced(Unavailable):
    """A backup was restored since this window was opened; what it shows is of the time before."""

    message = N_("A backup was restored meanwhile, so nothing was saved. Log in again to see the data as it is now.")


class DataMoved(Unavailable):
    """The company lives elsewhere now."""

    message = N_("This company was moved to {place}, so nothing is saved here any more. Open it there.")


def check_epoch(connection: Connection, epoch: int) -> None:
    """Raise DataReplaced or DataMoved when the data are not any more those of the `epoch` at login."""
    found = connection.exec_driver_sql("SELECT epoch, moved_to FROM company").first()
    if found is None or found[0] != epoch:
        raise DataReplaced
    if found[1]:
        raise DataMoved(place=found[1])
