"""Who may claim what from the public pool, and who may lock a customer against going back to it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from crm_desktop.access.company import company, today
from crm_desktop.activities.model import PoolLock, PoolRelease
from crm_desktop.activities.pool.deciding import HAND
from crm_desktop.activities.pool.settings import Rules, get_rules
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires

_ALONE: Final = text("select pg_advisory_xact_lock(hashtextextended('crm.pool.' || :person, 0))")


class NotNow(UserError):
    """The rules of the pool stand against a claim or a lock."""


class PoolGate:
    """Asked by `contacts.handover` before a claim, and told of a release (`contacts.above.PoolGate`)."""

    def check_may_claim(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise NotNow when the rules of the pool forbid the actor to claim these customers."""
        rules = get_rules(work)
        if not rules.active or work.actor.user_id is None:
            return
        _alone(work, work.actor.user_id)
        _check_reclaim(work, rules, contact_ids)
        if rules.hold_limit and _held(work) + len(contact_ids) > rules.hold_limit:
            raise NotNow(
                N_("You have {count} of at most {most} customers. Release some before you claim others."),
                count=_held(work),
                most=rules.hold_limit,
            )
        if rules.claims_a_day and _claimed_today(work) + len(contact_ids) > rules.claims_a_day:
            raise NotNow(N_("At most {most} customers a day can be claimed. Go on tomorrow."), most=rules.claims_a_day)

    def released(self, work: Work, owners: Sequence[tuple[int, int]]) -> None:
        """Remember who gave which contact back by hand: (contact, former owner) each."""
        work.session.add_all(
            PoolRelease(contact_id=contact_id, user_id=owner_id, released_at=work.now, reason=HAND)
            for contact_id, owner_id in owners
        )
        work.session.flush()


@requires(Permission.CONTACT_WRITE)
def lock(work: Work, contact_id: int) -> None:
    """Keep a customer from going back to the pool.

    Its owner may, or who hands contacts over. Raises NotFound, NotAllowed, NotNow.
    """
    contact = _own(work, contact_id)
    rules = get_rules(work)
    assert contact.owner_id is not None
    _alone(work, contact.owner_id)
    row = work.session.get(PoolLock, contact_id)
    if row is not None:
        if row.user_id == contact.owner_id:
            return
        work.session.delete(row)
        work.session.flush()
    counted = (
        select(func.count())
        .select_from(PoolLock)
        .join(Contact, Contact.id == PoolLock.contact_id)
        .where(PoolLock.user_id == contact.owner_id, Contact.owner_key == contact.owner_id)
    )
    if (work.session.scalar(counted) or 0) >= rules.lock_limit:
        raise NotNow(N_("At most {most} customers can be locked. Unlock another one first."), most=rules.lock_limit)
    work.session.add(PoolLock(contact_id=contact_id, user_id=contact.owner_id, locked_at=work.now))
    work.session.flush()
    work.note("contact", contact_id, "pool_lock", contact_id=contact_id)


@requires(Permission.CONTACT_WRITE)
def unlock(work: Work, contact_id: int) -> None:
    """Let the rules of the pool hold for a customer again. Raises NotFound, NotAllowed."""
    _own(work, contact_id)
    row = work.session.get(PoolLock, contact_id)
    if row is not None:
        work.session.delete(row)
        work.session.flush()
        work.note("contact", contact_id, "pool_unlock", contact_id=contact_id)


@requires(Permission.CONTACT_READ)
def is_locked(work: Work, contact_id: int) -> bool:
    """Return whether a customer is locked by whoever owns it now: a former owner's lock holds no more."""
    row = work.session.get(PoolLock, contact_id)
    return row is not None and row.user_id == work.get(Contact, contact_id).owner_id


def _own(work: Work, contact_id: int) -> Contact:
    contact = work.get(Contact, contact_id)
    if contact.owner_id is None or (
        contact.owner_id != work.actor.user_id and not work.actor.may(Permission.CONTACT_ASSIGN)
    ):
        raise NotAllowed(N_("Only who looks after a customer can lock it."))
    return contact


def _alone(work: Work, user_id: int) -> None:
    """Let whoever else counts the same person's customers wait until this transaction ends.

    A file has one writer at a time anyway.
    """
    if work.is_postgres:
        work.session.execute(_ALONE, {"person": str(user_id)})


def _check_reclaim(work: Work, rules: Rules, contact_ids: Sequence[int]) -> None:
    if not rules.reclaim_days:
        return
    since = work.now - timedelta(days=rules.reclaim_days)
    lost = (
        select(Contact.name, PoolRelease.released_at)
        .join(Contact, Contact.id == PoolRelease.contact_id)
        .where(
            PoolRelease.contact_id.in_(list(contact_ids)),
            PoolRelease.user_id == work.actor.user_id,
            PoolRelease.released_at > since,
        )
    )
    found = work.session.execute(lost.order_by(PoolRelease.released_at.desc()).limit(1)).first()
    if found is not None:
        raise NotNow(
            N_("{name} was yours until it went to the pool. You can claim it again {days} days after that."),
            name=found.name,
            days=rules.reclaim_days,
        )


def _held(work: Work) -> int:
    counted = select(func.count()).select_from(Contact).where(*_mine(work))
    return work.session.scalar(counted) or 0


def _claimed_today(work: Work) -> int:
    midnight = datetime.combine(today(work), time(), ZoneInfo(company(work).timezone))
    claimed = (Contact.owned_since >= midnight, Contact.created_at < Contact.owned_since)
    counted = select(func.count()).select_from(Contact).where(*_mine(work), *claimed)
    return work.session.scalar(counted) or 0


def _mine(work: Work) -> tuple[Any, ...]:
    return Contact.owner_key == work.actor.user_id, Contact.is_customer, Contact.archived_at.is_(None)
