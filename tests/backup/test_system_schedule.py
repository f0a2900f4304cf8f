"""What the schedulers of four systems are given, letter by letter, and cron for real with a table of its own."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from crm_desktop.backup import system_schedule
from crm_desktop.backup.system_schedule import (
    Cron,
    Done,
    Launchd,
    SchedulerRefused,
    Systemd,
    Task,
    TaskScheduler,
    run_command,
    scheduler_here,
)

ODD = r"""/home/o'brien/100% "of" $HOME & <张三> \ 文件.crm"""
TASK = Task.of("demo.crm", ("/opt/crm desktop/crm-cli", "backup", "--scheduled", "--database", ODD), "09:05", "17")


class Heard:
    """Stands for the system: remembers every command and what stood in the files it was given."""

    def __init__(self, *answers: Done) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.given: list[str] = []
        self.files: list[bytes] = []
        self._answers = list(answers)

    def __call__(self, words: Sequence[str], given: str = "") -> Done:
        self.asked.append(tuple(words))
        self.given.append(given)
        self.files += [Path(word).read_bytes() for word in words if word.endswith(".xml")]
        return self._answers.pop(0) if self._answers else Done(0, "")


def test_each_company_has_a_task_of_its_own() -> None:
    assert TASK.name == Task.of("demo.crm", (), "10:00", "1").name
    assert TASK.name != Task.of("other.crm", (), "10:00", "1").name


class TestTaskScheduler:
    def test_the_xml_says_what_is_run_and_when(self) -> None:
        text = TaskScheduler(Heard()).text(TASK)
        space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
        root = ET.fromstring(text.split("\n", 1)[1])

        def said(name: str) -> str:
            found = root.find(f".//t:{name}", space)
            assert found is not None
            return found.text or ""

        assert said("Command") == "/opt/crm desktop/crm-cli"
        assert said("Arguments") == f"backup --scheduled --database {subprocess.list2cmdline([ODD])}"
        assert said("StartBoundary") == "2026-01-01T09:05:00"
        days = root.find(".//t:DaysOfWeek", space)
        assert days is not None
        assert [day.tag.split("}")[1] for day in days] == ["Monday", "Sunday"]
        assert said("StartWhenAvailable") == "true"
        assert said("DisallowStartIfOnBatteries") == "false"

    def test_it_is_handed_over_in_a_file_that_goes_away(self) -> None:
        heard = Heard()
        TaskScheduler(heard).write(TASK)
        (words,) = heard.asked
        assert words[:5] == ("schtasks", "/Create", "/TN", TASK.name, "/XML")
        assert words[6] == "/F"
        assert heard.files[0].decode("utf-16") == TaskScheduler(heard).text(TASK)
        assert heard.files[0][:2] in (b"\xff\xfe", b"\xfe\xff")
        assert not Path(words[5]).exists()

    def test_it_is_deleted_only_when_it_is_there(self) -> None:
        absent = Heard(Done(1, "ERROR: The system cannot find the file specified."))
        TaskScheduler(absent).remove(TASK)
        assert absent.asked == [("schtasks", "/Query", "/TN", TASK.name)]
        there = Heard()
        TaskScheduler(there).remove(TASK)
        assert there.asked[-1] == ("schtasks", "/Delete", "/TN", TASK.name, "/F")

    def test_a_refusal_is_told_with_the_reason_of_the_system(self) -> None:
        with pytest.raises(SchedulerRefused, match="Access is denied"):
            TaskScheduler(Heard(Done(1, "ERROR: Access is denied.\n"))).write(TASK)


class TestLaunchd:
    def test_the_list_is_what_launchd_reads(self, tmp_path: Path) -> None:
        told = plistlib.loads(Launchd(Heard(), tmp_path).text(TASK).encode())
        assert told == {
            "Label": TASK.name,
            "ProgramArguments": list(TASK.command),
            "StartCalendarInterval": [
                {"Weekday": 1, "Hour": 9, "Minute": 5},
                {"Weekday": 0, "Hour": 9, "Minute": 5},
            ],
            "LowPriorityIO": True,
            "Nice": 10,
        }

    def test_it_is_written_loaded_and_removed(self, tmp_path: Path) -> None:
        heard = Heard()
        agent = Launchd(heard, tmp_path)
        file = tmp_path / "Library" / "LaunchAgents" / f"{TASK.name}.plist"
        assert not agent.is_there(TASK)
        agent.write(TASK)
        assert agent.is_there(TASK)
        assert file.read_text(encoding="utf-8") == agent.text(TASK)
        assert agent.where(TASK) == str(file)
        agent.write(TASK)
        agent.remove(TASK)
        assert not file.exists()
        load, unload = ("launchctl", "load", "-w", str(file)), ("launchctl", "unload", "-w", str(file))
        assert heard.asked == [load, unload, load, unload]

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "Library").write_text("a file")
        with pytest.raises(SchedulerRefused, match="Library"):
            Launchd(Heard(), tmp_path).write(TASK)


