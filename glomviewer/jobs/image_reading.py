"""From a file to a QImage for the eye: the one decoder, then the colours its profile means."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageWriter

from training import decode

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
JPEG_QUALITY = 82


class ImageError(Exception):
    """Why a patch can't be shown, as a sentence for the reader."""


def read_full(path: Path) -> QImage:
    """The patch as 32-bit RGB in sRGB. Any thread.

    Raises:
        ImageError: the file can't be read or is no image.
    """
    try:
        pixels = decode.decode(path)
    except decode.DecodeError as error:
        raise ImageError(f"This patch can't be shown: {error.reason}.") from error
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    profile = colour_profile(path)
    if profile is not None:
        image.setColorSpace(profile)
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    # The conversion also copies, since the pixels' memory goes with the array.
    return image.convertToFormat(QImage.Format.Format_RGB32)


def colour_profile(path: Path) -> QColorSpace | None:
    """The file's RGB colour space where it names one other than sRGB. For display only."""
    try:
        with warnings.catch_warnings(), Image.open(path, formats=FORMATS) as image:
            warnings.simplefilter("ignore")
            raw = image.info.get("icc_profile")
            coloured = image.mode in ("RGB", "RGBA", "P")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if not raw or not coloured:
        return None
    space = QColorSpace.fromIccProfile(QByteArray(raw))
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    is_rgb = space.isValid() and space.colorModel() == QColorSpace.ColorModel.Rgb
    return space if is_rgb and space != srgb else None


def reduced(image: QImage, side: int) -> QImage:
    """The image with its longest side at `side` pixels; smaller ones stay as they are."""
    if max(image.width(), image.height()) <= side:
        return image
    return image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def to_jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(JPEG_QUALITY)
    writer.write(image)
    return bytes(buffer.data().data())


def from_jpeg(data: bytes) -> QImage | None:
    image = QImage.fromData(data)
    return None if image.isNull() else image.convertToFormat(QImage.Format.Format_RGB32)
