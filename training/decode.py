"""The one decoder for eye and model. Pillow and numpy only: the app reads patches with it too.

Every format ends as 8-bit RGB. Stated once, and held by golden tests:
- EXIF (and TIFF) orientation is applied; of several frames the first is taken.
- Alpha is composited on white: (c * a + 255 * (255 - a)) / 255, rounded.
- 16-bit greyscale becomes value * 255 / 65535, rounded. 16-bit colour is read by Pillow as the
  high byte, at most one level from that.
- CMYK, palettes (with transparency), greyscale and 1-bit are converted by Pillow.
- ICC profiles are left alone: they are for display only.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

RgbArray = npt.NDArray[np.uint8]
Source = str | Path | bytes

MAX_PIXELS = 50_000_000
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})

_TIFF_PHOTOMETRIC = 262
_EXIF_ORIENTATION = 274
_TURNED = frozenset({5, 6, 7, 8})
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

# What Pillow's plugins raise on damaged files, beside OSError and ValueError.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


class DecodeError(ValueError):
    """`reason` is a fragment that completes "it could not be read: …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(source: Source, *, max_pixels: int = MAX_PIXELS) -> RgbArray:
    """RGB pixels (H, W, 3), uint8, C-contiguous, of a file's path or its bytes.

    The size is checked before anything is decoded. Raises DecodeError.
    """
    with _opened(source) as image:
        _check_size(image.size, max_pixels)
        with _damage_told(image):
            image.load()
            white_is_zero = _white_is_zero(image)
            # In place: otherwise every image is copied, turned or not.
            ImageOps.exif_transpose(image, in_place=True)
            return _to_rgb(image, white_is_zero=white_is_zero)


def image_size(source: Source) -> tuple[int, int]:
    """(width, height) in px as `decode` would give them, from the header alone.

    Raises DecodeError where the header can't be read. Does not say that the pixels are sound.
    """
    with _opened(source) as image, _damage_told(image):
        width, height = image.size
        # Pillow tells a TIFF's size as turned. A PNG without an early eXIf chunk would be decoded
        # as a whole when asked for its EXIF.
        if isinstance(image, TiffImageFile) or (
            isinstance(image, PngImageFile) and "exif" not in image.info
        ):
            return width, height
        turned = image.getexif().get(_EXIF_ORIENTATION) in _TURNED
        return (height, width) if turned else (width, height)


def pixel_hash(array: RgbArray) -> str:
    """SHA-256 hex over shape and pixels; equal for equal pixels in whatever file format."""
    digest = hashlib.sha256("x".join(str(side) for side in array.shape).encode("ascii") + b"\n")
    digest.update(np.ascontiguousarray(array, dtype=np.uint8).data)
    return digest.hexdigest()


def _plugin(start: bytes) -> Callable[..., ImageFile.ImageFile] | None:
    """The formats that may be opened, named one by one."""
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if start.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if start.startswith(_TIFF_STARTS):
        return TiffImageFile
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WebPImageFile
    if start.startswith(b"BM"):
        return BmpImageFile
    return None


@contextmanager
def _stream(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    path = Path(source)
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise DecodeError("file not found") from error
    except IsADirectoryError as error:
        raise DecodeError("a folder, not a file") from error
    except (OSError, ValueError) as error:
        raise DecodeError(f"not readable ({getattr(error, 'strerror', None) or error})") from error
    with file:
        yield file


@contextmanager
def _opened(source: Source) -> Iterator[ImageFile.ImageFile]:
    with _stream(source) as stream:
        try:
            start = stream.read(16)
        except OSError as error:
            raise DecodeError(f"not readable ({error.strerror or error})") from error
        if not start:
            raise DecodeError("empty file")
        plugin = _plugin(start)
        if plugin is None:
            raise DecodeError("not an image")
        stream.seek(0)
        # Made from its own class rather than by Image.open, which refuses huge images before
        # their size could be told, by a limit that is global to the process.
        try:
            image = plugin(stream)
        except UnidentifiedImageError as error:
            raise DecodeError("damaged: its header can't be read") from error
        except _DAMAGE as error:
            raise DecodeError(_header_reason(error)) from error
        with image:
            yield image


def _header_reason(error: BaseException) -> str:
    reason = _damage_reason(error)
    return reason if reason == "truncated" else "damaged: its header can't be read"


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise DecodeError("it has no pixels")
    if width * height > max_pixels:
        raise DecodeError(f"too large: {width} x {height} px")


@contextmanager
def _damage_told(image: Image.Image) -> Iterator[None]:
    try:
        yield
    except DecodeError:
        raise
    except _DAMAGE as error:
        raise DecodeError(_damage_reason(error)) from error
    finally:
        image.close()


def _damage_reason(error: BaseException) -> str:
    message = str(error).lower()
    signs = ("truncat", "not enough data", "unexpected end", "incomplete", "buffer is not large")
    if isinstance(error, EOFError) or any(sign in message for sign in signs):
        return "truncated"
    if isinstance(error, MemoryError):
        return "too large for the memory"
    return f"truncated or damaged ({error})" if message else "truncated or damaged"


def _white_is_zero(image: Image.Image) -> bool:
    """Pillow inverts such TIFFs of up to 8 bits, but not of 16."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(_TIFF_PHOTOMETRIC) == 0


def _to_rgb(image: Image.Image, *, white_is_zero: bool) -> RgbArray:
    if image.mode.startswith("I;16"):
        grey = _eight_bits(np.asarray(image), white_is_zero=white_is_zero)
        return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
    if image.mode in ("I", "F"):
        raise DecodeError("pixels of 32 bits are not supported")
    if image.mode in ("LAB", "HSV"):
        raise DecodeError(f"the colour space {image.mode} is not supported")
    if image.has_transparency_data:
        return _on_white(image if image.mode == "RGBA" else image.convert("RGBA"))
    return np.array(image if image.mode == "RGB" else image.convert("RGB"), order="C")


def _eight_bits(values: npt.NDArray[np.generic], *, white_is_zero: bool) -> RgbArray:
    wide = values.astype(np.uint32)
    if white_is_zero:
        wide = 65535 - wide
    # value * 255 / 65535 is value / 257, and 257 is odd: there are no ties to round.
    return ((wide + 128) // 257).astype(np.uint8)


def _on_white(image: Image.Image) -> RgbArray:
    if image.getchannel("A").getextrema() == (255, 255):
        return np.array(image.convert("RGB"), order="C")
    pixels = np.asarray(image).astype(np.uint16)
    alpha = pixels[:, :, 3:]
    blended = (pixels[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return np.ascontiguousarray(blended.astype(np.uint8))
