"""Icons drawn as SVG with `currentColor`, tinted to the scheme. A missing file is an empty icon."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from glomviewer.paths import resources_dir
from glomviewer.ui.colours import colours_of


def icon(name: str, widget: QWidget, *, size: int = 16, colour: str = "") -> QIcon:
    """The icon `resources/icons/NAME.svg` in the text colour of the widget's scheme."""
    pixmap = icon_pixmap(name, QColor(colour or colours_of(widget).text), size)
    return QIcon() if pixmap is None else QIcon(pixmap)


def icon_pixmap(name: str, colour: QColor, size: int, *, ratio: float = 2.0) -> QPixmap | None:
    """The icon as a pixmap of `size` device-independent pixels, or None where there is none."""
    path = resources_dir() / "icons" / f"{name}.svg"
    if not path.is_file():
        return None
    svg = path.read_text(encoding="utf-8").replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    if not renderer.isValid():
        return None
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
