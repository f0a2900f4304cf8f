"""A year of the demo's talk with its customers, and what is planned around today."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, func, insert, or_, select, update

from crm_desktop.access.company import company, today
from crm_desktop.activities.model import Activity, ActivityKind, ActivityReminder, ActivityResult
from crm_desktop.app.demo.chances import AT_ONCE, MOST_FIRMS, Hopes
from crm_desktop.app.demo.deals import workday
from crm_desktop.app.demo.people import Staff
from crm_desktop.app.demo.talking_words import TALKING_WORDS
from crm_desktop.contacts.model import Contact, ContactLink
from crm_desktop.db.work import Database, Work
from crm_desktop.orders.model import Instalment, Order, Quote
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.receivables.ledger_model import Promise
from crm_desktop.shared.actor import SYSTEM

MOST_TALKED: Final = 8_000
"""About how many firms of a large demo are talked to; the others' talk is in people's heads."""
_YEAR: Final = 364
_OVERDUE: Final = (-9, -4, -2, -1)
_TODAY: Final = ("09:30", "11:00", "14:30", "")
_COMING: Final = (1, 1, 2, 3, 4, 6, 8, 13, 21, 34)
_TIMES: Final = ("", "", "", "09:00", "10:30", "15:00")
_REMIND_MINUTES: Final = 15
_NO_DAY: Final = date(9999, 12, 31)


class Firm(NamedTuple):
    """A firm that is talked to."""

    id: int
    owner_key: int
    contact_sort: str
    owner_id: int | None
    is_customer: bool
    created_on: date
    buys: bool


class Document(NamedTuple):
    """A quote or an order that is talked about."""

    contact_id: int
    number: str
    day: date
    user_id: int | None
    person_id: int | None
    opportunity_id: int | None
    is_open: bool


class Talker:
    """Makes the talk of a demo whose business is done."""

    def __init__(self, database: Database, language: str, staff: Staff, seed: int) -> None:
        self.database = database
        self.words = TALKING_WORDS[language]
        self.staff = staff
        self.chance = random.Random(seed + 7)
        self.rows: list[dict[str, Any]] = []

    def talk(self) -> None:
        """Write opportunities and activities, and say on the contacts when they were last and are next spoken to."""
        with self.database.begin(SYSTEM) as work:
            self.now, self.today = work.now, today(work)
            firms = work.session.scalar(select(func.count()).where(Contact.kind == "company")) or 0
            hopes = Hopes(self.words, self.staff, self.today - timedelta(days=1), random.Random(self.chance.random()))
            hopes.write(work, company(work).currency, max(1, firms // MOST_FIRMS))
            self._read(work, max(1, firms // MOST_TALKED))
            self._year()
            self._about_documents()
            self._about_debts(work)
            self._plan(work)
            self._write(work)

    def _read(self, work: Work, every: int) -> None:
        owing = select(Promise.contact_id).union(
            select(Instalment.contact_id).where(Instalment.open_amount > 0, Instalment.due_on < self.today)
        )
        hoped = select(Opportunity.contact_id)
        spoken = or_(Contact.id % every == 0, Contact.id.in_(owing), Contact.id.in_(hoped))
        columns = (Contact.id, Contact.owner_key, Contact.sort_key, Contact.owner_id, Contact.is_customer)
        asked = select(*columns, Contact.created_at, Contact.status).where(Contact.kind == "company", spoken)
        self.firms = {
            row.id: Firm(*row[:5], row.created_at.date(), row.status == "customer")
            for row in work.session.execute(asked.order_by(Contact.id))
        }
        links = select(ContactLink.company_id, ContactLink.person_id).order_by(ContactLink.id.desc())
        links = links.where(ContactLink.company_id % every == 0)
        self.people = {firm: person for firm, person in work.session.execute(links) if firm in self.firms}
        self.quotes = self._documents(work, Quote, Quote.current & Quote.number.is_not(None), Quote.state == "sent")
        self.orders = self._documents(work, Order, Order.confirmed_at.is_not(None), Order.confirmed_at.is_(None))
        self.kinds = dict(work.session.execute(select(ActivityKind.key, ActivityKind.id)).all())
        self.results = dict(work.session.execute(select(ActivityResult.key, ActivityResult.id)).all())
        counted = select(ActivityKind.id).where(ActivityKind.is_contact)
        self.counted = frozenset(work.session.scalars(counted))

    def _documents(self, work: Work, entity: Any, chosen: Any, is_open: Any) -> list[Document]:
        columns = (entity.contact_id, entity.number, entity.dated_on, entity.salesperson_id, entity.person_id)
        asked = select(*columns, entity.opportunity_id, is_open).where(chosen).order_by(entity.id)
        return [Document(*row) for row in work.session.execute(asked) if row[0] in self.firms]

    def _year(self) -> None:
        """Talk with everybody now and then: more with those who buy, most of it lately."""
        chance = self.chance
        first = self.today - timedelta(days=_YEAR)
        for firm in self.firms.values():
            count = chance.choice((1, 2, 3, 3, 4, 6) if firm.buys else (0, 0, 1, 1, 2, 3))
            known = max(first, firm.created_on)
            span = (self.today - known).days
            talks = self.words.talks if firm.is_customer else self.words.supplier_talks
            for _ in range(count):
                kind, result, said = chance.choice(talks)
                self._done(firm, known + timedelta(days=round(span * chance.random() ** 0.6)), kind, result, said)

    def _about_documents(self) -> None:
        chance, words = self.chance, self.words
        for documents, talks, share in ((self.quotes, words.quote_talks, 0.8), (self.orders, words.order_talks, 0.35)):
            for one in documents:
                if chance.random() < share:
                    kind, result, said = chance.choice(talks)
                    day = one.day + timedelta(days=chance.randint(2, 9))
                    text = said.format(number=one.number)
                    self._done(self.firms[one.contact_id], day, kind, result, text, one)

    def _about_debts(self, work: Work) -> None:
        """Talk with those who owe, and write down what they promised, the accountant and the reps in turn."""
        chance = self.chance
        owed = func.min(Instalment.due_on)
        late = select(Instalment.contact_id, owed).where(Instalment.open_amount > 0, Instalment.due_on < self.today)
        rows = work.session.execute(late.group_by(Instalment.contact_id).order_by(Instalment.contact_id)).all()
        self.debtors = [self.firms[contact_id] for contact_id, _due in rows]
        for contact_id, due_on in rows:
            assert due_on is not None, "what is overdue was due on a day"
            firm = self.firms[contact_id]
            for place in range(min(4, 1 + (self.today - due_on).days // 20)):
                kind, result, said = chance.choice(self.words.debt_talks)
                day = due_on + timedelta(days=3 + 14 * place + chance.randint(0, 9))
                user = self.staff.accountant if chance.random() < 0.6 else None
                self._done(firm, day, kind, result, said, user_id=user)
        promised = select(Promise.contact_id, Promise.made_on, Promise.notes, Promise.person).order_by(Promise.id)
        for contact_id, day, notes, _person in work.session.execute(promised):
            self._done(self.firms[contact_id], day, "call", "reached", notes, user_id=self.staff.accountant)

    def _done(
        self,
        firm: Firm,
        day: date,
        kind: str,
        result: str,
        said: str,
        of: Document | None = None,
        user_id: int | None = None,
    ) -> None:
        """Write down what was done on a working day, by the person named, the document's or the firm's."""
        at = datetime.combine(workday(day), time(self.chance.randint(1, 8), self.chance.randint(0, 59)), UTC)
        if at >= self.now - timedelta(minutes=20):
            return
        user = user_id or (of and of.user_id) or self._caretaker(firm)
        self.rows.append(
            self._row(firm, kind, user, at)
            | {
                "result_id": self.results.get(result) if kind != "note" else None,
                "person_id": (of and of.person_id) or self._with_whom(firm),
                "opportunity_id": of.opportunity_id if of else None,
                "state": "done",
                "notes": said,
                "done_at": at,
                "at_sort": at,
            }
        )

    def _row(self, firm: Firm, kind: str, user_id: int, at: datetime) -> dict[str, Any]:
        return {
            "contact_id": firm.id,
            "owner_key": firm.owner_key,
            "contact_sort": firm.contact_sort,
            "side": "sales" if firm.is_customer else "purchasing",
            "kind_id": self.kinds[kind],
            "result_id": None,
            "person_id": None,
            "opportunity_id": None,
            "state": "planned",
            "subject": "",
            "notes": "",
            "user_id": user_id,
            "author": "",
            "priority": 1,
            "due_on": None,
            "due_time": "",
            "due_sort": _NO_DAY,
            "done_at": None,
            "at_sort": at,
            "taken_over": False,
            "version": 1,
            "created_at": at,
            "created_by": user_id,
            "updated_at": at,
            "updated_by": user_id,
        }

    def _caretaker(self, firm: Firm) -> int:
        if not firm.is_customer:
            return self.staff.buyer
        return firm.owner_id or self.chance.choice(self.staff.reps)

    def _with_whom(self, firm: Firm) -> int | None:
        return self.people.get(firm.id) if self.chance.random() < 0.6 else None

    def _plan(self, work: Work) -> None:
        """Plan what is late, due today and soon: on opportunities, and a few things for everybody."""
        chance, words = self.chance, self.words
        hoped = select(Opportunity.id, Opportunity.contact_id, Opportunity.salesperson_id)
        for id_, contact_id, user_id in work.session.execute(
            hoped.where(Opportunity.state == "open").order_by(Opportunity.id)
        ):
            if chance.random() < 0.7:
                kind, subject = chance.choice(words.plans)
                days = chance.randint(-6, 24)
                self._planned(self.firms[contact_id], days, kind, subject, user_id, opportunity_id=id_)
        quotes = [one for one in self.quotes if one.is_open and (self.today - one.day).days < 60]
        for one in quotes:
            if chance.random() < 0.5:
                kind, subject = chance.choice(words.quote_plans)
                days, text = chance.randint(-3, 12), subject.format(number=one.number)
                self._planned(self.firms[one.contact_id], days, kind, text, one.user_id)
        self._week_of_everybody()

    def _week_of_everybody(self) -> None:
        """Give everybody something late, today and soon; the accountant calls those who owe."""
        words = self.words
        sold = [firm for firm in self.firms.values() if firm.is_customer]
        own: dict[int | None, list[Firm]] = {}
        for firm in sold:
            own.setdefault(firm.owner_id, []).append(firm)
        bought = [firm for firm in self.firms.values() if not firm.is_customer]
        for user_id in self.staff.reps:
            self._week(user_id, own.get(user_id, []), words.plans, 1)
        self._week(self.staff.accountant, self.debtors, words.debt_plans, 1)
        self._week(self.staff.buyer, bought, words.plans[3:4], 3)
        self._week(self.staff.owner, sold, words.plans, 3)

    def _week(self, user_id: int, firms: Sequence[Firm], plans: Sequence[tuple[str, str]], every: int) -> None:
        days = [(day, None) for day in _OVERDUE] + [(0, at) for at in _TODAY] + [(day, None) for day in _COMING]
        chosen = days[::every]
        picked = self.chance.sample(firms, min(len(chosen), len(firms)))
        for firm, (day, at) in zip(picked, self.chance.sample(chosen, len(picked)), strict=True):
            kind, subject = self.chance.choice(plans)
            self._planned(firm, day, kind, subject, user_id, at=at)

    def _planned(
        self,
        firm: Firm,
        days: int,
        kind: str,
        subject: str,
        user_id: int | None,
        *,
        at: str | None = None,
        opportunity_id: int | None = None,
    ) -> None:
        chance = self.chance
        # Working days only, but today is today: an empty Sunday would show nothing.
        due = workday(self.today + timedelta(days=days)) if days else self.today
        written = min(self.now, datetime.combine(due - timedelta(days=chance.randint(3, 20)), time(7), UTC))
        self.rows.append(
            self._row(firm, kind, user_id or self._caretaker(firm), written)
            | {
                "person_id": self._with_whom(firm),
                "opportunity_id": opportunity_id,
                "subject": subject,
                "priority": chance.choice((1, 1, 1, 1, 2, 0)),
                "due_on": due,
                "due_time": chance.choice(_TIMES) if at is None else at,
                "due_sort": due,
                "at_sort": datetime.combine(due, time(), UTC),
            }
        )

    def _write(self, work: Work) -> None:
        """Insert the activities in the order in which they were written down, and what follows from them."""
        self.rows.sort(key=lambda row: (row["created_at"], row["contact_id"]))
        first = (work.session.scalar(select(func.max(Activity.id))) or 0) + 1
        if self.rows:
            work.session.execute(insert(Activity), self.rows, execution_options=AT_ONCE)
            work.note(Activity.journal_entity, None, "bulk_create", after={"rows": len(self.rows)})
            work.touch(Activity.journal_entity)
        self._remind(work, first)
        self._date_contacts(work)

    def _remind(self, work: Work, first: int) -> None:
        """Remind of what has an hour, from tomorrow on: a demo that rings at once disturbs."""
        timed = select(Activity.id, Activity.user_id, Activity.due_on, Activity.due_time).where(
            Activity.id >= first, Activity.state == "planned", Activity.due_on > self.today, Activity.due_time != ""
        )
        rows = list(_reminders(work.session.execute(timed.order_by(Activity.id)), company(work).timezone))
        if rows:
            work.session.execute(insert(ActivityReminder), rows)

    def _date_contacts(self, work: Work) -> None:
        last: dict[int, datetime] = {}
        coming: dict[int, date] = {}
        for row in self.rows:
            id_ = row["contact_id"]
            if row["state"] == "planned":
                coming[id_] = min(coming.get(id_, _NO_DAY), row["due_on"])
            elif row["kind_id"] in self.counted:
                last[id_] = max(last.get(id_, row["done_at"]), row["done_at"])
        _set(work, "last_contact_at", "last_contact_sort", last)
        _set(work, "next_contact_on", "next_contact_sort", coming)


def _reminders(rows: Iterable[Any], timezone: str) -> Iterator[dict[str, Any]]:
    for id_, user_id, due_on, due_time in rows:
        at = datetime.combine(due_on, time.fromisoformat(due_time), ZoneInfo(timezone))
        remind = at.astimezone(UTC) - timedelta(minutes=_REMIND_MINUTES)
        yield {"activity_id": id_, "user_id": user_id, "remind_at": remind, "minutes": _REMIND_MINUTES}


def _set(work: Work, name: str, sort: str, values: Mapping[int, Any]) -> None:
    if values:
        table = cast(Table, Contact.__table__)
        kind = table.c[name].type
        changed = (
            update(table)
            .where(table.c.id == bindparam("contact"))
            .values({name: bindparam("value", type_=kind), sort: bindparam("value", type_=kind)})
        )
        rows = [{"contact": id_, "value": value} for id_, value in sorted(values.items())]
        work.session.connection().execute(changed, rows)
