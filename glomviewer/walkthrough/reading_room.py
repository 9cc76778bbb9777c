"""The reading room step by step: reading, settling, a pack out and its return, how well they agree,
and the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.rule import DEFAULT_RULE
from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.disputes.wording import relabelling_sentence
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.domain.report.moments import Moment
from glomviewer.jobs import operations
from glomviewer.jobs.agreement_words import headline
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.writing import write_report
from glomviewer.store.clock import zone_name
from glomviewer.store.demo_room import CLEO, READ, WAITING
from glomviewer.store.library import Library
from glomviewer.ui.report_pdf import pdf_of, text_system

Tell = Callable[[str], None]
Deserved = Mapping[str, int]
"""The label that each patch was drawn as, by its name without the ending."""

DRAWS = 500
SETTLED = 2
SENT_OUT = "Disputed, once more"


def read_half(library: Library, reader: Reader, deserved: Deserved, tell: Tell) -> None:
    """The first half of the reading that waits; the other half is for the pictures, and for
    whoever opens the library after it."""
    reading = _named(library, WAITING)
    tell(f"{WAITING}: {reading.protocol.sentence()}")
    items = library.reading_items(reading.id, reader.id)
    half = items[: len(items) // 2]
    labels = _deserved_labels(library, deserved, [item.patch for item in half])
    contradicted = 0
    for item in half:
        changes = operations.commit_item(
            library, reader=reader.id, item=item.id, label=labels[item.patch]
        )
        if changes.reveal is not None:
            call = library.label_set.codes_of_target(changes.reveal.call)[0]
            contradicted += call != labels[item.patch]
    tell(
        f"{len(half)} of {len(items)} read; the model's call was shown after each, and it was "
        f"another one for {contradicted} of them."
    )


def settle(library: Library, reader: Reader, deserved: Deserved, tell: Tell) -> None:
    """Some of what is open, blind to the model's call."""
    _tell_disputes(library, tell)
    *chosen, back = library.disputes(DisputeState.OPEN)[: SETTLED + 1]
    labels = _deserved_labels(library, deserved, chosen)
    for patch in chosen:
        changes = operations.adjudicate_patch(
            library,
            reader=reader.id,
            patch=patch,
            label=labels[patch],
            reason="looked at once more, at full size",
            call_shown=False,
        )
        tell(changes.sentence)
    referred = operations.refer_patches(
        library, reader=reader.id, patches=[back], to=Referral.READING, reason="I am not sure."
    )
    tell(referred.sentence)
    tell(relabelling_sentence(library.relabelling()))


def send_out_and_merge(
    library: Library, reader: Reader, deserved: Deserved, folder: Path, tell: Tell
) -> None:
    """What is still disputed goes to another reader as a pack, and comes back as a return."""
    other = next(one for one in library.readers() if one.name == CLEO.name)
    made = operations.create_reading(
        library,
        name=SENT_OUT,
        patches=library.disputes(DisputeState.OPEN),
        protocol=Protocol(repeats=0.0, reveal=Reveal.NEVER, needed=1),
        readers=[other.id],
        by=reader.id,
    )
    assert made.reading is not None
    tell(made.sentence)
    items = library.reading_items(made.reading, other.id)
    labels = _deserved_labels(library, deserved, [item.patch for item in items])
    [pack] = operations.export_reading_pack(
        library, reading=made.reading, readers=[other.id], folder=folder, by=reader.id
    )
    tell(pack.sentence)
    returned = _read_elsewhere(pack.path, {item.uuid: labels[item.patch] for item in items}, tell)
    merged, _ = operations.merge_pack(library, path=returned, trust=pack.fingerprint, by=reader.id)
    tell(merged.sentence)
    _tell_disputes(library, tell)


def agree_and_report(library: Library, folder: Path, tell: Tell) -> None:
    """How well the two agree who have read the same patches, and the report of it."""
    reading, labels = _named(library, READ), library.label_set
    measured = Measured.of(reading.id, library.ratings(reading.id), labels, DEFAULT_RULE)
    tell(headline(measured.with_intervals(Bootstrap(draws=DRAWS))))
    choices = Choices(made=Moment(datetime.now(UTC), zone_name()), draws=DRAWS)
    with text_system():
        tell(write_report(library, reading.id, folder, choices, pdf=pdf_of).sentence)


def _read_elsewhere(pack: Path, labels: Mapping[str, int], tell: Tell) -> Path:
    """Open the pack as its reader does, read all of it, and write the return; where that is."""
    opened = operations.open_pack(pack)
    tell(opened.sentence)
    with Library.open(opened.folder, backup=False) as away:
        [reading] = away.readings()
        [own] = reading.readers
        away.viewer = own.reader.id
        for item in away.reading_items(reading.id, own.reader.id):
            operations.commit_item(
                away, reader=own.reader.id, item=item.id, label=labels[item.uuid]
            )
        tell(operations.finish_reading(away, reading=reading.id, reader=own.reader.id).sentence)
        returned = operations.return_reading(away, folder=pack.parent, by=own.reader.id)
        tell(returned.sentence)
    return returned.path


def _tell_disputes(library: Library, tell: Tell) -> None:
    counts = library.dispute_counts()
    tell("Disputes: " + ", ".join(f"{counts[state]} {state.value}" for state in DisputeState))


def _deserved_labels(library: Library, deserved: Deserved, patches: list[int]) -> dict[int, int]:
    wanted = list(dict.fromkeys(patches))
    return {patch.id: deserved[Path(patch.name).stem] for patch in library.patches(wanted)}


def _named(library: Library, name: str) -> ReadingSummary:
    return next(one for one in library.readings() if one.name == name)
