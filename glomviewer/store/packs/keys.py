"""The key with which this installation signs, and how others tell whose signature it is."""

from __future__ import annotations

import base64
import hashlib
import os
import uuid
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from filelock import FileLock, Timeout

from glomviewer.paths import config_dir
from glomviewer.store.packs.errors import KeyUnreadable
from training.atomic import replace

KEY_FILE = "signing-key.pem"
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_WAIT_FOR_OTHER_START = 30.0
_FINGERPRINT_BYTES = 10
_GROUP = 4


class SigningKey:
    """An Ed25519 key pair. Its text shows the fingerprint and never the secret."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(Ed25519PrivateKey.generate())

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes, the same for the same data."""
        return self._private.sign(data)

    def to_pem(self) -> bytes:
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def __repr__(self) -> str:
        return f"SigningKey({self.fingerprint})"


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the owner of the 32-byte public key signed exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """The first 80 bits of the key's SHA-256, to be read over a telephone: ABCD-EFGH-IJKL-MNOP."""
    digest = hashlib.sha256(public).digest()[:_FINGERPRINT_BYTES]
    letters = base64.b32encode(digest).decode("ascii")
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def plain_fingerprint(typed: str) -> str | None:
    """A fingerprint as a person typed it, in the one spelling; None if it can't be one."""
    letters = "".join(typed.upper().replace("-", " ").split())
    if len(letters) != 16 or not set(letters) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        return None
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def installation_key() -> SigningKey:
    """This installation's key, made on its first use and kept beside the settings.

    Raises:
        KeyUnreadable: the key can't be read or written. A damaged one is never replaced in
            silence: to everybody else this installation would be a stranger from then on.
    """
    file = config_dir() / KEY_FILE
    try:
        if not file.exists():
            _make(file)
        return _read(file)
    except Timeout as error:
        raise KeyUnreadable(
            f"Another start of the program is still making the signing key in {file.parent}; "
            "close it and try again."
        ) from error
    except OSError as error:
        raise KeyUnreadable(
            f"The signing key {file} can't be read or written ({error.strerror or error}); "
            "see to its rights and try again."
        ) from error


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Two first starts at once must agree, on disks without hard links too.
    with FileLock(file.with_name(f"{file.name}.lock"), timeout=_WAIT_FOR_OTHER_START):
        if file.exists():
            return
        draft = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
        try:
            # Never readable by others, not even before its mode could be changed.
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(SigningKey.generate().to_pem())
                stream.flush()
                os.fsync(stream.fileno())
            replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)


def _read(file: Path) -> SigningKey:
    if os.name != "nt" and file.stat().st_mode & 0o077:
        file.chmod(0o600)
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise _damaged(file) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _damaged(file)
    return SigningKey(private)


def _damaged(file: Path) -> KeyUnreadable:
    return KeyUnreadable(
        f"The signing key {file} is damaged; put it back from a backup, or move it away to get a "
        "new one, whose fingerprint others will have to compare again."
    )
