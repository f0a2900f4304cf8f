"""The journal: who did what, when, with filters; exported with every row that matches."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.access import journal_view
from crm_desktop.access.fields import JOURNAL_FIELDS
from crm_desktop.access.journal_view import Naming, Query
from crm_desktop.access.rules import SYSTEM_ENTITIES
from crm_desktop.access.sentences import Entry, Vocabulary, changes, describe
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Page
from crm_desktop.shared.relative_days import resolved
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_source import Count, IdChunk
from crm_desktop.ui.list_spec import ListSpec, NeverHad, View
from crm_desktop.ui.looks import Look
from crm_desktop.ui.record_preview import RecordPreview

Export = Callable[[Desk, tuple[Entry, ...], Vocabulary], None]
"""Given by the app: asks for a file and writes the entries into it."""


@dataclass(frozen=True)
class JournalWords:
    """What the app knows of every feature: what its records, fields and rows are called."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    naming: Mapping[str, Naming] = field(default_factory=dict)


class JournalSource:
    """A `ListSource` over the journal; newest first is its only order."""

    entity = "journal"

    def __init__(self, desk: Desk, words: JournalWords) -> None:
        self._desk, self._words = desk, words

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the words with the names of today's users."""
        return replace(self._words.vocabulary, names=self._desk.names, timezone=self._desk.timezone)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the columns; filters offer only what the actor can meet here."""
        known = self._words.vocabulary.entities
        if not self._desk.actor.reaches_everything:
            known = {key: label for key, label in known.items() if key in SYSTEM_ENTITIES}
        choices = {"entity": tuple(known.items()), "action": tuple(self._words.vocabulary.actions.items())}
        return tuple(replace(one, choices=choices.get(one.name, one.choices)) for one in JOURNAL_FIELDS)

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the newest entries."""
        found = journal_view.entries(work, self.query(listing), limit=limit, naming=self._words.naming)
        return self._page(found, listing.columns)

    def ids(self, work: Any, listing: Listing, after: Any, limit: int) -> IdChunk:
        """Return the next ids below `after`."""
        found = journal_view.ids(work, self.query(listing), below=after, limit=limit)
        return IdChunk(array("q", found), found[-1] if len(found) == limit else None)

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the entries with these ids."""
        return self._page(journal_view.entries_by_id(work, ids, self._words.naming), columns)

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many entries match."""
        rows = journal_view.count(work, self.query(listing))
        return Count(rows, capped=rows >= journal_view.COUNT_LIMIT)

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Offer nothing beyond what the fields say."""
        return ()

    def close_match(self, work: Any, listing: Listing) -> str:
        """Know no nearest hit."""
        return ""

    def query(self, listing: Listing) -> Query:
        """Return what the filters of a list ask of the journal."""
        asked: dict[str, Any] = {"text": listing.text}
        for one in listing.filters:
            if one.field == "at":
                asked |= _days(one)
            elif one.op == "is":
                asked[_PLACES[one.field]] = tuple(one.values)
        return Query(**asked)

    def entry(self, work: Any, id_: int) -> Entry | None:
        """Return one entry, None when it is out of sight."""
        found = journal_view.entries_by_id(work, [id_], self._words.naming)
        return found[0] if found else None

    def _page(self, entries: Sequence[Entry], columns: Sequence[str]) -> Page:
        words = self.vocabulary
        formats = Formats.of(self._desk.today, self._desk.names, self._desk.timezone)
        rows = [(entry.id, *(_cell(entry, name, words, formats) for name in columns)) for entry in entries]
        return Page(("id", *columns), rows)


_PLACES = {"actor_id": "people", "entity": "entities", "action": "actions"}


def _days(one: Filter) -> dict[str, date]:
    if one.op not in ("from", "to") or not one.values:
        return {}
    day = one.values[0]
    return {"from_on" if one.op == "from" else "to_on": day}


def _cell(entry: Entry, name: str, words: Vocabulary, formats: Formats) -> Any:
    if name == "what":
        return describe(entry, words)
    if name == "time":
        return f"{formats.local(entry.at):%H:%M:%S}"
    return getattr(entry, name)


class JournalScreen(ListScreen):
    """The list of entries; the preview shows each field before and after."""

    def __init__(
        self,
        desk: Desk,
        words: JournalWords | None = None,
        export: Export | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`export` writes a file; without one the action is not offered."""
        self._source = JournalSource(desk, words or JournalWords())
        self._words = words or JournalWords()
        self._export = export
        super().__init__(desk, _spec(self._source, with_export=export is not None), parent)
        if export is not None:
            self.action("export_journal").triggered.connect(self.export)

    def export(self) -> None:
        """Read every matching entry (which the journal itself notes) and hand it to the file writer."""
        query, naming = self._source.query(resolved(self.table.listing, self.desk.today)), self._words.naming
        self.desk.tasks.write_long(
            self,
            lambda work, progress: journal_view.export_entries(work, query, naming=naming, progress=progress),
            self._write_file,
            self._show_failure,
            label=_("Reading the journal"),
        )

    def _write_file(self, entries: tuple[Entry, ...]) -> None:
        assert self._export is not None
        self._export(self.desk, entries, self._source.vocabulary)

    def _open(self, id_: int) -> None:
        self.preview.show_record(id_)
        if not self.preview.isVisible():
            self.preview.toggle()


