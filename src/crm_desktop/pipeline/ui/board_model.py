"""What stands on the board and where the keyboard is: pure, so that moving a card shows before it is stored."""

from dataclasses import replace
from typing import Final

from crm_desktop.pipeline import rules
from crm_desktop.pipeline.board import Board, Card, Column, Sums
from crm_desktop.pipeline.stages import Stage
from crm_desktop.shared.money import Money

Place = tuple[int, int]
"""Column and card, both from 0."""
NOWHERE: Final[Place] = (-1, -1)


class BoardModel:
    """The columns as they are shown; `current` is the id of the card the keyboard is on, None without cards."""

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self.current: int | None = None

    @property
    def stages(self) -> list[Stage]:
        """Return the stages from left to right."""
        return [column.stage for column in self.columns]

    def show(self, board: Board) -> None:
        """Show a board; the keyboard stays on its card, or goes to the nearest one."""
        column, row = self.place()
        self.columns = list(board.columns)
        if self.place() == NOWHERE:
            self._settle(column, row)

    def card(self, id_: int | None) -> Card | None:
        """Return the card of an opportunity, None when it is not on the board."""
        found = (card for column in self.columns for card in column.cards if card.id == id_)
        return next(found, None)

    def place(self, id_: int | None = None) -> Place:
        """Return where a card is, the current one without an id; NOWHERE when it is not on the board."""
        wanted = self.current if id_ is None else id_
        for x, column in enumerate(self.columns):
            for y, card in enumerate(column.cards):
                if card.id == wanted:
                    return x, y
        return NOWHERE

    def walk(self, dx: int, dy: int) -> bool:
        """Move the keyboard: down its column, or to the next column that has cards; returns whether it moved."""
        x, y = self.place()
        if x < 0:
            return self._settle(0, 0)
        before = self.current
        if dy:
            cards = self.columns[x].cards
            self.current = cards[min(max(y + dy, 0), len(cards) - 1)].id
        elif dx:
            step = 1 if dx > 0 else -1
            others = range(x + step, len(self.columns) if dx > 0 else -1, step)
            target = next((place for place in others if self.columns[place].cards), None)
            if target is not None:
                cards = self.columns[target].cards
                self.current = cards[min(y, len(cards) - 1)].id
        return self.current != before

    def beside(self, id_: int, step: int) -> Stage | None:
        """Return the stage left (-1) or right (1) of where a card is, None at the edge."""
        x, _y = self.place(id_)
        target = x + step
        return self.columns[target].stage if x >= 0 and 0 <= target < len(self.columns) else None

    def put(self, id_: int, stage_id: int) -> bool:
        """Show a card in another stage, the sums following; returns whether it moved."""
        x, y = self.place(id_)
        target = next((place for place, stage in enumerate(self.stages) if stage.id == stage_id), None)
        if x < 0 or target is None or target == x:
            return False
        old, new = self.columns[x], self.columns[target]
        card = old.cards[y]
        moved = replace(card, probability=new.stage.probability, days=0)
        cards = sorted((*new.cards, moved), key=_order)
        rest = tuple(one for one in old.cards if one.id != id_)
        self.columns[x] = replace(old, cards=rest, sums=_without(old.sums, card))
        self.columns[target] = replace(new, cards=tuple(cards), sums=_clean(new.sums + _of(moved)))
        return True

    def take(self, id_: int) -> None:
        """Show the board without a card: it was won or lost."""
        x, y = self.place(id_)
        if x < 0:
            return
        column = self.columns[x]
        rest = tuple(one for one in column.cards if one.id != id_)
        self.columns[x] = replace(column, cards=rest, sums=_without(column.sums, column.cards[y]))
        if self.current == id_:
            self._settle(x, y)

    def _settle(self, x: int, y: int) -> bool:
        """Put the keyboard on the card nearest to a place."""
        filled = [place for place, column in enumerate(self.columns) if column.cards]
        if not filled:
            self.current = None
            return False
        nearest = min(filled, key=lambda place: (abs(place - max(x, 0)), place))
        cards = self.columns[nearest].cards
        self.current = cards[min(max(y, 0), len(cards) - 1)].id
        return True


def _order(card: Card) -> tuple[object, int]:
    return card.expected_on or rules.LAST_DAY, card.id


def _of(card: Card, sign: int = 1) -> Sums:
    worth = rules.weighted(card.amount.minor, card.probability)
    amount = card.amount if sign > 0 else -card.amount
    return Sums(sign, (amount,), (Money.of_minor(sign * worth, card.amount.currency),))


def _without(sums: Sums, card: Card) -> Sums:
    return _clean(sums + _of(card, -1))


def _clean(sums: Sums) -> Sums:
    """Return sums without the currencies nothing is left of."""
    total = tuple(money for money in sums.total if money.amount)
    return Sums(sums.count, total, tuple(money for money in sums.weighted if money.amount))
