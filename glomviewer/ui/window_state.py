"""Size and place of the window, and what each library's page remembers, kept in the settings."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from glomviewer.settings import SettingsFile

USUAL_SIZE = (1280, 800)
LIBRARIES_REMEMBERED = 20


class WindowState:
    """Reads and writes the settings; nothing of it is lost where they can't be written."""

    def __init__(self, settings: SettingsFile) -> None:
        self._settings = settings

    def restore_geometry(self, window: QWidget) -> None:
        raw = self._settings.values.window
        if not raw or not window.restoreGeometry(QByteArray.fromBase64(raw.encode("ascii"))):
            screen = window.screen().availableGeometry()
            window.resize(min(USUAL_SIZE[0], screen.width()), min(USUAL_SIZE[1], screen.height()))

    def keep_geometry(self, window: QWidget) -> None:
        raw = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
        self._settings.change(window=raw)

    def view_of(self, library: Path) -> dict[str, Any]:
        """What was kept for this library, empty at first."""
        kept = self._settings.values.views.get(_key(library), {})
        return kept if isinstance(kept, dict) else {}

    def keep_view(self, library: Path, view: dict[str, Any]) -> None:
        views = dict(self._settings.values.views)
        views.pop(_key(library), None)
        views[_key(library)] = view
        while len(views) > LIBRARIES_REMEMBERED:
            del views[next(iter(views))]
        self._settings.change(views=views)


def _key(library: Path) -> str:
    return hashlib.sha256(str(library.resolve()).encode("utf-8")).hexdigest()[:16]
