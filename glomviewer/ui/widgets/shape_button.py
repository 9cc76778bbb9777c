"""A button that names a label by shape, word and key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.shapes import paint_shape
from glomviewer.ui.widgets.key_cap import HEIGHT as CAP_HEIGHT
from glomviewer.ui.widgets.key_cap import caps_width, paint_caps

PADDING = 10
SHAPE = 14
GAP = 8
HEIGHT = 40
STACKED_HEIGHT = 52


class ShapeButton(QPushButton):
    """`chosen` draws it as the label in force. `stacked` puts its keys above each other, where
    there is little width."""

    def __init__(
        self,
        text: str,
        shape: str,
        colour: tuple[str, str],
        keys: list[str],
        *,
        stacked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text[:1].upper() + text[1:], parent)
        self._shape = shape
        self._colour = colour
        self._keys = keys
        self._chosen = False
        self._stacked = stacked
        self.setAccessibleName(f"Label as {text}")
        self.setToolTip(f"Label as {text} ({' or '.join(keys)})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def chosen(self) -> bool:
        return self._chosen

    def set_chosen(self, chosen: bool) -> None:
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self.setAccessibleDescription("the label in force" if chosen else "")
        self.update()

    def set_keys(self, keys: list[str]) -> None:
        self._keys = keys
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(2 * PADDING + SHAPE + 2 * GAP + text + self._keys_width(), self._height())

    def minimumSizeHint(self) -> QSize:
        width = 2 * PADDING + SHAPE + 2 * GAP + 48 + self._keys_width()
        return QSize(width, self._height())

    def _height(self) -> int:
        return STACKED_HEIGHT if self._stacked else HEIGHT

    def _keys_width(self) -> int:
        if self._stacked:
            return max((caps_width([key], self.font()) for key in self._keys), default=0)
        return caps_width(self._keys, self.font())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        raised = self.isDown() or self._chosen
        ground = colours.pressed if raised else colours.hover if hovered else colours.panel
        frame = QColor(colours.line)
        if self._chosen:
            frame = QColor(colours.secondary)
        if self.hasFocus():
            frame = accent_of(self)
        painter.setPen(QPen(frame, 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        colours = colours_of(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        middle = self.height() / 2
        colour = QColor(self._colour[1] if colours.dark else self._colour[0])
        shape = QRectF(PADDING, middle - SHAPE / 2, SHAPE, SHAPE)
        paint_shape(painter, shape, self._shape, colour, filled=True)
        keys = self._keys_width()
        left = PADDING + SHAPE + GAP
        room = QRectF(left, 0, self.width() - left - PADDING - keys - GAP / 2, self.height())
        painter.setPen(QColor(colours.text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self.text())
        right = self.width() - PADDING
        if not self._stacked:
            paint_caps(painter, right - keys, middle, self._keys, self.font(), colours)
            return
        step = CAP_HEIGHT + 3
        top = middle - step * (len(self._keys) - 1) / 2
        for number, key in enumerate(self._keys):
            width = caps_width([key], self.font())
            paint_caps(painter, right - width, top + number * step, [key], self.font(), colours)
