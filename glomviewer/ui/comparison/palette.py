"""The colours of the two models: from the Okabe-Ito set, but none that means a label."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from glomviewer.ui.colours import colours_of


@dataclass(frozen=True, slots=True)
class ModelStyle:
    """How a model is drawn, in colour, line and mark, so that colour is never alone.

    `text` is the colour's darker or lighter sister, which may be read on the ground.
    """

    colour: QColor
    text: QColor
    line: Qt.PenStyle
    mark: str


def styles_of(widget: QWidget) -> tuple[ModelStyle, ModelStyle]:
    """Of the first and the second model: bluish green, dashed; reddish purple, solid."""
    dark = colours_of(widget).dark
    green, purple = QColor("#009E73"), QColor("#CC79A7")
    green_text = QColor("#2BBE93" if dark else "#00704F")
    purple_text = QColor("#D68FB6" if dark else "#9A4A77")
    return (
        ModelStyle(green, green_text, Qt.PenStyle.DashLine, "s"),
        ModelStyle(purple, purple_text, Qt.PenStyle.SolidLine, "o"),
    )
