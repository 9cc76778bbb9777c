"""A patch as it is sent: its pixels and nothing else, turned if the reading says so.

What the one decoder sees is written anew as an RGB PNG of the chunks IHDR, IDAT and IEND: no EXIF,
text, time, thumbnail, colour profile, further frame or alpha goes along. A colour profile is left
out rather than applied, because models and pixel hashes go by the decoded values: a patch that
has one may look a little different in the pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from glomviewer.domain.turns import turned
from training.decode import MAX_PIXELS, Source, decode, pixel_hash


@dataclass(frozen=True, slots=True)
class SentPatch:
    """`pixel_hash` is of the pixels as sent: with turn 0 that of the patch itself.

    `width` and `height` in px are those of the sent picture.
    """

    png: bytes
    pixel_hash: str
    width: int
    height: int


def sent_patch(source: Source, turn: int = 0, *, max_pixels: int = MAX_PIXELS) -> SentPatch:
    """Read a patch from a file or bytes and write it anew.

    Raises:
        DecodeError: it can't be read; its reason names no file.
        ValueError: there is no such turn.
    """
    pixels = turned(decode(source, max_pixels=max_pixels), turn).astype(np.uint8, copy=False)
    height, width = pixels.shape[:2]
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return SentPatch(stream.getvalue(), pixel_hash(pixels), width, height)
