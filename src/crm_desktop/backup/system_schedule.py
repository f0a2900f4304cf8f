"""Lets the operating system run the plan while the program is closed: written, shown and removed from one page.

Windows has its Task Scheduler, macOS launchd, Linux timers of systemd or else the table of cron. Every one of them
only calls `crm-desktop backup --scheduled`; what is due is decided there.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from xml.sax.saxutils import escape

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERY_SECONDS: Final = 60


class SchedulerRefused(UserError):
    """The system did not take the task."""

    message = N_("The system did not take the task: {reason}. Backups still run while the program is open.")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be run: `command` at `at` (HH:MM, this computer's clock) on `days` (ISO weekdays)."""

    name: str
    command: tuple[str, ...]
    at: str
    days: str

    @classmethod
    def of(cls, address: str, command: Sequence[str], at: str, days: str) -> "Task":
        """Return the task of the company at `address`; each company has one."""
        return cls(f"crm-desktop-backup-{sha256(address.encode()).hexdigest()[:8]}", tuple(command), at, days)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it printed."""

    code: int
    output: str


Run = Callable[[Sequence[str], str], Done]
"""Runs a command with the text on its standard input."""


def run_command(words: Sequence[str], given: str = "") -> Done:
    """Run a command of the system."""
    ended = subprocess.run(
        words, input=given, capture_output=True, text=True, check=False, timeout=_EVERY_SECONDS,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    return Done(ended.returncode, ended.stdout + ended.stderr if ended.returncode else ended.stdout)


class Scheduler(Protocol):
    """One way of one system."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        ...

    def text(self, task: Task) -> str:
        """Return exactly what `write` writes."""
        ...

    def where(self, task: Task) -> str:
        """Return where it is written."""
        ...

    def is_there(self, task: Task) -> bool:
        """Return whether the system has the task."""
        ...

    def write(self, task: Task) -> None:
        """Give the task to the system, in the place of an earlier one. Raises SchedulerRefused."""
        ...

    def remove(self, task: Task) -> None:
        """Take the task away; nothing happens when there is none. Raises SchedulerRefused."""
        ...


def scheduler_here(run: Run = run_command) -> Scheduler | None:
    """Return the way of this system, None when it has none that we know."""
    if sys.platform == "win32":
        return TaskScheduler(run)
    if sys.platform == "darwin":
        return Launchd(run, Path.home())
    if shutil.which("systemctl") and Path("/run/systemd/system").is_dir():
        return Systemd(run, Path.home())
    return Cron(run) if shutil.which("crontab") else None


def _check_lines(task: Task) -> None:
    """Refuse a command that would be more than one line of a table. Raises SchedulerRefused."""
    for word in task.command:
        if not word.isprintable():
            raise SchedulerRefused(reason=word)


def _asked(run: Run, words: Sequence[str], given: str = "") -> Done:
    try:
        done = run(words, given)
    except (OSError, subprocess.SubprocessError) as error:
        raise SchedulerRefused(reason=str(error)) from error
    if done.code:
        raise SchedulerRefused(reason=done.output.strip() or f"{words[0]} {done.code}")
    return done


@dataclass(frozen=True)
class TaskScheduler:
    """Windows: a task of the person, run late when the computer was off."""

    run: Run
    name: str = "Task Scheduler"

    def text(self, task: Task) -> str:
        """Return the task as XML, as the Task Scheduler exports it."""
        days = "".join(f"<{_WEEKDAYS[int(day) - 1]}/>" for day in task.days)
        program, *words = task.command
        return (
            '<?xml version="1.0" encoding="UTF-16"?>\n'
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
            "  <Triggers><CalendarTrigger>\n"
            f"    <StartBoundary>2026-01-01T{task.at}:00</StartBoundary>\n"
            f"    <ScheduleByWeek><DaysOfWeek>{days}</DaysOfWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek>\n"
            "  </CalendarTrigger></Triggers>\n"
            "  <Settings>\n"
            "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n"
            "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n"
            "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n"
            "    <StartWhenAvailable>true</StartWhenAvailable>\n"
            "    <Priority>7</Priority>\n"
            "  </Settings>\n"
            "  <Actions><Exec>\n"
            f"    <Command>{escape(program)}</Command>\n"
            f"    <Arguments>{escape(subprocess.list2cmdline(words))}</Arguments>\n"
            "  </Exec></Actions>\n"
            "</Task>\n"
        )

    def where(self, task: Task) -> str:
        """Return the name under which the Task Scheduler shows it."""
        return f"{self.name} › {task.name}"

    def is_there(self, task: Task) -> bool:
        """Return whether the Task Scheduler has it."""
        return self.run(("schtasks", "/Query", "/TN", task.name), "").code == 0

    def write(self, task: Task) -> None:
        """Hand the XML over in a file that is removed at once. Raises SchedulerRefused."""
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.xml"
            file.write_text(self.text(task), encoding="utf-16")
            _asked(self.run, ("schtasks", "/Create", "/TN", task.name, "/XML", str(file), "/F"))

    def remove(self, task: Task) -> None:
        """Delete the task. Raises SchedulerRefused."""
        if self.is_there(task):
            _asked(self.run, ("schtasks", "/Delete", "/TN", task.name, "/F"))


class _Files:
    """What systems have in common that read their tasks from files."""

    def _put(self, file: Path, text: str) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SchedulerRefused(reason=f"{file}: {error.strerror}") from error


