"""The repository itself: locks, pins, Makefile, catalogues, the throw-away server."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import psycopg
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import postgres
from tools import catalogues, system_packages

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
TRANSLATED = {"_", "N_", "ngettext", "pgettext", "npgettext", "gettext"}
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    """Package -> version of a lock file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = (Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z0-9]", line))
    return {canonicalize_name(one.name): next(iter(one.specifier)).version for one in found}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)", text)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_every_direct_dependency_is_locked_within_its_bounds():
    runtime, development = locked(LOCKS[0]), locked(LOCKS[1])
    wanted = [(Requirement(text), runtime) for text in PROJECT["project"]["dependencies"]]
    wanted += [(Requirement(text), development) for text in PROJECT["dependency-groups"]["dev"]]
    wanted += [(Requirement(text), development) for text in PROJECT["build-system"]["requires"]]
    for requirement, lock in wanted:
        version = lock.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked: make lock"
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: make lock"


def test_both_locks_agree():
    runtime, development = locked(LOCKS[0]), locked(LOCKS[1])
    assert runtime.items() <= development.items()


def test_this_environment_is_the_locked_one():
    from importlib import metadata

    lock = locked(LOCKS[1])
    installed = {canonicalize_name(one.name): one.version for one in metadata.distributions()}
    differing = {name: installed[name] for name in lock if name in installed and installed[name] != lock[name]}
    # pip may be newer in an environment made by hand; it is no part of the program.
    differing.pop("pip", None)
    assert differing == {}


def test_qt_is_pinned_below_the_release_that_loses_none():
    (pin,) = (Requirement(text) for text in PROJECT["project"]["dependencies"] if text.lower().startswith("pyside6"))
    assert pin.name == "PySide6-Essentials"
    assert not pin.specifier.contains("6.12.0")
    assert pin.specifier.contains("6.8.3")


def test_qt_keeps_the_references_to_none(qtbot):
    """PySide6 6.12.0 drops one per call and aborts later; the pin can go when a newer one passes this."""
    from PySide6.QtWidgets import QPushButton

    button = QPushButton()
    qtbot.addWidget(button)
    before = sys.getrefcount(None)
    for turn in range(2000):
        button.setEnabled(bool(turn % 2))
        button.setText(str(turn))
    assert abs(sys.getrefcount(None) - before) < 200


def test_every_make_target_is_explained_and_sets_itself_up():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())
    explained = dict(re.findall(r"^([a-z-]+):(.*?)## .+$", text, re.MULTILINE))
    assert phony == set(explained)
    without = {name for name, needs in explained.items() if "setup" not in needs}
    assert without == {"help", "setup", "clean"}
    assert {"setup", "run", "test", "check", "format", "bench", "dist", "screenshots", "lock"} <= phony


def test_ci_runs_check_and_test():
    path = ROOT / ".ci" / "run"
    assert "make check test" in path.read_text(encoding="utf-8")
    assert os.name == "nt" or os.access(path, os.X_OK)


def test_no_sentence_is_put_together_before_it_is_translated():
    """`_(f"...")` and `_("a" + b)` are looked up with the values in them and never found."""
    wrong = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATED:
                texts = node.args[:2] if node.func.id == "ngettext" else node.args[:1]
                wrong += [f"{path.relative_to(ROOT)}:{one.lineno}" for one in texts if put_together(one)]
    assert wrong == []


def put_together(text: ast.expr) -> bool:
    """Whether an argument is an f-string, a sum, a `%`, or `"...".format()`; looking one up is fine."""
    if isinstance(text, ast.Call):
        return isinstance(text.func, ast.Attribute) and text.func.attr in {"format", "join"}
    return isinstance(text, ast.JoinedStr | ast.BinOp)


@pytest.mark.parametrize("source", ['f"{a} rows"', '"a" + b', '"%s rows" % a', '"{n} rows".format(n=1)'])
def test_a_sentence_put_together_is_recognised(source):
    assert put_together(ast.parse(source, mode="eval").body)
    assert not put_together(ast.parse("labels.get(key, key)", mode="eval").body)


def test_the_catalogue_check_sees_what_is_wrong(tmp_path, monkeypatch):
    source = tmp_path / "src" / "screen.py"
    source.parent.mkdir()
    source.write_text('_("Save")\nN_("Name")\nngettext("{n} row", "{n} rows", n)\n_("Owe {amount}")\n')
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "SOURCES", tmp_path / "src")
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path / "locale")
    monkeypatch.setattr(catalogues, "LANGUAGES", ("zh_Hans",))
    assert catalogues.problems() == ["zh_Hans: no catalogue; run make messages"]
    catalogues.update_all()
    assert len(catalogues.problems()) == 4
    path = catalogues.po_path("zh_Hans")
    text = path.read_text(encoding="utf-8")
    for original, translation in (("Save", "保存"), ("Name", "名称"), ("Owe {amount}", "欠 {betrag}")):
        text = text.replace(f'msgid "{original}"\nmsgstr ""', f'msgid "{original}"\nmsgstr "{translation}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "{n} 行"')
    path.write_text(text, encoding="utf-8")
    (problem,) = catalogues.problems()
    assert "other placeholders" in problem
    catalogues.compile_all()
    assert path.with_suffix(".mo").stat().st_size > 100


def test_the_missing_system_packages_are_named(monkeypatch):
    monkeypatch.setattr(system_packages, "_loadable_libraries", lambda: set())
    missing = system_packages.missing_packages()
    assert {"libegl1", "libxcb-cursor0", "libglib2.0-0"} <= set(missing)
    line = system_packages._line_to_run(["libegl1"])
    assert line.startswith("sudo apt-get update && sudo apt-get install -y")
    assert line.endswith("libegl1")


@pytest.mark.postgres
def test_the_throwaway_server_is_empty_private_and_asks_for_passwords(postgres_server, postgres_url):
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        assert tables == (0,)
        (addresses,) = connection.execute("show listen_addresses").fetchone()
        assert addresses == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(re.sub(r":[^:@/]+@", ":wrong@", postgres_server))


@pytest.mark.postgres
def test_a_server_whose_run_was_killed_is_swept_up():
    child = (
        "import os, sys; sys.path[:0] = ['src', '.']; from tests import postgres as p;"
        "f = p.new_folder(); print(f, p.start_cluster(f), flush=True); os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=120
    )
    folder, url = done.stdout.split()
    psycopg.connect(url).close()
    postgres.remove_cluster(postgres.new_folder())
    assert not Path(folder).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


def test_without_a_server_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "find_server_program", lambda name: None)
    with pytest.raises(postgres.NoServer, match="apt-get install postgresql"):
        postgres.start_cluster(tmp_path)
