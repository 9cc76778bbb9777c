"""The page that holds two models side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.widgets.page_state import PageState


class ComparisonPage(QWidget):
    """Two models of the library beside chance."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        models: ModelJobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Compare")
        self._session, self._images, self._actions = session, images, actions
        self._models = models
        self.state = PageState(QWidget())
        self.state.show_empty("Nothing to compare yet", "Two models are needed.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
