"""What can be wrong with a pack, each as one sentence that says what to do."""

# ruff: noqa: N818 - they name what is the matter, as the sentences do.

from __future__ import annotations

from glomviewer.store.errors import LibraryError


class PackError(LibraryError):
    """Something about a pack, a return or the signing key that its user can act upon."""


class PackUnreadable(PackError):
    """The file can't be opened or read from its disk."""


class PackUnwritable(PackError):
    """The file can't be written; nothing was left behind."""


class NotAPack(PackError):
    """The file is no pack of this program."""


class NewerPack(PackError):
    """A newer version of the program wrote the pack."""


class WrongKind(PackError):
    """A pack was given where a return was wanted, or the like."""


class DamagedPack(PackError):
    """The file is incomplete or was altered after it was signed."""


class ForgedPack(PackError):
    """The signature does not belong to the content."""


class PassphraseNeeded(PackError):
    """The pack is encrypted and no passphrase was given."""


class WrongPassphrase(PackError):
    """The passphrase does not open the pack."""


class UnsoundContent(PackError):
    """The file is whole and signed, but says something that this program can't accept."""


class KeyUnreadable(PackError):
    """This installation's signing key is there and can't be used."""


class PackCancelled(Exception):
    """The reader has cancelled the writing or checking of a pack."""
