"""Times several things in turn, so that a noisy machine is noisy for all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: median and best in milliseconds, the ratio to `against`, and the goal in words."""

    name: str
    median_ms: float
    best_ms: float
    ratio: float | None
    goal: str


def interleaved(things: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Run everything `rounds` times in turn after two warm-up rounds; returns milliseconds per name."""
    taken: dict[str, list[float]] = {name: [] for name in things}
    for number in range(rounds + 2):
        for name, run in things.items():
            began = time.perf_counter()
            run()
            if number > 1:
                taken[name].append((time.perf_counter() - began) * 1000)
    return taken


def rows(taken: Mapping[str, list[float]], against: str, goals: Mapping[str, str]) -> list[Row]:
    """Return a row per name; the ratio is the median of the ratios round by round."""
    made = []
    for name, times in taken.items():
        ratios = [mine / bare for mine, bare in zip(times, taken[against], strict=True)]
        ratio = None if name == against else statistics.median(ratios)
        made.append(Row(name, statistics.median(times), min(times), ratio, goals.get(name, "")))
    return made


def show(title: str, table: list[Row]) -> None:
    """Print a table."""
    print(f"\n{title}")
    print(f"{'':46} {'median ms':>10} {'best ms':>10} {'ratio':>7}  goal")
    for row in table:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"{row.name:46} {row.median_ms:10.3f} {row.best_ms:10.3f} {ratio:>7}  {row.goal}")
