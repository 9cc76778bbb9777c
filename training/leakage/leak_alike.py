"""Near duplicates and system A's copies as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.leakage.leak_findings import Finding, Severity, counted, such_as
from training.leakage.leak_places import named_copies
from training.leakage.near_duplicates import BITS, Hashes, Pair, near_pairs
from training.patches.manifest import ManifestRow


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows whose picture was read, with their perceptual hashes (N, 8, 4) in the same order."""

    rows: list[ManifestRow]
    hashes: Hashes


def near_duplicates(seen: Seen) -> list[Finding]:
    """Pairs across groups or splits that look like one glomerulus, but are not the same pixels.

    Patches of one group and one split are not compared: serial sections are meant to be there.
    """
    rows = seen.rows
    sides = [f"{row.split}\n{row.group}" if row.group else "" for row in rows]
    pairs = [
        pair
        for pair in near_pairs(seen.hashes, sides)
        if not rows[pair.first].hash or rows[pair.first].hash != rows[pair.second].hash
    ]
    apart = [pair for pair in pairs if _sides_differ(rows, pair)]
    together = [pair for pair in pairs if not _sides_differ(rows, pair)]
    found: list[Finding] = []
    if apart:
        found.append(_finding(rows, apart, "warn", "on two sides of a split: move both to one"))
    if together:
        told = "in two cases or slides: folds that divide by these would divide the pair"
        found.append(_finding(rows, together, "note", told))
    return found


def _sides_differ(rows: Sequence[ManifestRow], pair: Pair) -> bool:
    return rows[pair.first].split != rows[pair.second].split


def _finding(
    rows: Sequence[ManifestRow], pairs: Sequence[Pair], severity: Severity, where: str
) -> Finding:
    nearest = pairs[0]
    names = f"{rows[nearest.first].patch} and {rows[nearest.second].patch}"
    places = list(dict.fromkeys(place for pair in pairs for place in (pair.first, pair.second)))
    verb = "looks" if len(pairs) == 1 else "look"
    return Finding(
        "near_duplicate",
        severity,
        f"{counted(len(pairs), 'pair')} of patches {verb} like one glomerulus{such_as([names])}, "
        f"{where}.",
        tuple(rows[place].patch for place in places),
        tuple(dict.fromkeys(rows[place].group for place in places if rows[place].group)),
    )


def copies(rows: Sequence[ManifestRow], left_out: Sequence[str] = ()) -> list[Finding]:
    """Patches named as system A names its flipped copies, whose original is there too.

    `left_out` are those that reading the data folder has dropped already.
    """
    by_file = {row.path.name: row for row in rows}
    kept = [by_file[name] for name in named_copies(list(by_file))]
    found: list[Finding] = []
    if kept:
        names = such_as([row.path.name for row in kept], most=1)
        text = f"{counted(len(kept), 'patch', 'patches')} named as flipped copies{names}"
        advice = "leave them out, or they leak and count a glomerulus several times"
        found.append(Finding("copy", "warn", f"{text}: {advice}.", _ids(kept), _groups(kept)))
    if left_out:
        text = f"{counted(len(left_out), 'flipped copy', 'flipped copies')} of an old preparation"
        names = such_as(list(left_out), most=1)
        found.append(Finding("copy", "note", f"{text}{names} left out.", tuple(left_out)))
    return found


def _ids(rows: Sequence[ManifestRow]) -> tuple[str, ...]:
    return tuple(row.patch for row in rows)


def _groups(rows: Sequence[ManifestRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.group for row in rows if row.group))


def stacked(hashes: Sequence[Hashes]) -> Hashes:
    return np.stack(hashes) if hashes else np.empty((0, 8, BITS // 64), dtype=np.uint64)
