"""What a file's name says of where a patch comes from, and which are system A's copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.patches.data_folder import is_copy
from training.patches.manifest import ManifestRow

# S-2001-001234_PAS_1of2, with the patch's own 24 hex digits behind it or not.
_SLIDE = re.compile(
    r"(?P<case>.+?)_(?P<stain>[A-Za-z]+)_(?P<number>\d+)of(?P<total>\d+)(?:_.*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SlideName:
    """What `S-2001-001234_PAS_1of2` says."""

    case: str
    stain: str
    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.case}_{self.stain}_{self.number}of{self.total}"


def slide_name(row: ManifestRow) -> SlideName | None:
    """From the file's name, else the patch's, the slide's or the group's."""
    for text in (row.path.stem, Path(row.patch).stem, row.slide, row.group):
        matched = _SLIDE.fullmatch(text)
        if matched is not None:
            number, total = int(matched["number"]), int(matched["total"])
            return SlideName(matched["case"], matched["stain"].upper(), number, total)
    return None


def with_places(rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """Case and slide taken from the name where no column tells them."""
    return [_placed(row) for row in rows]


def _placed(row: ManifestRow) -> ManifestRow:
    named = None if row.case and row.slide else slide_name(row)
    if named is None:
        return row
    return replace(row, case=row.case or named.case, slide=row.slide or str(named))


def named_copies(names: Sequence[str]) -> list[str]:
    """Names that system A's preparation gives flipped copies, whose original is there too."""
    stems = {Path(name).stem for name in names}
    return [name for name in names if is_copy(Path(name).stem, stems)]
