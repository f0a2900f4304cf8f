"""The lists of Home: who owes money for long, who buys most, who went quiet, what the team does."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger, case, cast, func, literal_column, select

from crm_desktop.access.model import User
from crm_desktop.activities import following, kinds, naming
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.home import opening, rhythm, talks
from crm_desktop.home.asking import Asking, asking
from crm_desktop.home.figures import Column, Figure, Opens, Row, Section
from crm_desktop.home.periods import month_so_far, recent
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import promises
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission, requires

SHOWN: Final = 7
_OPEN: Final = Instalment.open_amount != literal_column("0")
_POSTED: Final = Invoice.state == literal_column("'posted'")
_INVOICED: Final = case((Invoice.kind == literal_column("'credit'"), -Invoice.net), else_=Invoice.net)


@requires(Permission.REPORT_READ, Permission.CONTACT_READ, *LOOKS)
def debtors(work: Work, currency: str = "") -> Section:
    """Return who owes most that is overdue, since when, what was said last, and who looks after them."""
    asked = asking(work, currency)
    sum_ = cast(func.sum(Instalment.open_amount), BigInteger).label("late")
    found = work.session.execute(
        select(Instalment.contact_id, sum_, func.min(Instalment.due_on))
        .where(_OPEN, Instalment.currency == asked.currency, Instalment.due_on < asked.today)
        .group_by(Instalment.contact_id)
        .order_by(sum_.desc(), Instalment.contact_id)
        .limit(SHOWN)
    ).all()
    ids = [row[0] for row in found]
    who = _customers(work, ids)
    said = _last_said(work, ids, asked)
    rows = []
    for contact_id, minor, oldest in found:
        if contact_id not in who or oldest is None:
            continue
        name, owner = who[contact_id]
        opens = opening.claims(due_to=asked.today - timedelta(1), contact_id=contact_id).in_currency(asked.currency)
        figure = Figure(f"debtor_{contact_id}", name, asked.money(minor), opens, tone="danger")
        text, is_late = said.get(contact_id, ("", False))
        cells = {"customer": name, "overdue": figure.value, "oldest": (asked.today - oldest).days, "owner": owner}
        late = {"overdue"} | ({"said"} if is_late else set())
        rows.append(Row(cells | {"said": text}, ("contact", contact_id), figure, frozenset(late)))
    return Section(
        key="debtors",
        title=_("Money that needs you"),
        said=_("overdue, {currency}, with tax").format(currency=asked.currency),
        columns=(
            Column("customer", _("Customer")),
            Column("overdue", _("Overdue"), "money"),
            Column("oldest", _("Oldest"), "days"),
            Column("said", _("Last said")),
            Column("owner", _("Owner")),
        ),
        rows=tuple(rows),
        more=Opens(opening.COLLECTIONS),
        more_words=_("All collections"),
        nothing=_("Nothing is overdue in {currency}.").format(currency=asked.currency),
    )


@requires(Permission.REPORT_READ, Permission.CONTACT_READ, Permission.INVOICE_READ)
def top_customers(work: Work, currency: str = "") -> Section:
    """Return who was invoiced most in the last ninety days, net of tax, credit notes taken off."""
    asked = asking(work, currency)
    days = recent(asked.today)
    sum_ = cast(func.sum(_INVOICED), BigInteger).label("net")
    found = work.session.execute(
        select(Invoice.contact_id, sum_)
        .where(
            _POSTED,
            Invoice.taken_over.is_(False),
            Invoice.currency == asked.currency,
            Invoice.dated_on >= days.first,
            Invoice.dated_on <= days.last,
        )
        .group_by(Invoice.contact_id)
        .order_by(sum_.desc(), Invoice.contact_id)
        .limit(SHOWN)
    ).all()
    who = _customers(work, [row[0] for row in found])
    figures = [
        Figure(
            f"top_{contact_id}",
            who[contact_id][0],
            asked.money(minor),
            opening.invoiced(days, contact_id).in_currency(asked.currency),
        )
        for contact_id, minor in found
        if contact_id in who and minor > 0
    ]
    return Section(
        key="top",
        title=_("Top customers"),
        said=_("invoiced in 90 days, {currency}, without tax").format(currency=asked.currency),
        figures=tuple(figures),
        nothing=_("Nothing was invoiced in {currency} in the last 90 days.").format(currency=asked.currency),
    )


@requires(Permission.REPORT_READ, Permission.CONTACT_READ, Permission.ORDER_READ)
def going_quiet(work: Work, currency: str = "") -> Section:
    """Return customers that are silent for longer than their own rhythm, those who ordered most often first."""
    asked = asking(work, currency)
    rows = []
    for one in rhythm.quiet(work, SHOWN):
        usual = ngettext("every {count} day", "every {count} days", round(one.every_days))
        now = ngettext("now {count} day", "now {count} days", one.silent_days)
        said = _("{usual}; {now}").format(
            usual=usual.format(count=f"{one.every_days:,.0f}"), now=now.format(count=f"{one.silent_days:,}")
        )
        rows.append(Row({"customer": one.name, "said": said}, ("contact", one.contact_id)))
    return Section(
        key="quiet",
        title=_("Customers going quiet"),
        said=_("by the days of their orders"),
        columns=(Column("customer", ""), Column("said", "")),
        rows=tuple(rows),
        explains=_(
            "Who ordered on three days or more, and whose silence is longer than one and a half times the usual"
            " gap between these days, as of {day}."
        ).format(day=asked.formats.day(asked.today)),
        nothing=_("Nobody is silent for longer than usual."),
    )


@requires(Permission.REPORT_READ, Permission.ACTIVITY_READ)
def team(work: Work, currency: str = "") -> Section:
    """Return how often each colleague spoke to customers this month so far: calls, visits, messages, meetings."""
    asked = asking(work, currency)
    days = month_so_far(asked.today)
    found = talks.by_person(work, days)
    names = talks.people(work, [user_id for user_id, _count in found])
    spoken = [kind for kind in kinds.kinds(work, all=True) if kind.is_contact]
    figures = [
        Figure(
            f"person_{user_id}",
            names.get(user_id) or _("Nobody"),
            count,
            opening.talks(days, user_id, [naming.token(kind) for kind in spoken]),
        )
        for user_id, count in found
    ]
    return Section(
        key="team",
        title=_("Calls and visits"),
        said=_("done, {days}").format(days=days.words(asked.formats)),
        figures=tuple(figures[:SHOWN]),
        nothing=_("Nobody wrote down a call or a visit this month."),
    )


def _customers(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return name and owner of those customers that the actor reaches."""
    if not ids:
        return {}
    asked = select(Contact.id, Contact.name, User.name).outerjoin(User, User.id == Contact.owner_id)
    return {row[0]: (row[1], row[2] or "") for row in work.session.execute(asked.where(Contact.id.in_(ids)))}


