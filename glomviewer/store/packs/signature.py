"""signature.json: whose key signed pack.json, which names every other byte by its digest."""

from __future__ import annotations

from glomviewer.store.packs.canonical import canonical, parsed_canonical
from glomviewer.store.packs.errors import ForgedPack
from glomviewer.store.packs.keys import (
    PUBLIC_KEY_BYTES,
    SIGNATURE_BYTES,
    SigningKey,
    verify,
)

SIGNATURE_LIMIT = 1024

# What the key signs elsewhere can never be taken for a pack.
_PURPOSE = b"glomviewer pack\n"
_ALGORITHM = "Ed25519"


def signature_of(manifest: bytes, key: SigningKey) -> bytes:
    """The bytes of signature.json for those of pack.json."""
    document = {
        "algorithm": _ALGORITHM,
        "key": key.public.hex(),
        "signature": key.sign(_PURPOSE + manifest).hex(),
    }
    return canonical(document).encode("utf-8")


def signer_of(manifest: bytes, signature: bytes, file: str) -> bytes:
    """The public key that signed these bytes of pack.json.

    Raises:
        ForgedPack: none did.
    """
    try:
        document = parsed_canonical(signature)
        public = bytes.fromhex(document["key"])
        signed = bytes.fromhex(document["signature"])
        sound = document["algorithm"] == _ALGORITHM and len(document) == 3
    except (ValueError, TypeError, LookupError):
        sound, public, signed = False, b"", b""
    whole = len(public) == PUBLIC_KEY_BYTES and len(signed) == SIGNATURE_BYTES
    if not (sound and whole and verify(public, signed, _PURPOSE + manifest)):
        raise ForgedPack(
            f"The signature of {file} does not belong to its content: it was altered after it was "
            "signed; use nothing of it and ask its sender for a new one."
        )
    return public
