"""A backup that is looked at: its own copy, read-only, an owner's eyes; the copy goes when nobody looks any more."""

import os
import shutil
import time

import pytest

from crm_desktop.app import looking
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.permissions import Permission


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(demo_template):
    made = looking.looks_folder() / "backup-one"
    made.mkdir(parents=True)
    shutil.copy(demo_template, made / looking.DATA)
    (made / looking.TITLE).write_text("Wednesday 18 November 2026, 12:30", encoding="utf-8")
    return made


def test_an_owner_looks_and_cannot_write(folder):
    session = looking.session_of(folder)
    try:
        assert session.actor.may(Permission.CONTACT_READ)
        assert not session.actor.may(Permission.CONTACT_WRITE)
        assert not session.actor.may(Permission.BACKUP_RUN)
        with pytest.raises(Unavailable), session.begin(operation_id="", writes=True):
            pass
    finally:
        session.database.close()
    assert looking.made_text(folder).startswith("Wednesday")


def test_a_copy_in_use_stays_and_a_stale_one_goes(folder):
    in_an_hour = time.time() + 3_600
    in_use = looking.InUse(folder)
    assert looking.remove_stale(in_an_hour) == 0
    assert folder.is_dir()
    in_use._file.close()
    assert looking.remove_stale() == 0, "it may belong to a window that is still starting"
    assert looking.remove_stale(in_an_hour) == 1
    assert not folder.exists()


def test_the_copy_goes_with_its_window(folder):
    looking.InUse(folder).end()
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="who may read a folder is said otherwise there")
def test_nobody_else_may_read_the_copies(folder, demo_template, monkeypatch):
    started = []
    monkeypatch.setattr(looking.subprocess, "Popen", lambda command, **_how: started.append(command))
    made = looking.open_to_look(demo_template, "Wednesday")
    assert started[0][-2:] == [looking.WORD, str(made)]
    assert made.stat().st_mode & 0o077 == 0
    looking._started.clear()
