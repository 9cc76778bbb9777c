"""Returns as readers send them back, and the library at home that has not merged them yet."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from glomviewer.bench.libraries import BuiltLibrary, kept_library
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.paths import installation_in
from glomviewer.store.adding import NewPatch
from glomviewer.store.exchange.opening import open_reading_pack
from glomviewer.store.library import Library
from glomviewer.store.packs.manifest import PackKind
from training.decode import pixel_hash

READERS = 10
SIDE = 24
"""Pixels. Merging looks at no picture but by its hash, which is as long for small ones."""

RETURNS, MACHINE = "returns", "machine"
"""Within the library's folder: the files, and what the machine that wrote them keeps of its own."""
_PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class SentBack:
    """`home` is the library that has sent the packs which `returns` answer."""

    home: BuiltLibrary
    returns: tuple[Path, ...]


def sent_back(decisions: int, under: Path, say: Callable[[str], None]) -> SentBack:
    """Returns of `READERS` readers with so many decisions together, each a gesture of its own."""
    patches = decisions // READERS
    folder = under / f"returned-{patches}.glomlib"
    with installation_in(folder / MACHINE):
        home = kept_library(folder, lambda folder: _build(folder, patches, say))
    return SentBack(home, tuple(sorted((home.folder / RETURNS).iterdir())))


def _build(folder: Path, patches: int, say: Callable[[str], None]) -> BuiltLibrary:
    dice = np.random.default_rng(patches)
    with Library.create(folder) as library:
        # Within the library, so that a copy of it is whole.
        rows = list(_drawn(folder / _PICTURES, patches, dice))
        library.add_patches(iter(rows), root=folder / _PICTURES)
        readers = [library.add_reader(f"Reader {n}", f"R{n}").id for n in range(1, READERS + 1)]
        made = library.create_reading(
            name="Everybody",
            patches=range(1, patches + 1),
            protocol=Protocol(repeats=0.0, reveal=Reveal.NEVER, needed=READERS),
            readers=readers,
            seed=1,
        )
        assert made.reading is not None
        (folder / RETURNS).mkdir()
        for place, reader in enumerate(readers):
            say(f"the return of reader {place + 1} of {READERS}")
            _read_elsewhere(library, made.reading, reader, place, dice)
    return BuiltLibrary(folder, patches, readers[0])


def _drawn(folder: Path, patches: int, dice: np.random.Generator) -> Iterator[NewPatch]:
    """Small pictures, each unlike the others, since a reading takes what is alike once."""
    folder.mkdir()
    for number in range(1, patches + 1):
        pixels = dice.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
        file = folder / f"{number:06}.png"
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        yield NewPatch(
            path=file.name,
            name=file.name,
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            pixel_hash=pixel_hash(pixels),
            width=SIDE,
            height=SIDE,
            case=f"C{number // 24:05}",
        )


def _read_elsewhere(
    home: Library, reading: int, reader: int, place: int, dice: np.random.Generator
) -> None:
    """Send the pack, open it, read all of it, and keep the return alone."""
    away = home.folder / "away"
    away.mkdir()
    pack = away / f"reading{PackKind.READING.suffix}"
    home.export_reading_pack(reading=reading, reader=reader, target=pack)
    opened = open_reading_pack(pack)
    with Library.open(opened.folder, backup=False) as library:
        own = library.readers()[0].id
        there = library.readings()[0].id
        for item in library.reading_items(there, own):
            library.commit_item(reader=own, item=item.id, label=int(dice.random() < 0.25))
        library.finish_reading(reading=there, reader=own)
        target = home.folder / RETURNS / f"reader-{place + 1:02}{PackKind.RETURN.suffix}"
        library.export_return(target=target)
    shutil.rmtree(away)
