"""Locked backups: written to a public key, so that nothing secret is needed at night; read with a passphrase.

docs/backup-format.md describes the bytes.
"""

import base64
import hashlib
import json
import os
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Protocol

from crm_desktop.access import passwords
from crm_desktop.backup.format import recovery_key
from crm_desktop.backup.format.manifest import Refused, parse_object
from crm_desktop.backup.format.refusals import MistypedRecoveryKey, WrongPassphrase

MAGIC: Final = b"CRMLOCK1"
"""The last character is the version of the container."""

CHUNK: Final = 1024 * 1024
TAG: Final = 16
_KEY: Final = 32
_NONCE: Final = 12
_SALT: Final = 16
_DIGEST: Final = 32
_LENGTH: Final = struct.Struct(">L")
_POSITION: Final = struct.Struct(">QB")
_MOST_HEADER: Final = 16 * 1024

_DATA_INFO: Final = b"crm-desktop backup 1: data"
_RECOVERY_INFO: Final = b"crm-desktop backup 1: recovery key"

# A stranger's header may not ask for more than this computer can give; ours ask for 64 MiB.
_MOST_MEMORY_KIB: Final = 256 * 1024
_MOST_PASSES: Final = 10
_MOST_LANES: Final = 4


class BadSeal(ValueError):
    """The bytes are not as a locked backup has them; says which part."""


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a locked backup: the private key of its lock, or the key of one file only. Never stored."""

    private: bytes = field(default=b"", repr=False)
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Lock:
    """A public key, and its private key wrapped by the passphrase and by the recovery key; nothing is secret."""

    public: bytes
    slots: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the lock as it is stored with the plan and in the header of every backup."""
        return {"recipient": _text(self.public), "slots": [dict(slot) for slot in self.slots]}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Lock":
        """Return a stored lock. Raises BadSeal for what no lock is, or what asks for more than may be asked."""
        slots = said.get("slots")
        if said.keys() != {"recipient", "slots"} or not isinstance(slots, list) or len(slots) != len(_SLOTS):
            raise BadSeal("lock")
        return cls(
            _bytes(said["recipient"], _KEY),
            tuple(_slot(slot, names) for slot, names in zip(slots, _SLOTS, strict=True)),
        )


