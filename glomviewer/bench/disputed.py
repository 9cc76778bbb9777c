"""A library in which several readers have decided on every patch, and differ on some."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glomviewer.bench.libraries import BuiltLibrary, keep_thumbnails, kept_library, synthetic_rows
from glomviewer.bench.pictures import picture_pool
from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.store.library import Library

READERS = 5
GESTURE = 500
SLIPS = 0.03
"""Share of the patches that a reader calls otherwise than the rest would."""
SETTLED, SENT_BACK, ON_THE_LIST = 200, 500, 300
THUMBNAILS = 2_000


def disputed_library(decisions: int, under: Path) -> BuiltLibrary:
    """`READERS` readers, who together have made so many decisions."""
    patches = decisions // READERS
    folder = under / f"disputed-{patches}.glomlib"
    return kept_library(folder, lambda folder: _build(folder, patches, under / "pool"))


def _build(folder: Path, patches: int, pool: Path) -> BuiltLibrary:
    files = picture_pool(pool)
    dice = np.random.default_rng(patches)
    deserved = (dice.random(patches) < 0.25).astype(np.int64)
    with Library.create(folder) as library:
        library.add_patches(synthetic_rows(patches, files), root=pool.absolute())
        library.assign_splits()
        names = [(f"Reader {number}", f"R{number}") for number in range(1, READERS + 1)]
        readers = [library.add_reader(*name).id for name in names]
        for reader in readers:
            slips = dice.random(patches) < SLIPS
            _decide(library, reader, np.where(slips, 1 - deserved, deserved))
        _settle_some(library, readers[0])
        disputed = library.disputes(DisputeState.OPEN)
        keep_thumbnails(library, files, disputed[:THUMBNAILS])
    return BuiltLibrary(folder, patches, readers[0])


def _decide(library: Library, reader: int, labels: NDArray[np.int64]) -> None:
    for start in range(0, len(labels), GESTURE):
        part = labels[start : start + GESTURE].tolist()
        library.decide_many(reader=reader, labels=dict(enumerate(part, start + 1)))


def _settle_some(library: Library, reader: int) -> None:
    """A twentieth of the disputes or so are no longer open, in each of the other three ways."""
    disputed = library.disputes(DisputeState.OPEN)
    share = max(1, len(disputed) // 20)
    settled, back, listed = (min(most, share) for most in (SETTLED, SENT_BACK, ON_THE_LIST))
    for patch in disputed[:settled]:
        library.adjudicate(reader=reader, patch=patch, label=1, reason="seen together")
    rest = disputed[settled:]
    library.refer(reader=reader, patches=rest[:back], to=Referral.READING, reason="once more")
    listed_patches = rest[back : back + listed]
    library.refer(reader=reader, patches=listed_patches, to=Referral.CONSENSUS, reason="to discuss")
