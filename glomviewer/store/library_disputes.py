"""The library's methods about disputes: the queue, what was said, referring, adjudicating."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.agreement.percentages import Relabelling
from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.explaining import Explanation, explain
from glomviewer.domain.disputes.records import (
    Dispute,
    DisputeRow,
    DisputeState,
    ModelCall,
    Referral,
)
from glomviewer.domain.disputes.relabelled import relabelled_by_adjudication
from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.readings.records import Meaning
from glomviewer.domain.thresholds.crossing import CUT_OFF
from glomviewer.store import (
    call_knowledge,
    decisions,
    dispute_calls,
    disputes,
    model_calls,
    models,
    sight,
    signoffs,
    table,
)
from glomviewer.store.decisions import Circumstances
from glomviewer.store.errors import Refused
from glomviewer.store.library_readings import ReadingMethods, refuse_in_a_pack


class DisputeMethods(ReadingMethods):
    def disputes(
        self, state: DisputeState = DisputeState.OPEN, reading: int | None = None
    ) -> list[int]:
        """Patches whose dispute stands like this, by id; of one reading or of all."""
        with self.read() as connection:
            return disputes.queue(connection, state, reading)

    def dispute_counts(self, reading: int | None = None) -> dict[DisputeState, int]:
        with self.read() as connection:
            return disputes.counts(connection, reading)

    def dispute_rows(self, patches: Sequence[int]) -> list[DisputeRow]:
        """What the queue says of these patches; those that this viewer may not know are left
        out."""
        with self.read() as connection:
            return disputes.rows(connection, patches)

    def dispute(self, patch: int) -> Dispute:
        """A patch with all calls side by side; of the model's call nothing is told here."""
        with self.read() as connection:
            return dispute_calls.dispute(connection, patch)

    def why(self, patch: int) -> Explanation:
        """Why this patch counts as what it counts as."""
        return explain(self.dispute(patch), self.label_set)

    def model_call(self, patch: int, model_id: str) -> ModelCall | None:
        """A model's call of one patch, on demand; None where there is none, or where this
        viewer still reads the patch independently."""
        with self.read() as connection:
            if patch in sight.hidden_calls(connection):
                return None
            model = models.model(connection, model_id, self.paths.models)
            return model_calls.model_call(connection, self.paths, model, patch, self.label_set)

    def labels_before_adjudication(self) -> dict[int, int]:
        """The reference label of each adjudicated patch as it would be without; -1 for none."""
        with self.read() as connection:
            return disputes.labels_before_adjudication(connection)

    def relabelling(self, cut_offs: Sequence[float] = (CUT_OFF,)) -> Relabelling:
        """Each case's percentage before adjudicating and now, and which change category.

        Raises:
            Refused: a cut-off is no share above 0 and at most 1.
        """
        known, before = self._table(), self.labels_before_adjudication()
        try:
            return relabelled_by_adjudication(known, before, self.label_set, cut_offs)
        except ValueError as error:
            raise Refused(str(error)) from None

    def _table(self) -> PatchTable:
        with self.read() as connection:
            return table.load_table(connection, None, self.label_set.targets())

    def source_counts(self, patches: Sequence[int] | None = None) -> dict[ReferenceSource, int]:
        """How often each source says what counts as true: of these patches, such as a run's
        manifest, or of all. What the viewer still reads independently counts as without any."""
        with self.read() as connection:
            return disputes.source_counts(connection, patches)

    def reading_names(self) -> dict[int, str]:
        """The readings of the library, newest first: what a queue can be narrowed to."""
        with self.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, name FROM readings ORDER BY id DESC")
            return {row[0]: row[1] for row in rows}

    def refer(
        self, *, reader: int, patches: Sequence[int], to: Referral, reason: str = ""
    ) -> Changes:
        """Send disputed patches back for another reading, put them onto the consensus list, or
        (`Referral.NONE`) take them off either. No call is touched.

        Raises:
            Refused: a patch is not disputed, or this reader still reads it independently.
        """
        with self._gesture(reader) as (connection, origin):
            refuse_in_a_pack(connection)
            sight.refuse_while_reading(connection, reader, patches)
            return disputes.refer(connection, patches, to, reason, origin=origin, reader=reader)

    def adjudicate(
        self,
        *,
        reader: int,
        patch: int,
        label: int,
        reason: str = "",
        call_shown: bool = True,
        model: str = "",
    ) -> Changes:
        """Settle a patch whatever its readers say; what they said is not touched. Unless the
        caller knows that no call was shown, it counts as shown, and the label stays out of the
        gate; so does that of one who has once known its call, whatever `call_shown` says.

        Raises:
            Refused: there is no such label, this reader still reads the patch independently, or
                its reading has been signed off and no reason is given.
        """
        with self._gesture(reader) as (connection, origin):
            refuse_in_a_pack(connection)
            sight.refuse_while_reading(connection, reader, [patch])
            signoffs.ask_for_reason(
                connection, reader, [patch], reason, meaning=Meaning.ADJUDICATED
            )
            known = call_knowledge.told(connection, reader, [patch])
            return decisions.adjudicate(
                connection,
                patch,
                label,
                reason,
                origin=origin,
                reader=reader,
                label_set=self.label_set,
                circumstances=Circumstances(call_shown, model).knowing(known),
            )
