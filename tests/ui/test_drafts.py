import os
import stat
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QTest

from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.ui.drafts import DraftKeeper, DraftKey, DraftStore
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm

KEY = DraftKey("3f2a/../x", "chen.jie", "contact/new")
NOON = datetime(2026, 11, 19, 6, 2, tzinfo=UTC)
VALUES = {
    "name": "张伟", "next_on": date(2026, 5, 3), "tags": ("VIP", "展会"), "rate": Decimal("1.50"), "news": False,
    "phones": ({"id": 7, "number": "138", "primary": True},), "none": None,
}  # fmt: skip

INSTANTS = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(fold=0))
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dates(), INSTANTS, st.decimals(allow_nan=False)
)
TREES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(), inner, max_size=3),
    ),
    max_leaves=8,
)


@pytest.fixture
def store(tmp_path):
    return DraftStore(tmp_path / "drafts", FixedClock(NOON))


@pytest.fixture
def form(qtbot):
    fields = (
        Field("name", None, "Name", 20, Use.FORM),
        Field("next_on", None, "Next", 12, Use.FORM, Kind.DATE),
        Field("tags", None, "Tags", 20, Use.FORM, Kind.TAGS),
    )
    form = RecordForm(fields, EditorContext(today=lambda: date(2026, 11, 19)))
    for field in fields:
        form.editor(field.name)
    qtbot.addWidget(form)
    form.load({})
    return form


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def type_into(form, text):
    QTest.keyClicks(form.editor("name").widget, text)


def test_a_draft_comes_back_as_it_was_and_only_its_owner_can_read_it(store, tmp_path):
    assert store.save(KEY, VALUES, "张伟", 3)
    draft = store.load(KEY)
    assert draft.values == VALUES
    assert (draft.title, draft.saved_at, draft.version) == ("张伟", NOON, 3)
    (path,) = files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "drafts") in path.parents
    assert [one.key for one in store.all(KEY.company, KEY.user)] == [KEY]
    assert store.load(DraftKey(KEY.company, "lin.wei", KEY.form)) is None
    store.discard(KEY)
    assert store.load(KEY) is None
    assert files(tmp_path) == []


@settings(max_examples=60, deadline=None)
@given(values=st.dictionaries(st.text(), TREES, max_size=4))
def test_every_value_survives_the_file(values, tmp_path_factory):
    store = DraftStore(tmp_path_factory.mktemp("drafts"))
    assert store.save(KEY, values)
    assert repr(store.load(KEY).values) == repr(values)


def test_a_broken_file_is_no_draft(store, tmp_path):
    store.save(KEY, VALUES)
    (path,) = files(tmp_path)
    for content in (b"", b"{", b"[]", b"\xff", b'{"format": 1, "form": "x"}', b'{"format": 99}'):
        path.write_bytes(content)
        assert store.load(KEY) is None
        assert store.all(KEY.company, KEY.user) == []


def test_a_disk_that_takes_nothing_is_never_the_writers_problem(form, tmp_path, qtbot):
    (tmp_path / "drafts").write_text("a file where the folder should be")
    store = DraftStore(tmp_path / "drafts", FixedClock(NOON))
    keeper = DraftKeeper(form, store, KEY)
    type_into(form, "Zhang")
    keeper.keep()
    assert store.load(KEY) is None
    (tmp_path / "drafts").unlink()
    keeper.keep()
    assert store.load(KEY).values == {"name": "Zhang"}


def test_what_is_typed_is_kept_three_seconds_after_the_last_key(form, store, qtbot):
    DraftKeeper(form, store, KEY, lambda: "Zhang")
    type_into(form, "Zhang")
    assert store.load(KEY) is None
    qtbot.waitUntil(lambda: store.load(KEY) is not None, timeout=5000)
    assert store.load(KEY).values == {"name": "Zhang"}


def test_an_empty_draft_leaves_nothing(form, store, tmp_path):
    keeper = DraftKeeper(form, store, KEY)
    type_into(form, "Z")
    keeper.keep()
    form.editor("name").widget.selectAll()
    QTest.keyClicks(form.editor("name").widget, " ")
    keeper.keep()
    assert files(tmp_path) == []


def test_restoring_fills_the_form_as_if_typed(form, store):
    store.save(KEY, {"name": "张伟", "tags": ("VIP",), "next_on": date(2026, 5, 3)}, "张伟")
    keeper = DraftKeeper(form, store, KEY)
    assert keeper.pending.title == "张伟"
    keeper.restore()
    assert form.changes() == {"name": "张伟", "tags": ("VIP",), "next_on": date(2026, 5, 3)}
    assert store.load(KEY).values == form.changes()
    keeper.discard()
    assert store.load(KEY) is None


def test_typing_while_an_older_draft_waits_loses_neither(form, store, tmp_path):
    store.save(KEY, {"name": "older"}, "older")
    keeper = DraftKeeper(form, store, KEY)
    type_into(form, "newer")
    keeper.keep()
    assert store.load(KEY).values == {"name": "older"}
    assert len(files(tmp_path)) == 2
    keeper.discard_pending()
    assert store.load(KEY).values == {"name": "newer"}
    assert len(files(tmp_path)) == 1


def test_a_killed_write_leaves_the_old_draft(store, tmp_path, monkeypatch):
    store.save(KEY, {"name": "old"})

    def dies(*_args):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "replace", dies)
    assert not store.save(KEY, {"name": "new"})
    assert store.load(KEY).values == {"name": "old"}
    assert len(files(tmp_path)) == 1
