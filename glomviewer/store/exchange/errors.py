"""What can be wrong between a pack and a library, beside what is wrong with the file itself."""

from __future__ import annotations

from glomviewer.store.errors import Refused


class UnknownKey(Refused):
    """The file was signed by a key that nobody has compared yet. `fingerprint` is the key's,
    `whose` says in words who is to be asked for it."""

    def __init__(self, file: str, fingerprint: str, whose: str) -> None:
        super().__init__(
            f"{file} is signed with the key {fingerprint}, which has not been compared yet. Ask "
            f"{whose} over the telephone for the 16 characters of the key there; if they are the "
            f"same, do it again and say so (on the command line: --trust {fingerprint})."
        )
        self.fingerprint = fingerprint
        self.whose = whose


class OtherKey(Refused):
    """The key that was said to be trusted is not the one that signed."""


class AlteredImages(Refused):
    """Images are not those that were sent; nothing was taken in."""


class OtherPack(Refused):
    """The return belongs to a pack that this library has not written."""
