"""The journal with the words of every feature, and as a workbook with the sentences of the screen."""

from pathlib import Path
from typing import Final

from crm_desktop.access.sentences import ACTIONS, ENTITIES, LABELS, Entry, Vocabulary, describe
from crm_desktop.access.ui.journal_screen import JournalScreen, JournalWords
from crm_desktop.activities import told as told_of_activities
from crm_desktop.app.features import FEATURES
from crm_desktop.backup import told as told_of_backups
from crm_desktop.orders import told as told_of_orders
from crm_desktop.pipeline import told as told_of_pipeline
from crm_desktop.receivables import told as told_of_receivables
from crm_desktop.reports.fields import LABELS as LETTERHEAD_LABELS
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.record import Page
from crm_desktop.ui.desk import Desk

_FIELDS: Final = (
    Field("at", None, N_("Time"), 16, Use.EXPORT, Kind.INSTANT),
    Field("actor", None, N_("Done by"), 20, Use.EXPORT),
    Field("entity", None, N_("Kind of record"), 16, Use.EXPORT),
    Field("event", None, N_("Event"), 60, Use.EXPORT),
)


_ACTIONS: Final = {
    **ACTIONS,
    **told_of_activities.ACTIONS,
    **told_of_orders.ACTIONS,
    **told_of_receivables.ACTIONS,
    **told_of_pipeline.ACTIONS,
    **told_of_backups.ACTIONS,
    "bulk_create": N_("Added many"),
    "distinct": N_("Declared different"),
    "import": N_("Imported"),
    "merge": N_("Merged"),
    "undo_import": N_("Took back"),
}
_PARTS: Final = {
    "owner_id": N_("Owner"),
    "points": N_("Phones and e-mails"),
    "addresses": N_("Addresses"),
    "people": N_("People"),
    "files": N_("Files"),
    "archived_at": N_("Archived"),
}
"""Journalled parts of a record that are no field of a list."""


def journal_screen(desk: Desk) -> JournalScreen:
    """Return the journal viewer that knows what every feature's records and fields are called."""
    told = {**told_of_activities.LABELS, **told_of_orders.LABELS}
    told |= {**told_of_receivables.LABELS, **told_of_pipeline.LABELS}
    named = {**told_of_activities.ENTITIES, **told_of_orders.ENTITIES}
    named |= {**told_of_receivables.ENTITIES, **told_of_pipeline.ENTITIES}
    vocabulary = Vocabulary(
        entities={
            **ENTITIES,
            **told_of_backups.ENTITIES,
            **named,
            "import": N_("Import"),
            **{feature.entity: feature.label for feature in FEATURES},
        },
        labels={
            **LABELS,
            **dict.fromkeys(told_of_backups.ENTITIES, told_of_backups.LABELS),
            **dict.fromkeys(named, told),
            **{feature.entity: {**told, **_PARTS} for feature in FEATURES},
            "letterhead": LETTERHEAD_LABELS,
        },
        fields={feature.entity: {one.name: one for one in feature.fields} for feature in FEATURES},
        actions=_ACTIONS,
    )
    naming = {feature.entity: feature.listing.names for feature in FEATURES}
    return JournalScreen(desk, JournalWords(vocabulary, naming), export_journal)


def export_journal(desk: Desk, entries: tuple[Entry, ...], vocabulary: Vocabulary) -> None:
    """Ask for a file and write the entries into it, off the GUI thread."""
    filters = _("Excel workbook (*.xlsx)")
    name = _("Journal")
    path = desk.dialogs.choose_save_file(_("Export the journal"), f"{name}.xlsx", filters)
    if path is None:
        return
    path = path.with_suffix(".xlsx")

    def tell(_written: None) -> None:
        said = ngettext("{count} entry written to {path}.", "{count} entries written to {path}.", len(entries))
        desk.toast(said.format(count=len(entries), path=path.name))

    desk.tasks.free(
        desk.changes,
        lambda progress: _write(path, entries, vocabulary, desk.timezone, progress),
        tell,
        label=_("Writing the journal"),
    )


def _write(path: Path, entries: tuple[Entry, ...], words: Vocabulary, timezone: str, progress: Progress) -> None:
    from crm_desktop.exchange.workbook import Table, write_table
    from crm_desktop.shared.published import publish

    rows = [(one.id, one.at, one.actor_name, words.entity(one.entity), describe(one, words)) for one in entries]
    columns = ("id", *(field.name for field in _FIELDS))
    table = Table(title=_("Journal"), fields=_FIELDS, pages=[Page(columns, rows)], timezone=timezone)
    write_table(path, table, total=len(rows), progress=progress)
    publish(path)
