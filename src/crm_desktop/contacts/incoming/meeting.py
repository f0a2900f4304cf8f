"""Which stored contact the rows of a sheet are, or why that cannot be said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.incoming.grouping import OWN_ORDER, Group, apart, phone_keys
from crm_desktop.contacts.incoming.links import label_of
from crm_desktop.contacts.incoming.matching import Known, Met, Sightings
from crm_desktop.contacts.incoming.values import Wanted
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Candidate, ImportOptions, Verdict
from crm_desktop.shared.text import fold

_MOST_CANDIDATES: Final = 8
_CELLS: Final = {"code": "code", "registration": "registration_number", "name": "name", "point": "phone"}
_MEETS_BY: Final = {"code": "code", "registration_number": "registration", "name": "name", "phone": "point"}


class Decided(Exception):
    """What becomes of a row is clear already: `why` is a finished sentence, `more` what else `Planned` says."""

    def __init__(self, verdict: Verdict, why: str, **more: Any) -> None:
        self.verdict, self.why, self.more = verdict, why, more


class Meeting:
    """Meets rows and contacts by the keys that were chosen. `side` are the sides the whole sheet stands on."""

    def __init__(self, options: ImportOptions, sightings: Sightings, side: Mapping[str, bool]) -> None:
        self._options, self._sightings, self._side = options, sightings, side
        self._meets = (options.key,) if options.key in _MEETS_BY else () if options.key else OWN_ORDER

    def matched(self, group: Group) -> Known | None:
        """Return the contact the group is. Raises Decided when that cannot be said or must not be."""
        if group.identity is not None:
            known = self._sightings.heads.get(group.identity.id)
            if known is None:
                raise Decided(
                    Verdict.INVALID,
                    _("The contact of this row no longer exists, or you may not see it."),
                    field="id",
                )
            return known
        if not self._sightings.anybody:
            return None
        for field_ in self._meets:
            what = _MEETS_BY[field_]
            if group.doubled and what == "name":
                continue
            answers = self._options.answers
            if answers and (answer := (field_, fold(str(group.rows[0].values.get(field_, ""))))) in answers:
                if (id_ := answers[answer]) is None:
                    return None
                if known := self._sightings.heads.get(id_):
                    return known
            met = self._met(what, group.wanted)
            if known := self._one_of(group.wanted, what, met):
                return known
        return None

    def _met(self, what: str, wanted: Wanted) -> list[Met]:
        keys: Iterable[str] = {"code": [wanted.code_key], "registration": [wanted.registration_key]}.get(what) or (
            [wanted.name_key] if what == "name" else phone_keys(wanted)
        )
        return [met for key in keys for met in self._sightings.met(what, key)]

    def _one_of(self, wanted: Wanted, what: str, met: Sequence[Met]) -> Known | None:
        fitting = {one.id: one for one in self._sightings.seen(met) if self._fits(wanted, what, one)}
        if what == "name":
            fitting = {id_: one for id_, one in fitting.items() if not apart(wanted, one["code_key"])}
        if what == "name" and (doubled := _other_code(wanted, fitting)):
            if self._options.keep_duplicates:
                return None
            raise doubled
        live = {id_: one for id_, one in fitting.items() if one["archived_at"] is None} or fitting
        if len(live) > 1:
            offered = tuple(Candidate(id_, label_of(one)) for id_, one in sorted(live.items())[:_MOST_CANDIDATES])
            why = _("{count} contacts fit. Choose which one is meant.").format(count=len(live))
            raise Decided(Verdict.INVALID, why, field=_CELLS[what], candidates=offered)
        for known in live.values():
            if known["archived_at"] is not None:
                why = _("{name} is there already, but archived. Bring it back into the lists first.")
                raise Decided(Verdict.INVALID, why.format(name=known["name"]), field=_CELLS[what], id=known.id)
            return known
        if (what != "name" or wanted.kind == rules.COMPANY) and (why := self._sightings.hidden(met)):
            raise Decided(Verdict.INVALID, why, field=_CELLS[what])
        return None

    def _fits(self, wanted: Wanted, what: str, known: Known) -> bool:
        if what == "code":
            # Customers and suppliers are numbered apart.
            return any(known[name] for name, on in self.flags(wanted).items() if on)
        if what != "name":
            return True
        if known["kind"] != wanted.kind:
            return False
        if wanted.kind == rules.PERSON:
            keys = {point["key"] for point in wanted.keyed}
            shared = any(one.id == known.id for key in keys for one in self._sightings.met("point", key))
            return shared or not (keys and (known["main_phone"] or known["main_email"]))
        both = wanted.registration_key and known["registration_key"]
        return not both or wanted.registration_key == known["registration_key"]

    def flags(self, wanted: Wanted) -> dict[str, bool]:
        """Return the sides of a row: its own, or the sheet's."""
        return {name: wanted.columns.get(name, on) for name, on in self._side.items()}


def _other_code(wanted: Wanted, fitting: Mapping[int, Known]) -> Decided | None:
    """Return the refusal of a row whose name is there under another code: one contact twice, or a mistake."""
    coded = [one for one in fitting.values() if one["code_key"]]
    if not wanted.code_key or not coded or len(coded) < len(fitting):
        return None
    why = _("{name} is there already, with the code {code}.").format(name=coded[0]["name"], code=coded[0]["code"])
    return Decided(Verdict.DUPLICATE, why, id=coded[0].id, version=coded[0].version, field="code")
