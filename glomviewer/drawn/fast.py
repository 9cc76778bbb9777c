"""Very many small pictures for benchmarks: a few drawn ones, turned, shifted and tinted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from glomviewer.drawn.names import case_name, patch_name, slide_name
from glomviewer.drawn.patch import DrawnPatch, draw_patch


def draw_fast(
    count: int, seed: int = 0, size: int = 64, pool: int = 48, suffix: str = ".png"
) -> Iterator[DrawnPatch]:
    """`count` patches, no two with the same pixels, from `pool` drawn ones; about 10,000 a second.

    One in four is globally sclerotic. They look like glomeruli but are no material for a model:
    the same few glomeruli appear in all cases.
    """
    rng = np.random.default_rng([seed, 0xFA57])
    drawn = [draw_patch(seed * 977 + k, int(k % 4 == 0), None, size, 0.2) for k in range(pool)]
    case, taken, left = "", set[str](), 0
    for number in range(count):
        if left == 0:
            case, left = case_name(rng, taken), int(rng.integers(5, 40))
            taken.add(case)
        left -= 1
        model = drawn[number % pool]
        turn, down, right, tint = rng.integers((8, size, size, 24)).tolist()
        pixels = np.rot90(model.pixels, turn % 4)
        pixels = np.roll(pixels[:, ::-1] if turn > 3 else pixels, (down // 8, right // 8), (0, 1))
        pixels -= np.minimum(pixels, np.uint8(tint))
        pixels[0, 0] = (number & 255, number >> 8 & 255, number >> 16 & 255)
        slide = slide_name(case, 1 + number % 2, 2)
        yield DrawnPatch(
            name=patch_name(rng, slide, suffix),
            pixels=pixels,
            label=model.label,
            truth=model.truth,
            case=case,
            slide=slide,
            microns_per_pixel=model.microns_per_pixel,
            difficulty=model.difficulty,
            kind=model.kind,
        )