def new_lock(passphrase: str) -> tuple[Lock, str]:
    """Return a new lock and its recovery key, which is shown once to be printed. Raises Invalid("password")."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    passwords.check_new(passphrase)
    pair = X25519PrivateKey.generate()
    public = pair.public_key().public_bytes_raw()
    recovery = os.urandom(recovery_key.BYTES)
    by_passphrase = {
        "kind": "passphrase",
        "memory_kib": passwords.COST.memory_kib,
        "passes": passwords.COST.passes,
        "lanes": passwords.COST.lanes,
        "salt": _text(os.urandom(_SALT)),
    }
    by_recovery = {"kind": "recovery", "salt": _text(os.urandom(_SALT))}
    slots = (
        _wrapped(by_passphrase, _passphrase_key(by_passphrase, passphrase), pair.private_bytes_raw(), public),
        _wrapped(by_recovery, _recovery_key(by_recovery, recovery), pair.private_bytes_raw(), public),
    )
    return Lock(public, slots), recovery_key.printed(recovery)


def open_lock(lock: Lock, secret: str) -> Key:
    """Return the key that opens every backup of a lock, by passphrase or recovery key.

    Raises WrongPassphrase, MistypedRecoveryKey; BadSeal when the lock itself is damaged.
    """
    typed = recovery_key.read(secret)
    if isinstance(typed, bytes):
        private = _unwrapped(lock.slots[1], _recovery_key(lock.slots[1], typed), lock.public)
        if private is not None:
            return Key(private)
    if len(secret) <= passwords.MAX_PASSWORD_CHARS:
        private = _unwrapped(lock.slots[0], _passphrase_key(lock.slots[0], secret), lock.public)
        if private is not None:
            return Key(private)
    if isinstance(typed, int):
        raise MistypedRecoveryKey(typed)
    raise WrongPassphrase


class _Sink(Protocol):
    def write(self, piece: bytes, /) -> object: ...


class SealedWriter:
    """Writes a locked file piece by piece. `key` opens this one file, as long as the program runs."""

    def __init__(self, target: _Sink, lock: Lock) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        ephemeral = X25519PrivateKey.generate()
        own = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(lock.public))
        self.key = Key(data=_data_key(shared, own, lock.public))
        header = json.dumps({"ephemeral": _text(own), **lock.to_dict()}, sort_keys=True).encode("ascii")
        head = MAGIC + _LENGTH.pack(len(header)) + header
        self._bound = hashlib.sha256(head).digest()
        self._cipher = AESGCM(self.key.data)
        self._target = target
        self._held = bytearray()
        self._number = 0
        target.write(head + self._bound)

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._held += piece
        # The last chunk is marked, so one is always held back.
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._held), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        bound = self._bound + _POSITION.pack(self._number, last)
        self._target.write(self._cipher.encrypt(_nonce(self._number), chunk, bound))
        self._number += 1


class Seal:
    """The head of a locked file: its lock, and the chunks behind it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Read the head of a file of `size` bytes. Raises BadSeal, OSError."""
        file.seek(0)
        head = file.read(len(MAGIC) + _LENGTH.size)
        if len(head) != len(MAGIC) + _LENGTH.size or not head.startswith(MAGIC):
            raise BadSeal("head")
        length = _LENGTH.unpack(head[len(MAGIC) :])[0]
        if length > _MOST_HEADER:
            raise BadSeal("head")
        head += file.read(length)
        self._bound = file.read(_DIGEST)
        # Tells a damaged head from a wrong passphrase.
        if hashlib.sha256(head).digest() != self._bound:
            raise BadSeal("head")
        try:
            said = parse_object(head[len(MAGIC) + _LENGTH.size :])
        except Refused as error:
            raise BadSeal("head") from error
        self._ephemeral = _bytes(said.pop("ephemeral", None), _KEY)
        self.lock = Lock.from_dict(said)
        self.begins = len(head) + _DIGEST
        sealed = size - self.begins
        self.chunks = max(1, -(-sealed // (CHUNK + TAG)))
        self.plain_size = sealed - self.chunks * TAG
        if self.plain_size < 0:
            raise BadSeal("end")

    def data_key(self, key: Key) -> bytes:
        """Return the key of this file. Raises WrongPassphrase when `key` is of another lock."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

        if key.data:
            return key.data
        private = X25519PrivateKey.from_private_bytes(key.private)
        if private.public_key().public_bytes_raw() != self.lock.public:
            raise WrongPassphrase
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(self._ephemeral))
        except ValueError as error:
            raise BadSeal("head") from error
        return _data_key(shared, self._ephemeral, self.lock.public)

    def open_chunk(self, data_key: bytes, number: int, sealed: bytes) -> bytes:
        """Return the plain bytes of a chunk. Raises BadSeal when a bit or its place is not as written."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        bound = self._bound + _POSITION.pack(number, number == self.chunks - 1)
        try:
            return AESGCM(data_key).decrypt(_nonce(number), sealed, bound)
        except (InvalidTag, ValueError) as error:
            raise BadSeal(f"piece {number + 1} of {self.chunks}") from error


_WRAPPED: Final = frozenset({"kind", "salt", "nonce", "wrapped"})
_SLOTS: Final = (("passphrase", _WRAPPED | {"memory_kib", "passes", "lanes"}), ("recovery", _WRAPPED))


def _slot(said: Any, expected: tuple[str, frozenset[str]]) -> dict[str, Any]:
    kind, names = expected
    if not isinstance(said, Mapping) or said.keys() != names or said["kind"] != kind:
        raise BadSeal("lock")
    _bytes(said["salt"], _SALT)
    _bytes(said["nonce"], _NONCE)
    _bytes(said["wrapped"], _KEY + TAG)
    for name, least, most in (
        ("memory_kib", 8, _MOST_MEMORY_KIB),
        ("passes", 1, _MOST_PASSES),
        ("lanes", 1, _MOST_LANES),
    ):
        if name in names and (type(said[name]) is not int or not least <= said[name] <= most):
            raise BadSeal("lock")
    return dict(said)


def _wrapped(slot: dict[str, Any], key: bytes, private: bytes, public: bytes) -> dict[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return {**slot, "nonce": _text(nonce), "wrapped": _text(AESGCM(key).encrypt(nonce, private, public))}


def _unwrapped(slot: Mapping[str, Any], key: bytes, public: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(_bytes(slot["nonce"], _NONCE), _bytes(slot["wrapped"], _KEY + TAG), public)
    except InvalidTag:
        return None


def _passphrase_key(slot: Mapping[str, Any], passphrase: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same passphrase may come composed or not, wide or narrow, by keyboard and input method.
    typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        typed,
        _bytes(slot["salt"], _SALT),
        time_cost=slot["passes"],
        memory_cost=slot["memory_kib"],
        parallelism=slot["lanes"],
        hash_len=_KEY,
        type=Type.ID,
    )


def _recovery_key(slot: Mapping[str, Any], recovery: bytes) -> bytes:
    return _derived(recovery, _bytes(slot["salt"], _SALT), _RECOVERY_INFO)


def _data_key(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return _derived(shared, ephemeral + public, _DATA_INFO)


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), _KEY, salt, info).derive(secret)


def _nonce(number: int) -> bytes:
    # Every file has its own key, so counting is enough.
    return number.to_bytes(_NONCE, "big")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: Any, length: int) -> bytes:
    try:
        made = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError as error:
        raise BadSeal("lock") from error
    if len(made) != length:
        raise BadSeal("lock")
    return made
