"""Why rows do not come in: the sentences every import says alike, in the language on screen."""

from collections.abc import Iterable

from crm_desktop.shared.display import list_separator
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Candidate, ImportRow, Planned, Verdict


class Refused(Exception):
    """A row cannot come in: a finished sentence beside a field, and the records its cell may mean."""

    def __init__(self, field: str, why: str, candidates: tuple[Candidate, ...] = ()) -> None:
        super().__init__(why)
        self.field, self.why, self.candidates = field, why, candidates

    def planned(self, row: ImportRow) -> Planned:
        """Return what becomes of the row."""
        return Planned(Verdict.INVALID, [row], why=self.why, field=self.field, candidates=self.candidates)


def unreadable(row: ImportRow) -> str:
    """Return what is wrong with the cells of a row, "" when all could be read."""
    return " ".join(row.problems.values())


def same_as(number: int) -> str:
    """Return that an earlier row is the same thing."""
    return _("The same as row {number}.").format(number=number)


def nothing_differs() -> str:
    """Return why a row that is there already changes nothing."""
    return _("It is there already, and nothing differs.")


def skipped() -> str:
    """Return why a row is left out that is there already, when such rows are to be skipped."""
    return _("It is there already.")


def refused() -> str:
    """Return why a row that is there already is an error, when the person wants new records only."""
    return _("It is there already, and this import is for new records only.")


def gone() -> str:
    """Return why a row of an exported list meets nothing any more."""
    return _("The record this row was exported from no longer exists, or you may not see it.")


def changed_meanwhile(who: str, labels: Iterable[str]) -> str:
    """Return why a row of an exported list must not overwrite what somebody changed since."""
    return _("{name} changed this after the list was exported: {fields}. Export it again.").format(
        name=who, fields=list_separator().join(labels)
    )


def key_missing(label: str) -> str:
    """Return why a row cannot meet its record: the column that was chosen for it is blank."""
    return _("“{column}” is blank here, and rows are to be matched by it.").format(column=label)


def missing(label: str) -> str:
    """Return that a value is needed which the row lacks."""
    return _("“{column}” is needed here.").format(column=label)


def not_cleared(label: str) -> str:
    """Return why a "-" is refused."""
    return _("“{column}” cannot be emptied.").format(column=label)
