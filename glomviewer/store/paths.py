"""Where things lie inside a library folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The names inside `NAME.glomlib`. Only `database` can't be remade."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "library.sqlite"

    @property
    def thumbnails(self) -> Path:
        return self.folder / "thumbnails.sqlite"

    def predictions(self, model_id: str) -> Path:
        return self.folder / "predictions" / f"{model_id}.sqlite"

    @property
    def models(self) -> Path:
        return self.folder / "models"

    def model(self, model_id: str) -> Path:
        return self.models / model_id

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    def run(self, run_id: str) -> Path:
        return self.runs / run_id

    @property
    def features(self) -> Path:
        return self.folder / "features"

    @property
    def images(self) -> Path:
        return self.folder / "images"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def lock(self) -> Path:
        return self.folder / "library.lock"

    @property
    def holder(self) -> Path:
        """Who holds the lock; beside it, since a locked file can't be read on Windows."""
        return self.folder / "library.holder.json"

    def make_folders(self) -> None:
        """Make the folders that operations write into."""
        for folder in (self.models, self.runs, self.features, self.backups):
            folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "predictions").mkdir(exist_ok=True)