def _last_said(work: Work, ids: Sequence[int], asked: Asking) -> dict[int, tuple[str, bool]]:
    """Return what stands between us and each customer, and whether it is late.

    A broken promise comes first, then a planned step whose day is over, a promise that runs, what was said last,
    the next step.
    """
    if not ids:
        return {}
    talks = work.actor.may(Permission.ACTIVITY_READ)
    said = following.last_said(work, ids) if talks else {}
    steps = following.next_of(work, ids) if talks else {}
    promised = promises.of_customers(work, ids)
    words = {kind.id: kind.name or _(kinds.called(kind)) for kind in kinds.kinds(work, all=True)} if steps else {}
    found: dict[int, tuple[str, bool]] = {}
    for id_ in ids:
        of_customer = [one for one in promised.get(id_, ()) if one.currency == asked.currency]
        newest = of_customer[0] if of_customer else None
        step = steps.get(id_)
        if newest is not None and newest.state == promises.BROKEN:
            found[id_] = (_promise_words(newest, asked), True)
        elif step is not None and step.due_on is not None and step.due_on < asked.today:
            found[id_] = (_step_words(step, words, asked), True)
        elif newest is not None and newest.state == promises.OPEN:
            found[id_] = (_promise_words(newest, asked), False)
        elif id_ in said and said[id_].text:
            found[id_] = (" ".join(said[id_].text.split()), False)
        elif step is not None:
            found[id_] = (_step_words(step, words, asked), False)
    return found


def _promise_words(one: promises.Promised, asked: Asking) -> str:
    given = {"amount": number_text(one.amount), "day": asked.formats.day(one.due_on)}
    if one.state == promises.OPEN:
        return _("promised {amount} by {day}").format(**given)
    if not one.received:
        return _("promised {amount} for {day}, nothing arrived").format(**given)
    return _("promised {amount} for {day}, {received} arrived").format(**given, received=number_text(one.received))


def _step_words(step: following.NextStep, words: dict[int, str], asked: Asking) -> str:
    what = step.subject or words.get(step.kind_id, "")
    if step.due_on is None:
        return what
    return _("{what}, planned {day}").format(what=what, day=asked.formats.day(step.due_on))
