"""`crm-desktop check` recomputes every kept amount: nothing on sound books, a sentence for each thing that is off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_desktop.app.checks import check_database
from crm_desktop.db.work import Database
from crm_desktop.receivables import proof
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm, found_firm, settle_file, sqlite_company
from tests.receivables.documents import customer, pay, posted
from tests.receivables.random_books import RandomBooks


def found(database: Database) -> list[str]:
    with database.read(SYSTEM) as work:
        return [one for one in proof.findings(work) if "total" not in one and "series" not in one]


@pytest.mark.parametrize("seed", range(3))
def test_sound_books_prove_themselves(database: Database, firm: Firm, accountant: Actor, seed: int) -> None:
    books = RandomBooks(database, accountant, (firm.anna, firm.chen), 50 + seed)
    books.live(60)
    assert found(database) == []


@pytest.fixture(scope="module")
def sound_file(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random books in which everything has happened and nothing is wrong, to be copied."""
    template, firm = founded_file
    path = tmp_path_factory.mktemp("sound") / "sound.crm"
    database = sqlite_company(template, path)
    RandomBooks(database, firm.boss, (firm.anna,), 7).live(90)
    assert found(database) == []
    settle_file(database)
    return path


@pytest.fixture
def sound_books(sound_file: Path, tmp_path: Path) -> Iterator[Database]:
    database = sqlite_company(sound_file, tmp_path / "company.crm")
    yield database
    database.close()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("update instalment set open_amount = open_amount + 1 where open_amount > 1", "open amount"),
        ("update instalment set settled_on = '2026-01-01' where open_amount = 0", "open amount"),
        ("update receipt set open_amount = open_amount - 1 where open_amount > 1", "used for"),
        ("update receipt set settled_on = '2026-01-01' where kind = 'receipt'", "used for"),
        ("update invoice set open_amount = open_amount + 1 where kind = 'credit'", "credit note"),
        ("update invoice set open_amount = open_amount + 1 where kind = 'invoice'", "invoice"),
        ("update invoice set next_due_on = '2026-01-01' where kind = 'invoice'", "invoice"),
        ("update invoice set credited = credited + 1 where kind = 'invoice'", "invoice"),
        ("update invoice set written_off = written_off + 1 where kind = 'invoice'", "invoice"),
        ("update invoice set total = total + 1 where kind = 'invoice'", "instalments of"),
        ("update allocation set dated_on = '2020-01-01' where amount > 0", "dated too early"),
        ("update allocation set currency = 'EUR'", "belong together"),
        ("update allocation set amount = amount - 1 where amount < -1", "mirror"),
        ("update write_off set amount = 1 where amount > 1", "written off"),
        ("update reschedule set amount = amount + 1", "rescheduled"),
    ],
)
def test_every_harm_is_found(sound_books: Database, harm: str, sentence: str) -> None:
    assert found(sound_books) == []
    with sound_books.begin(SYSTEM) as work:
        changed = work.session.execute(text(harm))
        assert changed.rowcount, "the books of this test have nothing to harm"  # type: ignore[attr-defined]
    assert any(sentence in one for one in found(sound_books)), found(sound_books)


def test_a_gap_in_the_numbers_of_receipts_is_found(file_database: Database) -> None:
    firm = found_firm(file_database)
    atlas = customer(file_database, firm.anna)
    claim = posted(file_database, atlas, 100, dated_on=date(2026, 11, 1))
    for _receipt in range(3):
        pay(file_database, firm.boss, atlas, 10, {claim.instalments[0]: 10})
    assert not any("receipt" in one for one in check_database(file_database))
    with file_database.begin(SYSTEM) as work:
        work.session.execute(text("update counter set last = last + 1 where series = 'receipt'"))
    assert any("series" in one and "receipt" in one for one in check_database(file_database))
