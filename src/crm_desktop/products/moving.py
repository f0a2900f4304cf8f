"""What contacts ask of price lists: those of a merged contact go to the one that stays."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from crm_desktop.db.work import Work
from crm_desktop.products.model import Price, PriceList


class PriceListsOfContacts:
    """Answers for the price lists of customers (`contacts.above.Above`)."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point the price lists of one contact to another and return their ids.

        Where both have a list in one currency, its prices join the list that stays, which wins where
        both name a product.
        """
        work.session.flush()
        mine = self._by_currency(work, to_id)
        moved: list[int] = []
        for currency, list_id in self._by_currency(work, from_id).items():
            if currency in mine:
                self._join(work, list_id, mine[currency])
                continue
            row = work.get(PriceList, list_id)
            row.contact_id = to_id
            moved.append(list_id)
        work.session.flush()
        return moved

    def check_stays_customer(self, _work: Work, _contact_ids: Sequence[int]) -> None:
        """Let it: agreed prices bind nobody who buys nothing."""

    def check_may_archive(self, _work: Work, _contact_ids: Sequence[int]) -> None:
        """Let it: a price list waits for nothing."""

    @staticmethod
    def _by_currency(work: Work, contact_id: int) -> dict[str, int]:
        rows = work.session.execute(
            select(PriceList.currency, PriceList.id).where(PriceList.contact_id == contact_id).order_by(PriceList.id)
        )
        return {row.currency: row.id for row in rows}

    @staticmethod
    def _join(work: Work, from_id: int, to_id: int) -> None:
        known = select(Price.product_id).where(Price.price_list_id == to_id)
        missing = list(
            work.session.scalars(
                select(Price.product_id).where(Price.price_list_id == from_id, Price.product_id.not_in(known))
            )
        )
        work.session.execute(
            update(Price)
            .where(Price.price_list_id == from_id, Price.product_id.in_(missing))
            .values(price_list_id=to_id),
            execution_options={"synchronize_session": False},
        )
        work.session.execute(
            delete(Price).where(Price.price_list_id == from_id), execution_options={"synchronize_session": False}
        )
        work.session.delete(work.get(PriceList, from_id))
        work.touch("price_list", to_id)
