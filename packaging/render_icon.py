"""Render the application's icon from its SVG to PNG and ICO: `python packaging/render_icon.py`.

Run once after the SVG has changed; the pictures are committed. Needs PySide6 and Pillow.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
LARGEST_SIMPLIFIED = 32
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def rendered(source: Path, size: int) -> Image.Image:
    """The SVG at `size` x `size` pixels, RGBA."""
    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        raise SystemExit(f"{source} is no SVG that Qt can draw.")
    canvas = QImage(size, size, QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(canvas.constBits()))


def main() -> int:
    """Write `glomviewer-SIZE.png` for every size, and `glomviewer.ico`."""
    application = QGuiApplication(sys.argv)
    pictures: dict[int, Image.Image] = {}
    for size in SIZES:
        small = size <= LARGEST_SIMPLIFIED
        pictures[size] = rendered(ICONS / f"glomviewer{'-small' if small else ''}.svg", size)
        pictures[size].save(ICONS / f"glomviewer-{size}.png", optimize=True)
    rest = [pictures[size] for size in ICO_SIZES]
    rest[-1].save(
        ICONS / "glomviewer.ico",
        sizes=[(size, size) for size in ICO_SIZES],
        append_images=rest[:-1],
    )
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
