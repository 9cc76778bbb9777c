"""Accession numbers, slides and file names in the style of the data that laboratories bring."""

from __future__ import annotations

import numpy as np


def case_name(rng: np.random.Generator, taken: set[str]) -> str:
    """An accession number such as `S-2001-001234` or `18-123` that is not among `taken`."""
    while True:
        if rng.random() < 0.75:
            name = f"S-{rng.integers(1998, 2022)}-{rng.integers(1, 20000):06d}"
        else:
            name = f"{rng.integers(10, 25)}-{rng.integers(100, 1000)}"
        if name not in taken:
            return name


def slide_name(case: str, number: int, total: int) -> str:
    """Slide `number` of `total` of a case, counted from 1."""
    return f"{case}_PAS_{number}of{total}"


def patch_name(rng: np.random.Generator, slide: str, suffix: str) -> str:
    """The slide and 24 hex digits."""
    return f"{slide}_{rng.bytes(12).hex()}{suffix}"
