from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.merge import merge, same

NAMES = st.sampled_from(["name", "phone", "note", "tags", "level"])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.text(max_size=3),
    st.lists(st.text(max_size=2)).map(tuple),
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=5)


@given(RECORDS, RECORDS, RECORDS)
def test_every_field_is_mine_theirs_or_asked_about(original, mine, theirs):
    result = merge(original, mine, theirs)
    asked = {difference.name for difference in result.conflicts}
    for name in {*original, *mine, *theirs}:
        before = original.get(name)
        ours, other = mine.get(name, before), theirs.get(name, before)
        if same(ours, before):
            assert same(result.merged[name], other)
            assert name not in asked
        elif same(other, before) or same(other, ours):
            assert same(result.merged[name], ours)
            assert name not in asked
        else:
            assert name in asked


@given(RECORDS, RECORDS)
def test_one_person_alone_never_meets_a_conflict(original, mine):
    assert not merge(original, mine, original).conflicts
    assert not merge(original, mine, {}).conflicts
    assert not merge(original, {}, mine).conflicts
    assert not merge(original, mine, mine).conflicts


@given(RECORDS, RECORDS, RECORDS)
def test_the_same_fields_are_in_conflict_whoever_is_asked(original, mine, theirs):
    here = {difference.name for difference in merge(original, mine, theirs).conflicts}
    there = {difference.name for difference in merge(original, theirs, mine).conflicts}
    assert here == there


def test_nothing_empty_text_and_no_tags_are_alike_but_zero_and_no_are_values():
    assert same(None, "")
    assert same("", ())
    assert not same(None, 0)
    assert not same(False, None)
    assert not same(True, 1)
