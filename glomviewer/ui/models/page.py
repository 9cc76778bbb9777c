"""The page of models: versions, retraining, the run in progress and the gate."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.models.gate_card import GateCard
from glomviewer.ui.models.models_state import ModelsState, read_models
from glomviewer.ui.models.page_commands import ModelCommands
from glomviewer.ui.models.retrain_card import RetrainCard
from glomviewer.ui.models.run_card import RunCard
from glomviewer.ui.models.run_following import RunFollowing
from glomviewer.ui.models.verdict import read_gate
from glomviewer.ui.models.versions_card import VersionsCard
from glomviewer.ui.widgets.page_state import PageState
