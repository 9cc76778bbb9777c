"""The quiet row under a patch: brightness, contrast, background, zoom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.icons import icon_pixmap
from glomviewer.ui.review.canvas import BACKGROUNDS, PatchCanvas


class CanvasTools(QWidget):
    """Works one canvas. `background_chosen` tells the name, so that it can be kept."""

    background_chosen = Signal(str)

    def __init__(self, canvas: PatchCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.brightness = ToneSlider("Brightness")
        self.contrast = ToneSlider("Contrast")
        self.swatches = {name: Swatch(name) for name in BACKGROUNDS}
        self.zoom = QToolButton()
        self.zoom.setProperty("role", "small")
        self.zoom.setAccessibleName("Zoom")
        self.zoom.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.zoom.clicked.connect(canvas.toggle_actual)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name, slider in (("brightness", self.brightness), ("contrast", self.contrast)):
            layout.addWidget(IconLabel(name))
            layout.addWidget(slider, 1)
            slider.valueChanged.connect(self._on_tone_changed)
        layout.addSpacing(4)
        for name, swatch in self.swatches.items():
            layout.addWidget(swatch)
            swatch.clicked.connect(lambda _checked=False, chosen=name: self._on_swatch(chosen))
        layout.addSpacing(4)
        layout.addWidget(self.zoom)
        canvas.view_changed.connect(self._on_view_changed)
        self._on_view_changed()

    def set_background(self, name: str) -> None:
        self._canvas.set_background(name)
        for key, swatch in self.swatches.items():
            swatch.setChecked(key == name)

    def next_background(self) -> None:
        names = list(BACKGROUNDS)
        current = next((name for name, s in self.swatches.items() if s.isChecked()), names[-1])
        self._on_swatch(names[(names.index(current) + 1) % len(names)])

    def reset_tone(self) -> None:
        self.brightness.setValue(0)
        self.contrast.setValue(0)

    def _on_swatch(self, name: str) -> None:
        self.set_background(name)
        self.background_chosen.emit(name)

    def _on_tone_changed(self) -> None:
        self._canvas.set_tone(self.brightness.value(), self.contrast.value())

    def _on_view_changed(self) -> None:
        self.zoom.setText(self._canvas.zoom_text() or "–")
        view = self._canvas.view
        fitted = view is not None and view.fitted
        self.zoom.setToolTip("Show at device pixels (Z)" if fitted else "Fit to the panel (Z)")


class ToneSlider(QSlider):
    """From -100 to 100; a double click sets it back."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setProperty("role", "neutral")
        self.setRange(-100, 100)
        self.setValue(0)
        self.setMinimumWidth(40)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}. Double click sets it back.")

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.setValue(0)


class Swatch(QAbstractButton):
    """A background to put the patch on."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = BACKGROUNDS[name]
        self.setCheckable(True)
        spoken = "the window's grey" if name == "window" else name
        self.setAccessibleName(f"Background: {spoken}")
        self.setToolTip(f"Background: {spoken} (B changes it)")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(16, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        outline = colours.text if self.isChecked() else colours.line
        painter.setPen(accent_of(self) if self.hasFocus() else QColor(outline))
        painter.setBrush(QColor(self._colour or colours.window))
        painter.drawRoundedRect(QRectF(2.5, 4.5, 11, 11), 2, 2)


class IconLabel(QLabel):
    """A small tinted icon that follows the scheme."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(16, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        pixmap = icon_pixmap(self._name, QColor(colours_of(self).secondary), 14)
        if pixmap is not None:
            QPainter(self).drawPixmap(1, 1, pixmap)
