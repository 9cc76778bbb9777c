"""The library's methods about models, their predictions and their promotions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.cases import CaseSummary, case_summaries
from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_table import ModelView, PatchTable
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.thresholds.sets import ModelScores
from glomviewer.store import (
    mirrored,
    model_references,
    model_view,
    models,
    patch_scores,
    predictions,
    readers,
    sight,
)
from glomviewer.store.errors import Refused
from glomviewer.store.journal import Act
from glomviewer.store.library_patches import PatchMethods
from glomviewer.store.models import Promotion, ThresholdChange
from glomviewer.store.patch_scores import PatchScores


class ModelMethods(PatchMethods):
    def models(self) -> list[ModelRecord]:
        """Newest first."""
        with self.read() as connection:
            return models.models(connection, self.paths.models)

    def model(self, model_id: str) -> ModelRecord:
        with self.read() as connection:
            return models.model(connection, model_id, self.paths.models)

    def active_model(self) -> ModelRecord | None:
        with self.read() as connection:
            active = models.active_id(connection)
            return models.model(connection, active, self.paths.models) if active else None

    def previous_model(self) -> ModelRecord | None:
        """The model that was active before the active one."""
        with self.read() as connection:
            previous = models.previous_id(connection)
            return models.model(connection, previous, self.paths.models) if previous else None

    def promotions(self) -> list[Promotion]:
        """Newest first."""
        with self.read() as connection:
            return models.promotions(connection)

    def threshold_history(self, model_id: str) -> list[ThresholdChange]:
        """Newest first; the last one is what the model came with."""
        with self.read() as connection:
            return models.threshold_history(connection, model_id)

    def add_model(
        self,
        folder: Path,
        card: Mapping[str, Any],
        *,
        run: str | None = None,
        gate: Mapping[str, Any] | None = None,
        activate: bool = True,
    ) -> Changes:
        """Register the model in `folder` (below the library's models, named by its id).

        A model that comes from no run becomes the active one where there is no other, unless
        `activate` says that it can't: one that has predictions but no weights.
        """
        seen = _seen_hashes(folder / "seen.txt")
        with self.write() as connection:
            models.add_model(
                connection,
                dict(card),
                seen,
                run=run,
                gate=None if gate is None else dict(gate),
            )
            record = models.model(connection, str(card["id"]), self.paths.models)
            self.note(
                connection,
                Act.MODEL,
                f"{record.title} added",
                by_itself=run is not None,
                model=record.id,
                run=run,
                data_hash=record.card.get("data_hash"),
            )
            self._log_threshold(connection, record)
            first = activate and run is None and models.active_id(connection) is None
            if first:
                models.promote(connection, record.id, reader=None, kind="first model")
                self._log_promotion(connection, record)
        return Changes(
            models=True, active_model=first, sentence=f"{record.title} is in the library now."
        )

    def promote(
        self,
        model_id: str,
        *,
        reader: int | None,
        reason: str = "",
        verdict: str = "",
        overruled: bool = False,
    ) -> Changes:
        """Make a model the active one, after a backup."""
        self._back_up("before promotion")
        with self.write() as connection:
            record = models.model(connection, model_id, self.paths.models)
            models.promote(
                connection,
                model_id,
                reader=reader,
                kind="promotion",
                reason=reason,
                verdict=verdict,
                overruled=overruled,
            )
            self._log_promotion(connection, record)
        return Changes(
            models=True, active_model=True, sentence=f"{record.title} is the active model now."
        )

    def roll_back(self, *, reader: int | None, reason: str = "") -> Changes:
        """Promote the model that was active before, once more.

        Raises:
            Refused: there is none.
        """
        with self.write() as connection:
            previous = models.previous_id(connection)
            if previous is None:
                raise Refused("There is no earlier model to go back to.")
            models.promote(connection, previous, reader=reader, kind="roll back", reason=reason)
            record = models.model(connection, previous, self.paths.models)
            self._log_promotion(connection, record)
        return Changes(
            models=True, active_model=True, sentence=f"Rolled back: {record.title} is active again."
        )

    def set_threshold(
        self, model_id: str, logit: float, *, reader: int | None, rule: str = "", reason: str = ""
    ) -> Changes:
        """Move a model's threshold (a calibrated logit); earlier ones stay in its history."""
        with self.write() as connection:
            if reader is not None:
                readers.reader(connection, reader)
            record = models.model(connection, model_id, self.paths.models)
            models.set_threshold(
                connection, model_id, logit, reader=reader, rule=rule, reason=reason
            )
            self._log_threshold(connection, record)
        return Changes(
            threshold=True, models=True, sentence=f"The threshold of {record.title} was moved."
        )

    def rename_model(self, model_id: str, name: str) -> Changes:
        return self._change_model(model_id, f"The model is called {name} now.", name=name)

    def note_model(self, model_id: str, note: str) -> Changes:
        return self._change_model(model_id, "The note was saved.", note=note)

    def remove_model(self, model_id: str) -> Changes:
        """Forget a model and its predictions. The caller deletes its folder.

        Raises:
            Refused: it is the active one, or was, or decisions were made beside its calls.
        """
        with self.write() as connection:
            record = models.model(connection, model_id, self.paths.models)
            reason = model_references.why_kept(connection, record)
            if reason:
                raise Refused(reason)
            models.change(connection, model_id, removed=1)
            self.note(connection, Act.MODEL, f"{record.title} removed", model=model_id)
        predictions.remove(self.paths.predictions(model_id))
        return Changes(models=True, sentence=f"{record.title} was removed.")

    def why_model_is_kept(self, model_id: str) -> str:
        """Why a model can't be removed, as a sentence; "" where it can."""
        with self.read() as connection:
            record = models.model(connection, model_id, self.paths.models)
            return model_references.why_kept(connection, record)

    def patch_scores(self, model_id: str) -> PatchScores:
        """The calibrated logits of a model by patch, and the pixel hashes that it has seen."""
        with self.read() as connection:
            record = models.model(connection, model_id, self.paths.models)
            return patch_scores.patch_scores(connection, self.paths, record)

    def store_predictions(
        self,
        model_id: str,
        rows: Iterable[tuple[int, float | None, str]] = (),
        out_of_fold: Mapping[int, float] | None = None,
    ) -> Changes:
        """Keep (patch, raw logit or None, error) of a model, and raw out-of-fold logits."""
        self.refuse_unless_writable()
        self.model(model_id)
        stored = predictions.store(self.paths.predictions(model_id), rows, out_of_fold)
        with self.write() as connection:
            self.note(
                connection,
                Act.IMPORT,
                f"{stored:,} predictions taken in",
                model=model_id,
                predictions=stored,
                out_of_fold=len(out_of_fold or ()),
            )
        return Changes(predictions=True, sentence=f"{stored:,} predictions were stored.")

    def unpredicted(self, model_id: str) -> list[int]:
        """Patches that the model has not been asked about; excluded and missing ones are not
        among them."""
        there = predictions.known(self.paths.predictions(model_id))
        with self.read(unblinded=True) as connection:
            rows = connection.exec_driver_sql(
                "SELECT p.id FROM patches p JOIN patch_states s ON s.patch_id = p.id "
                "WHERE s.excluded = 0 AND p.file_state <> 1 ORDER BY p.id"
            ).scalars()
            return [patch for patch in rows if patch not in there]

    def prediction_failures(self, model_id: str) -> dict[int, str]:
        """Why patches have no prediction of this model."""
        with self.read() as connection:
            hidden = set(sight.hidden_calls(connection).tolist())
        failures = predictions.failures(self.paths.predictions(model_id))
        return {patch: why for patch, why in failures.items() if patch not in hidden}

    def load_model_view(
        self, table: PatchTable, model_id: str, previous_model_id: str | None = None
    ) -> ModelView:
        with self.read() as connection:
            folder = self.paths.models
            previous = (
                models.model(connection, previous_model_id, folder) if previous_model_id else None
            )
            model = models.model(connection, model_id, folder)
            return model_view.load_model_view(connection, self.paths, table, model, previous)

    def load_model_scores(self, table: PatchTable, model_id: str) -> ModelScores:
        """What a model says of every patch, in and out of fold, by row of `table`."""
        with self.read() as connection:
            model = models.model(connection, model_id, self.paths.models)
            return model_view.load_model_scores(connection, self.paths, table, model)

    def case_summaries(self, reader: int | None = None) -> list[CaseSummary]:
        """Every case with its slides, by reference label and by the active model's calls."""
        table = self.load_table(reader)
        active = self.active_model()
        if active is not None:
            table.view = self.load_model_view(table, active.id)
        return case_summaries(table, self.label_set)

    def _change_model(self, model_id: str, sentence: str, **columns: str | int) -> Changes:
        with self.write() as connection:
            record = models.model(connection, model_id, self.paths.models)
            models.change(connection, model_id, **columns)
            self.note(
                connection,
                Act.MODEL,
                f"{record.title} described anew",
                model=model_id,
                old={column: getattr(record, column) for column in columns},
                new=columns,
            )
        return Changes(models=True, sentence=sentence)

    def _log_threshold(self, connection: Connection, record: ModelRecord) -> None:
        title = f"threshold of {record.title}"
        mirrored.log_newest(connection, self._origin[0], mirrored.THRESHOLDS, title)

    def _log_promotion(self, connection: Connection, record: ModelRecord) -> None:
        title = f"{record.title} made active"
        mirrored.log_newest(connection, self._origin[0], mirrored.PROMOTIONS, title)


def _seen_hashes(file: Path) -> list[str]:
    if not file.is_file():
        return []
    return [line for line in file.read_text(encoding="utf-8").split() if line]
