"""A button that says its key beside its word, as the buttons of labels do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.widgets.key_cap import caps_width, paint_caps

PADDING, GAP = 10, 8
HEIGHT, SMALL_HEIGHT = 40, 28


class KeyButton(QPushButton):
    """`small` ones stand where there is little to weigh, and have no frame until pointed at; a
    `primary` one is what most come for."""

    def __init__(
        self,
        text: str,
        keys: Sequence[str] = (),
        *,
        small: bool = False,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._keys, self._small, self._primary = list(keys), small, primary
        self._on, self._tip = False, ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SMALL_HEIGHT if small else HEIGHT)
        self.setProperty("role", "keyed")
        self.setAutoDefault(False)
        self._say()

    @property
    def keys(self) -> list[str]:
        return self._keys

    def set_keys(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)
        self._say()

    def set_text(self, text: str) -> None:
        self.setText(text)
        self._say()

    def set_on(self, on: bool) -> None:
        """Draw it as what holds now, such as a flag that is set."""
        self._on = on
        self.setAccessibleDescription("holds" if on else "")
        self.update()

    def set_tip(self, sentence: str) -> None:
        """Say more than the word under the mouse; "" for the word."""
        if sentence != self._tip:
            self._tip = sentence
            self._say()

    def _say(self) -> None:
        keys, told = " or ".join(self._keys), self._tip or self.text()
        self.setAccessibleName(self.text())
        self.setToolTip(f"{told} ({keys})" if keys else told)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        caps = caps_width(self._keys, self.font())
        return QSize(2 * PADDING + text + (GAP + caps if caps else 0) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and self.isEnabled()
        raised = self.isDown() or self._on
        lit = self._primary and self.isEnabled()
        ground = QColor(colours.pressed if raised else colours.hover if hovered else colours.panel)
        frame = accent_of(self) if self.hasFocus() else QColor(colours.line)
        text = QColor(colours.text)
        if lit:
            ground = accent_of(self).lighter(108 if hovered else 100)
            frame = QColor(colours.text) if self.hasFocus() else ground
            text = QColor("#101010" if ground.lightness() > 140 else "#ffffff")
        elif self._small and not raised and not hovered:
            text = QColor(colours.secondary)
        if not self._small or hovered or raised or self.hasFocus():
            painter.setPen(QPen(frame, 1))
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        caps = caps_width(self._keys, self.font())
        painter.setPen(text)
        room = QRectF(PADDING, 0, self.width() - 2 * PADDING - caps, self.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        right = self.width() - PADDING - caps
        in_text = replace(colours, secondary=text.name(), line=text.name()) if lit else colours
        paint_caps(painter, right, self.height() / 2, self._keys, self.font(), in_text)
