"""Which centre a slide comes from, as far as its name tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from glomviewer.domain.comparison.scored import Ints

_PREFIX = re.compile(r"^([A-Z]{2,})[_-]\d")
MOST = 30
"""More beginnings than this are names of something else."""


def centre_of(name: str) -> str:
    """The capitals before a number at a slide's beginning: `SESCAM` of `SESCAM_1_0`; else ""."""
    match = _PREFIX.match(name.strip())
    return match.group(1) if match else ""


def centres_of(slides: Sequence[str], slide: Ints) -> tuple[Ints, tuple[str, ...]]:
    """(centre of each patch, names of the centres) from the names of the slides.

    `slide` indexes `slides`, -1 where unknown. All patches are of no centre where the names
    don't tell at least two apart, or tell so many apart that they can't be centres.
    """
    nowhere = np.full(len(slide), -1, dtype=np.int64)
    by_slide = [centre_of(name) for name in slides]
    used = {by_slide[code] for code in np.unique(slide).tolist() if code >= 0} - {""}
    if not 2 <= len(used) <= MOST:
        return nowhere, ()
    names = tuple(sorted(used))
    number = {name: code for code, name in enumerate(names)}
    lookup = np.array([number.get(name, -1) for name in by_slide] + [-1], dtype=np.int64)
    return lookup[slide], names
