"""Reads two models' scores on the patches that are clean for both. No Qt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.changes import Changes
from glomviewer.domain.comparison.centres import centres_of
from glomviewer.domain.comparison.choosing import Chosen, Contender, Labelled, PatchSet, choose
from glomviewer.domain.comparison.scored import Compared, Floats, Ints, Mask, Scored
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.records import ModelRecord
from glomviewer.store.library import Library
from glomviewer.store.patch_scores import PatchScores


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models of a library on one set of patches; `compared` is None where no patch is clean
    for both, and `refusal` then says so. `unpredicted` are those without any prediction."""

    first: ModelRecord
    second: ModelRecord
    among: PatchSet
    compared: Compared | None
    refusal: str
    left_out: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    looks: int
    unpredicted: tuple[ModelRecord, ...]


def read_comparison(
    library: Library, table: PatchTable, *, first: str, second: str, among: PatchSet
) -> Comparison:
    """What two models say of a set of patches. Whoever shows figures of the locked set counts
    the look before (`count_comparison_look`)."""
    records = library.model(first), library.model(second)
    scores = library.patch_scores(first), library.patch_scores(second)
    labelled, hashes = _labelled(library)
    contenders = [
        _contender(record, one, labelled, hashes)
        for record, one in zip(records, scores, strict=True)
    ]
    chosen = choose(labelled, contenders[0], contenders[1], among)
    compared = None
    if not chosen.refusal:
        compared = _compared(table, labelled, chosen, (scores[0].threshold, scores[1].threshold))
    return Comparison(
        first=records[0],
        second=records[1],
        among=among,
        compared=compared,
        refusal=chosen.refusal,
        left_out=chosen.left_out,
        notes=chosen.notes,
        looks=library.looks(),
        unpredicted=tuple(
            record
            for record, one in zip(records, scores, strict=True)
            if bool(np.isnan(one.logit).all())
        ),
    )


def count_comparison_look(library: Library, *, first: str, second: str, reader: int) -> Changes:
    """Count a reader's look at the locked set; then the figures may be read."""
    titles = library.model(first).title, library.model(second).title
    return library.add_look(f"{titles[1]} beside {titles[0]}, on the page Compare", reader)


def _labelled(library: Library) -> tuple[Labelled, list[str]]:
    entries = library.training_manifest()
    splits = np.array([entry.split for entry in entries], dtype=np.str_)
    labelled = Labelled(
        patches=np.array([entry.patch for entry in entries], dtype=np.int64),
        target=np.array([entry.label == 1 for entry in entries], dtype=np.bool_),
        group=[entry.group for entry in entries],
        training=splits == "train",
        validation=splits == "validation",
        locked=splits == "locked",
        blind=np.array([entry.gate for entry in entries], dtype=np.bool_),
    )
    return labelled, [entry.hash for entry in entries]


def _contender(
    record: ModelRecord, scores: PatchScores, labelled: Labelled, hashes: list[str]
) -> Contender:
    return Contender(
        title=record.title,
        logit=_at(labelled.patches, scores.patches, scores.logit),
        out_of_fold=_at(labelled.patches, scores.patches, scores.out_of_fold),
        seen=None if scores.seen is None else _marked(hashes, scores.seen),
        learned=_marked(hashes, scores.learned),
        threshold=scores.threshold,
    )


def _at(wanted: Ints, patches: Ints, values: Floats) -> Floats:
    """The values of the wanted patches, NaN where there is none; `patches` are in order."""
    found = np.full(len(wanted), np.nan)
    if len(patches) and len(wanted):
        places = np.minimum(np.searchsorted(patches, wanted), len(patches) - 1)
        known = patches[places] == wanted
        found[known] = values[places[known]]
    return found


def _marked(hashes: list[str], among: Collection[str]) -> Mask:
    return np.array([one in among for one in hashes], dtype=np.bool_)


def _compared(
    table: PatchTable, labelled: Labelled, chosen: Chosen, thresholds: tuple[float, float]
) -> Compared:
    inside = labelled.only(chosen.rows)
    slide, slides = _slides(table, inside.patches)
    centre, centres = centres_of(slides, slide)
    first, second = chosen.first[chosen.rows], chosen.second[chosen.rows]
    return Compared(
        patches=inside.patches,
        target=inside.target,
        group=inside.codes,
        unit="case or slide" if any(inside.group) else "patch",
        slide=slide,
        slides=slides,
        centre=centre,
        centres=centres,
        first=Scored(inside.target, first, thresholds[0]),
        second=Scored(inside.target, second, thresholds[1]),
    )


def _slides(table: PatchTable, patches: Ints) -> tuple[Ints, tuple[str, ...]]:
    """The slide of each patch, its case where the slide is unknown, and their names."""
    names = (*table.slides, *table.cases)
    found = np.full(len(patches), -1, dtype=np.int64)
    if not len(table):
        return found, names
    places = np.minimum(np.searchsorted(table.ids, patches), len(table) - 1)
    known = table.ids[places] == patches
    slide = table["slide"].astype(np.int64)[places]
    case = table["case"].astype(np.int64)[places]
    by_case = np.where(case >= 0, len(table.slides) + case, -1)
    found[known] = np.where(slide >= 0, slide, by_case)[known]
    return found, names