@dataclass(frozen=True)
class Launchd(_Files):
    """macOS: an agent of the person; a run that was slept through is made up for on waking."""

    run: Run
    home: Path
    name: str = "launchd"

    def _file(self, task: Task) -> Path:
        return self.home / "Library" / "LaunchAgents" / f"{task.name}.plist"

    def text(self, task: Task) -> str:
        """Return the property list."""
        import plistlib

        hour, minute = map(int, task.at.split(":"))
        times = [{"Weekday": int(day) % 7, "Hour": hour, "Minute": minute} for day in task.days]
        told = {
            "Label": task.name,
            "ProgramArguments": list(task.command),
            "StartCalendarInterval": times,
            "LowPriorityIO": True,
            "Nice": 10,
        }
        return plistlib.dumps(told, sort_keys=False).decode()

    def where(self, task: Task) -> str:
        """Return the path of the property list."""
        return str(self._file(task))

    def is_there(self, task: Task) -> bool:
        """Return whether the property list is there."""
        return self._file(task).is_file()

    def write(self, task: Task) -> None:
        """Write the property list and load it. Raises SchedulerRefused."""
        self.remove(task)
        self._put(self._file(task), self.text(task))
        _asked(self.run, ("launchctl", "load", "-w", str(self._file(task))))

    def remove(self, task: Task) -> None:
        """Unload the property list and delete it. Raises SchedulerRefused."""
        if self.is_there(task):
            _asked(self.run, ("launchctl", "unload", "-w", str(self._file(task))))
            self._file(task).unlink(missing_ok=True)


@dataclass(frozen=True)
class Systemd(_Files):
    """Linux: a timer of the person; a run that was missed is made up for."""

    run: Run
    home: Path
    name: str = "systemd"

    def _file(self, task: Task, ending: str) -> Path:
        given = os.environ.get("XDG_CONFIG_HOME")
        folder = Path(given) if given else self.home / ".config"
        return folder / "systemd" / "user" / f"{task.name}.{ending}"

    def _units(self, task: Task) -> dict[str, str]:
        program, *words = (word.replace("\\", "\\\\").replace('"', '\\"') for word in task.command)
        # Variables are put into the arguments, never into the program.
        command = " ".join(f'"{word}"' for word in (program, *(word.replace("$", "$$") for word in words)))
        days = ",".join(_WEEKDAYS[int(day) - 1][:3] for day in task.days)
        return {
            "service": "[Unit]\nDescription=Backup of a CRM Desktop company\n\n"
            f"[Service]\nType=oneshot\nNice=10\nExecStart={command.replace('%', '%%')}\n",
            "timer": "[Unit]\nDescription=Backup of a CRM Desktop company\n\n"
            f"[Timer]\nOnCalendar={days} *-*-* {task.at}:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
        }

    def text(self, task: Task) -> str:
        """Return both units."""
        return "\n".join(f"# {self._file(task, ending)}\n{text}" for ending, text in self._units(task).items())

    def where(self, task: Task) -> str:
        """Return the path of the timer."""
        return str(self._file(task, "timer"))

    def is_there(self, task: Task) -> bool:
        """Return whether the timer is there."""
        return self._file(task, "timer").is_file()

    def write(self, task: Task) -> None:
        """Write both units and start the timer. Raises SchedulerRefused."""
        _check_lines(task)
        for ending, text in self._units(task).items():
            self._put(self._file(task, ending), text)
        _asked(self.run, ("systemctl", "--user", "daemon-reload"))
        _asked(self.run, ("systemctl", "--user", "enable", "--now", f"{task.name}.timer"))

    def remove(self, task: Task) -> None:
        """Stop the timer and delete both units. Raises SchedulerRefused."""
        if not self.is_there(task):
            return
        _asked(self.run, ("systemctl", "--user", "disable", "--now", f"{task.name}.timer"))
        for ending in self._units(task):
            self._file(task, ending).unlink(missing_ok=True)
        _asked(self.run, ("systemctl", "--user", "daemon-reload"))


@dataclass(frozen=True)
class Cron:
    """Linux without systemd: one line in the person's table. Cron makes up for nothing; the next window does."""

    run: Run
    name: str = "cron"

    def text(self, task: Task) -> str:
        """Return the line."""
        hour, minute = map(int, task.at.split(":"))
        days = ",".join(str(int(day) % 7) for day in task.days)
        command = shlex.join(task.command).replace("%", r"\%")
        return f"{minute} {hour} * * {days} {command} # {task.name}\n"

    def where(self, task: Task) -> str:
        """Return what shows it."""
        return "crontab -l"

    def is_there(self, task: Task) -> bool:
        """Return whether the table has our line."""
        return any(line.endswith(f"# {task.name}") for line in self._table().splitlines())

    def write(self, task: Task) -> None:
        """Put our line into the table, leaving the others. Raises SchedulerRefused."""
        _check_lines(task)
        _asked(self.run, ("crontab", "-"), self._others(task) + self.text(task))

    def remove(self, task: Task) -> None:
        """Take our line out of the table. Raises SchedulerRefused."""
        if self.is_there(task):
            _asked(self.run, ("crontab", "-"), self._others(task))

    def _table(self) -> str:
        done = self.run(("crontab", "-l"), "")
        return done.output if done.code == 0 else ""

    def _others(self, task: Task) -> str:
        lines = self._table().splitlines()
        return "".join(f"{line}\n" for line in lines if not line.endswith(f"# {task.name}"))
