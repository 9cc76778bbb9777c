"""The demo's reading room: what drawn readers have read, what they dispute, and what waits.

All of it goes through the library as people's work does. Whoever sits before the demo is given
an open reading, never an independent one: until that is finished, its patches would be kept from
him on every other page, and the first thing he sees would be gaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.domain.records import Reader
from glomviewer.drawn.opinions import DrawnReader, Opinions, Subject, read_subjects
from glomviewer.store.library import Library

ADA = DrawnReader("Ada Drawn", "AD", leaning=0.75, slips=0.05, unsure=0.05, yields=0.5)
BEN = DrawnReader("Ben Drawn", "BD", leaning=0.35, slips=0.06, unsure=0.06, yields=0.3)
CLEO = DrawnReader("Cleo Drawn", "CD", leaning=0.5, slips=0.0, unsure=0.0, yields=0.0)

READ, WAITING = "Two drawn readers", "Waiting for you"
READ_PATCHES, WAITING_PATCHES = 60, 24
SEED = 11
SOLID = "No open loop is left in any part of the tuft."
OPEN = "Open loops remain, so it is segmental at most."


def make_reading_room(library: Library, truth: Path, reader: Reader) -> None:
    """Needs patches, their calls and the splits. `reader` gets the reading that waits."""
    subjects = read_subjects(truth)
    readers = [library.add_reader(one.name, one.initials).id for one in (ADA, BEN, CLEO)]
    chosen = _read_by_two(library, subjects, readers[:2])
    _settle_some(library, subjects, readers[2])
    rest = sorted(set(_for_training(library)) - set(chosen))
    library.create_reading(
        name=WAITING,
        patches=rest,
        protocol=Protocol(
            independent=False, order=Order.BY_CASE, repeats=0.1, reveal=Reveal.AFTER, needed=1
        ),
        readers=[reader.id],
        by=readers[2],
        seed=SEED,
        sample=Sample(SampleKind.STRATIFIED, WAITING_PATCHES, SEED),
    )


def _for_training(library: Library) -> list[int]:
    """Patches with a label that are not locked: the gate's are left to whoever uses the demo."""
    table = library.load_table(None)
    usable = (table["split"] != Split.LOCKED) & (table["imported"] != NO_LABEL)
    return table.ids[usable].tolist()


def _read_by_two(
    library: Library, subjects: Mapping[str, Subject], readers: Sequence[int]
) -> list[int]:
    """An independent reading, finished and signed by both; its patches."""
    made = library.create_reading(
        name=READ,
        patches=_for_training(library),
        protocol=Protocol(order=Order.SHUFFLED, repeats=0.1, reveal=Reveal.AFTER, needed=2),
        readers=readers,
        by=readers[0],
        seed=SEED,
        sample=Sample(SampleKind.STRATIFIED, READ_PATCHES, SEED),
    )
    assert made.reading is not None
    patches = library.reading_patches(made.reading)
    names = {patch.id: patch.name for patch in library.patches(patches)}
    for drawn, reader in zip((ADA, BEN), readers, strict=True):
        opinions = Opinions(drawn, dict(subjects), library.label_set)
        _read(library, made.reading, reader, opinions, names)
        library.finish_reading(reading=made.reading, reader=reader)
        library.sign_off(reading=made.reading, reader=reader, meaning=Meaning.READ)
    return patches


def _read(
    library: Library, reading: int, reader: int, opinions: Opinions, names: Mapping[int, str]
) -> None:
    seen: set[int] = set()
    for item in library.reading_items(reading, reader):
        name = names[item.patch]
        said = opinions.first(name, again=item.patch in seen)
        told = library.commit_item(
            reader=reader, item=item.id, label=said.label, detail=said.detail, comment=said.comment
        )
        seen.add(item.patch)
        changed = opinions.after(name, said.label, told.reveal.call) if told.reveal else None
        if changed is not None:
            library.change_after_reveal(reader=reader, item=item.id, label=changed.label)


def _settle_some(library: Library, subjects: Mapping[str, Subject], reader: int) -> None:
    """One dispute settled, one sent back, one put onto the list; the others stay open."""
    settled, back, listed, *_ = library.disputes(DisputeState.OPEN)
    [patch] = library.patches([settled])
    said = Opinions(CLEO, dict(subjects), library.label_set).first(patch.name)
    sclerotic = library.label_set[said.label].target == 1
    library.adjudicate(
        reader=reader,
        patch=settled,
        label=said.label,
        reason=SOLID if sclerotic else OPEN,
        call_shown=False,
    )
    library.refer(
        reader=reader, patches=[back], to=Referral.READING, reason="Read it once more, please."
    )
    library.refer(
        reader=reader,
        patches=[listed],
        to=Referral.CONSENSUS,
        reason="Where we draw the line concerns all of us.",
    )
