"""Settings › Backup as the owner uses it: the plan typed and saved, a backup made, verified, found damaged."""

import time

import pytest
from PySide6.QtCore import Qt

from crm_desktop.app import backup_here
from crm_desktop.backup import folder as folders
from crm_desktop.backup import history, plans
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.system_schedule import Task
from crm_desktop.backup.ui.system_section import SystemSection
from crm_desktop.shared.errors import UserError

CTRL = Qt.KeyboardModifier.ControlModifier


def stored(window):
    with window.session.database.read(window.session.actor) as work:
        return plans.plan(work)


def type_plan(qtbot, page, folder, at="18:05"):
    form = page.form
    form.active.setFocus()
    qtbot.keyClick(form.active, Qt.Key.Key_Space)
    form.at.setFocus()
    form.at.selectAll()
    qtbot.keyClicks(form.at, at)
    form.folders["folder"].setFocus()
    qtbot.keyClicks(form.folders["folder"], str(folder))


def press(qtbot, button):
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def test_at_first_nothing_is_backed_up_and_the_page_says_so(page):
    assert page.state.text().startswith("No backup yet")
    assert page.form.at.text() == "12:30"
    assert not page.form.active.isChecked()
    assert all(box.isChecked() for box in page.form.days)
    assert not page._save.isEnabled()
    assert not page.verify.isEnabled()
    assert not page.unsaved


def test_a_plan_is_typed_and_saved_with_the_keyboard_only(qtbot, window, page, calm, folder):
    type_plan(qtbot, page, folder)
    press(qtbot, page.form.days[6])
    assert page.unsaved
    qtbot.keyClick(page.form.folders["folder"], Qt.Key.Key_S, CTRL)
    calm()
    plan = stored(window)
    assert (plan.active, plan.at, plan.days, plan.folder) == (True, "18:05", "123456", str(folder))
    assert folders.is_ours(folder, window.session.profile.dataset_id)
    assert not page.unsaved
    assert not page._save.isEnabled()
    assert page.form.boxes["folder"]._below.text().startswith("On the same disk as the company")


@pytest.mark.parametrize(("typed", "kept"), [("9:5", "09:05"), ("9.05", "09:05"), (" 7:30", "07:30")])
def test_a_time_is_understood_as_people_type_it(qtbot, window, page, calm, folder, typed, kept):
    type_plan(qtbot, page, folder, typed)
    page.save()
    calm()
    assert stored(window).at == kept


def test_what_cannot_be_is_refused_beside_its_field(qtbot, window, page, calm, folder):
    type_plan(qtbot, page, folder, "25:00")
    page.save()
    calm()
    assert page.form.boxes["at"].error == "A time is written as 12:30."
    page.form.at.setText("12:30")
    page.form.folders["folder"].setText("")
    page.save()
    calm()
    assert page.form.boxes["at"].error == ""
    assert "Choose the folder" in page.form.boxes["folder"].error
    assert page.form.folders["folder"].hasFocus()
    assert not stored(window).active


def test_what_is_typed_survives_a_backup_but_not_what_somebody_else_stored(qtbot, window, page, calm, folder):
    type_plan(qtbot, page, folder)
    window.backups.back_up()
    calm()
    assert stored(window).version == 1
    assert page.form.folders["folder"].text() == str(folder)
    assert page.unsaved
    with window.session.database.begin(window.session.actor) as work:
        plans.save_plan(work, 1, {"at": "07:00"})
    page.save()
    calm()
    assert "Somebody else changed the plan" in page.note.text()
    assert page.form.at.text() == "07:00"


def test_a_backup_made_by_hand_stands_in_the_history_and_in_the_status_bar(qtbot, window, page, calm):
    press(qtbot, page.now)
    calm()
    run = page.current()
    assert run.status is Status.VERIFIED
    assert run.path.is_file()
    assert [page.rows.index(0, at).data() for at in (1, 2)] == ["By hand", "Verified"]
    assert page.state.text().startswith("Backup a moment ago, verified")
    assert window.status.backup.text() == "Backup a moment ago, verified"
    assert any("made and verified" in toast.text for toast in window.toasts.history)


