"""A pack behind a passphrase: Argon2id makes the key, AES-256-GCM encrypts in chunks.

The chunks follow STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): a nonce is the member's
number, the chunk's number and whether it is the last one, so that no chunk can be moved, repeated
or cut off. A pack has a salt of its own, so its key is used for nothing else and a nonce never
comes again. The clear header is authenticated with every chunk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from glomviewer.store.packs.canonical import canonical, parsed_canonical
from glomviewer.store.packs.errors import DamagedPack, UnsoundContent
from glomviewer.store.packs.manifest import FORMAT, check_format, unsound
from glomviewer.store.passphrases import KdfCost, passphrase_bytes

CHUNK = 1024 * 1024
"""Bytes of content in a chunk; the last one of a member may be shorter."""
TAG = 16
HEADER_LIMIT = 4096

_FIELDS = frozenset({"cipher", "format", "kdf", "iterations", "lanes", "memory_kib", "salt"})
_CIPHER = "AES-256-GCM, STREAM of 1 MiB"
_KDF = "Argon2id"
_SALT_BYTES = 16
_SALT = re.compile(f"[0-9a-f]{{{2 * _SALT_BYTES}}}")
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class EncryptionHeader:
    """The clear part of an encrypted pack."""

    cost: KdfCost
    salt: bytes

    @classmethod
    def fresh(cls, cost: KdfCost) -> EncryptionHeader:
        return cls(cost, os.urandom(_SALT_BYTES))

    def to_bytes(self) -> bytes:
        document = {
            "format": FORMAT,
            "cipher": _CIPHER,
            "kdf": _KDF,
            "iterations": self.cost.iterations,
            "lanes": self.cost.lanes,
            "memory_kib": self.cost.memory_kib,
            "salt": self.salt.hex(),
        }
        return canonical(document).encode("utf-8")


def read_header(data: bytes, file: str) -> EncryptionHeader:
    """Raises NewerPack, DamagedPack, UnsoundContent."""
    try:
        document = parsed_canonical(data)
    except ValueError as error:
        raise DamagedPack(
            f"{file} is damaged: how it was encrypted can't be read; ask for it again."
        ) from error
    check_format(document, file)
    if document.keys() != _FIELDS or (document["cipher"], document["kdf"]) != (_CIPHER, _KDF):
        raise unsound(file, "it is encrypted in a way that this program does not know")
    numbers = (document["memory_kib"], document["iterations"], document["lanes"])
    cost = KdfCost(*numbers)
    if any(type(number) is not int for number in numbers) or not cost.bounded:
        raise _senseless(file)
    salt = document["salt"]
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise _senseless(file)
    return EncryptionHeader(cost, bytes.fromhex(salt))


class PackCipher:
    """Encrypts and decrypts the members of one pack by their numbers."""

    def __init__(self, passphrase: str, header: EncryptionHeader) -> None:
        """Takes as long and as much memory as the header's cost says."""
        cost = header.cost
        kdf = Argon2id(
            salt=header.salt,
            length=_KEY_BYTES,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        )
        self._cipher = AESGCM(kdf.derive(passphrase_bytes(passphrase)))
        self._header = header.to_bytes()

    def encrypt(self, member: int, content: Iterable[bytes]) -> Iterator[bytes]:
        """Chunks of `TAG` bytes more than they hold; an empty member has one."""
        number = 0
        waiting: bytes | None = None
        for chunk in _of_size(content):
            if waiting is not None:
                yield self._sealed(member, number, waiting, last=False)
                number += 1
            waiting = chunk
        yield self._sealed(member, number, waiting or b"", last=True)

    def decrypt(self, member: int, chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """`chunks` of `CHUNK + TAG` bytes each but the last; `size` of the whole content.

        Raises:
            InvalidTag: wrong key, or not what was encrypted.
        """
        last = max(-(-size // CHUNK), 1) - 1
        number = -1
        for number, chunk in enumerate(chunks):
            nonce = _nonce(member, number, last=number == last)
            yield self._cipher.decrypt(nonce, chunk, self._header)
        if number != last:
            raise InvalidTag

    def _sealed(self, member: int, number: int, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(member, number, last=last), chunk, self._header)


def content_size(encrypted: int) -> int:
    """Bytes of content in this many encrypted bytes; negative where there can be none."""
    chunks = max(-(-encrypted // (CHUNK + TAG)), 1)
    return encrypted - chunks * TAG


def _nonce(member: int, chunk: int, *, last: bool) -> bytes:
    return member.to_bytes(4, "big") + chunk.to_bytes(7, "big") + bytes([last])


def _of_size(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `CHUNK`."""
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)


def _senseless(file: str) -> UnsoundContent:
    return unsound(file, "its encryption asks for more than a sound pack does")
