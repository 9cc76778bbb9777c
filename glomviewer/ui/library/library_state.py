"""What the page of the library reads from the library itself. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from glomviewer.domain.records import Reader
from glomviewer.store.backups import Backup
from glomviewer.store.exchange.known_keys import KnownKey
from glomviewer.store.packs.errors import KeyUnreadable
from glomviewer.store.packs.keys import installation_key
from glomviewer.store.roots import Root
from glomviewer.ui.library.facts import Exclusion, exclusions_of

if TYPE_CHECKING:
    from glomviewer.store.library import Library

MOST_EXCLUDED = 20_000


@dataclass(frozen=True, slots=True)
class LibraryState:
    """`found` says for each root whether its folder is there."""

    roots: tuple[Root, ...]
    found: dict[int, bool]
    readers: tuple[Reader, ...]
    backups: tuple[Backup, ...]
    exclusions: tuple[Exclusion, ...]
    log: dict[str, int]
    origin: str
    keys: tuple[KnownKey, ...]
    own_key: str
    key_trouble: str


def read_library(library: Library, excluded: Sequence[int]) -> LibraryState:
    """Read everything but the counts; `excluded` are the excluded patches of the table."""
    roots = library.roots()
    own_key, key_trouble = _own_key()
    return LibraryState(
        roots=tuple(roots),
        found={root.id: Path(root.path).is_dir() for root in roots},
        readers=tuple(library.readers()),
        backups=tuple(library.backups()),
        exclusions=tuple(exclusions_of(library.patches(list(excluded[:MOST_EXCLUDED])))),
        log=dict(library.log_position()),
        origin=library.origin,
        keys=tuple(library.known_keys()),
        own_key=own_key,
        key_trouble=key_trouble,
    )


def _own_key() -> tuple[str, str]:
    """The fingerprint of this installation's key, or why it has none."""
    try:
        return installation_key().fingerprint, ""
    except KeyUnreadable as error:
        return "", str(error)
