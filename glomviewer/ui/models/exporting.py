"""Copying a model out of the library, as long work: a Swin weighs some hundred megabytes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task, TaskControl


def folder_name(record: ModelRecord) -> str:
    """A name that every file system takes: `swin-base-4`."""
    return (
        re.sub(r"[^A-Za-z0-9._-]+", "-", f"{record.name}-{record.version}").strip("-.") or "model"
    )


def export_as_task(session: Session, record: ModelRecord, parent: Path) -> Task:
    """Copy the model's folder below `parent`; an existing folder is never overwritten."""
    source = session.library.paths.model(record.id)
    target = parent / folder_name(record)

    def work(control: TaskControl) -> str:
        control.progress(0, 0, "copying")
        if target.exists():
            raise JobError(f"There is a {target.name} in {parent} already; choose another folder.")
        draft = target.with_name(f"{target.name}.part")
        shutil.rmtree(draft, ignore_errors=True)
        try:
            shutil.copytree(source, draft)
            draft.replace(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return f"{record.title} was written to {target}. It holds no name of a patient or file."

    return session.tasks.start(f"Exporting {record.title}", work, kind="export model")
