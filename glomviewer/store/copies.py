"""Whether files that are named like system A's copies are its copies by their pixels, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from glomviewer.domain.name_patterns import copies_by_name
from glomviewer.store.import_values import Cancelled, ImportCancelled
from training.decode import DecodeError, decode

_SAMPLE = 24
_SIDE = 32
_SAME = 12.0
"""Mean difference of grey levels at 32 x 32 below which two patches are one; different
glomeruli differ by 20 and more, a re-saved JPEG by 1 to 3."""


def turned_copies(folder: Path, files: Iterable[str], *, cancelled: Cancelled) -> frozenset[str]:
    """The files to be taken for copies: named like one, and flipped or turned by their pixels.

    A sample of 24 is decoded. Where most of it are copies, the others are believed by their
    names; where most are not, the folder just numbers its patches, and none of the rest is.
    """
    named = copies_by_name(files)
    checked = _check(folder, named, cancelled)
    if not checked:
        return frozenset(named)
    proven = {path for path, is_copy in checked.items() if is_copy}
    if 2 * len(proven) < len(checked):
        return frozenset(proven)
    return frozenset(path for path in named if checked.get(path, True))


def _check(folder: Path, named: Mapping[str, str], cancelled: Cancelled) -> dict[str, bool]:
    paths = sorted(named)
    checked: dict[str, bool] = {}
    for path in paths[:: max(1, len(paths) // _SAMPLE)][:_SAMPLE]:
        if cancelled():
            raise ImportCancelled
        copy, original = _small(folder / path), _small(folder / named[path])
        if copy is not None and original is not None:
            checked[path] = _is_turned(copy, original)
    return checked


def _small(path: Path) -> NDArray[np.float32] | None:
    try:
        image = Image.fromarray(decode(path)).convert("L")
    except DecodeError:
        return None
    return np.asarray(image.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float32)


def _is_turned(copy: NDArray[np.float32], original: NDArray[np.float32]) -> bool:
    turned = (original, original[:, ::-1], original[::-1, ::-1], original[::-1, :])
    return min(float(np.abs(copy - other).mean()) for other in turned) < _SAME
