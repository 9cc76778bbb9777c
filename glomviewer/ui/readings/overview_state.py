"""What the overview shows, read in one go. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.readings.records import LaterChange, ReadingSummary, SignOff
from glomviewer.store.library import Library


@dataclass(frozen=True, slots=True)
class OverviewState:
    """Sign-offs and what was changed after them, by reading. `from_pack` says that the library
    was opened from a reading pack: what is decided there goes back, and nothing else."""

    readings: tuple[ReadingSummary, ...]
    signoffs: dict[int, tuple[SignOff, ...]]
    later: dict[int, tuple[LaterChange, ...]]
    from_pack: bool = False


def read_overview(library: Library, viewer: int | None) -> OverviewState:
    readings = tuple(library.readings(viewer))
    signoffs: dict[int, tuple[SignOff, ...]] = {}
    for sign in library.signoffs():
        signoffs[sign.reading] = (*signoffs.get(sign.reading, ()), sign)
    later = {reading: tuple(library.later_changes(reading)) for reading in signoffs}
    return OverviewState(readings, signoffs, later, library.pack_library() is not None)
