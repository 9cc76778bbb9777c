"""Dark or light, as the system says or as the reader overrides it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from glomviewer.ui.colours import DARK, FALLBACK_ACCENT, LIGHT, Colours, readable_accent
from glomviewer.ui.stylesheet import style_sheet

FUSION_ACCENT = "#308cc6"
"""What Qt reports where the system has no accent of its own."""

LEAST_CONTENT_PX = 13


class ThemeMode(StrEnum):
    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Theme(QObject):
    """Puts a scheme on the application, and follows the system while asked to."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        app.setStyle("Fusion")
        self._system_palette = QPalette(app.palette())
        self._content_px = max(LEAST_CONTENT_PX, QFontInfo(app.font()).pixelSize())
        app.setFont(tabular(app.font(), self._content_px, app.primaryScreen().logicalDotsPerInch()))
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def colours(self) -> Colours:
        return DARK if self._is_dark() else LIGHT

    def set_mode(self, mode: ThemeMode) -> None:
        """Override the system's choice, or follow it again."""
        self._mode = mode
        wanted = {
            ThemeMode.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeMode.DARK: Qt.ColorScheme.Dark,
            ThemeMode.LIGHT: Qt.ColorScheme.Light,
        }[mode]
        # Asks the platform too, so that the window's own frame follows where it can.
        self._app.styleHints().setColorScheme(wanted)
        self._apply()

    def _is_dark(self) -> bool:
        if self._mode != ThemeMode.SYSTEM:
            return self._mode == ThemeMode.DARK
        scheme = self._app.styleHints().colorScheme()
        return scheme != Qt.ColorScheme.Light

    def _on_system_changed(self) -> None:
        if self._mode == ThemeMode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        colours = self.colours
        accent = self._accent(colours)
        # Widgets that a style sheet has polished keep their palette until it is taken away.
        self._app.setStyleSheet("")
        self._app.setPalette(palette_of(colours, accent))
        self._app.setStyleSheet(style_sheet(colours, accent, self._content_px))
        self.changed.emit()

    def _accent(self, colours: Colours) -> QColor:
        accent = self._system_palette.color(QPalette.ColorRole.Accent)
        if accent.name() == FUSION_ACCENT:
            return QColor(FALLBACK_ACCENT[colours.dark])
        return readable_accent(accent, colours)


def tabular(font: QFont, pixel_size: int, dots_per_inch: float) -> QFont:
    """The font with figures of one width, so that numbers stand under each other."""
    font = QFont(font)
    font.setPointSizeF(pixel_size * 72 / dots_per_inch)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette_of(colours: Colours, accent: QColor) -> QPalette:
    """The palette for what the style sheet leaves to the style."""
    role = QPalette.ColorRole
    palette = QPalette()
    text, secondary = QColor(colours.text), QColor(colours.secondary)
    for name, value in (
        (role.Window, colours.window),
        (role.Base, colours.panel),
        (role.AlternateBase, colours.hover),
        (role.Button, colours.panel),
        (role.ToolTipBase, colours.panel),
        (role.Mid, colours.line),
        (role.Dark, colours.line),
        (role.Midlight, colours.hover),
        (role.Light, colours.hover),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        palette.setColor(name, text)
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor("#7a7a7a"))
    palette.setColor(role.PlaceholderText, secondary)
    palette.setColor(role.Highlight, accent)
    palette.setColor(role.Accent, accent)
    palette.setColor(role.Link, accent)
    dark_text = accent.lightness() > 140
    palette.setColor(role.HighlightedText, QColor("#101010" if dark_text else "#ffffff"))
    return palette
