"""A patch's file, read as what was imported or not at all."""

from __future__ import annotations

from training.decode import DecodeError, RgbArray, decode, pixel_hash
from training.patches.manifest import ManifestRow


def read_pixels(row: ManifestRow) -> tuple[RgbArray, str]:
    """The decoded patch and its pixel hash; DecodeError also where it isn't the one imported."""
    pixels = decode(row.path)
    digest = pixel_hash(pixels)
    if row.hash and digest != row.hash:
        raise DecodeError("its pixels have changed since it was imported")
    return pixels, digest