class EntryPreview(RecordPreview):
    """One entry at full length."""

    entity = JournalSource.entity

    def __init__(self, desk: Desk, source: JournalSource) -> None:
        super().__init__(desk)
        self._source = source

    def fetch(self, work: Any, id_: int) -> Entry | None:
        """Return the entry."""
        return self._source.entry(work, id_)

    def fill(self, column: QVBoxLayout, seen: Entry) -> None:
        """Show what happened, and each field before and after."""
        words = self._source.vocabulary
        formats = self.formats()
        _add(
            column,
            describe(replace(seen, before={}, after={}) if changes(seen, words) else seen, words),
            SECTION,
            SEMIBOLD,
        )
        _add(
            column,
            _("{when} by {person}").format(when=formats.instant(seen.at), person=seen.actor_name),
            LABEL,
            REGULAR,
            "muted",
        )
        column.addSpacing(px(8))
        for change in changes(seen, words):
            _add(column, change.label, LABEL, REGULAR, "muted")
            if seen.action == "update":
                _add(column, change.before, BODY, REGULAR, "text2")
                _add(column, _("→ {after}").format(after=change.after), BODY, MEDIUM)
            else:
                _add(column, change.after if seen.action == "create" else change.before, BODY, REGULAR)


def _add(column: QVBoxLayout, text: str, size: int, weight: int, ink: str = "text") -> None:
    column.addWidget(text_label(text, size, weight, ink, wrap=True))


def _counted(count: int) -> str:
    return ngettext("{count} entry", "{count} entries", count).format(count=count)


def _spec(source: JournalSource, *, with_export: bool) -> ListSpec:
    logins = ("login", "login_failed", "login_delayed")
    export = ActionSpec(
        "export_journal",
        N_("Export…"),
        N_("Write every entry that matches into a spreadsheet; the journal notes it."),
        icon="download",
        permission=Permission.JOURNAL_EXPORT,
    )
    return ListSpec(
        name="journal",
        title=N_("Journal"),
        icon="history",
        source=source,
        views=(
            View("all", N_("All"), Listing()),
            View("today", N_("Today"), Listing(filters=(Filter("at", "from", ("today",)),))),
            View("logins", N_("Logins"), Listing(filters=(Filter("action", "is", logins),))),
            View("exports", N_("Exports"), Listing(filters=(Filter("action", "is", ("export",)),))),
        ),
        never_had=NeverHad(N_("Nothing has happened yet"), N_("Every change anybody saves is written down here.")),
        counted=_counted,
        quiet=(export,) if with_export else (),
        looks={"what": Look(token="text"), "time": Look(token="muted"), "at": Look(token="text2")},
        preview=lambda desk: EntryPreview(desk, source),
    )
