"""What is said after a return was merged."""

from __future__ import annotations

from collections.abc import Iterator

from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.merging.report import counted


def return_sentences(merged: MergedPack) -> Iterator[str]:
    """How far the reader is, what was new, and what one should know about it."""
    patches = counted(merged.items, "patch", "patches")
    ended = "and has finished" if merged.finished else "and has not finished yet"
    yield f"{merged.reader} has read {merged.done:,} of {patches} of {merged.reading} {ended}."
    yield from merged.report.sentences
    if merged.installations > 1:
        yield (
            f"{merged.installations} installations have returned this reading for "
            f"{merged.reader} by now; what was decided on each is kept."
        )
    if merged.missing:
        what = counted(merged.missing, "image was", "images were")
        yield f"{what} no longer there when the return was written, so could not be compared."
    if merged.trusted:
        yield f"The key {merged.fingerprint} is known for {merged.reader} from now on."
