import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.access import passwords, secrets
from crm_desktop.shared.errors import Invalid


def test_a_hash_says_how_it_was_made_and_holds_no_password(monkeypatch, full_cost):
    monkeypatch.setattr(passwords, "COST", full_cost)
    stored = passwords.hash_password("quiet river 1207")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert "river" not in stored
    assert passwords.verify(stored, "quiet river 1207")
    assert not passwords.verify(stored, "quiet river 1208")
    assert not passwords.is_outdated(stored)


@pytest.mark.usefixtures("cheap_argon")
@pytest.mark.parametrize("stored", ["", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$AA$AA"])
def test_a_broken_hash_lets_nobody_in(stored):
    assert not passwords.verify(stored, "anything at all")


def test_cheaper_hashes_are_outdated(monkeypatch):
    monkeypatch.setattr(passwords, "COST", passwords.Cost(memory_kib=64, passes=1))
    stored = passwords.hash_password("quiet river")
    monkeypatch.setattr(passwords, "COST", passwords.Cost(memory_kib=128, passes=1))
    assert passwords.verify(stored, "quiet river")
    assert passwords.is_outdated(stored)


@pytest.mark.parametrize("weak", ["", "1234567", "password", "PassWord", "1234567890", "aaaaaaaaaaaa", "Chen.Jie1"])
def test_what_everybody_guesses_first_is_refused(weak):
    with pytest.raises(Invalid) as refused:
        passwords.check_new(weak, "chen.jie1")
    assert refused.value.field == "password"


@pytest.mark.parametrize("fine", ["quiet river 1207", "一片安静的大海啊", " spaces count ", "p" * 63 + "q" + "p" * 900])
def test_length_is_enough_and_nothing_is_cut(fine):
    passwords.check_new(fine, "chen.jie")


@given(st.text(st.sampled_from(passwords.RECOVERY_ALPHABET), min_size=25, max_size=25))
def test_a_recovery_code_is_read_however_it_is_typed(code):
    typed = "-".join(code[at : at + 5] for at in range(0, 25, 5)).lower().replace("0", "o").replace("1", "l")
    assert passwords.plain_recovery_code(f"  {typed} ") == code


def test_recovery_codes_differ():
    codes = {passwords.new_recovery_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 29 and code.count("-") == 4 for code in codes)


def test_without_a_keyring_nothing_is_remembered_and_nothing_fails():
    """In a process of its own: no D-Bus, no display, no backend."""
    script = (
        "from crm_desktop.access import secrets\n"
        "assert secrets.remember('here', 'chen', 'x') is False\n"
        "assert secrets.recall('here', 'chen') is None\n"
        "secrets.forget('here', 'chen')\n"
    )
    hidden = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _troubles():
    """What keyring raises itself, and what its Linux backend lets through from the libraries below."""
    from keyring import errors

    yield from (errors.KeyringLocked(), errors.NoKeyringError(), errors.InitError(), errors.PasswordDeleteError())
    if sys.platform == "linux":
        from jeepney import HeaderFields, MessageType, new_error, new_method_call
        from jeepney.wrappers import DBusAddress, DBusErrorResponse
        from secretstorage.exceptions import LockedException, PromptDismissedException

        asked = new_method_call(DBusAddress("/", "org.freedesktop.secrets"), "Unlock")
        asked.header.serial = 1
        answer = new_error(asked, "org.freedesktop.Secret.Error.IsLocked", "s", ("locked",))
        assert answer.header.message_type is MessageType.error
        assert HeaderFields.error_name in answer.header.fields
        yield from (LockedException(), PromptDismissedException(), DBusErrorResponse(answer))


@pytest.mark.parametrize("trouble", list(_troubles()), ids=lambda trouble: type(trouble).__name__)
def test_a_locked_or_cancelled_keyring_is_no_error(trouble):
    import keyring
    from keyring.backend import KeyringBackend

    class Stubborn(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            raise trouble

        set_password = delete_password = lambda self, *args: self.get_password("", "")

    before = keyring.get_keyring()
    keyring.set_keyring(Stubborn())
    try:
        assert secrets.recall("here", "chen") is None
        assert not secrets.remember("here", "chen", "x")
        secrets.forget("here", "chen")
    finally:
        keyring.set_keyring(before)
