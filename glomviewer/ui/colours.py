"""The greys and the accent, as values. The tissue is the only colourful thing on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme. Every value is #rrggbb and, but for accent, danger and dispute, neutral."""

    dark: bool
    window: str
    panel: str
    line: str
    text: str
    secondary: str
    hover: str
    pressed: str
    bar: str
    bar_ground: str
    danger: str
    dispute: str = "#F0E442"


DARK = Colours(
    dark=True,
    window="#1f1f1f",
    panel="#262626",
    line="#3a3a3a",
    text="#e6e6e6",
    secondary="#9a9a9a",
    hover="#2f2f2f",
    pressed="#363636",
    bar="#a6a6a6",
    bar_ground="#3a3a3a",
    danger="#e07a4f",
)
LIGHT = Colours(
    dark=False,
    window="#f2f2f2",
    panel="#ffffff",
    line="#d9d9d9",
    text="#1f1f1f",
    secondary="#6a6a6a",
    hover="#ececec",
    pressed="#e2e2e2",
    bar="#6f6f6f",
    bar_ground="#d9d9d9",
    danger="#a84300",
)

FALLBACK_ACCENT = {True: "#8ab4d8", False: "#2f5f8f"}
"""Where the system names no accent of its own: apart from the blue of a label on both grounds."""

LEAST_ACCENT_CONTRAST = 3.0


def colours_of(widget: QWidget) -> Colours:
    """The scheme that the widget is drawn in. The application is asked: the style sheet makes the
    ground of labels transparent, which a palette tells as black, and while the scheme changes,
    parts of a window hear of it before the window has."""
    window = QApplication.palette(widget.window()).color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def accent_of(widget: QWidget) -> QColor:
    """The one colour of focus and selection. The style sheet gives lists a highlight of their
    own, so the application is asked."""
    return QApplication.palette(widget.window()).color(QPalette.ColorRole.Highlight)


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.1)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.1)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_accent(accent: QColor, colours: Colours) -> QColor:
    """The accent, moved towards white or black until it can be told from the window's grey."""
    ground = QColor(colours.window)
    for _step in range(12):
        if contrast(accent, ground) >= LEAST_ACCENT_CONTRAST:
            return accent
        accent = accent.lighter(115) if colours.dark else accent.darker(115)
        if accent.lightness() < 8:
            accent = QColor("#606060")
    return QColor(FALLBACK_ACCENT[colours.dark])
