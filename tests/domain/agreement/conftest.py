"""Small tables of ratings, and the label set that the program comes with."""

from pathlib import Path

import numpy as np
import pytest

from glomviewer.domain.agreement.ratings import Ratings, RatingTable, Repeats
from glomviewer.domain.labels import LabelSet, ReferenceSource
from glomviewer.domain.records import Reader

LABELS = Path(__file__).parents[3] / "resources/labels/global_sclerosis.json"


@pytest.fixture(scope="session")
def labels():
    return LabelSet.from_json(LABELS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def ratings():
    """Make ratings from a list of rows; by default every subject is its own group."""

    def make(rows, categories=(0, 1), *, groups=None, raters=None):
        codes = np.array(rows, dtype=np.int8).reshape(len(rows), -1 if len(rows) else raters or 0)
        return Ratings(
            codes=codes,
            raters=tuple("ABCDEFGHIJ"[: codes.shape[1]]),
            groups=np.arange(len(codes), dtype=np.int32)
            if groups is None
            else np.array(groups, dtype=np.int32),
            categories=tuple(categories),
            subjects=np.arange(100, 100 + len(codes), dtype=np.int64),
        )

    return make


@pytest.fixture(scope="session")
def table():
    """Make a table of ratings from each reader's first calls, shape (patches, readers); what is
    not given is as if nothing had happened. Cases are given by index, by default all one."""

    def make(first, **given):
        first = np.array(first, dtype=np.int8)
        patches, readers = first.shape
        case = np.array(given.pop("case", [0] * patches), dtype=np.int32)
        reference = np.array(given.pop("reference", [-1] * patches), dtype=np.int8)
        source = given.pop("source", ReferenceSource.ADJUDICATED)
        settled = np.where(reference >= 0, np.int8(source), np.int8(ReferenceSource.NONE))
        sources = np.array(given.pop("sources", settled), dtype=np.int8)
        wide = (patches, readers)
        repeats = given.pop("repeats", {})
        return RatingTable(
            readers=tuple(
                Reader(place, f"Reader {place}", f"R{place}") for place in range(readers)
            ),
            patches=np.arange(1, patches + 1, dtype=np.int64),
            cases=tuple(f"C{place}" for place in range(int(case.max(initial=-1)) + 1)),
            case=case,
            first=first,
            final=np.array(given.pop("final", first), dtype=np.int8),
            revealed=np.broadcast_to(np.array(given.pop("revealed", False)), wide).astype(bool),
            made_at=np.array(given.pop("made_at", np.zeros(wide)), dtype=np.int64),
            order=np.array(given.pop("order", np.full(wide, -1)), dtype=np.int32),
            repeats=tuple(repeats.get(reader, Repeats.none()) for reader in range(readers)),
            reference=reference,
            reference_source=sources,
            untouched=np.array(given.pop("untouched", reference), dtype=np.int8),
            untouched_source=np.array(given.pop("untouched_sources", sources), dtype=np.int8),
            call=np.array(given.pop("call", [-1] * patches), dtype=np.int8),
            trained_on=np.array(given.pop("trained_on", [False] * patches), dtype=bool),
            **given,
        )

    return make
