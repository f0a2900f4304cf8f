"""A locked backup opens with its passphrase or its recovery key, with nothing else, and is read as documented."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
import tracemalloc
import unicodedata
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.access.passwords import RECOVERY_ALPHABET
from crm_desktop.backup.format import recovery_key
from crm_desktop.backup.format.archive import is_locked, lock_of, read_manifest, read_settings, unpack
from crm_desktop.backup.format.manifest import DATA
from crm_desktop.backup.format.refusals import Damaged, Locked, MistypedRecoveryKey, WrongPassphrase
from crm_desktop.backup.format.sealing import CHUNK, TAG, BadSeal, Lock, Seal, SealedWriter, new_lock, open_lock
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.progress import Quiet
from tests.backup.archives import LOCKED_NAME, NAME, PASSPHRASE, SEAMS, SETTINGS, snapshot_of, written
from tests.companies import Firm

DOCUMENT = Path(__file__).parents[2] / "docs" / "backup-format.md"


@pytest.fixture(scope="module")
def locked() -> tuple[Lock, str]:
    return new_lock(PASSPHRASE)


@pytest.fixture
def snapshot(founded_file: tuple[Path, Firm], tmp_path: Path) -> Path:
    return snapshot_of(founded_file[0], tmp_path)


@pytest.fixture
def path(snapshot: Path, tmp_path: Path, locked: tuple[Lock, str]) -> Path:
    written(snapshot, tmp_path / LOCKED_NAME, locked[0])
    return tmp_path / LOCKED_NAME


class TestOpening:
    def test_passphrase_and_recovery_key(self, path: Path, snapshot: Path, locked: tuple[Lock, str]) -> None:
        assert is_locked(path)
        lock, recovery = lock_of(path), locked[1]
        assert lock == locked[0]
        for number, secret in enumerate((PASSPHRASE, recovery, recovery.lower().replace("-", " ").replace("0", "o"))):
            key = open_lock(lock, secret)
            folder = path.parent / str(number)
            folder.mkdir()
            assert unpack(path, folder, key=key, progress=Quiet()).read_bytes() == snapshot.read_bytes()
            assert read_manifest(path, key).counts
            assert read_settings(path, key) == SETTINGS
            verify_archive(path, seams=SEAMS, key=key, progress=Quiet())

    def test_the_writer_proves_it_without_the_passphrase(
        self, snapshot: Path, tmp_path: Path, locked: tuple[Lock, str]
    ) -> None:
        made = written(snapshot, tmp_path / LOCKED_NAME, locked[0])
        proved = verify_archive(tmp_path / LOCKED_NAME, seams=SEAMS, key=made.key, snapshot=snapshot, progress=Quiet())
        assert proved.sha256 == made.sha256 == sha256((tmp_path / LOCKED_NAME).read_bytes()).hexdigest()
        other = written(snapshot, tmp_path / f"other{LOCKED_NAME}", locked[0])
        with pytest.raises(Damaged):
            read_manifest(tmp_path / LOCKED_NAME, other.key)

    def test_nothing_is_told_without_a_key(self, path: Path) -> None:
        with pytest.raises(Locked, match="passphrase"):
            read_manifest(path)
        assert not re.search(rb"Harbour|SQLite|manifest|PK\x03\x04", path.read_bytes())

    def test_the_same_passphrase_typed_another_way(self, locked: tuple[Lock, str]) -> None:
        lock, _ = new_lock("Grüße an Zoë １２３")
        for typed in ("Grüße an Zoë 123", unicodedata.normalize("NFD", "Grüße an Zoë 123")):
            assert open_lock(lock, typed) == open_lock(lock, "Grüße an Zoë １２３")

    @pytest.mark.parametrize("secret", ["", "four words i remember", "x" * 5000, "-----", "\ud800", "0" * 40 + "X"])
    def test_a_wrong_passphrase_is_no_damage(self, locked: tuple[Lock, str], secret: str) -> None:
        with pytest.raises(WrongPassphrase):
            open_lock(locked[0], secret)

    def test_a_key_of_another_lock(self, path: Path) -> None:
        other, recovery = new_lock(PASSPHRASE)
        with pytest.raises(WrongPassphrase):
            read_manifest(path, open_lock(other, PASSPHRASE))
        with pytest.raises(WrongPassphrase) as caught:
            open_lock(lock_of(path), recovery)
        assert not isinstance(caught.value, MistypedRecoveryKey)

    def test_weak_passphrases_are_refused(self) -> None:
        for weak in ("", "short", "password"):
            with pytest.raises(Invalid):
                new_lock(weak)

    def test_secrets_are_not_shown(self, locked: tuple[Lock, str]) -> None:
        key = open_lock(locked[0], PASSPHRASE)
        assert repr(key) == "Key()"
        stored = json.dumps(locked[0].to_dict())
        assert base64.b64encode(key.private).decode() not in stored
        assert PASSPHRASE not in stored
        assert Lock.from_dict(json.loads(stored)) == locked[0]


class TestRecoveryKey:
    @given(st.binary(min_size=20, max_size=20))
    def test_it_is_read_as_printed(self, key: bytes) -> None:
        printed = recovery_key.printed(key)
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}", printed)
        assert recovery_key.read(printed) == key

    @given(st.binary(min_size=20, max_size=20), st.integers(0, 39), st.sampled_from(RECOVERY_ALPHABET))
    def test_one_wrong_character_names_its_group(self, key: bytes, at: int, char: str) -> None:
        plain = recovery_key.printed(key).replace("-", "")
        typed = plain[:at] + char + plain[at + 1 :]
        assert recovery_key.read(typed) == (key if typed == plain else at // 5 + 1)

    @given(st.binary(min_size=20, max_size=20), st.integers(0, 38))
    def test_two_swapped_characters(self, key: bytes, at: int) -> None:
        plain = recovery_key.printed(key).replace("-", "")
        typed = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
        found = recovery_key.read(typed)
        assert found == key if typed == plain else isinstance(found, int)

    @given(st.binary(min_size=20, max_size=20), st.permutations(range(8)))
    def test_groups_in_another_order(self, key: bytes, order: list[int]) -> None:
        groups = recovery_key.printed(key).split("-")
        typed = "-".join(groups[place] for place in order)
        if order != sorted(order):
            assert isinstance(recovery_key.read(typed), int)

    def test_a_group_less_or_more(self, locked: tuple[Lock, str]) -> None:
        printed = locked[1]
        assert recovery_key.read(printed[:-1]) == 8
        assert recovery_key.read(printed + "A") == 8
        with pytest.raises(MistypedRecoveryKey, match="group 8"):
            open_lock(locked[0], printed[:-2])


class TestHostileHead:
    def put(self, path: Path, change: Any, *, right_hash: bool = True) -> None:
        raw = path.read_bytes()
        length = int.from_bytes(raw[8:12], "big")
        header = json.loads(raw[12 : 12 + length])
        made = change(deepcopy(header))
        text = made if isinstance(made, bytes) else json.dumps(made).encode()
        head = raw[:8] + len(text).to_bytes(4, "big") + text
        bound = sha256(head).digest() if right_hash else raw[12 + length : 44 + length]
        path.write_bytes(head + bound + raw[44 + length :])

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("memory_kib", 100 * 1024 * 1024),
            ("memory_kib", -1),
            ("memory_kib", 65536.0),
            ("memory_kib", "65536"),
            ("memory_kib", True),
            ("passes", 0),
            ("passes", 10**9),
            ("lanes", 1000),
            ("salt", ""),
            ("salt", "A" * 100_000),
            ("nonce", None),
            ("wrapped", "????"),
            ("kind", "none"),
            ("more", 1),
        ],
    )
    def test_a_slot_may_not_ask_for_everything(self, path: Path, name: str, value: object) -> None:
        def change(header: Any) -> Any:
            header["slots"][0][name] = value
            return header

        self.put(path, change)
        tracemalloc.start()
        began = time.monotonic()
        with pytest.raises(Damaged, match=re.escape(path.name)):
            lock_of(path)
        assert time.monotonic() - began < 2
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"{}",
            b"[]",
            b"null",
            b"[" * 16_000,
            b" " * 16_385,
            b'{"ephemeral": 1, "recipient": 2, "slots": 3}',
            b"\xff",
        ],
    )
    def test_a_head_that_is_none(self, path: Path, text: bytes) -> None:
        self.put(path, lambda _: text)
        with pytest.raises(Damaged):
            lock_of(path)
        with pytest.raises(Damaged):
            read_manifest(path)

    def test_a_changed_head_is_damage_and_no_wrong_passphrase(self, path: Path) -> None:
        def change(header: Any) -> Any:
            header["slots"][0]["passes"] = 2
            return header

        self.put(path, change, right_hash=False)
        with pytest.raises(Damaged):
            lock_of(path)

    def test_a_lock_of_somebody_else_before_our_chunks(self, path: Path, locked: tuple[Lock, str]) -> None:
        """A forger may put a new head before the chunks; no chunk belongs to it."""

        def change(header: Any) -> Any:
            header["slots"][0]["salt"] = base64.b64encode(bytes(16)).decode()
            return header

        self.put(path, change)
        with pytest.raises(Damaged, match="piece"):
            read_manifest(path, open_lock(locked[0], PASSPHRASE))

    def test_an_ephemeral_key_of_zeros(self, path: Path, locked: tuple[Lock, str]) -> None:
        self.put(path, lambda header: {**header, "ephemeral": base64.b64encode(bytes(32)).decode()})
        with pytest.raises(Damaged):
            read_manifest(path, open_lock(locked[0], PASSPHRASE))


class TestChunks:
    @pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
    def test_every_length(self, size: int, tmp_path: Path, locked: tuple[Lock, str]) -> None:
        plain = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        path = tmp_path / "sealed"
        with path.open("wb") as file:
            writer = SealedWriter(file, locked[0])
            for at in range(0, size, 700_001):
                writer.write(plain[at : at + 700_001])
            writer.finish()
        with path.open("rb") as file:
            assert Seal(file, path.stat().st_size).plain_size == size
        assert opened_in_full(path, writer.key.data) == plain

    def test_order_end_and_number_are_proved(self, tmp_path: Path, locked: tuple[Lock, str]) -> None:
        path = tmp_path / "sealed"
        with path.open("wb") as file:
            writer = SealedWriter(file, locked[0])
            writer.write(bytes(3 * CHUNK))
            writer.finish()
        whole = path.read_bytes()
        begins = len(whole) - 3 * (CHUNK + TAG)
        head, one, two, three = whole[:begins], *(whole[begins + n * (CHUNK + TAG) :][: CHUNK + TAG] for n in range(3))
        for changed in ([two, one, three], [one, two], [one, three], [one, one, three], [one, two, three, three]):
            path.write_bytes(head + b"".join(changed))
            with pytest.raises(BadSeal):
                opened_in_full(path, writer.key.data)


def opened_in_full(path: Path, data_key: bytes) -> bytes:
    with path.open("rb") as file:
        seal = Seal(file, path.stat().st_size)
        file.seek(seal.begins)
        return b"".join(seal.open_chunk(data_key, number, file.read(CHUNK + TAG)) for number in range(seal.chunks))


def test_the_script_of_the_document_opens_it(path: Path, snapshot: Path, tmp_path: Path) -> None:
    script = re.search(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert script is not None
    plain = tmp_path / NAME
    subprocess.run([sys.executable, "-c", script[1], str(path), str(plain), PASSPHRASE], check=True)
    folder = tmp_path / "new"
    folder.mkdir()
    assert unpack(plain, folder, progress=Quiet()).read_bytes() == snapshot.read_bytes()
    assert (folder / DATA).exists()


def test_cryptography_is_loaded_only_when_it_is_needed() -> None:
    loaded = "crm_desktop.backup.format.verify, crm_desktop.backup.format.sealing"
    asked = f"import sys, {loaded}; print('cryptography' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "False"
