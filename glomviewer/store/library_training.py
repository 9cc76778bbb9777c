"""The library's methods about training runs, what they may use, and the looks they take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import RunRecord, TrainingCounts
from glomviewer.store import mirrored, models, readers, runs, training_set
from glomviewer.store.journal import Act
from glomviewer.store.opened import OpenLibrary
from glomviewer.store.training_set import ManifestEntry

_ENDED = ("finished", "failed", "stopped")


class TrainingMethods(OpenLibrary):
    def runs(self) -> list[RunRecord]:
        """Newest first."""
        with self.read() as connection:
            return runs.runs(connection)

    def run(self, run_id: str) -> RunRecord:
        with self.read() as connection:
            return runs.run(connection, run_id)

    def add_run(
        self,
        run_id: str,
        *,
        recipe: str,
        folder: str = "",
        corrections: int = 0,
        state: str = "starting",
    ) -> Changes:
        with self.write() as connection:
            runs.add_run(
                connection,
                run_id,
                recipe=recipe,
                folder=folder or str(self.paths.run(run_id)),
                corrections=corrections,
                state=state,
            )
            self.note(
                connection,
                Act.RUN,
                f"run {run_id} started",
                run=run_id,
                recipe=recipe,
                corrections=corrections,
            )
        return Changes(runs=True)

    def update_run(self, run_id: str, **changes: Any) -> Changes:
        """Change state, finished (aware time), pid, pid_created, candidate, gate or message.
        A run that ends without saying when has ended now."""
        if changes.get("state") in _ENDED:
            changes.setdefault("finished", datetime.now(UTC))
        with self.write() as connection:
            before = runs.run(connection, run_id).state
            runs.update_run(connection, run_id, **changes)
            after = runs.run(connection, run_id)
            if after.state != before and after.state in _ENDED:
                self.note(
                    connection,
                    Act.RUN,
                    f"run {run_id} {after.state}",
                    by_itself=True,
                    run=run_id,
                    old=before,
                    new=after.state,
                    candidate=after.candidate,
                    message=after.message,
                )
        return Changes(runs=True)

    def looks(self) -> int:
        """How often a gate or a reader has looked at the locked set."""
        with self.read() as connection:
            return runs.looks(connection)

    def count_look(self, run_id: str | None, sentence: str = "") -> Changes:
        """Count a look at the locked set, once a run however often it is taken over."""
        with self.write() as connection:
            new = runs.count_look(connection, run_id, sentence)
            if new:
                self._log_look(connection, sentence, None)
        return Changes(runs=new)

    def add_look(self, sentence: str, reader: int) -> Changes:
        """Count a look at the locked set that a reader asked for; `sentence` says at what."""
        with self.write() as connection:
            initials = readers.reader(connection, reader).initials
            runs.count_look(connection, None, f"{initials}: {sentence}")
            self._log_look(connection, sentence, reader)
        return Changes(runs=True)

    def training_counts(self, since_model: str | None = None) -> TrainingCounts:
        """What a retraining would use, with the corrections since this model was trained."""
        with self.read() as connection:
            position: Mapping[str, int] = {}
            if since_model is not None:
                card = models.model(connection, since_model, self.paths.models).card
                position = card.get("log_position") or {}
            corrections = training_set.corrections_since(connection, position)
            return training_set.counts(connection, self.label_set, corrections=corrections)

    def training_manifest(self) -> list[ManifestEntry]:
        """Every labelled patch that a run may use, by patch id."""
        with self.read() as connection:
            return training_set.manifest(connection, self.folder, self.label_set)

    def corrections_since(self, position: Mapping[str, int]) -> int:
        with self.read() as connection:
            return training_set.corrections_since(connection, position)

    def log_position(self) -> dict[str, int]:
        """How far the log of each origin reaches."""
        with self.read() as connection:
            return training_set.log_position(connection)

    def _log_look(self, connection: Connection, sentence: str, reader: int | None) -> None:
        title = f"look at the locked set: {sentence}" if sentence else "look at the locked set"
        mirrored.log_newest(connection, self._origin[0], mirrored.LOOKS, title, reader=reader)
