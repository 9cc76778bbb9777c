"""The three columns of the page: the queue, the patch with what decides it, and the calls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.disputes.calls_panel import CallsPanel
from glomviewer.ui.disputes.decision_bar import DecisionBar
from glomviewer.ui.disputes.head import Head
from glomviewer.ui.disputes.queue_model import QueueModel
from glomviewer.ui.disputes.queue_panel import QueuePanel
from glomviewer.ui.review.canvas import PatchCanvas
from glomviewer.ui.review.picture import Picture

LEFT_WIDTH, RIGHT_WIDTH = 236, 384


class Workspace(QSplitter):
    def __init__(
        self, session: Session, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.queue = QueueModel(session)
        self.queues = QueuePanel(self.queue, images, session.label_set)
        self.head = Head()
        self.canvas = PatchCanvas()
        self.picture = Picture(session, images, self.canvas)
        self.bar = DecisionBar(session.label_set)
        self.calls = CallsPanel(session.label_set)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.bar)
        self.setHandleWidth(1)
        for part in (self.queues, centre, self.calls):
            self.addWidget(part)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setSizes([LEFT_WIDTH, 600, RIGHT_WIDTH])
