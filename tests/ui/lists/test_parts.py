"""The small parts of a list that need no window."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.relative_days import day_of, resolved
from crm_desktop.ui.filter_words import PRESETS, filters_words, preset_of
from crm_desktop.ui.record_copy import as_html, as_tabs
from crm_desktop.ui.record_view import next_sorts

TODAY = date(2026, 11, 22)
FORMATS = Formats(TODAY, {1: "Zhou Min"}, ZoneInfo("Asia/Shanghai"))


def field(kind, **more):
    return Field("f", None, "F", 10, Use.TABLE, kind, **more)


@pytest.mark.parametrize(
    ("kind", "value", "text", "copied"),
    [
        (Kind.TEXT, "a\n b", "a b", "a b"),
        (Kind.TEXT, None, "", ""),
        (Kind.INTEGER, -1234, "−1,234", "-1234"),
        (Kind.INTEGER, 0, "0", "0"),
        (Kind.DECIMAL, Decimal("1234567.50"), "1,234,567.50", "1234567.50"),
        (Kind.DECIMAL, Decimal("1E+3"), "1,000", "1000"),
        (Kind.BOOLEAN, False, "No", "No"),
        (Kind.USER, 1, "Zhou Min", "Zhou Min"),
        (Kind.USER, 9, "", ""),
        (Kind.TAGS, ("a", "b"), "a, b", "a, b"),
        (Kind.TAGS, (), "", ""),
        (Kind.DATE, TODAY, "Today", "2026-11-22"),
        (Kind.DATE, date(2026, 11, 23), "Tomorrow", "2026-11-23"),
        (Kind.DATE, date(2026, 11, 20), "2 d ago", "2026-11-20"),
        (Kind.DATE, date(2026, 10, 1), "1 Oct", "2026-10-01"),
        (Kind.DATE, date(2027, 1, 5), "5 Jan 2027", "2027-01-05"),
        (Kind.INSTANT, datetime(2026, 11, 21, 23, tzinfo=UTC), "Today", "2026-11-22 07:00"),
    ],
)
def test_values_in_words_and_on_the_clipboard(kind, value, text, copied):
    assert FORMATS.text(field(kind), value) == text
    assert FORMATS.copied(field(kind), value) == copied


def test_a_choice_is_shown_by_its_label_and_an_unknown_one_by_itself():
    status = field(Kind.STATUS, choices=(("customer", "Customer"),))
    assert FORMATS.text(status, "customer") == "Customer"
    assert FORMATS.text(status, "gone") == "gone"


def test_days_can_be_counted_back_without_end_and_told_at_their_longest():
    long_ago = date(2026, 4, 26)
    assert FORMATS.text(field(Kind.DATE), long_ago, always_ago=True) == "210 d ago"
    assert FORMATS.full_text(field(Kind.DATE), long_ago) == "26 Apr 2026"
    assert FORMATS.full_text(field(Kind.INSTANT), datetime(2026, 1, 2, 3, tzinfo=UTC)) == "2 Jan 2026 11:00"


def test_a_figure_never_goes_through_a_double():
    assert number_text(Decimal("12345678901234567890.01")) == "12,345,678,901,234,567,890.01"


def test_relative_days():
    assert day_of("today", TODAY) == TODAY
    assert day_of("today-30", TODAY) == date(2026, 10, 23)
    assert day_of("today+7", TODAY) == date(2026, 11, 29)
    assert day_of("this_month", TODAY) == date(2026, 11, 1)
    assert day_of("this_year", TODAY) == date(2026, 1, 1)
    assert day_of("todays", TODAY) == "todays"
    assert day_of(7, TODAY) == 7
    listing = Listing(text="x", filters=(Filter("d", "to", ("today-1",)), Filter("s", "is", ("a", None))))
    assert resolved(listing, TODAY).filters == (
        Filter("d", "to", (date(2026, 11, 21),)),
        Filter("s", "is", ("a", None)),
    )


def test_filters_in_words():
    days = field(Kind.DATE)
    for preset in PRESETS:
        assert preset_of(preset.filters("f")) is preset
        assert filters_words(days, preset.filters("f"), FORMATS) == preset.title
    assert filters_words(days, (Filter("f", "from", (date(2026, 3, 1),)),), FORMATS) == "from 1 Mar"
    assert filters_words(field(Kind.USER), (Filter("f", "is", (1, None)),), FORMATS) == "Zhou Min, Nobody"
    assert filters_words(field(Kind.TEXT), (Filter("f", "is_not", ("x",)),), FORMATS) == "not x"
    assert filters_words(field(Kind.INTEGER), (Filter("f", "to", (1000,)),), FORMATS) == "up to 1,000"


def test_a_click_on_a_header_in_turn():
    once = next_sorts((), "name", add=False)
    assert once == (Sort("name"),)
    assert next_sorts(once, "name", add=False) == (Sort("name", descending=True),)
    assert next_sorts(once, "city", add=True) == (Sort("name"), Sort("city"))
    assert next_sorts((Sort("a"), Sort("b")), "a", add=True) == (Sort("a", descending=True), Sort("b"))
    assert next_sorts((Sort("a"), Sort("b")), "c", add=False) == (Sort("c"),)


def test_copied_cells_cannot_break_the_block_or_become_formulas():
    assert as_tabs([["a\tb", "c\nd"], ["e", ""]]) == "a b\tc d\ne\t"
    page = as_html([field(Kind.TEXT), field(Kind.INTEGER)], ["<T>", "N"], [["=1+1", "5"]])
    assert "<th>&lt;T&gt;</th>" in page
    assert "<td style=\"mso-number-format:'\\@'\">=1+1</td><td>5</td>" in page
