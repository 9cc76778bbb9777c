"""One patch to look at: zoom to the cursor, pan, device pixels, brightness, contrast, scale bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.ui.colours import colours_of
from glomviewer.ui.review.canvas_view import CanvasView, scale_bar
from glomviewer.ui.review.tone import tone_curve, toned

BACKGROUNDS = {"black": "#000000", "grey": "#808080", "white": "#ffffff", "window": ""}
"""Names that settings use; "window" is the ground of the scheme."""

WHEEL_STEP = 1.2


class PatchCanvas(QWidget):
    """Shows an image, or a sentence in its place. A preview stands in until the image is read."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._preview = False
        self._sentence = ""
        self._microns: float | None = None
        self._view: CanvasView | None = None
        self._actual = False
        self._grabbed: QPointF | None = None
        self._background = "window"
        self._tone = (0, 0)
        self._scaled: tuple[float, QImage] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Patch")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)

    def show_image(
        self, image: QImage, *, microns_per_pixel: float | None, preview_of: tuple[int, int] | None
    ) -> None:
        """Show an image; `preview_of` is the whole image's size where this is a smaller one.
        The full image takes the place of its preview without a jump."""
        size = preview_of or (image.width(), image.height())
        follows_preview = (
            self._preview
            and preview_of is None
            and self._view is not None
            and self._view.image == size
        )
        self._image, self._sentence = image, ""
        self._preview = preview_of is not None
        self._microns = microns_per_pixel
        self._scaled = None
        if not follows_preview:
            self._view = CanvasView.fit(size, self._room())
            if self._actual:
                self._view = self._view.at_scale(1.0)
        self._on_view_changed()

    def exchange(self, image: QImage) -> None:
        """Show other pixels of the same patch, of the same size, in the same place."""
        self._image, self._scaled = image, None
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no image; "" for nothing at all."""
        self._image, self._view, self._scaled = None, None, None
        self._sentence = sentence
        self._on_view_changed()

    @property
    def has_image(self) -> bool:
        return self._image is not None

    @property
    def view(self) -> CanvasView | None:
        return self._view

    def set_background(self, name: str) -> None:
        self._background = name if name in BACKGROUNDS else "window"
        self.update()

    def set_tone(self, brightness: int, contrast: int) -> None:
        """Each from -100 to 100."""
        self._tone = (brightness, contrast)
        self.update()

    def fit(self) -> None:
        self._actual = False
        if self._view is not None:
            self._view = CanvasView.fit(self._view.image, self._room())
            self._on_view_changed()

    def actual_pixels(self) -> None:
        """One image pixel a device pixel, here and for the patches that follow."""
        self._actual = True
        if self._view is not None:
            self._view = self._view.at_scale(1.0)
            self._on_view_changed()

    def toggle_actual(self) -> None:
        if self._view is not None and self._view.fitted:
            self.actual_pixels()
        else:
            self.fit()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a point of the widget, or about its middle."""
        if self._view is None:
            return
        ratio = self.devicePixelRatioF()
        point = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        self._view = self._view.zoomed(factor, (point.x() * ratio, point.y() * ratio))
        self._on_view_changed()

    def zoom_text(self) -> str:
        return "" if self._view is None else f"{self._view.scale * 100:.0f} %"

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._ground()
        painter.fillRect(self.rect(), ground)
        if self._view is None or self._image is None:
            self._paint_sentence(painter)
            return
        self._paint_image(painter, self._view, self._image)
        self._paint_scale_bar(painter)

    def _paint_image(self, painter: QPainter, view: CanvasView, image: QImage) -> None:
        """Paint what is in view of the image: straight onto the screen, since each further pass
        over its pixels costs milliseconds at every key."""
        ratio = self.devicePixelRatioF()
        target = QRectF(view.left, view.top, view.image[0] * view.scale, view.image[1] * view.scale)
        visible = target.intersected(QRectF(0, 0, *view.viewport))
        if visible.isEmpty():
            return
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        if any(self._tone):
            part = toned(self._part(image, target, visible), tone_curve(*self._tone))
            painter.drawImage(visible.topLeft(), part)
        else:
            self._draw(painter, image, target)
        painter.restore()

    def _part(self, image: QImage, target: QRectF, visible: QRectF) -> QImage:
        """The visible part of the image at the view's scale."""
        part = QImage(
            max(1, round(visible.width())),
            max(1, round(visible.height())),
            QImage.Format.Format_RGB32,
        )
        painter = QPainter(part)
        self._draw(painter, image, target.translated(-visible.topLeft()))
        painter.end()
        return part

    def _draw(self, painter: QPainter, image: QImage, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if target.width() < image.width():
            # Bilinear sampling alone would alias here, so that fine nuclei flicker.
            painter.drawImage(target.topLeft(), self._shrunk(image, target))
        else:
            painter.drawImage(target, image, QRectF(image.rect()))

    def _shrunk(self, image: QImage, target: QRectF) -> QImage:
        if self._scaled is None or self._scaled[0] != target.width():
            shrunk = image.scaled(
                max(1, round(target.width())),
                max(1, round(target.height())),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled = (target.width(), shrunk)
        return self._scaled[1]

    def _paint_sentence(self, painter: QPainter) -> None:
        colours = colours_of(self)
        own = self._background != "window"
        dark = self._ground().lightness() < 110
        painter.setPen(QColor(("#d0d0d0" if dark else "#202020") if own else colours.secondary))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 24, -24, -24), int(flags), self._sentence)

    def _paint_scale_bar(self, painter: QPainter) -> None:
        if self._microns is None or self._view is None:
            return
        ratio = self.devicePixelRatioF()
        found = scale_bar(self._microns, self._view.scale, min(self.width() * 0.3, 160) * ratio)
        if found is None:
            return
        microns, length = found[0], found[1] / ratio
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        text = f"{microns:g} µm"
        width = max(length, painter.fontMetrics().horizontalAdvance(text)) + 12
        left = max(0.0, self._view.left / ratio) + 10
        shown = self._view.top + self._view.image[1] * self._view.scale
        bottom = min(float(self.height()), shown / ratio) - 10
        plate = QRectF(left, bottom - 28, width, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(plate.adjusted(6, 3, -6, -9), int(Qt.AlignmentFlag.AlignLeft), text)
        painter.fillRect(QRectF(plate.x() + 6, plate.bottom() - 7, length, 2), QColor("#ffffff"))

    def _ground(self) -> QColor:
        return QColor(BACKGROUNDS[self._background] or colours_of(self).window)

    # events

    def _room(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _on_view_changed(self) -> None:
        self.update()
        self.view_changed.emit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self._view is not None:
            self._view = self._view.resized(self._room())
            self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom(WHEEL_STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None or self._view is None:
            return
        moved = (event.position() - self._grabbed) * self.devicePixelRatioF()
        self._grabbed = event.position()
        self._view = self._view.panned(moved.x(), moved.y())
        self._on_view_changed()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.toggle_actual()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)
