"""The ageing bar: a segment per bucket with a pixel between, and its figures in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from crm_desktop.receivables.ui.collecting.ageing_bar import BAR_PX, AgeingBar, Ages, ages_of, paint_ages
from crm_desktop.ui.shapes import paint_ageing_bar
from crm_desktop.ui.theme import token

BOUNDS = (30, 60, 90, 180)


def drawn(slots: tuple[int, ...], width: int = 120) -> list[QColor]:
    """The pixels across the middle of a bar."""
    image = QImage(width, 20, QImage.Format.Format_ARGB32)
    image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    paint_ages(painter, QRect(0, 0, width, 20), Ages(Decimal(0), tuple(map(Decimal, slots)), ""))
    painter.end()
    return [image.pixelColor(x, 10) for x in range(width)]


def test_one_segment_per_bucket_with_a_pixel_between(app: Any) -> None:
    line = drawn((50, 0, 50, 0, 0, 100))
    colours = [QColor(token(f"age{place}")).name() for place in (0, 2, 5)]
    runs = [name for name in dict.fromkeys(pixel.name() for pixel in line) if name in colours]
    assert runs == colours
    assert sum(pixel.name() == "#ff00ff" for pixel in line[5:-5]) == 2
    assert abs(sum(pixel.name() == colours[2] for pixel in line) - 59) <= 3


def test_it_is_six_pixels_high(app: Any) -> None:
    image = QImage(40, 20, QImage.Format.Format_ARGB32)
    image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    paint_ageing_bar(painter, QRectF(0, 0, 40, 20), [Decimal(1)])
    painter.end()
    inked = [y for y in range(20) if image.pixelColor(20, y).name() != "#ff00ff"]
    assert len(inked) == BAR_PX


def test_what_is_nothing_has_no_segment(app: Any) -> None:
    assert {pixel.name() for pixel in drawn((0, 0, 0))} == {"#ff00ff"}
    assert QColor(token("age1")).name() in {pixel.name() for pixel in drawn((10_000_000, 1))}


def test_tooltip_and_accessible_text_give_the_figures(qtbot: Any, app: Any) -> None:
    ages = ages_of(Decimal("10.00"), tuple(map(Decimal, ("0", "20.50", "0", "0", "7"))), BOUNDS)
    assert ages.late == Decimal("27.50")
    assert str(ages) == "Not due 10.00   ·   31–60 days 20.50   ·   181+ days 7"
    bar = AgeingBar()
    qtbot.addWidget(bar)
    bar.show_slots(ages.slots, ages.words)
    assert bar.toolTip() == bar.accessibleName() == ages.words
