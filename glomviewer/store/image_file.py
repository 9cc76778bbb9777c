"""The image file of a patch, for the decoder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class ImageFile:
    """`is_hidden`: who looks at the patch may not know where its file is or what it is called.
    Then it is for decoders alone, and nothing is to be said of it."""

    path: Path
    pixel_hash: str
    is_hidden: bool = False

    def __repr__(self) -> str:
        return "ImageFile(hidden)" if self.is_hidden else f"ImageFile({str(self.path)!r})"