class TestSystemd:
    def test_both_units_letter_by_letter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        folder = tmp_path / ".config" / "systemd" / "user"
        heard = Heard()
        timer = Systemd(heard, tmp_path)
        timer.write(TASK)
        command = '"/opt/crm desktop/crm-cli" "backup" "--scheduled" "--database" '
        command += r'''"/home/o'brien/100%% \"of\" $$HOME & <张三> \\ 文件.crm"'''
        assert (folder / f"{TASK.name}.service").read_text(encoding="utf-8") == (
            "[Unit]\nDescription=Backup of a CRM Desktop company\n\n"
            f"[Service]\nType=oneshot\nNice=10\nExecStart={command}\n"
        )
        assert (folder / f"{TASK.name}.timer").read_text(encoding="utf-8") == (
            "[Unit]\nDescription=Backup of a CRM Desktop company\n\n"
            "[Timer]\nOnCalendar=Mon,Sun *-*-* 09:05:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
        assert heard.asked == [
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", "--now", f"{TASK.name}.timer"),
        ]
        assert timer.is_there(TASK)
        timer.remove(TASK)
        assert not timer.is_there(TASK)
        assert list(folder.iterdir()) == []
        assert heard.asked[2] == ("systemctl", "--user", "disable", "--now", f"{TASK.name}.timer")

    def test_the_folder_of_settings_may_be_elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
        assert Systemd(Heard(), tmp_path).where(TASK).startswith(str(tmp_path / "elsewhere"))

    def test_a_system_that_does_not_answer_is_a_sentence(self, tmp_path: Path) -> None:
        def gone(_words: Sequence[str], _given: str = "") -> Done:
            raise FileNotFoundError(2, "No such file", "systemctl")

        with pytest.raises(SchedulerRefused, match="systemctl"):
            Systemd(gone, tmp_path).write(TASK)


FAKE_CRONTAB = """#!{python}
import pathlib, sys
table = pathlib.Path(__file__).with_name("table")
if sys.argv[1:] == ["-l"]:
    if not table.exists():
        sys.exit("no crontab for me")
    sys.stdout.write(table.read_text(encoding="utf-8"))
else:
    table.write_text(sys.stdin.read(), encoding="utf-8")
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program called crontab on the path, that keeps its table in a file."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(FAKE_CRONTAB.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONUTF8", "1")
    return program.with_name("table")


@pytest.mark.skipif(sys.platform == "win32", reason="a program is a script here")
class TestCron:
    def test_our_line_comes_and_goes_and_the_others_stay(self, table: Path) -> None:
        cron = Cron(run_command)
        others = "# mine\n0 3 * * * /usr/bin/backup --all # nightly\n"
        table.write_text(others, encoding="utf-8")
        assert not cron.is_there(TASK)
        cron.write(TASK)
        cron.write(TASK)
        assert table.read_text(encoding="utf-8") == others + cron.text(TASK)
        assert cron.is_there(TASK)
        cron.remove(TASK)
        cron.remove(TASK)
        assert table.read_text(encoding="utf-8") == others

    def test_somebody_without_a_table_gets_one(self, table: Path) -> None:
        cron = Cron(run_command)
        assert not cron.is_there(TASK)
        cron.write(TASK)
        assert table.read_text(encoding="utf-8") == cron.text(TASK)

    def test_the_shell_sees_the_command_as_it_is(self) -> None:
        line = Cron(Heard()).text(TASK)
        when, command = line.rstrip("\n").split(" ", 5)[:5], line.rstrip("\n").split(" ", 5)[5]
        assert when == ["5", "9", "*", "*", "1,0"]
        # Cron takes the backslash before a percent sign away, then asks the shell.
        seen = shlex.split(command.replace(r"\%", "%"), comments=True)
        assert seen == list(TASK.command)

    def test_a_path_of_two_lines_would_be_two_lines_of_the_table(self, table: Path) -> None:
        broken = Task.of("x", ("crm-cli", "--database", "/home/a\n* * * * * rm -rf b"), "09:05", "1")
        with pytest.raises(SchedulerRefused):
            Cron(run_command).write(broken)
        assert not table.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks what a Linux has")
class TestHere:
    def test_without_systemd_it_is_cron(self, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(table.parent))
        found = scheduler_here()
        assert isinstance(found, Cron)

    def test_with_neither_there_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert scheduler_here() is None

    @pytest.mark.parametrize(("platform", "kind"), [("win32", TaskScheduler), ("darwin", Launchd)])
    def test_other_systems_have_their_own(self, monkeypatch: pytest.MonkeyPatch, platform: str, kind: type) -> None:
        monkeypatch.setattr(system_schedule.sys, "platform", platform)
        assert isinstance(scheduler_here(), kind)