def test_verify_finds_a_changed_byte_and_says_which_file(qtbot, window, page, calm):
    window.backups.back_up()
    calm()
    press(qtbot, page.verify)
    calm()
    assert page.note.text().endswith("is complete and undamaged.")
    path = page.current().path
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    press(qtbot, page.verify)
    calm()
    assert path.name in page.note.text()
    assert "was changed since it was made" in page.note.text()
    assert page.current().status is Status.DAMAGED
    assert page.told.text().startswith(f"{path}\n{path.name} in ")
    assert window.status.backup.text() != "Backup a moment ago, verified"


def test_the_dry_run_says_what_would_go(qtbot, page, calm, window, folder):
    press(qtbot, page.dry_run)
    calm()
    assert page.note.text() == "Nothing would be removed."


def test_leaving_asks_only_for_a_plan_that_was_typed(qtbot, window, page, folder):
    assert page.can_close()
    type_plan(qtbot, page, folder)
    window.dialogs.will_answer(False)
    assert not page.can_close()
    window.dialogs.will_answer(True)
    assert page.can_close()


def test_every_part_has_a_name_for_those_who_do_not_see_it(page):
    for part in (*page.form.browse.values(), page.form.at, page.table, page.now, page.verify, page.lock):
        assert part.accessibleName() or part.text(), part
    names = [button.accessibleName() for button in page.form.browse.values()]
    assert len(set(names)) == len(names)


class Remembered:
    """A scheduler that keeps its tasks here."""

    name = "Alarm clock"

    def __init__(self):
        self.tasks = {}
        self.refuses = False

    def text(self, task):
        return f"at {task.at}\n"

    def where(self, task):
        return f"clock/{task.name}"

    def is_there(self, task):
        return task.name in self.tasks

    def write(self, task):
        if self.refuses:
            raise UserError("No.")
        self.tasks[task.name] = task

    def remove(self, task):
        del self.tasks[task.name]


def test_the_systems_scheduler_is_turned_on_follows_the_plan_and_is_removed(qtbot, window, calm):
    scheduler = Remembered()

    def task_of(plan):
        return Task.of("one", ("program",), plan.at, plan.days)

    section = SystemSection(window.desk, scheduler, task_of, needs_keyring=True)
    qtbot.addWidget(section)
    section.show()
    section.show_plan(plans.Plan(active=True, at="09:00"))
    calm()
    assert section.turn.text() == "Let Alarm clock run the plan"
    assert "password" in section.said.text()
    press(qtbot, section.turn)
    calm()
    assert section.turn.text() == "Remove it from Alarm clock"
    section.show_plan(plans.Plan(active=True, at="10:00"))
    calm()
    assert [task.at for task in scheduler.tasks.values()] == ["10:00"]
    press(qtbot, section.show_text)
    assert section.text.isVisible()
    assert section.text.toPlainText() == f"clock/{task_of(plans.Plan()).name}\n\nat 10:00\n"
    press(qtbot, section.turn)
    calm()
    assert scheduler.tasks == {}
    scheduler.refuses = True
    press(qtbot, section.turn)
    calm()
    assert section.note.text() == "No."
    assert section.turn.isEnabled()


def test_the_task_runs_the_command_of_this_company(window):
    plan = plans.Plan(active=True, at="18:00", days="15")
    task = backup_here.task_of(window.session, plan)
    words = " ".join(task.command)
    assert words.endswith(f"crm_desktop.app backup --scheduled --database {window.session.address}")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this process cannot be changed")
@pytest.mark.parametrize(
    ("zone", "at", "days"),
    [("Asia/Shanghai", "18:00", "15"), ("Asia/Taipei", "18:00", "15"), ("UTC", "10:00", "1234567")],
)
def test_the_task_is_told_this_computers_time(window, monkeypatch, zone, at, days):
    assert window.session.profile.timezone == "Asia/Shanghai"
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        task = backup_here.task_of(window.session, plans.Plan(active=True, at="18:00", days="15"))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (task.at, task.days) == (at, days)


def test_a_backup_that_is_gone_is_said_to_be_gone(qtbot, window, page, calm):
    window.backups.back_up()
    calm()
    page.current().path.unlink()
    press(qtbot, page.verify)
    calm()
    assert "is not in" in page.note.text()
    with window.session.database.read(window.session.actor) as work:
        assert history.runs(work)[0].status is Status.DAMAGED
