"""Work off the GUI thread: where it runs, in which order, and what happens when things go wrong."""

import gc
import threading
import weakref
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Cancelled, Conflict, NotFound
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.collector import Collector
from crm_desktop.ui.tasks import Tasks


class Units:
    """Units of work that remember how they ended."""

    def __init__(self):
        self.log = []

    @contextmanager
    def __call__(self, *, operation_id, writes):
        try:
            yield operation_id
        except BaseException:
            self.log.append((operation_id, "rolled back", writes))
            raise
        self.log.append((operation_id, "committed", writes))


@pytest.fixture
def units():
    return Units()


@pytest.fixture
def shown():
    return []


@pytest.fixture
def tasks(qapp, units, shown):
    tasks = Tasks(units, lambda error, label: shown.append((error, label)))
    yield tasks
    tasks.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crm-")]


@pytest.fixture
def owner(qapp):
    return QObject()


def test_work_runs_on_one_lane_in_order_and_results_arrive_on_the_gui_thread(qtbot, tasks, owner, units):
    threads, arrived = set(), []
    for number in range(50):

        def work(_unit, number=number):
            threads.add(threading.current_thread().name)
            return number

        def then(result):
            assert QThread.currentThread() is QApplication.instance().thread()
            arrived.append(result)

        tasks.read(owner, work, then)
    qtbot.waitUntil(lambda: tasks.idle)
    assert arrived == list(range(50))
    assert threads == {"crm-database"}
    assert all(how == "committed" and not writes for _id, how, writes in units.log)


def test_every_unit_gets_the_operation_id_of_its_task(qtbot, tasks, owner, units):
    seen = []
    task = tasks.write(owner, lambda unit: unit, seen.append)
    qtbot.waitUntil(lambda: tasks.idle)
    assert seen == [task.operation_id]
    assert units.log == [(task.operation_id, "committed", True)]


def test_a_result_is_dropped_when_the_owner_is_gone(qtbot, tasks, owner):
    arrived, go = [], threading.Event()
    widget = QWidget()
    tasks.read(widget, lambda _unit: go.wait(5), arrived.append)
    widget.deleteLater()
    QApplication.sendPostedEvents(widget, 52)  # DeferredDelete
    go.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert arrived == []


def test_a_lane_never_holds_the_last_reference_to_what_a_task_closed_over(qtbot, tasks, owner):
    ended_on = []

    class Held:
        pass

    held = Held()
    weakref.finalize(held, lambda: ended_on.append(threading.current_thread().name))
    tasks.read(owner, lambda _unit, keep=held: None)
    del held
    qtbot.waitUntil(lambda: tasks.idle)
    gc.collect()
    assert ended_on == [threading.main_thread().name]


def test_a_foreseen_error_goes_to_failed_and_rolls_back(qtbot, tasks, owner, units, shown):
    failures = []

    def refuse(_unit):
        raise NotFound

    task = tasks.write(owner, refuse, failed=failures.append)
    qtbot.waitUntil(lambda: tasks.idle)
    assert isinstance(failures[0], NotFound)
    assert units.log == [(task.operation_id, "rolled back", True)]
    assert shown == []


def test_a_foreseen_error_nobody_waits_for_is_shown(qtbot, tasks, owner, shown):
    def refuse(_unit):
        raise Conflict(theirs={}, original={}, version=2)

    tasks.write(owner, refuse, label="Saving Ada")
    qtbot.waitUntil(lambda: tasks.idle)
    assert [(type(error), label) for error, label in shown] == [(Conflict, "Saving Ada")]


def test_a_bug_is_logged_and_shown_and_the_lane_goes_on(qtbot, tasks, owner, shown, caplog):
    arrived = []
    tasks.read(owner, lambda _unit: 1 / 0)
    tasks.read(owner, lambda _unit: "next", arrived.append)
    qtbot.waitUntil(lambda: tasks.idle)
    assert isinstance(shown[0][0], ZeroDivisionError)
    assert arrived == ["next"]
    assert "failed" in caplog.text
    caplog.clear()


def test_cancel_stops_long_work_at_its_next_step(qtbot, tasks, owner, units, shown):
    started, failures, steps = threading.Event(), [], []

    def count(_unit, progress):
        for number in range(1_000_000):
            progress.step(number, 1_000_000)
            steps.append(number)
            started.set()

    task = tasks.write_long(owner, count, failed=failures.append, label="Counting")
    assert started.wait(5)
    assert tasks.busy.label == "Counting"
    tasks.busy.cancel()
    qtbot.waitUntil(lambda: tasks.idle)
    assert isinstance(failures[0], Cancelled)
    assert len(steps) < 1_000_000
    assert units.log == [(task.operation_id, "rolled back", True)]
    assert shown == []


def test_progress_reaches_the_screen_and_the_status_bar(qtbot, tasks, owner):
    heard, bars = [], []
    tasks.busy_changed.connect(lambda busy: bars.append((busy.label, busy.done, busy.total)))
    tasks.free(
        owner,
        lambda progress: progress.step(3, 3),
        label="Writing",
        progressed=lambda done, total: heard.append((done, total)),
    )
    qtbot.waitUntil(lambda: tasks.idle)
    assert heard == [(3, 3)]
    assert ("Writing", 3, 3) in bars
    assert tasks.busy.count == 0


def test_only_the_newest_answer_to_a_question_arrives(qtbot, tasks, owner):
    asked, arrived, go = [], [], threading.Event()
    tasks.read(owner, lambda _unit: go.wait(5))
    for text in ("h", "hu", "hua"):
        tasks.read(owner, lambda _unit, text=text: asked.append(text) or text, arrived.append, coalesce="search")
    go.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert asked == ["hua"]
    assert arrived == ["hua"]


def test_close_lets_queued_writes_finish_and_drops_queued_reads(qapp, units, owner):
    tasks, done, go = Tasks(units), [], threading.Event()
    tasks.read(owner, lambda _unit: go.wait(5))
    tasks.read(owner, lambda _unit: done.append("read"))
    tasks.write(owner, lambda _unit: done.append("written"))
    threading.Timer(0.05, go.set).start()
    tasks.close()
    assert done == ["written"]
    assert tasks.read(owner, lambda _unit: None).done
    with pytest.raises(RuntimeError):
        tasks.write(owner, lambda _unit: None)


def test_changes_from_any_thread_are_heard_on_the_gui_thread(qtbot, qapp):
    hub, heard = ChangeHub(), []
    hub.changed.connect(lambda changes: heard.append((changes, threading.current_thread().name)))
    changes = Changes({"contact": frozenset({7})})
    thread = threading.Thread(target=hub.publish, args=(changes,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(changes, threading.main_thread().name)]


def test_garbage_is_collected_on_the_gui_thread_only(qapp):
    collector = Collector()
    assert not gc.isenabled()
    collector.collect_now()
    collector.stop()
    assert gc.isenabled()
