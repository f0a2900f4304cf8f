"""Imports by the command line: the same steps as the window takes, with what it would ask given as options."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from crm_desktop.access.target import PEOPLE
from crm_desktop.app.command_line import Answer, ProgressLine, logged_in
from crm_desktop.app.credentials import WrongUsage
from crm_desktop.app.safety import NoSafety, before_import
from crm_desktop.app.session import Session
from crm_desktop.app.targets import TARGETS, UNDOERS
from crm_desktop.exchange import imports, undoing
from crm_desktop.exchange.book import Book, Sheet
from crm_desktop.exchange.error_sheet import write_errors
from crm_desktop.exchange.imports import NotWhole
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.importing import ImportOptions, ImportRow, ImportTarget, OnMatch, Planned, Verdict

WORKBOOK: Final = "workbook"
IMPORTS: Final = (WORKBOOK, *(target.name for target in TARGETS))
_TOLD: Final = 20
"""Problems shown on a terminal; all of them are in the sheet of errors."""


def import_file(options: Any) -> Answer:
    """Import one sheet, or every sheet of a workbook that is known, those that others need first."""
    path = options.file.absolute()
    mapping = _mapping(options.map) if options.map else {}
    with logged_in(options) as here:
        book = read_book(path, encoding=options.encoding, delimiter=options.delimiter, progress=ProgressLine())
        chosen = _chosen(here, book, options)
        _check_asked([target for _sheet, target in chosen], options)
        if not options.dry_run:
            _back_up(here, options)
        answers = [_import_sheet(here, book, sheet, target, options, mapping) for sheet, target in chosen]
    if options.what != WORKBOOK:
        return answers[0]
    return {"sheets": answers, "lines": [line for answer in answers for line in answer["lines"]]}


def undo_import(options: Any) -> Answer:
    """Take an import back."""
    with logged_in(options) as here, here.database.begin(here.actor) as work:
        undone = undoing.undo(work, options.batch, UNDOERS, ProgressLine())
    lines = [
        ngettext("{count} record removed.", "{count} records removed.", undone.removed).format(count=undone.removed),
        ngettext("{count} record restored.", "{count} records restored.", undone.restored).format(
            count=undone.restored
        ),
        *(f"{kept.label}: {kept.reason}" for kept in undone.kept),
    ]
    kept = [{"entity": one.entity, "id": one.id, "label": one.label, "reason": one.reason} for one in undone.kept]
    return {"removed": undone.removed, "restored": undone.restored, "kept": kept, "lines": lines}


def _back_up(here: Session, options: Any) -> None:
    """Have a proved backup of the data as they are now. Raises NoSafety unless --no-backup takes that in."""
    try:
        before_import(here, ProgressLine())
    except NoSafety as error:
        if not options.no_backup:
            print(_("Nothing was imported. To import without a backup: --no-backup"), file=sys.stderr)
            raise
        print(_("No backup was made before this import: {reason}").format(reason=error), file=sys.stderr)


def _chosen(here: Session, book: Book, options: Any) -> list[tuple[Sheet, ImportTarget]]:
    """Return the sheets to import, each with what it holds. Raises WrongUsage."""
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    if options.what == WORKBOOK:
        found = [(sheet, target) for sheet in shown if (target := _likely(here, sheet)) is not None]
        if not found:
            raise WrongUsage(_("No sheet of this file is known. Name what it holds, such as contacts."))
        return sorted(found, key=lambda one: TARGETS.index(one[1]))
    target = next(target for target in TARGETS if target.name == options.what)
    if options.sheet:
        named = [sheet for sheet in book.sheets if sheet.name == options.sheet]
        if not named:
            names = ", ".join(sheet.name for sheet in book.sheets)
            raise WrongUsage(_("There is no sheet “{name}”, only: {names}.").format(name=options.sheet, names=names))
        return [(named[0], target)]
    fitting = [sheet for sheet in shown if len(shown) > 1 and _likely(here, sheet) is target]
    return [((fitting or shown or list(book.sheets))[0], target)]


def _likely(here: Session, sheet: Sheet) -> ImportTarget | None:
    with here.database.read(here.actor) as work:
        offered = [(target, target.fields(work)) for target in TARGETS if here.actor.may(target.permission)]
    return drafting.likely_target(sheet, offered)


def _import_sheet(
    here: Session, book: Book, sheet: Sheet, target: ImportTarget, options: Any, mapping: Mapping[str, Any]
) -> Answer:
    draft = _draft(here, book, sheet, target, options, mapping)
    if options.create_missing and not options.dry_run and _make_colleagues(here, draft):
        draft = _draft(here, book, sheet, target, options, mapping)
    job = draft.job()
    batch = ""
    with here.database.read(here.actor) as work:
        before = imports.earlier(work, book.sha256, TARGETS)
        planned: Sequence[Planned] = imports.check(work, job, ProgressLine()) if options.dry_run else ()
    for one in [one for one in before if (one.target, one.sheet) == (target.name, sheet.name)][:1]:
        told = _("This very file was imported on {day} by {name} already.")
        print(told.format(day=f"{one.at:%Y-%m-%d}", name=one.by), file=sys.stderr)
    if not options.dry_run:
        try:
            with here.database.begin(here.actor) as work:
                done = imports.apply(work, job, good_rows_only=options.good_rows_only, progress=ProgressLine())
            batch, planned = done.batch, done.planned
        except NotWhole as refused:
            print(*_first_lines(sheet, _problems(refused.planned)), sep="\n", file=sys.stderr)
            _write_errors(draft, refused.planned, options)
            raise
    _write_errors(draft, planned, options)
    return _told(draft, planned, batch)


def _write_errors(draft: Draft, planned: Sequence[Planned], options: Any) -> None:
    """Write the sheet of errors if one is wanted; what was imported counts even if the disk refuses the sheet."""
    if options.errors:
        try:
            write_errors(options.errors.absolute(), draft.sheet, draft.header_rows, planned)
        except Unavailable as error:
            print(error, file=sys.stderr)


def _draft(
    here: Session, book: Book, sheet: Sheet, target: ImportTarget, options: Any, mapping: Mapping[str, Any]
) -> Draft:
    """Return the sheet as the options say it is read. Raises WrongUsage for columns that are missing."""
    with here.database.read(here.actor) as work:
        context = drafting.context(work, target)
        draft = Draft(book, sheet, target, context)
        if (known := imports.remembered(work, target, draft.folded)) is not None:
            draft.recall(known)
    drafting.apply_mapping(draft, mapping)
    for name, key in map(_answer, options.read):
        if (reading := draft.readings.get(name)) is not None:
            keys = [reading.key, *(other for other, _sentence in reading.others)]
            if key not in keys:
                told = _("“{field}” can be read as: {keys}.")
                raise WrongUsage(told.format(field=name, keys=", ".join(keys)))
            draft.read_as(name, key)
    draft.options = replace(
        draft.options,
        key=options.key if options.key in target.keys else draft.options.key,
        on_match=OnMatch(options.on_match),
        create_missing=options.create_missing,
        chosen={**draft.options.chosen, **_chosen_by_hand(target, options.option)},
    )
    if missing := draft.missing():
        labels = {field.name: _(field.label) for field in context.fields}
        wanted = "; ".join(" / ".join(labels[name] for name in names if name in labels) for names in missing)
        raise WrongUsage(_("The sheet “{sheet}” has no column for: {fields}.").format(sheet=sheet.name, fields=wanted))
    return draft


def _make_colleagues(here: Session, draft: Draft) -> bool:
    """Add the people the sheet names and nobody here is called, without a login; return whether there were any."""
    if not here.actor.may(PEOPLE.permission):
        return False
    names = sorted({one.text for one in draft.unclear() if not one.candidates})
    if not names:
        return False
    rows = [ImportRow(number, {"name": name}) for number, name in enumerate(names, 1)]
    job = imports.Job(PEOPLE, rows, ImportOptions(), draft.book.path.name, draft.book.sha256, draft.sheet.name)
    with here.database.begin(here.actor) as work:
        imports.apply(work, job)
    return True


def _mapping(path: Path) -> Mapping[str, Any]:
    """Return what a mapping file says. Raises WrongUsage when it says nothing."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        raise WrongUsage(_("The file {file} of columns cannot be read.").format(file=path.name))
    return said


