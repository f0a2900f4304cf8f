"""Which figures, lists and chart make up Home, by role; each is a guarded function that returns what it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.home import customer_tiles, money_tiles, sales_tiles
from crm_desktop.home.figures import Figure, MonthsChart, Section
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import needed, open_to_all

Shown = Figure | Section | MonthsChart
"""What a part of Home is: a headline figure, a list or bars, or the chart."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One part of Home. `run(work, currency)` is guarded and reads one moment."""

    key: str
    run: Callable[..., Shown]

    def offered_to(self, actor: Actor) -> bool:
        """Return whether the actor may see it."""
        return bool(actor.may(*needed(self.run)))


@dataclass(frozen=True, slots=True)
class Layout:
    """Home of one person: headline figures, the chart, the lists below it, and what stands at the right."""

    headlines: tuple[Tile, ...]
    chart: Tile | None
    lists: tuple[Tile, ...]
    side: tuple[Tile, ...]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Return all parts in the order they are read: what is looked at first comes first."""
        return (*self.headlines, *self.side, *self.lists, *([self.chart] if self.chart is not None else []))


TILES: Final = {
    tile.key: tile
    for tile in (
        Tile("received", money_tiles.received),
        Tile("invoiced", money_tiles.invoiced),
        Tile("overdue", money_tiles.overdue),
        Tile("due_soon", money_tiles.due_soon),
        Tile("ordered", sales_tiles.ordered),
        Tile("to_deliver", sales_tiles.to_deliver),
        Tile("late_orders", sales_tiles.late_orders),
        Tile("chances", sales_tiles.chances),
        Tile("months", money_tiles.months),
        Tile("owed", money_tiles.owed),
        Tile("pipeline", sales_tiles.pipeline),
        Tile("top", customer_tiles.top_customers),
        Tile("debtors", customer_tiles.debtors),
        Tile("quiet", customer_tiles.going_quiet),
        Tile("team", customer_tiles.team),
    )
}
_LISTS: Final = ("debtors", "top")
_ROLES: Final = {
    # role: (headlines, side); the first one of a person's roles that stands here decides.
    "owner": (
        ("received", "invoiced", "overdue", "to_deliver"),
        ("owed", "pipeline", "quiet", "team"),
    ),
    "accountant": (
        ("received", "invoiced", "overdue", "due_soon"),
        ("owed", "quiet"),
    ),
    "sales_manager": (
        ("ordered", "received", "chances", "to_deliver"),
        ("pipeline", "team", "quiet", "owed"),
    ),
    "sales_rep": (
        ("ordered", "received", "chances", "overdue"),
        ("pipeline", "quiet", "owed"),
    ),
}


def layout(actor: Actor) -> Layout:
    """Return the Home of the actor; who sees neither sales nor money has none of its parts."""
    role = next((one for one in _ROLES if one in actor.roles), "owner")
    headlines, side = _ROLES[role]
    return Layout(_offered(headlines, actor), _one("months", actor), _offered(_LISTS, actor), _offered(side, actor))


def offered_to(actor: Actor) -> bool:
    """Return whether there is anything for the actor."""
    return bool(layout(actor).tiles)


@open_to_all("each part asks for its own permissions")
def read(work: Any, key: str, currency: str = "") -> Shown:
    """Return what the part `key` shows; the part asks for its permissions."""
    return TILES[key].run(work, currency)


def _offered(keys: tuple[str, ...], actor: Actor) -> tuple[Tile, ...]:
    return tuple(tile for key in keys if (tile := _one(key, actor)) is not None)


def _one(key: str, actor: Actor) -> Tile | None:
    tile = TILES.get(key)
    return tile if tile is not None and tile.offered_to(actor) else None
