"""The page of training: what will be used, the recipe, and the run as it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.widgets.page_state import PageState


class LabPage(QWidget):
    """See the cards; this only joins them to the session and to the model's jobs."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        models: ModelJobs,
        runs: RunJobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Lab")
        self._session, self._images, self._actions = session, images, actions
        self._models, self._runs = models, runs
        self.state = PageState(QWidget())
        self.state.show_loading("Reading what there is to train on…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