def _check_asked(targets: Sequence[ImportTarget], options: Any) -> None:
    """Refuse a key and answers that no sheet knows. Raises WrongUsage."""
    keys = sorted({key for target in targets for key in target.keys})
    if options.key and options.key not in keys:
        told = _("Rows meet their record by one of: {keys}.")
        raise WrongUsage(told.format(keys=", ".join(keys)))
    asked: dict[str, list[str]] = {}
    for target in targets:
        for choice in target.choices:
            asked.setdefault(choice.name, []).extend(key for key, _label in choice.choices)
    for name, value in map(_answer, options.option):
        if value not in asked.get(name, ()):
            known = ", ".join(f"{name}={'|'.join(dict.fromkeys(keys))}" for name, keys in asked.items()) or "-"
            raise WrongUsage(_("This import knows: {options}.").format(options=known))


def _answer(given: str) -> tuple[str, str]:
    name, _equals, value = given.partition("=")
    return name, value


def _chosen_by_hand(target: ImportTarget, given: Sequence[str]) -> Mapping[str, str]:
    """Return the answers to the target's own questions; of a workbook each sheet takes what it asks."""
    asked = {choice.name: {key for key, _label in choice.choices} for choice in target.choices}
    return {name: value for name, value in map(_answer, given) if value in asked.get(name, ())}


