"""The page of the threshold: what moving it would do, before anyone moves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.widgets.page_state import PageState


class ThresholdPage(QWidget):
    """Joins the desk to the session."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    """Patches whose call the reader is about to learn by what he opens here."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Threshold")
        self.state = PageState(QWidget())
        self.state.show_empty("No model yet.", "The threshold is chosen once there is one.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
