"""What would become of the rows of a sheet of contacts; writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.model import Company
from crm_desktop.access.people import colleagues
from crm_desktop.access.people import names as names_of_users
from crm_desktop.contacts import rules
from crm_desktop.contacts.above import additions
from crm_desktop.contacts.custom import defined_fields
from crm_desktop.contacts.incoming.changes import change_of, differences, new_points, people_of
from crm_desktop.contacts.incoming.fields import BOTH, CUSTOMERS, SIDE, SUPPLIERS
from crm_desktop.contacts.incoming.grouping import Group, Grouping
from crm_desktop.contacts.incoming.links import CustomerLinks, Link, Named
from crm_desktop.contacts.incoming.matching import Known, Sightings, blocks, read_details
from crm_desktop.contacts.incoming.meeting import Decided, Meeting
from crm_desktop.contacts.incoming.similar import similar_names
from crm_desktop.contacts.incoming.values import Person, Reader, Wanted
from crm_desktop.contacts.incoming.writing import Change
from crm_desktop.contacts.rows import first_owner, may_reach
from crm_desktop.contacts.service import ENTITY, check_reach
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import (
    ImportOptions,
    ImportRow,
    OnMatch,
    Planned,
    Verdict,
)
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress

_STEP: Final = 2_000


@dataclass(slots=True)
class New:
    """A contact to be made. `employer` is the group that makes the company a person works for, or its id."""

    wanted: Wanted
    owner: int | None
    employer: "New | int | None" = None
    employer_named: str = ""


@dataclass(slots=True)
class Update:
    """A contact to be changed, the people to be made for it, and those of its people who change too."""

    change: Change
    wanted: Wanted
    people: list[Person] = field(default_factory=list)
    others: list[Change] = field(default_factory=list)


@requires(Permission.CONTACT_IMPORT)
def plan(work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
    """Return what would become of each contact, in the order of the sheet. Raises Cancelled."""
    return _Plan(work, options).make(rows, progress)


class _Plan:
    def __init__(self, work: Work, options: ImportOptions) -> None:
        self._work, self._options = work, options
        side = options.chosen.get(SIDE, CUSTOMERS)
        self._side = {"is_customer": side != SUPPLIERS, "is_supplier": side in (SUPPLIERS, BOTH)}
        self._custom = {one.key: one for one in defined_fields(work)}
        self._additions = [(one, {each.name for each in one.fields(work)}) for one in additions()]
        company = work.session.execute(select(Company.timezone, Company.country)).one()
        self._reader = Reader(
            side,
            timezone=company.timezone,
            country=company.country,
            custom=self._custom,
            others={name for _one, names in self._additions for name in names},
        )
        self._sightings = Sightings(work)
        self._meeting = Meeting(options, self._sightings, self._side)
        self._users = names_of_users(work)
        self._active = {id_ for id_, _name in colleagues(work)}
        self._owner = options.owner if options.owner is not None else first_owner(work)
        self._updated: dict[int, int] = {}
        self._reached: dict[tuple[bool, bool, int | None], str] = {}

    def make(self, rows: Sequence[ImportRow], progress: Progress) -> list[Planned]:
        groups = self._group(rows, progress)
        open_ = [group for group in groups if not self._is_settled(group)]
        self._look_up(open_)
        planned = {id(group): self._decided(group) for group in open_}
        self._settle_updates(planned.values())
        self._settle_employers(planned.values())
        self._settle_new([one for one in planned.values() if one.verdict is Verdict.NEW])
        return [planned.get(id(group)) or _settled(group) for group in groups]

    def _group(self, rows: Sequence[ImportRow], progress: Progress) -> list[Group]:
        grouping = Grouping(self._options.key if self._options.key != "id" else "")
        groups = []
        for place, row in enumerate(rows):
            if place % _STEP == 0:
                progress.step(place, len(rows))
            wanted = self._reader.read(row)
            self._check(wanted)
            if (group := grouping.add(row, wanted)) is not None:
                groups.append(group)
        return groups

    def _check(self, wanted: Wanted) -> None:
        for addition, names in self._additions:
            mine = {name: value for name, value in wanted.others.items() if name in names}
            if mine and (why := addition.check(self._work, mine)):
                wanted.problems.setdefault(next(iter(mine)), why)
        if wanted.owner not in (-1, None) and wanted.owner not in self._active:
            wanted.problems.setdefault("owner", _("This colleague is deactivated. Choose somebody who works here."))

    def _is_settled(self, group: Group) -> bool:
        return bool(group.wanted.problems or (group.doubled and not self._options.keep_duplicates))

    def _look_up(self, groups: Iterable[Group]) -> None:
        keys: dict[str, set[Any]] = {what: set() for what in ("id", "code", "registration", "name", "point")}
        keys["id"] = {id_ for id_ in self._options.answers.values() if id_ is not None}
        for group in groups:
            wanted = group.wanted
            if group.identity is not None:
                keys["id"].add(group.identity.id)
                continue
            keys["code"].add(wanted.code_key)
            keys["registration"].add(wanted.registration_key)
            keys["name"].add(wanted.name_key)
            keys["point"].update([point["key"] for point in wanted.keyed])
        self._sightings.look_up(**keys)

    def _decided(self, group: Group) -> Planned:
        try:
            known = self._meeting.matched(group)
            if known is None:
                return self._new(group)
            return self._update(group, known)
        except Decided as found:
            return Planned(found.verdict, group.rows, why=found.why, **found.more)

    # -- new ones -------------------------------------------------------------------------------

    def _new(self, group: Group) -> Planned:
        wanted = group.wanted
        if not wanted.name:
            raise Decided(Verdict.INVALID, _("There is no name in this row."), field="name")
        owner = self._owner if wanted.owner == -1 else wanted.owner
        flags = self._meeting.flags(wanted)
        if why := self._out_of_reach(flags["is_customer"], flags["is_supplier"], owner):
            raise Decided(Verdict.INVALID, why, field="owner" if wanted.owner != -1 else "")
        return Planned(Verdict.NEW, group.rows, similar=group.alike, payload=New(wanted, owner))

    def _out_of_reach(self, is_customer: bool, is_supplier: bool, owner: int | None) -> str:
        key = (is_customer, is_supplier, owner)
        if key not in self._reached:
            self._reached[key] = ""
            try:
                check_reach(self._work, owner)
            except NotAllowed as refused:
                self._reached[key] = str(refused)
            if not may_reach(self._work, {"is_customer": is_customer, "is_supplier": is_supplier}, owner):
                self._reached[key] = _("Your role does not reach such contacts: you would not see what you imported.")
        return self._reached[key]

    def _settle_new(self, planned: Sequence[Planned]) -> None:
        """Tell which new ones look like one that is there."""
        names: list[tuple[Planned, str]] = []
        for one in planned:
            wanted: Wanted = one.payload.wanted
            if self._sightings.anybody and (told := self._told_alike(wanted)):
                one.similar = told
            elif wanted.kind == rules.COMPANY and not one.similar:
                names.append((one, wanted.name_key))
        alike = similar_names(self._work, {key for _one, key in names})
        for one, key in names:
            if key in alike:
                one.similar = _("The name is like {name}.").format(name=alike[key])

    def _told_alike(self, wanted: Wanted) -> str:
        for what, keys, sentence, unseen in (
            ("name", [wanted.name_key], _("It has the same name as {name}."), ""),
            (
                "point",
                [point["key"] for point in wanted.keyed],
                _("It has the same phone or e-mail as {name}."),
                _("A contact of a colleague has the same phone or e-mail."),
            ),
        ):
            for key in keys:
                met = self._sightings.met(what, key)
                if met and (seen := self._sightings.seen(met)):
                    return sentence.format(name=seen[0]["name"])
                if met and unseen:
                    return unseen
        return ""

    # -- updates --------------------------------------------------------------------------------

    def _update(self, group: Group, known: Known) -> Planned:
        wanted = group.wanted
        more = {"id": known.id, "version": known.version}
        if self._options.on_match is OnMatch.SKIP:
            raise Decided(Verdict.SKIP, _("{name} is there already.").format(name=known["name"]), **more)
        if self._options.on_match is OnMatch.ERROR:
            raise Decided(Verdict.INVALID, _("{name} is there already.").format(name=known["name"]), **more)
        kind = group.rows[0].values.get("kind")
        if kind in (rules.COMPANY, rules.PERSON) and kind != known["kind"]:
            raise Decided(Verdict.INVALID, _("A company cannot become a person, nor the other way round."), **more)
        if known.id in self._updated:
            raise Decided(
                Verdict.DUPLICATE,
                _("It is the same contact as row {number}.").format(number=self._updated[known.id]),
                **more,
            )
        self._updated[known.id] = group.number
        return Planned(Verdict.UPDATE, group.rows, known.id, known.version, payload=Update(Change(known), wanted))

    def _settle_updates(self, planned: Iterable[Planned]) -> None:
        """Work out what every update changes; what changes nothing is skipped."""
        updates = [one for one in planned if one.verdict is Verdict.UPDATE]
        read_details(self._work, [one.payload.change.known for one in updates])
        self._read_people(updates)
        told = self._told_by_additions(updates)
        labels = {key: one.label for key, one in self._custom.items()}
        for one in updates:
            update: Update = one.payload
            has_id = "id" in one.rows[0].values
            update.change = change_of(
                update.change.known,
                update.wanted,
                side={} if has_id else self._side,
                owner_counts=self._work.actor.may(Permission.CONTACT_ASSIGN),
            )
            update.people, there = people_of(update.change, update.wanted.persons)
            update.others = [
                Change(person, {"points": points})
                for id_, wanted in there
                if (person := self._sightings.heads.get(id_)) is not None
                and (points := new_points(person, wanted)) != person.points
            ]
            one.differences = (
                *differences(update.change, update.people, labels, self._users),
                *told.get(update.change.known.id, ()),
            )
            if not (one.differences or update.others):
                one.verdict, one.why = Verdict.SKIP, _("Nothing differs from what is stored.")
            elif why := self._refused(update):
                one.verdict, one.why = Verdict.INVALID, why
        self._refuse_conflicts([one for one in updates if one.verdict is Verdict.UPDATE])

    def _read_people(self, updates: Iterable[Planned]) -> None:
        """Read the people of the companies whose rows name some."""
        ids = {id_ for one in updates if one.payload.wanted.persons for id_, *_rest in one.payload.change.known.people}
        unread = ids - self._sightings.heads.keys()
        self._sightings.look_up(id=ids)
        read_details(self._work, [self._sightings.heads[id_] for id_ in unread if id_ in self._sightings.heads])

    def _told_by_additions(self, updates: Sequence[Planned]) -> dict[int, tuple[Any, ...]]:
        told: dict[int, tuple[Any, ...]] = {}
        for addition, names in self._additions:
            asked = {
                one.payload.change.known.id: mine
                for one in updates
                if (mine := {name: value for name, value in one.payload.wanted.others.items() if name in names})
            }
            for id_, found in (addition.differences(self._work, asked) if asked else {}).items():
                told[id_] = (*told.get(id_, ()), *found)
        return told

    def _refused(self, update: Update) -> str:
        known, values = update.change.known, update.change.values
        if values.get("name") == "":
            return _("A contact needs a name.")
        flags = {name: values.get(name, known[name]) for name in ("is_customer", "is_supplier")}
        if not any(flags.values()):
            return _("A contact is a customer, a supplier, or both.")
        owner = values.get("owner_id", known["owner_id"])
        return self._out_of_reach(flags["is_customer"], flags["is_supplier"], owner)

    def _refuse_conflicts(self, updates: Sequence[Planned]) -> None:
        """Refuse what somebody else changed after the list was exported."""
        exported = {
            identity.id: (one, identity.version)
            for one in updates
            if (identity := one.rows[0].values.get("id")) is not None and identity.version != one.version
        }
        for block in blocks(sorted(exported)):
            asked = select(JournalEntry.entity_id, JournalEntry.version, JournalEntry.after, JournalEntry.actor_name)
            entries = self._work.session.execute(
                asked.where(JournalEntry.entity == ENTITY, JournalEntry.entity_id.in_(block)).order_by(JournalEntry.id)
            )
            for id_, version, after, actor in entries:
                one, since = exported[id_]
                changed = one.payload.change.values
                if (version or 0) > since and changed.keys() & after.keys():
                    one.verdict = Verdict.INVALID
                    one.why = _("{name} changed this contact after the list was exported.").format(name=actor)
                    one.field = next(key for key in changed if key in after)

    # -- persons --------------------------------------------------------------------------------

    def _settle_employers(self, planned: Iterable[Planned]) -> None:
        """Find the company of every person who works somewhere: in the same sheet, or stored."""
        planned = list(planned)
        working = [one for one in planned if one.verdict is Verdict.NEW and one.payload.wanted.employer]
        if not working:
            return
        here = {
            one.payload.wanted.name_key: one.payload
            for one in planned
            if one.verdict is Verdict.NEW and one.payload.wanted.kind == rules.COMPANY
        }
        links = CustomerLinks(
            self._work,
            self._options,
            kinds=(rules.COMPANY,),
            fields=("employer", "employer", "employer"),
            any_side=True,
        )
        found = links.find(Named(name=one.payload.wanted.employer) for one in working)
        for one in working:
            new: New = one.payload
            if (company := here.get(rules.name_key(rules.COMPANY, new.wanted.employer))) is not None:
                new.employer = company
                continue
            self._take_employer(one, new, found[Named(name=new.wanted.employer)])

    def _take_employer(self, one: Planned, new: New, link: Link) -> None:
        if link.id is not None:
            new.employer = link.id
        elif link.missing and self._options.create_missing:
            new.employer_named = new.wanted.employer
        elif link.missing or link.why:
            one.verdict, one.field, one.candidates = Verdict.INVALID, "employer", link.candidates
            one.why = link.why or _("There is no company called {name}.").format(name=new.wanted.employer)


def _settled(group: Group) -> Planned:
    problems = group.wanted.problems
    if problems:
        return Planned(Verdict.INVALID, group.rows, why=" ".join(problems.values()), field=next(iter(problems)))
    return Planned(Verdict.DUPLICATE, group.rows, why=group.doubled)
