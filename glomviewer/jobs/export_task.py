"""The export of a model as long work: a Swin weighs some hundred megabytes."""

from __future__ import annotations

from pathlib import Path

from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.model_export import export_model
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task, TaskControl


def export_as_task(session: Session, record: ModelRecord, parent: Path) -> Task:
    """Copy the model's folder below `parent` and write its card beside it."""

    def work(control: TaskControl) -> str:
        control.progress(0, 0, "copying")
        return export_model(session.library, model=record.id, parent=parent).sentence

    return session.tasks.start(f"Exporting {record.title}", work, kind="export model")