def _told(draft: Draft, planned: Sequence[Planned], batch: str) -> Answer:
    sheet, counts = draft.sheet, imports.counted(planned)
    line = _("{sheet}: {new} new, {update} updated, {skip} skipped, {duplicates} duplicates, {invalid} not readable.")
    lines = [line.format(sheet=sheet.name, duplicates=counts["duplicate"], **counts)]
    lines += [_reading_line(draft, name) for name in draft.readings]
    lines += _first_lines(sheet, _problems(planned))
    remarks = _remarks(planned)
    lines += _first_lines(sheet, remarks)
    if batch:
        lines.append(_("To take it back: crm-desktop undo-import {batch}").format(batch=batch))
    duplicates = [{"row": one.number, "why": one.why} for one in planned if one.verdict is Verdict.DUPLICATE]
    return {
        "sheet": sheet.name,
        "new": counts["new"],
        "update": counts["update"],
        "skip": counts["skip"],
        "invalid": counts["invalid"],
        "duplicates": counts["duplicate"],
        "similar": counts["similar"],
        "rows": counts["rows"],
        "document_lines": counts["lines"],
        "batch": batch,
        "readings": [
            {"field": name, "read_as": one.key, "sentence": one.sentence, "sure": one.sure}
            for name, one in draft.readings.items()
        ],
        "problems": [{"row": row, "why": why} for row, why in _problems(planned)],
        "remarks": [{"row": row, "why": why} for row, why in remarks],
        "duplicate_rows": duplicates,
        "lines": lines,
    }


def _problems(planned: Sequence[Planned]) -> list[tuple[int, str]]:
    return [(one.number, one.why) for one in planned if one.verdict is Verdict.INVALID]


def _reading_line(draft: Draft, name: str) -> str:
    """Return how a column of dates, numbers or percents was read, and how to say otherwise where it is a guess."""
    reading = draft.readings[name]
    if reading.sure or not reading.others:
        return reading.sentence
    others = " | ".join(f"--read {name}={key}" for key, _sentence in reading.others)
    return _("{sentence} Nothing in the column decides; otherwise: {options}").format(
        sentence=reading.sentence, options=others
    )


def _remarks(planned: Sequence[Planned]) -> list[tuple[int, str]]:
    """Return what was read with a doubt in what comes in."""
    written = [row for one in planned if one.verdict in imports.WRITTEN for row in one.rows]
    return [(row.number, told) for row in written for told in row.remarks.values()]


def _first_lines(sheet: Sheet, told: Sequence[tuple[int, str]]) -> list[str]:
    """Return the first of these sentences about rows for a terminal, and how many there are besides."""
    line = _("{sheet}, row {row}: {why}")
    lines = [line.format(sheet=sheet.name, row=row, why=why) for row, why in told[:_TOLD]]
    if (rest := len(told) - _TOLD) > 0:
        more = ngettext("and {count} more row; --json tells all", "and {count} more rows; --json tells all", rest)
        lines.append(more.format(count=rest))
    return lines
