"""One open library with everything that works on it, as the app wires it and pages take it."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session


@dataclass(frozen=True, slots=True)
class OpenedLibrary:
    session: Session
    images: ImageLoader
    models: ModelJobs
    runs: RunJobs
    drawn: bool = False
    """Whether a program has drawn its patches, which the window then says."""

    @property
    def from_pack(self) -> bool:
        """Whether it was opened from a reading pack, for its one reader to read in."""
        return self.session.from_pack

    @property
    def name(self) -> str:
        return self.session.folder.stem
