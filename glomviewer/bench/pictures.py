"""A pool of drawn 711 x 733 PNG that the rows of a large library share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from glomviewer.drawn import draw_patch

WIDTH, HEIGHT = 711, 733
DRAWN = 4
TURNS = 4
POOL = DRAWN * TURNS


def picture_pool(folder: Path) -> list[Path]:
    """`POOL` different pictures in `folder`, drawn where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"drawn_{number:02}.png" for number in range(POOL)]
    for base in range(DRAWN):
        family = files[base * TURNS : (base + 1) * TURNS]
        if all(file.is_file() for file in family):
            continue
        pixels = draw_patch(900 + base, int(base % 4 == 0), size=(WIDTH, HEIGHT)).pixels
        turned = (pixels, pixels[::-1], pixels[:, ::-1], pixels[::-1, ::-1])
        for file, each in zip(family, turned, strict=True):
            part = file.with_suffix(".part")
            Image.fromarray(np.ascontiguousarray(each)).save(part, "PNG", compress_level=6)
            part.replace(file)
    return files


def shared_path(number: int, file: str) -> str:
    """A path of its own for patch `number` that leads to a file which many share.

    A library names each (root, path) once; `./` and `.//` before a name spell the number in
    binary and lead nowhere else. Works wherever pathlib does.
    """
    return "".join(".//" if bit == "1" else "./" for bit in f"{number:b}") + file
