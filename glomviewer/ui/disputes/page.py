"""The page Disputes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.changes import Changes
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions


class DisputesPage(QWidget):
    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._images, self._actions = session, images, actions
        self.setProperty("role", "page")
        self.setAccessibleName("Disputes")

    def refresh(self, changes: Changes) -> None:
        """An operation has changed something."""
