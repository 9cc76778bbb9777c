"""Readers' passphrases: what a good one needs, and the Argon2id text that is kept instead of it."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MINIMAL_LENGTH = 8
"""Characters, as NIST SP 800-63B asks for; no rules about their kinds, which only annoy."""
MAXIMAL_LENGTH = 1000

_SALT_BYTES = 16
_HASH_BYTES = 32
_PHC = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}"
)
# A library is a foreign file too: its texts must not cost more than a sound one does.
_MOST_MEMORY_KIB = 256 * 1024
_MOST_ITERATIONS = 16
_MOST_LANES = 16


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What guessing one passphrase costs: Argon2id's memory in KiB, passes over it, and lanes.

    The default is the second recommended option of RFC 9106.
    """

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    @property
    def bounded(self) -> bool:
        """Whether a machine of today can be asked for it: a quarter of a gigabyte at most."""
        return (
            8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
            and 1 <= self.iterations <= _MOST_ITERATIONS
            and 1 <= self.lanes <= _MOST_LANES
        )


DEFAULT_COST = KdfCost()


def passphrase_objection(passphrase: str) -> str:
    """One sentence that says why this can't be a passphrase; "" if it can."""
    if len(passphrase) < MINIMAL_LENGTH:
        return f"The passphrase needs at least {MINIMAL_LENGTH} characters; add a word to it."
    if len(passphrase) > MAXIMAL_LENGTH:
        return f"The passphrase has more than {MAXIMAL_LENGTH} characters; take a shorter one."
    if passphrase.isspace():
        return "The passphrase is only spaces; add a word to it."
    return ""


def passphrase_bytes(passphrase: str) -> bytes:
    """The same bytes however a keyboard composes accents.

    A lone surrogate, which no keyboard gives, still becomes some bytes rather than an error.
    """
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def hash_passphrase(passphrase: str, cost: KdfCost = DEFAULT_COST) -> str:
    """The PHC text ($argon2id$v=19$…) of a passphrase, with a salt of its own.

    Raises:
        ValueError: `passphrase_objection` has one.
    """
    if objection := passphrase_objection(passphrase):
        raise ValueError(objection)
    kdf = Argon2id(
        salt=os.urandom(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return kdf.derive_phc_encoded(passphrase_bytes(passphrase))


def is_kept_text(phc: str) -> bool:
    """Whether this is a PHC text of Argon2id that asks for no more than a machine has."""
    match = _PHC.fullmatch(phc)
    return match is not None and KdfCost(*map(int, match.groups())).bounded


def check_passphrase(passphrase: str, phc: str) -> bool:
    """Whether this is the passphrase. False for a text that is no PHC text or asks too much."""
    if not is_kept_text(phc):
        return False
    try:
        Argon2id.verify_phc_encoded(passphrase_bytes(passphrase), phc)
    except (InvalidKey, ValueError):
        return False
    return True
