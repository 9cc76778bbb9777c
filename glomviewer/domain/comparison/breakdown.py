"""The comparison slide by slide, or centre by centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.comparison.figures import confusion
from glomviewer.domain.comparison.scored import Compared, Ints, Scored

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """What one model does within a slide or a centre."""

    called: int
    errors: int
    f1: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One slide or centre; `rows` are its rows of the comparison."""

    name: str
    patches: int
    sclerotic: int
    first: Part
    second: Part
    rows: Ints


def by_slide(compared: Compared) -> list[Unit]:
    return _units(compared, compared.slide, compared.slides)


def by_centre(compared: Compared) -> list[Unit]:
    """Empty where there are not two centres to tell apart."""
    units = _units(compared, compared.centre, compared.centres)
    return units if len(units) > 1 else []


def _units(compared: Compared, codes: Ints, names: Sequence[str]) -> list[Unit]:
    """The units with most errors of either model first, then by name."""
    order = np.argsort(codes, kind="stable")
    known, starts = np.unique(codes[order], return_index=True)
    units = [
        _unit(compared, names[code] if code >= 0 else UNKNOWN, rows)
        for code, rows in zip(map(int, known), np.split(order, starts[1:]), strict=False)
    ]
    return sorted(
        units, key=lambda unit: (-unit.first.errors - unit.second.errors, unit.name.casefold())
    )


def _unit(compared: Compared, name: str, rows: Ints) -> Unit:
    return Unit(
        name=name,
        patches=len(rows),
        sclerotic=int(np.count_nonzero(compared.target[rows])),
        first=_part(compared.first, rows),
        second=_part(compared.second, rows),
        rows=rows,
    )


def _part(scored: Scored, rows: Ints) -> Part:
    counts = confusion(Scored(scored.target[rows], scored.logit[rows], scored.threshold))
    hits, errors = counts.true_positive, counts.false_positive + counts.false_negative
    positives = hits + counts.false_negative
    return Part(
        called=hits + counts.false_positive,
        errors=errors,
        f1=2 * hits / (2 * hits + errors) if hits + errors else None,
        recall=hits / positives if positives else None,
    )
