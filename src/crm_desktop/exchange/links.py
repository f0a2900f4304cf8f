"""What the text of a cell means where it names a record: one, several to choose from, none, or what a person said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Candidate, ImportOptions
from crm_desktop.shared.text import clean_line, fold

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Meant(Generic[R]):
    """The record a text names, or why there is none.

    `record` None with no `why`: the person said that the cell is to be taken as empty. `candidates` are
    there when several fit; `is_missing` says that none does, so that one may be made on request.
    """

    record: R | None = None
    why: str = ""
    candidates: tuple[Candidate, ...] = ()
    is_missing: bool = False


def text_key(text: str) -> str:
    """Return what a text is looked up by, and what the person's answer to it stands under."""
    return " ".join(fold(clean_line(text)).split())


def meant(
    text: str,
    field: str,
    options: ImportOptions,
    fitting: Sequence[R],
    *,
    by_id: Callable[[int], R | None],
    candidate: Callable[[R], Candidate],
    missing: str,
) -> Meant[R]:
    """Return what `text` in the column `field` means, given the records that fit it.

    The person's answer decides before anything else. `missing` is the finished sentence when nothing fits.
    """
    for key in ((field, text_key(text)), (field, fold(text))):
        if key in options.answers:
            answer = options.answers[key]
            if answer is None:
                return Meant()
            if (record := by_id(answer)) is not None:
                return Meant(record)
    if len(fitting) == 1:
        return Meant(fitting[0])
    if fitting:
        why = _("“{text}” may be any of {count} records. Choose the one that is meant.")
        return Meant(None, why.format(text=text, count=len(fitting)), tuple(map(candidate, fitting)))
    return Meant(None, missing, is_missing=True)
