"""Hairlines between parts."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget


def horizontal_line(parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
