"""What the rows of a list of products would become, worked out against every product there is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.db.since import changed_since
from crm_desktop.db.work import Work
from crm_desktop.exchange.links import text_key
from crm_desktop.products import costs, rules
from crm_desktop.products.incoming.changing import ProductChange
from crm_desktop.products.incoming.fields import DISCONTINUED, PRODUCT_FIELDS
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.products.service import ENTITY, TAKEN
from crm_desktop.products.settings import get_settings
from crm_desktop.shared import import_reasons
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import (
    CLEAR,
    ID_FIELD,
    Candidate,
    Difference,
    ImportOptions,
    ImportRow,
    OnMatch,
    Planned,
    Verdict,
)
from crm_desktop.shared.money import without_zeros
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

CODES: Final = "codes"
NUMBERED, REFUSED = "numbered", "refused"
"""What becomes of a new product without a code."""
TAX: Final = "tax"
AS_KEPT, WITH_TAX, WITHOUT_TAX = "kept", "with", "without"
"""What the list prices of the file hold; they are kept as `SalesSettings.prices_include_tax` says."""
_LABELS: Final = {field.name: field.label for field in PRODUCT_FIELDS}
_FIGURES: Final = ("list_price", "cost")
_NEVER_EMPTY: Final = frozenset({"code", "name", "active", DISCONTINUED})
_ONCE: Final = ("created_at", "created_by")
_STEP: Final = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """A product as it is stored: `values` are its columns, and the cost for those who may read it."""

    id: int
    version: int
    values: Mapping[str, Any]


class Catalogued:
    """Every product there is, by id, code and name."""

    def __init__(self, work: Work) -> None:
        self.by_id: dict[int, Known] = {}
        self.by_code: dict[str, Known] = {}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        paid: dict[int, Decimal] = {}
        if work.actor.may(Permission.COST_READ):
            found = work.session.execute(select(ProductCost.product_id, ProductCost.cost))
            paid = {row.product_id: row.cost for row in found}
        columns = [getattr(Product, name) for name in rules.COLUMNS]
        rows = work.session.execute(select(Product.id, Product.version, Product.code_key, *columns))
        for id_, version, key, *values in rows:
            known = Known(id_, version, dict(zip(rules.COLUMNS, values, strict=True)) | {"cost": paid.get(id_)})
            self.by_id[id_] = self.by_code[key] = known
            self.by_name[text_key(known.values["name"])].append(known)


class ProductPlan:
    """Works out one file, row by row; remembers what earlier rows of it are."""

    def __init__(self, work: Work, options: ImportOptions) -> None:
        self._work = work
        self._options = options
        self._known = Catalogued(work)
        self._currency = company(work).currency
        self._zone = ZoneInfo(company(work).timezone)
        self._settings = get_settings(work)
        self._rows: dict[tuple[str, Any], int] = {}
        """The number of the first row of the file that is a product, has a code, or has a name."""

    def plan(self, rows: Sequence[ImportRow], progress: Progress) -> list[Planned]:
        """Return what becomes of each row, in order."""
        planned = []
        for place, row in enumerate(rows):
            if place % _STEP == 0:
                progress.step(place, len(rows))
            planned.append(self._one(row))
        self._refuse_what_others_changed(planned)
        return planned

    def _one(self, row: ImportRow) -> Planned:
        if why := import_reasons.unreadable(row):
            return Planned(Verdict.INVALID, [row], why=why, field=next(iter(row.problems)))
        try:
            values = self._values(row)
            known = self._meet(row, values)
            self._convert(row, values, known)
            return self._new(row, values) if known is None else self._update(row, values, known)
        except Refused as refused:
            return refused.planned(row)
        except Invalid as invalid:
            return Planned(Verdict.INVALID, [row], why=str(invalid), field=invalid.field)

    def _values(self, row: ImportRow) -> dict[str, Any]:
        """Return what a row says of a product, cleaned; what it leaves blank is absent. Raises Invalid."""
        given = {name: value for name, value in row.values.items() if name != ID_FIELD}
        for name in _NEVER_EMPTY & given.keys():
            if given[name] is CLEAR:
                raise Refused(name, import_reasons.not_cleared(_(_LABELS[name])))
        given = {name: None if value is CLEAR else value for name, value in given.items()}
        if DISCONTINUED in given:
            given.setdefault("active", not given[DISCONTINUED])
        values = rules.checked_values(given)
        if "cost" in given:
            values["cost"] = None if given["cost"] is None else rules.checked_price("cost", given["cost"])
        values |= {name: given[name] for name in _ONCE if given.get(name) is not None}
        self._remark_rounding(row, values)
        return values

    def _remark_rounding(self, row: ImportRow, values: Mapping[str, Any]) -> None:
        for name in (*_FIGURES, "tax_percent"):
            given = row.values.get(name)
            if isinstance(given, Decimal) and values.get(name) != given:
                row.remarks[name] = _("Rounded to {figure}.").format(figure=number_text(values[name]))

    def _convert(self, row: ImportRow, values: dict[str, Any], known: Known | None) -> None:
        """Bring the list price into the tax mode prices are kept in."""
        had_tax = {WITH_TAX: True, WITHOUT_TAX: False}.get(self._options.chosen.get(TAX, AS_KEPT))
        if had_tax is None or had_tax is self._settings.prices_include_tax or "list_price" not in values:
            return
        stored = self._settings.tax_percent if known is None else known.values["tax_percent"]
        price = rules.converted(
            values["list_price"], values.get("tax_percent", stored), rate=Decimal(1), currency=self._currency,
            had_tax=had_tax, wants_tax=not had_tax,
        )  # fmt: skip
        if price != values["list_price"]:
            values["list_price"] = without_zeros(price)
            template = _("{figure} without tax.") if had_tax else _("{figure} with tax.")
            row.remarks["list_price"] = template.format(figure=number_text(price))

    def _meet(self, row: ImportRow, values: Mapping[str, Any]) -> Known | None:
        """Return the product a row means, None for a new one. Raises Invalid."""
        key = self._options.key
        if (identity := row.values.get(ID_FIELD)) is not None and key in ("", ID_FIELD):
            if identity.id not in self._known.by_id:
                raise Refused(ID_FIELD, import_reasons.gone())
            return self._known.by_id[identity.id]
        if key in ("code", "name") and not values.get(key):
            raise Refused(key, import_reasons.key_missing(_(_LABELS[key])))
        code, name = values.get("code", ""), values.get("name", "")
        if not (code or name):
            raise Refused("code", import_reasons.missing(_(_LABELS["code"])))
        if key == "name" or not code:
            return self._named(name)
        return self._known.by_code.get(rules.code_key(code))

    def _named(self, name: str) -> Known | None:
        key = text_key(name)
        found = self._known.by_name.get(key, [])
        if len(found) < 2:
            return found[0] if found else None
        if ("name", key) in self._options.answers:
            answer = self._options.answers["name", key]
            return None if answer is None else self._known.by_id.get(answer)
        offered = [Candidate(one.id, f"{one.values['code']} {one.values['name']}") for one in found]
        why = _("{count} products have this name. Choose the one that is meant.").format(count=len(found))
        raise Refused("name", why, tuple(offered))

    def _new(self, row: ImportRow, values: dict[str, Any]) -> Planned:
        code, name = values.get("code", ""), values.get("name", "")
        code_key, name_key = rules.code_key(code), text_key(name)
        if first := self._rows.get(("code", code_key)) if code else None:
            return Planned(Verdict.DUPLICATE, [row], why=import_reasons.same_as(first), field="code")
        first = self._rows.get(("name", name_key))
        if first and not code and not self._options.keep_duplicates:
            return Planned(Verdict.DUPLICATE, [row], why=import_reasons.same_as(first), field="name")
        if not name:
            raise Invalid("name", N_("A product needs a name."))
        if not code and self._options.chosen.get(CODES) == REFUSED:
            raise Invalid("code", N_("A product needs a code."))
        if code:
            rules.check_named(code, name)
        similar = ""
        if named := self._known.by_name.get(name_key):
            similar = _("“{code}” has the same name.").format(code=named[0].values["code"])
        elif first:
            similar = _("Row {number} has the same name.").format(number=first)
        values |= {"created_by": values.get("created_by", self._options.owner)}
        if (day := values.get("created_at")) is not None:
            values["created_at"] = self._instant(day)
        self._remember(row, code_key, name_key)
        return Planned(Verdict.NEW, [row], similar=similar, payload=values)

    def _update(self, row: ImportRow, values: dict[str, Any], known: Known) -> Planned:
        if first := self._rows.get(("id", known.id)):
            return Planned(Verdict.DUPLICATE, [row], known.id, known.version, import_reasons.same_as(first))
        changes = {
            name: value
            for name, value in values.items()
            if name in known.values and name not in _ONCE and value != known.values[name]
        }
        if ID_FIELD not in row.values and rules.code_key(changes.get("code", "")) == rules.code_key(
            known.values["code"]
        ):
            del changes["code"]  # that is what they met by, however its letters are typed
        if changes and self._options.on_match is OnMatch.SKIP:
            return Planned(Verdict.SKIP, [row], known.id, known.version, import_reasons.skipped())
        if self._options.on_match is OnMatch.ERROR:
            raise Refused("code", import_reasons.refused())
        code_key = rules.code_key(values.get("code", known.values["code"]))
        self._check_code(known, code_key)
        rules.check_named(values.get("code", known.values["code"]), values.get("name", known.values["name"]))
        self._rows["id", known.id] = row.number
        self._remember(row, code_key, text_key(values.get("name", known.values["name"])))
        if not changes:
            return Planned(Verdict.SKIP, [row], known.id, known.version, import_reasons.nothing_differs())
        return Planned(
            Verdict.UPDATE, [row], known.id, known.version, differences=self._differences(known, changes),
            payload=ProductChange(known.id, known.version, known.values, changes),
        )  # fmt: skip

    def _check_code(self, known: Known, code_key: str) -> None:
        other = self._known.by_code.get(code_key)
        if (other is not None and other.id != known.id) or ("code", code_key) in self._rows:
            raise Invalid("code", TAKEN)

    def _remember(self, row: ImportRow, code_key: str, name_key: str) -> None:
        if code_key:
            self._rows["code", code_key] = row.number
        self._rows.setdefault(("name", name_key), row.number)

    def _differences(self, known: Known, changes: Mapping[str, Any]) -> tuple[Difference, ...]:
        return tuple(
            Difference(name, _(_LABELS[name]), self._shown(name, known.values[name]), self._shown(name, value))
            for name, value in changes.items()
        )

    def _shown(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if name in _FIGURES:
            return number_text(rules.padded(value, self._currency))
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return number_text(value) if isinstance(value, Decimal) else str(value)

    def _instant(self, value: date | datetime) -> datetime:
        """Return the beginning of a day, or a moment, in UTC. Raises Refused for one that was not yet."""
        local = value if isinstance(value, datetime) else datetime.combine(value, time())
        try:
            moment = (local if local.tzinfo else local.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError as error:
            raise Invalid("created_at", N_("This is not a day of our time.")) from error
        if moment > self._work.now:
            raise Refused("created_at", _("This day is still to come."))
        return moment

    def _refuse_what_others_changed(self, planned: Sequence[Planned]) -> None:
        """Refuse rows of an exported list that would overwrite what somebody changed after the export."""
        exported = {
            one.id: one.rows[0].values[ID_FIELD].version
            for one in planned
            if one.verdict is Verdict.UPDATE and one.id is not None and ID_FIELD in one.rows[0].values
        }
        moved = {id_: since for id_, since in exported.items() if self._known.by_id[id_].version != since}
        if not moved:
            return
        later = changed_since(self._work, ENTITY, moved)
        paid = changed_since(self._work, costs.ENTITY, moved) if self._work.actor.may(Permission.COST_READ) else {}
        for one in planned:
            if one.id not in moved or one.verdict is not Verdict.UPDATE:
                continue
            who = later.get(one.id, {}) | paid.get(one.id, {})
            if clashing := [change for change in one.differences if change.field in who]:
                name = who[clashing[0].field]
                one.verdict, one.field = Verdict.INVALID, clashing[0].field
                one.why = import_reasons.changed_meanwhile(name, [change.label for change in clashing])
