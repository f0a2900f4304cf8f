"""The list of contacts: views by scope, filters, preview, and what is done to many at once."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.contacts import handover, service
from crm_desktop.contacts.journal_words import Words
from crm_desktop.contacts.rules import DefinedField
from crm_desktop.contacts.ui import above, assign_dialog, bulk, words
from crm_desktop.contacts.ui.assign_dialog import AssignDialog
from crm_desktop.contacts.ui.merge_dialog import open_merge
from crm_desktop.contacts.ui.outlet import OUTLET
from crm_desktop.contacts.ui.preview import ContactPreview
from crm_desktop.contacts.ui.source import ENTITY, SCREEN, ContactSource, defined_fields
from crm_desktop.contacts.ui.tag_dialog import TagDialog
from crm_desktop.exchange.ui.export_dialog import export_list
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.icons import icon
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import Incoming, ListSpec, NeverHad, View
from crm_desktop.ui.looks import Look, ink_of_next_step
from crm_desktop.ui.prepared import PreparedScreen
from crm_desktop.ui.screen import Screen

DUPLICATES: Final = "contact_duplicates"
"""What `desk.open_record` is asked for to show the finder."""

NEW: Final = ActionSpec(
    "new", N_("New contact"), N_("Write down a company or a person"), "plus", "Ctrl+N", Permission.CONTACT_WRITE
)
QUIET: Final = (
    ActionSpec(
        "duplicates",
        N_("Duplicates"),
        N_("Find contacts that are there twice"),
        "copy",
        None,
        Permission.CONTACT_MERGE,
    ),
    ActionSpec(
        "export_list",
        N_("Export"),
        N_("Take this list to Excel, or to a phone"),
        "download",
        None,
        Permission.CONTACT_EXPORT,
    ),
)
BULK: Final = (
    ActionSpec(
        "claim",
        N_("Claim"),
        N_("Look after these contacts of the public pool"),
        "hand",
        None,
        Permission.CONTACT_WRITE,
    ),
    ActionSpec(
        "assign",
        N_("Assign…"),
        N_("Hand these contacts over to a colleague"),
        "user-plus",
        "Ctrl+Shift+A",
        Permission.CONTACT_ASSIGN,
    ),
    ActionSpec(
        "release",
        N_("Release"),
        N_("Give these contacts back to the public pool"),
        "door-open",
        None,
        Permission.CONTACT_WRITE,
    ),
    ActionSpec("tag", N_("Tag…"), N_("Put tags on these contacts"), "tag", "Ctrl+T", Permission.TAG_WRITE),
    ActionSpec(
        "export",
        N_("Export…"),
        N_("Take these contacts to Excel, or to a phone"),
        "download",
        "Ctrl+E",
        Permission.CONTACT_EXPORT,
    ),
    ActionSpec("merge", N_("Merge…"), N_("Make one of exactly two contacts"), "merge", None, Permission.CONTACT_MERGE),
    ActionSpec(
        "archive",
        N_("Archive"),
        N_("Put these contacts away; nothing is deleted"),
        "archive",
        "Delete",
        Permission.CONTACT_DELETE,
    ),
    ActionSpec(
        "restore",
        N_("Bring back"),
        N_("Put these contacts into the lists again"),
        "archive-restore",
        None,
        Permission.CONTACT_DELETE,
    ),
)
FRONT: Final = 3
"""After claim, assign and release stand the actions of features above."""
LOOKS: Final = {
    "name": Look(token="text", weight=500),
    "owner": Look(chars=10),
    "city": Look(chars=10),
    "level": Look(chars=5),
    "last_contact": Look(always_ago=True, chars=9),
    "next_contact": Look(ink=ink_of_next_step, chars=9),
    "updated_at": Look(always_ago=True, chars=9),
}
"""Narrow enough that the usual columns fit beside the preview at 1,366 px."""
NEVER_HAD: Final = NeverHad(
    N_("Everyone you trade with, in one list"),
    N_("Companies and the people in them: what was said, offered, ordered and owed. Start with one name."),
    primary="new",
)
_POOL: Final = Filter("owner", "empty")
_ARCHIVED: Final = Filter("archived", "is", (True,))


def views_for(actor: Actor) -> tuple[View, ...]:
    """Return the built-in views; the first one is what the scope of the person is about."""
    reach = max(actor.scope(domain) for domain in Domain)
    mine = View("mine", N_("My contacts"), Listing(filters=(Filter("owner", "is", (actor.user_id,)),)))
    everyone = View("all", N_("All contacts"), Listing())
    team_ids = tuple(sorted(actor.team_ids))
    team = View("team", N_("My team"), Listing(filters=(Filter("owner", "is", team_ids),)))
    first = {Scope.ALL: (everyone, mine), Scope.TEAM: (team, mine)}.get(reach, (mine,))
    due_today, overdue, *talked = talk_views()
    return (
        *first,
        due_today,
        overdue,
        View("pool", N_("Public pool"), Listing(filters=(_POOL,))),
        *talked,
        View(
            "recent",
            N_("Recently changed"),
            Listing(
                filters=(Filter("updated_at", "from", ("today-29",)), Filter("updated_at", "to", ("today",))),
                sorts=(Sort("updated_at", descending=True),),
                columns=("name", "status", "owner", "phone", "city", "level", "updated_at"),
            ),
        ),
        View("archived", N_("Archived"), Listing(filters=(_ARCHIVED,))),
    )


def talk_views() -> tuple[View, ...]:
    """Return the views by when one spoke last and when one speaks next."""
    due = Sort("next_contact")
    latest = Sort("last_contact", descending=True)
    today = ("today",)
    return (
        View(
            "due_today",
            N_("Contact due today"),
            Listing(filters=(Filter("next_contact", "from", today), Filter("next_contact", "to", today)), sorts=(due,)),
        ),
        View(
            "contact_overdue",
            N_("Contact overdue"),
            Listing(filters=(Filter("next_contact", "to", ("today-1",)),), sorts=(due,)),
        ),
        View(
            "contacted_today",
            N_("Contacted today"),
            Listing(filters=(Filter("last_contact", "from", today),), sorts=(latest,)),
        ),
        View("never_contacted", N_("Never contacted"), Listing(filters=(Filter("last_contact", "empty"),))),
    )


def contact_list_spec(actor: Actor, defined: Sequence[DefinedField], names: Any) -> ListSpec:
    """Return what the toolkit needs to know of the list."""
    source = ContactSource(actor, defined)
    spoken = Words.of(source.fields, names)
    return ListSpec(
        name=SCREEN,
        title=N_("Contacts"),
        icon="users",
        source=source,
        views=views_for(actor),
        never_had=NEVER_HAD,
        counted=words.counted,
        store=StoredViews(SCREEN),
        primary=NEW,
        quiet=QUIET,
        bulk=(*BULK[:FRONT], *(one.spec for one in above.added()), *BULK[FRONT:]),
        looks=LOOKS,
        preview=lambda desk: ContactPreview(desk, spoken),
        incoming=Incoming("contacts", Permission.CONTACT_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


class ContactList(ListScreen):
    """The list itself, once it is known which fields the company has of its own."""

    def __init__(self, desk: Desk, defined: Sequence[DefinedField], parent: QWidget | None = None) -> None:
        super().__init__(desk, contact_list_spec(desk.actor, defined, desk.names), parent)
        for name, slot in (
            ("new", self._new),
            ("duplicates", self._find_duplicates),
            ("export_list", self._export_list),
            ("claim", self._claim),
            ("assign", self._assign),
            ("release", self._release),
            ("tag", self._tag),
            ("export", self._export),
            ("merge", self._merge),
            ("archive", self._archive),
            ("restore", self._restore),
        ):
            self.actions_here.on(name, slot)
        for one in above.added():
            self.actions_here.on(one.spec.name, lambda _checked=False, act=one.act: self._do_above(act))

    def offer_what_fits(self, listing: Listing) -> None:
        """Offer what can be done with contacts of the pool, with archived ones, and with all others."""
        archived = any(one.field == "archived" for one in listing.filters)
        pool = _POOL in listing.filters
        own_only = not self.desk.actor.may(Permission.CONTACT_ASSIGN)
        for name, fits in (
            ("claim", pool and not archived),
            ("assign", not archived),
            ("release", own_only and not pool and not archived),
            ("archive", not archived),
            ("restore", archived),
        ):
            self.actions_here.show(name, fits)

    def _show_selection(self) -> None:
        super()._show_selection()
        # Shown for two only: the bar has no room for what cannot be pressed.
        two = len(self.selection) == 2
        self.actions_here.enable("merge", two)
        self.actions_here.show("merge", two and _ARCHIVED not in self.table.listing.filters)

    # What people do

    def _new(self) -> None:
        self.desk.open_record(ENTITY, None)

    def _find_duplicates(self) -> None:
        self.desk.open_record(DUPLICATES, None)

    def _claim(self) -> None:
        def said(count: int) -> str:
            return ngettext("{count} contact is yours now", "{count} contacts are yours now", count)

        self._change(handover.claim, said, _("Claiming contacts"))

    def _release(self) -> None:
        def said(count: int) -> str:
            return ngettext(
                "{count} contact is in the public pool now", "{count} contacts are in the public pool now", count
            )

        self._change(handover.release, said, _("Releasing contacts"))

    def _restore(self) -> None:
        def said(count: int) -> str:
            return ngettext("{count} contact is back in the lists", "{count} contacts are back in the lists", count)

        self._change(bulk.unarchive, said, _("Bringing contacts back"))

    def _change(self, act: Callable[[Any, list[int]], int], said: Callable[[int], str], label: str) -> None:
        ids = self.target_ids()

        def tell(count: int) -> None:
            self.selection.clear()
            self.desk.toast(said(count).format(count=f"{count:,}"))

        self.desk.tasks.write_long(self, bulk.in_blocks(ids, act), tell, label=label)

    def _assign(self) -> None:
        ids = self.target_ids()
        dialog = AssignDialog(self.desk, ids, self)

        def hand_over(owner_id: int | None) -> None:
            self.desk.tasks.write_long(
                self,
                bulk.in_blocks(ids, bulk.assign_to(owner_id)),
                lambda count: self._assigned(count, owner_id),
                label=_("Handing contacts over"),
            )

        dialog.chosen.connect(hand_over)
        dialog.open()

    def _assigned(self, count: int, owner_id: int | None) -> None:
        self.selection.clear()
        self.desk.toast(assign_dialog.handed_over(count, owner_id, self.desk.names))

    def _tag(self) -> None:
        ids = self.target_ids()
        dialog = TagDialog(self.desk, len(ids), self)

        def change(add: tuple[str, ...], remove: tuple[str, ...]) -> None:
            self.desk.tasks.write_long(
                self,
                bulk.in_blocks(ids, lambda work, block: service.tag(work, block, add=add, remove=remove)),
                self._tagged,
                label=_("Tagging contacts"),
            )

        dialog.chosen.connect(change)
        dialog.open()

    def _tagged(self, count: int) -> None:
        said = ngettext("Tags of {count} contact changed", "Tags of {count} contacts changed", count)
        self.desk.toast(said.format(count=f"{count:,}"))

    def _archive(self) -> None:
        ids = self.target_ids()
        self.desk.tasks.write_long(self, bulk.archiving(ids), self._archived, label=_("Archiving contacts"))

    def _archived(self, ids: list[int]) -> None:
        self.selection.clear()
        said = ngettext("{count} contact archived", "{count} contacts archived", len(ids))
        self.desk.toast(said.format(count=f"{len(ids):,}"), _("Undo"), lambda: self._undo_archive(ids))

    def _undo_archive(self, ids: list[int]) -> None:
        self.desk.tasks.write_long(self, bulk.in_blocks(ids, bulk.unarchive), label=_("Bringing contacts back"))

    def _do_above(self, act: above.Act) -> None:
        act(self.desk, self, self.target_ids(), self.selection.clear)

    def _merge(self) -> None:
        ids = list(self.target_ids())
        if len(ids) == 2:
            open_merge(self.desk, self, self.spec.source.fields, ids, lambda _id: self.selection.clear())

    def _export(self) -> None:
        self._open_export(self.target_ids())

    def _export_list(self) -> None:
        self._open_export(self.selection.ids() if self.selection else ())

    def _open_export(self, chosen: Sequence[int]) -> None:
        export_list(self, OUTLET, chosen)


class ContactsScreen(PreparedScreen):
    """The tab of the list; made anew when the company's own fields change."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        desk.changes.changed.connect(self._heard)

    @property
    def list(self) -> ContactList | None:
        """Return the list, None until it is built."""
        return self.inside if isinstance(self.inside, ContactList) else None

    def ask(self, work: Any) -> Any:
        """Return the user-defined fields."""
        return defined_fields(work)

    def build(self, answer: Any) -> Screen:
        """Return the list with them."""
        return ContactList(self.desk, answer)

    def title(self) -> str:
        """Return the title of the tab."""
        return _("Contacts")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("users")

    def _heard(self, changes: Any) -> None:
        if changes.touches("custom_field"):
            self.prepare()
