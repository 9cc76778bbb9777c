"""Calls that a pack for commit-then-reveal carries, out of sight until the reader has committed.

Sealed, not secret: the key is made from a secret that lies in the same pack, because the reader's
machine must be able to open each call offline, right after the commit. That keeps the calls from
anyone who looks into the file or into the tables, and not from one who writes a program to open
them. Where that matters, take a protocol that never reveals: its pack holds no call at all.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from glomviewer.store.packs.errors import UnsoundContent

SECRET_BYTES = 32
CALL_LIMIT = 1022
"""Bytes of a call's JSON; each is padded to this, so that no length tells anything."""
SEALED_BYTES = 12 + 2 + CALL_LIMIT + 16

_PURPOSE = b"glomviewer sealed call\n"


def new_secret() -> bytes:
    """A secret for one pack."""
    return os.urandom(SECRET_BYTES)


def seal(secret: bytes, item: str, call: bytes) -> bytes:
    """`SEALED_BYTES` bytes that hold an item's call; empty for an item without one, so that an
    item that has a call looks like one that has none.

    Raises:
        ValueError: the call is longer than `CALL_LIMIT`.
    """
    if len(call) > CALL_LIMIT:
        raise ValueError(f"a call of {len(call)} bytes can't be sealed; {CALL_LIMIT} at most")
    padded = len(call).to_bytes(2, "big") + call.ljust(CALL_LIMIT, b"\0")
    nonce = os.urandom(12)
    return nonce + _cipher(secret, item).encrypt(nonce, padded, None)


def unseal(secret: bytes, item: str, sealed: bytes) -> bytes:
    """The call that was sealed for this very item; b"" if it has none.

    Raises:
        UnsoundContent: it was altered, or sealed for another item or in another pack.
    """
    try:
        if len(sealed) != SEALED_BYTES:
            raise InvalidTag
        padded = _cipher(secret, item).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag as error:
        raise UnsoundContent(
            "The model's call of this patch can't be opened: it was altered or belongs to another "
            "pack; ask for a new pack."
        ) from error
    length = int.from_bytes(padded[:2], "big")
    return padded[2 : 2 + length]


def _cipher(secret: bytes, item: str) -> AESGCM:
    """A key for each item, so that no call can be laid under another item."""
    info = _PURPOSE + item.encode("utf-8")
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret))
