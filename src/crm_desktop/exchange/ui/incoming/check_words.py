"""What the check says of a record: what happens to it, why, and what a person is asked about it (no widgets)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from crm_desktop.exchange.links import text_key
from crm_desktop.exchange.sheets.drafting import Draft, Unclear
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.shared.fields import Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.import_reasons import unreadable
from crm_desktop.shared.importing import Candidate, Planned, Verdict
from crm_desktop.shared.text import clean_line, fold

SIMILAR: Final = "similar"
"""How a new record is filed that looks like one that is there."""
LOOKS: Final[Mapping[str, tuple[str, str, str]]] = {
    # kind: (marked word, icon, ink)
    "new": (N_("New"), "plus", "success"),
    SIMILAR: (N_("New, similar"), "copy", "warn"),
    "update": (N_("Update"), "pencil", "accent"),
    "skip": (N_("Skip"), "minus", "muted"),
    "duplicate": (N_("Twice in the file"), "copy", "warn"),
    "invalid": (N_("Cannot read"), "x", "danger"),
}
REFERS: Final = frozenset({"customer", "customer_code", "registration", "product", "product_code", "employer"})
"""Fields that name another record, which may be made on request."""
_NOTHING: Final = "–"


class Run(NamedTuple):
    """A piece of a reason: its text, the token of its ink, whether it is struck out or a link."""

    text: str
    ink: str = "text2"
    struck: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked about a text; the answer holds for every row of the sheet that has it in `field`."""

    field: str
    key: str
    text: str
    candidates: tuple[Candidate, ...]


def kind_of(planned: Planned) -> str:
    """Return how a record is filed: its verdict, or "similar" for a new one that looks like another."""
    return SIMILAR if planned.similar and planned.verdict is Verdict.NEW else str(planned.verdict)


def reason_runs(planned: Planned, labels: Mapping[str, str], *, asks: bool) -> list[Run]:
    """Return why this happens and what changes, piece by piece, with a link where a person is asked."""
    ink = LOOKS[str(planned.verdict)][2] if planned.verdict in (Verdict.INVALID, Verdict.DUPLICATE) else "text2"
    why = _labelled(planned, labels) if planned.verdict is Verdict.INVALID else planned.why
    runs = [Run(why, ink)] if why else []
    if planned.similar and planned.verdict in (Verdict.NEW, Verdict.UPDATE):
        runs.append(Run(_spaced(runs) + planned.similar, "warn"))
    for place, one in enumerate(planned.differences):
        runs.append(Run(("; " if place else _spaced(runs)) + one.label + " "))
        runs += [Run(one.old, struck=True), Run(" → ")] if one.old else [Run("→ ")]
        runs.append(Run(one.new or _NOTHING, "text"))
    if planned.verdict in (Verdict.NEW, Verdict.UPDATE):
        said = " ".join(dict.fromkeys(text for row in planned.rows for text in row.remarks.values()))
        runs += [Run(_spaced(runs) + said)] if said else []
    if asks:
        runs.append(Run(_spaced(runs) + _("Choose…"), "accent", link=True))
    return runs


def _labelled(planned: Planned, labels: Mapping[str, str]) -> str:
    """Return why a record cannot come in; sentences about single cells say which column they mean."""
    for row in planned.rows:
        if row.problems and planned.why == unreadable(row):
            said = _("{column}: {problem}")
            return " ".join(
                said.format(column=labels.get(field, field), problem=problem) for field, problem in row.problems.items()
            )
    return planned.why


def problem_fields(planned: Sequence[Planned]) -> list[str]:
    """Return the fields whose cells stand in the way, the most frequent first."""
    met: Counter[str] = Counter()
    for one in planned:
        if one.verdict is Verdict.INVALID:
            met.update({one.field, *(field for row in one.rows for field in row.problems)})
    return [field for field, _count in met.most_common() if field]


def _spaced(runs: Sequence[Run]) -> str:
    return " " if runs else ""


def read_text(draft: Draft, planned: Planned, field: str) -> str:
    """Return what stands in the file under `field`, in the row the reason is about."""
    place = next((column.place for column in draft.columns if column.field == field), None)
    if place is None:
        return ""
    found = []
    for row in planned.rows:
        cells = draft.sheet.rows[row.number - 1]
        text = words.cell_text(cells[place]) if place < len(cells) else ""
        if text and field in row.problems:
            return text
        if text:
            found.append(text)
    # Of a document's lines it is the one the sentence quotes.
    return next((text for text in found if text in planned.why), found[0] if found else "")


def question_of(draft: Draft, unclear: Sequence[Unclear], planned: Planned) -> Question | None:
    """Return what a person can decide about a record that cannot come in, None if it must be mended in the file."""
    if planned.verdict in (Verdict.NEW, Verdict.UPDATE):
        return None
    if planned.candidates:
        text = read_text(draft, planned, planned.field)
        return Question(planned.field, text_key(text), text, planned.candidates) if text else None
    for row in planned.rows:
        for field in row.problems:
            folded = fold(clean_line(read_text(draft, planned, field)))
            for one in unclear:
                if one.field == field and one.folded == folded and one.candidates:
                    return Question(field, one.folded, one.text, one.candidates)
    return None


def wants_missing(planned: Planned) -> bool:
    """Return whether a record may be refused only because it names another one that is not there."""
    return (
        planned.verdict is Verdict.INVALID
        and planned.field in REFERS
        and not planned.candidates
        and not any(row.problems for row in planned.rows)
    )


def matched_by(draft: Draft) -> str:
    """Return by which fields rows meet what is there: "Code, then Phone"."""
    labels = {field.name: _(field.label) for field in draft.context.fields}
    mapped = {column.field for column in draft.columns}
    keys = [draft.options.key] if draft.options.key else [key for key in draft.target.keys if key in mapped]
    said = [labels[key] for key in keys if key in labels]
    if not said:
        return ""
    whole = said[0]
    for label in said[1:]:
        whole = _("{first}, then {second}").format(first=whole, second=label)
    return whole


def people_columns(draft: Draft, planned: Sequence[Planned]) -> list[tuple[str, str, list[int]]]:
    """Return label, header and the recognised people of every column that names colleagues."""
    told = []
    for field in draft.context.fields:
        column = next((one for one in draft.columns if one.field == field.name), None)
        if field.kind is Kind.USER and column is not None:
            met = {row.values.get(field.name) for one in planned for row in one.rows}
            told.append((_(field.label), words.header_text(column), [id_ for id_ in met if isinstance(id_, int)]))
    return told
