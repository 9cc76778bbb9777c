"""What is done in readings: making one, labelling its items, finishing, signing."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.readings.records import Meaning
from glomviewer.domain.readings.sample import Sample
from glomviewer.jobs.sentences import JobError
from glomviewer.store.library import Library


def create_reading(
    library: Library,
    *,
    name: str,
    patches: Sequence[int],
    protocol: Protocol,
    readers: Sequence[int],
    by: int | None = None,
    sample: Sample | None = None,
    seed: int | None = None,
) -> Changes:
    """Make a reading of (a sample of) these patches; `Changes.reading` is its id."""
    if not name.strip():
        raise JobError("The reading needs a name.")
    return library.create_reading(
        name=name.strip(),
        patches=patches,
        protocol=protocol,
        readers=readers,
        by=by,
        seed=seed,
        sample=sample or Sample(),
    )


def commit_item(
    library: Library,
    *,
    reader: int,
    item: int,
    label: int,
    detail: str = "",
    comment: str = "",
    flagged: bool | None = None,
) -> Changes:
    """Label an item of one's list; `Changes.reveal` is the model's call where it is told now."""
    return library.commit_item(
        reader=reader, item=item, label=label, detail=detail, comment=comment, flagged=flagged
    )


def flag_item(library: Library, *, reader: int, item: int, flagged: bool) -> Changes:
    return library.flag_item(reader=reader, item=item, flagged=flagged)


def comment_on_item(library: Library, *, reader: int, item: int, text: str) -> Changes:
    return library.comment_on_item(reader=reader, item=item, text=text)


def finish_reading(library: Library, *, reading: int, reader: int, reason: str = "") -> Changes:
    """The reader is through; with items left, `reason` says why."""
    return library.finish_reading(reading=reading, reader=reader, reason=reason)


def close_reading(
    library: Library, *, reading: int, by: int | None = None, reason: str = ""
) -> Changes:
    """Nobody decides in it from now on."""
    return library.close_reading(reading=reading, by=by, reason=reason)


def sign_off(
    library: Library,
    *,
    reading: int,
    reader: int,
    meaning: Meaning,
    note: str = "",
    passphrase: str = "",
) -> Changes:
    return library.sign_off(
        reading=reading, reader=reader, meaning=meaning, note=note, passphrase=passphrase
    )


def set_passphrase(library: Library, *, reader: int, old: str, new: str) -> Changes:
    """Set, change or (with an empty new one) take away a reader's passphrase."""
    return library.set_passphrase(reader, old, new)
