"""Leaks that names, groups and pixel hashes tell, without looking at a picture."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from training.leakage.leak_findings import Finding, Severity, counted, such_as
from training.leakage.leak_places import SlideName, slide_name
from training.patches.manifest import ManifestRow

_TRAINED = ("train", "validation")
_HELD_OUT = ("locked", "final")
_LAST_NUMBER = re.compile(r"(?P<before>.*?)(?P<number>\d+)\D*")


def split_groups(rows: Sequence[ManifestRow]) -> list[Finding]:
    """Cases, slides and groups whose patches lie on both sides of a split."""
    findings: list[Finding] = []
    told: set[tuple[str, ...]] = set()
    for unit, name_of in (
        ("case", lambda row: row.case),
        ("slide", lambda row: row.slide),
        ("case or slide", lambda row: row.group),
    ):
        by_name: defaultdict[str, list[ManifestRow]] = defaultdict(list)
        for row in rows:
            if name_of(row) and row.split:
                by_name[name_of(row)].append(row)
        divided = {name: own for name, own in by_name.items() if len({r.split for r in own}) > 1}
        for held_out in (True, False):
            names = [n for n, own in divided.items() if _is_held_out(own) == held_out]
            patches = tuple(row.patch for name in names for row in divided[name])
            if not names or patches in told:
                continue
            told.add(patches)
            findings.append(_divided(unit, names, patches, held_out=held_out))
    return findings


def _is_held_out(rows: Iterable[ManifestRow]) -> bool:
    splits = {row.split for row in rows}
    return bool(splits.intersection(_TRAINED) and splits.intersection(_HELD_OUT))


def _divided(
    unit: str, names: Sequence[str], patches: tuple[str, ...], *, held_out: bool
) -> Finding:
    units = "cases or slides" if unit == "case or slide" else f"{unit}s"
    which = counted(len(names), unit, units)
    what = (
        f"both in training and among the locked{such_as(names)}: figures on the locked patches "
        "are too good; move each to one side"
        if held_out
        else f"in more than one split{such_as(names)}: move each to one of them"
    )
    verb = "is" if len(names) == 1 else "are"
    return Finding("split_group", "warn", f"{which} {verb} {what}.", patches, tuple(names))


def exact_duplicates(rows: Sequence[ManifestRow]) -> list[Finding]:
    """Patches of the same pixels, apart by what that means for training."""
    by_hash: defaultdict[str, list[ManifestRow]] = defaultdict(list)
    for row in rows:
        if row.hash:
            by_hash[row.hash].append(row)
    kinds: dict[str, list[list[ManifestRow]]] = {key: [] for key in _DUPLICATES}
    for same in by_hash.values():
        if len(same) > 1:
            kinds[_meaning(same)].append(same)
    return [
        Finding(
            "exact_duplicate",
            "note" if meaning == "same" else "warn",
            f"{counted(len(sets), 'picture')} {'is' if len(sets) == 1 else 'are'} there more than "
            f"once{such_as([_both(same) for same in sets], most=1)}, {_DUPLICATES[meaning]}.",
            tuple(row.patch for same in sets for row in same),
            tuple(dict.fromkeys(row.group for same in sets for row in same if row.group)),
        )
        for meaning, sets in kinds.items()
        if sets
    ]


_DUPLICATES = {
    "splits": "with the same pixels in two splits: training leaves them out",
    "labels": "with the same pixels bearing both labels: training leaves them out",
    "groups": "with the same pixels in two cases or slides: one of them is named wrongly",
    "same": "with the same pixels: training takes one of each",
}


def _meaning(same: Sequence[ManifestRow]) -> str:
    if len({row.label for row in same} - {None}) > 1:
        return "labels"
    if len({row.split for row in same} - {""}) > 1:
        return "splits"
    return "groups" if len({row.group for row in same} - {""}) > 1 else "same"


def _both(same: Sequence[ManifestRow]) -> str:
    return " = ".join(row.patch for row in same[:2])


def neighbouring_cases(rows: Sequence[ManifestRow]) -> list[Finding]:
    """Accession numbers next to each other whose slides complete one another: one biopsy.

    `S-2001-001234_PAS_1of2` and `S-2001-001235_PAS_2of2` are, where neither has the other's.
    """
    slides: defaultdict[tuple[str, str, int], dict[str, set[int]]] = defaultdict(dict)
    rows_of: defaultdict[str, list[ManifestRow]] = defaultdict(list)
    for row in rows:
        named = slide_name(row)
        if named is not None and named.total > 1:
            rows_of[named.case].append(row)
            series = slides[(_before(named), named.stain, named.total)]
            series.setdefault(named.case, set()).add(named.number)
    pairs = [
        (first, second)
        for series in slides.values()
        for first, second in _consecutive(sorted(series, key=_number))
        if not series[first] & series[second]
    ]
    splits_of = {case: {row.split for row in own} for case, own in rows_of.items()}
    apart = [(a, b) for a, b in pairs if len(splits_of[a] | splits_of[b]) > 1]
    together = [(a, b) for a, b in pairs if len(splits_of[a] | splits_of[b]) == 1]
    kinds: tuple[tuple[list[tuple[str, str]], Severity, str], ...] = (
        (apart, "warn", "they lie in different splits, so move both to one"),
        (together, "note", "give them one case, so that no split divides them"),
    )
    return [
        Finding(
            "neighbouring_accession",
            severity,
            f"{counted(len(some), 'pair')} of neighbouring accession numbers "
            f"{'looks' if len(some) == 1 else 'look'} like one biopsy each, for their slides "
            f"complete one another{such_as([' and '.join(p) for p in some], most=1)}: {advice}.",
            tuple(row.patch for pair in some for case in pair for row in rows_of[case]),
            tuple(case for pair in some for case in pair),
        )
        for some, severity, advice in kinds
        if some
    ]


def _before(named: SlideName) -> str:
    matched = _LAST_NUMBER.fullmatch(named.case)
    return matched["before"] if matched else named.case


def _number(case: str) -> int:
    matched = _LAST_NUMBER.fullmatch(case)
    return int(matched["number"]) if matched else 0


def _consecutive(cases: Sequence[str]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in pairwise(cases) if _number(b) - _number(a) == 1]
