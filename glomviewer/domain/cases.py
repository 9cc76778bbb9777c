"""The percentage of globally sclerotic glomeruli, per case and slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.patch_table import Codes, IntArray, Mask, PatchTable

FEW = 10
"""Below this many glomeruli a biopsy's percentage says little (Banff calls 10 adequate)."""

UNKNOWN = -1
"""The code of a case or slide that nobody knows, in a table's columns."""

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """`positive` of `total`, with the 95 % interval as fractions; NaN where total is 0."""

    positive: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.positive / self.total if self.total else math.nan


def wilson(positive: int, total: int) -> Proportion:
    """A proportion with Wilson's score interval (Wilson, JASA 1927; 22: 209)."""
    if not 0 <= positive <= total:
        raise ValueError(f"{positive} of {total} is no proportion.")
    if total == 0:
        return Proportion(0, 0, math.nan, math.nan)
    share = positive / total
    shrink = 1 + _Z**2 / total
    centre = (share + _Z**2 / (2 * total)) / shrink
    half = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)) / shrink
    low = 0.0 if positive == 0 else max(0.0, centre - half)
    high = 1.0 if positive == total else min(1.0, centre + half)
    return Proportion(positive, total, low, high)


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case, or with a `slide` one slide of it; without a `case` a slide whose case nobody
    knows, which stands for itself.

    `glomeruli` are its patches without excluded ones, duplicates and those called cannot tell
    or not a glomerulus. `reference` counts those with a reference label; `model` those with a
    call, None where there is no model or where a call is `hidden` from this reader until he
    has decided: a percentage over such patches would give it away. `trained_on` counts the
    called ones that the model or an ancestor has learned from, which flatter it.
    """

    case: str
    slide: str
    patches: int
    glomeruli: int
    reference: Proportion
    model: Proportion | None
    hidden: int
    trained_on: int
    excluded: int
    duplicates: int
    cannot_tell: int
    not_a_glomerulus: int
    unlabelled: int
    disputed: int
    slides: tuple[CaseSummary, ...] = ()

    @property
    def few(self) -> bool:
        return self.glomeruli < FEW


@dataclass(frozen=True, slots=True)
class _Marks:
    """What each row of the table counts as."""

    counts: dict[str, Mask]
    has_model: bool


def case_summaries(table: PatchTable, labels: LabelSet) -> list[CaseSummary]:
    """All cases by name, each with its slides beneath; slides of no known case among them.
    Patches of neither case nor slide are in none."""
    marks = _marks(table, labels)
    case_codes: IntArray = table["case"].astype(np.int64)
    slide_codes: IntArray = table["slide"].astype(np.int64)
    by_case = _count(marks, case_codes, len(table.cases))
    pairs, pair_of_row = _pairs(case_codes, slide_codes, len(table.slides))
    by_pair = _count(marks, pair_of_row, len(pairs))
    slides: dict[int, list[CaseSummary]] = {}
    for place, (case, slide) in enumerate(pairs):
        if slide >= 0:
            name = table.slides[slide]
            summary = _summary(_name(table.cases, case), name, by_pair, place, marks.has_model)
            slides.setdefault(case, []).append(summary)
    summaries = [
        _summary(name, "", by_case, code, marks.has_model, slides.get(code, ()))
        for code, name in enumerate(table.cases)
        if by_case["patches"][code]
    ]
    summaries += slides.get(UNKNOWN, [])
    return sorted(summaries, key=lambda one: (one.case or one.slide).casefold())


def _marks(table: PatchTable, labels: LabelSet) -> _Marks:
    reference: Codes = table["reference"]  # type: ignore[assignment]
    excluded = table["excluded"].astype(np.bool_)
    duplicate = table["duplicate"].astype(np.bool_) & ~excluded
    inside = ~excluded & ~duplicate
    crosses = [one.code for one in labels.labels if one.target is None and one.shape == "cross"]
    others = [one.code for one in labels.labels if one.target is None and one.shape != "cross"]
    not_a_glomerulus = inside & np.isin(reference, crosses)
    cannot_tell = inside & np.isin(reference, others)
    glomerulus = inside & ~not_a_glomerulus & ~cannot_tell
    target = table.target_of(reference)
    calls = table.view.calls()
    called = glomerulus & (calls >= 0)
    counts = {
        "patches": np.ones(len(table), dtype=np.bool_),
        "excluded": excluded,
        "duplicates": duplicate,
        "cannot_tell": cannot_tell,
        "not_a_glomerulus": not_a_glomerulus,
        "glomeruli": glomerulus,
        "labelled": glomerulus & (target >= 0),
        "sclerotic": glomerulus & (target == 1),
        "unlabelled": glomerulus & (reference == NO_LABEL) & ~table["disputed"].astype(np.bool_),
        "disputed": glomerulus & table["disputed"].astype(np.bool_),
        "called": called,
        "called_sclerotic": called & (calls == 1),
        "hidden": called & ~table.call_visible(),
        "trained_on": called & table.view.trained_on,
    }
    return _Marks(counts, table.view.has_predictions)


def _count(marks: _Marks, groups: IntArray, number: int) -> dict[str, NDArray[np.int64]]:
    """How many rows of each mark each group holds; rows of group -1 belong to none."""
    known = groups >= 0
    return {
        name: np.bincount(groups[mask & known], minlength=number)
        for name, mask in marks.counts.items()
    }


def _pairs(
    cases: IntArray, slides: IntArray, slide_count: int
) -> tuple[list[tuple[int, int]], IntArray]:
    """The (case, slide) pairs that occur, and the pair of each row."""
    width = slide_count + 1
    keys, pair_of_row = np.unique(cases * width + slides + 1, return_inverse=True)
    return [(int(key // width), int(key % width) - 1) for key in keys], pair_of_row.reshape(-1)


def _summary(
    case: str,
    slide: str,
    counts: dict[str, NDArray[np.int64]],
    place: int,
    has_model: bool,
    slides: Sequence[CaseSummary] = (),
) -> CaseSummary:
    one = {name: int(column[place]) for name, column in counts.items()}
    shows_model = has_model and not one["hidden"]
    return CaseSummary(
        case=case,
        slide=slide,
        patches=one["patches"],
        glomeruli=one["glomeruli"],
        reference=wilson(one["sclerotic"], one["labelled"]),
        model=wilson(one["called_sclerotic"], one["called"]) if shows_model else None,
        hidden=one["hidden"],
        trained_on=one["trained_on"] if shows_model else 0,
        excluded=one["excluded"],
        duplicates=one["duplicates"],
        cannot_tell=one["cannot_tell"],
        not_a_glomerulus=one["not_a_glomerulus"],
        unlabelled=one["unlabelled"],
        disputed=one["disputed"],
        slides=tuple(sorted(slides, key=lambda summary: summary.slide.casefold())),
    )


def _name(names: Sequence[str], code: int) -> str:
    return names[code] if 0 <= code < len(names) else ""
