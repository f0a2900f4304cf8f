"""Numbers without gaps: one counter per series and year, taken inside the transaction that uses the number."""

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.db.base import Base
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import SYSTEM


class Counter(Base):
    """The last number of a series in a year."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def take_numbers(work: Work, series: str, year: int, count: int = 1) -> int:
    """Take the next `count` numbers of a series and return the first.

    The counter stays locked until the transaction ends: a rollback gives the numbers back, so a series
    has no gaps. Call it last, after every check that may refuse.
    """
    # The program itself, which makes a company, connects as the owner of the schema and needs no function.
    if work.is_guarded and work.actor is not SYSTEM:
        return int(work.session.scalar(select(func.crm.take_numbers(series, year, count))) or 0)
    make = postgresql.insert if work.is_postgres else sqlite.insert
    taken = make(Counter).values(series=series, year=year, last=count)
    bumped = taken.on_conflict_do_update(
        index_elements=[Counter.series, Counter.year], set_={"last": Counter.last + count}
    )
    last: int = work.session.scalars(bumped.returning(Counter.last)).one()
    return last - count + 1
