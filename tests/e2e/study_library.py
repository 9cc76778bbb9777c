"""The library at home before the study: drawn patches, a model with calls, and Mona."""

import hashlib
from pathlib import Path

from builders import SmallLibrary, add_model
from study_table import CODES, ROWS, Row

from glomviewer.domain.splits import Shares
from glomviewer.drawn import draw_patch, write_patch
from glomviewer.settings import SettingsFile
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from training import decode

MONA = ("Mona Itor", "MI")
SIDE = 160
SURE = 2.0
"""A raw logit; the threshold lies at 0."""


def make_study_library(folder: Path) -> Path:
    """The library, closed; patches have the numbers of the table."""
    images = folder / "scanned"
    images.mkdir(parents=True)
    library = Library.create(folder / "home.glomlib")
    new = [_new_patch(images, row) for row in ROWS]
    library.add_patches(new, root=images, shares=Shares())
    mona = library.add_reader(*MONA).id
    small = SmallLibrary(library, images, [mona])
    seen = [one.pixel_hash for one, row in zip(new, ROWS, strict=True) if row.trained]
    calls = {row.patch: SURE if row.model == "S" else -SURE for row in ROWS if row.model}
    model = add_model(small, calls, seen=seen, name="swin")
    without = [row.patch for row in ROWS if not row.model]
    library.store_predictions(model, [(patch, None, "can't be decoded") for patch in without])
    origin, place = library.origin, library.folder
    library.close()
    SettingsFile().change(
        readers={origin: mona}, reader_name=MONA[0], reader_initials=MONA[1], theme="light"
    )
    return place


def _new_patch(images: Path, row: Row) -> NewPatch:
    path = images / f"{row.patch:02}.png"
    write_patch(path, draw_patch(100 + row.patch, CODES[row.truth], size=SIDE))
    data = path.read_bytes()
    return NewPatch(
        path=path.name,
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        pixel_hash=decode.pixel_hash(decode.decode(data)),
        width=SIDE,
        height=SIDE,
        bytes=len(data),
        modified_ns=path.stat().st_mtime_ns,
        slide=f"{row.case}, slide 1",
        case=row.case,
    )
