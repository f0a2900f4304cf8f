"""Which contact a cell of another list means: by number, registration number or name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from crm_desktop.contacts import rules
from crm_desktop.contacts.incoming.matching import Known, Sightings
from crm_desktop.contacts.incoming.writing import insert_noted
from crm_desktop.contacts.rows import first_owner
from crm_desktop.contacts.service import check_reach
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Candidate, ImportOptions, ImportRow
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import clean_line, fold

CODE, NAME, REGISTRATION = "customer_code", "customer", "registration"
"""What a sheet calls the three, and under what its doubts are answered."""

_MOST_CANDIDATES: Final = 8


class Named(NamedTuple):
    """What the cells of a row say of a contact; any may be ""."""

    code: str = ""
    name: str = ""
    registration: str = ""


def named_in(row: ImportRow) -> Named:
    """Return how a row of another list names its customer."""
    return Named(row.text(CODE), row.text(NAME), row.text(REGISTRATION))


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a row means: `id`; nobody yet (`missing`); nobody at all (empty cells); or a doubt.

    `why` is a finished sentence about the cell `field`, `candidates` those who may be meant.
    """

    id: int | None = None
    label: str = ""
    why: str = ""
    field: str = ""
    candidates: tuple[Candidate, ...] = ()
    missing: bool = False


class CustomerLinks:
    """Finds the customers (or suppliers) that a sheet names, and makes those that are missing on request.

    `fields` are the names of the three columns in the sheet.
    """

    def __init__(
        self,
        work: Work,
        options: ImportOptions,
        *,
        supplier: bool = False,
        kinds: Collection[str] = (rules.COMPANY, rules.PERSON),
        fields: tuple[str, str, str] = (CODE, NAME, REGISTRATION),
        any_side: bool = False,
    ) -> None:
        self._work, self._options, self._kinds = work, options, kinds
        self._side = "" if any_side else "is_supplier" if supplier else "is_customer"
        self._supplier = supplier
        self._code, self._name, self._registration = fields
        self._sightings = Sightings(work)

    def find(self, named: Iterable[Named]) -> dict[Named, Link]:
        """Return whom each means. Writes nothing."""
        wanted = set(named)
        codes = {text for one in wanted for text in (one.code, one.name) if text}
        numbers = {text for one in wanted for text in (one.registration, one.name) if text}
        names = {key for one in wanted if one.name for key in self._name_keys(one.name)}
        self._sightings.look_up(
            code={rules.code_key(text) for text in codes},
            registration={registration_key(text) for text in numbers},
            name=names,
            id={id_ for id_ in self._options.answers.values() if id_ is not None},
        )
        return {one: self._link(one) for one in wanted}

    def create_missing(
        self, named: Iterable[Named], owners: Mapping[Named, int | None] | None = None
    ) -> dict[Named, int]:
        """Write the missing ones down and return their ids; what `find` called missing, one contact per name.

        `owners` are who looks after them; without one `ImportOptions.owner`, or the owner of any new contact.
        Raises NotAllowed when somebody out of the actor's team is named.
        """
        usual = self._options.owner if self._options.owner is not None else first_owner(self._work)
        places: dict[Named, int] = {}
        keys: dict[str, int] = {}
        made: list[dict[str, Any]] = []
        for one in named:
            name = clean_line(one.name or one.code or one.registration)
            key = rules.name_key(rules.COMPANY, name)
            if key not in keys:
                owner = (owners or {}).get(one, usual)
                check_reach(self._work, owner)
                keys[key] = len(made)
                made.append(self._new(one, name, owner))
            places[one] = keys[key]
        ids = insert_noted(self._work, made)
        return {one: ids[place] for one, place in places.items()}

    def _new(self, one: Named, name: str, owner: int | None) -> dict[str, Any]:
        return {
            "kind": rules.COMPANY,
            "name": name,
            "code": clean_line(one.code),
            "registration_number": clean_line(one.registration),
            "status": "prospect" if self._supplier else "customer",
            "is_customer": not self._supplier,
            "is_supplier": self._supplier,
            "owner": owner,
        }

    def _name_keys(self, name: str) -> tuple[str, ...]:
        return tuple({rules.name_key(kind, name) for kind in self._kinds})

    def _link(self, one: Named) -> Link:
        if not any(one):
            return Link()
        asked = ((self._code, one.code), (self._registration, one.registration), (self._name, one.name))
        for field, text in asked:
            answer = (field, fold(text))
            if text and answer in self._options.answers:
                return self._answered(field, self._options.answers[answer])
        # A cell for names may hold a number as well.
        tries: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("code", self._code, (rules.code_key(one.code),)),
            ("registration", self._registration, (registration_key(one.registration),)),
            ("name", self._name, self._name_keys(one.name) if one.name else ()),
            ("code", self._name, (rules.code_key(one.name),)),
            ("registration", self._name, (registration_key(one.name),)),
        )
        hidden = Link(missing=True)
        for what, field, keys in tries:
            met = [each for key in keys for each in self._sightings.met(what, key)]
            if seen := self._on_side(self._sightings.seen(met)):
                return self._chosen(seen, field, one.name)
            if met and not hidden.why:
                why = self._sightings.hidden(met) or self._other_side(self._sightings.seen(met))
                hidden = Link(why=why, field=field) if why else hidden
        return hidden

    def _answered(self, field: str, id_: int | None) -> Link:
        if id_ is None:
            return Link()
        if known := self._sightings.heads.get(id_):
            return Link(id_, str(known["name"]))
        return Link(why=_("The contact that was chosen for this cell is gone. Choose again."), field=field)

    def _on_side(self, seen: list[Known]) -> list[Known]:
        seen = [one for one in seen if one["kind"] in self._kinds]
        return [one for one in seen if not self._side or one[self._side]]

    def _other_side(self, seen: list[Known]) -> str:
        names = [str(one["name"]) for one in seen if one["kind"] in self._kinds]
        if not names:
            return ""
        if self._supplier:
            return _("{name} is a customer, not a supplier. Mark the contact as both first.").format(name=names[0])
        return _("{name} is a supplier, not a customer. Mark the contact as both first.").format(name=names[0])

    def _chosen(self, seen: list[Known], field: str, name: str) -> Link:
        unique = {one.id: one for one in seen}
        live = {id_: one for id_, one in unique.items() if one["archived_at"] is None} or unique
        same = {id_: one for id_, one in live.items() if name and fold(str(one["name"])) == fold(clean_line(name))}
        chosen = same if len(same) == 1 else live
        if len(chosen) == 1:
            ((id_, known),) = chosen.items()
            return Link(id_, str(known["name"]))
        offered = tuple(Candidate(id_, label_of(known)) for id_, known in sorted(live.items())[:_MOST_CANDIDATES])
        why = _("{count} contacts fit. Choose which one is meant.").format(count=len(live))
        return Link(why=why, field=field, candidates=offered)


def label_of(known: Known) -> str:
    """Return what tells a contact from others of its name."""
    more = (known["code"], known["registration_number"], known["main_phone"])
    return " · ".join(str(one) for one in (known["name"], *more) if one)
