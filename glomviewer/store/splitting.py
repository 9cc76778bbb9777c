"""Assigning splits to whatever has none yet. A case's later patches take its split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from glomviewer.domain.labels import LabelSet, Split
from glomviewer.domain.splits import Assignment, Group, Shares
from glomviewer.domain.splits import assign as assign_groups
from glomviewer.store import settings

_GROUPED = """
SELECT p.id, p.split, p.imported_split, s.reference,
CASE WHEN p.case_id IS NOT NULL THEN 'case:' || p.case_id
WHEN p.slide_id IS NOT NULL THEN 'slide:' || p.slide_id
ELSE 'patch:' || coalesce(p.duplicate_of, p.id) END
FROM patches p JOIN patch_states s ON s.patch_id = p.id ORDER BY p.id
"""

_SLIDES_KNOWN_BY_CASE_NOW = """
SELECT 'slide:' || s.id, 'case:' || min(o.case_id) FROM slides s
JOIN slides o ON o.name = s.name AND o.case_id IS NOT NULL
WHERE s.case_id IS NULL GROUP BY s.id HAVING count(DISTINCT o.case_id) = 1
"""
"""Slides first imported without a case whose name is a slide of one case by now."""


@dataclass(frozen=True, slots=True)
class SplitReport:
    """How many patches got a split now, and what is to be told loudly about it."""

    assigned: int = 0
    patches: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathered:
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    fixed: set[Split] = field(default_factory=set)
    asked: set[Split] = field(default_factory=set)
    waiting: list[int] = field(default_factory=list)


def assign(
    connection: Connection, *, shares: Shares | Sequence[float] | None = None
) -> SplitReport:
    """Assign every patch that has no split, for good.

    Raises:
        ValueError: the shares are negative or all 0.
    """
    waiting = connection.exec_driver_sql(
        "SELECT count(*) FROM patches WHERE split = -1"
    ).scalar_one()
    if not waiting:
        return SplitReport()
    chosen = Shares() if shares is None else Shares(*shares)
    gathered = _gather(connection)
    assignment = assign_groups(
        [
            Group(
                key=key,
                counts=tuple(group.counts),
                fixed=_settled(group.fixed),
                asked=frozenset(group.asked) if group.waiting else frozenset(),
            )
            for key, group in gathered.items()
        ],
        chosen,
    )
    ids = _write(connection, gathered, assignment)
    alone = sum(key.startswith("patch:") for key, group in gathered.items() if group.waiting)
    warnings = (*assignment.warnings, *_warn_of_single_patches(alone))
    return SplitReport(assigned=len(ids), patches=ids, warnings=warnings)


def _gather(connection: Connection) -> dict[str, _Gathered]:
    label_set = LabelSet.from_json(settings.setting(connection, "label_set"))
    place = {code: 2 if target is None else target for code, target in label_set.targets().items()}
    joined = {row[0]: row[1] for row in connection.exec_driver_sql(_SLIDES_KNOWN_BY_CASE_NOW)}
    gathered: defaultdict[str, _Gathered] = defaultdict(_Gathered)
    for patch, split, asked, reference, key in connection.exec_driver_sql(_GROUPED):
        group = gathered[joined.get(key, key)]
        group.counts[place.get(reference, 2)] += 1
        if split != Split.NONE:
            group.fixed.add(Split(split))
            continue
        group.waiting.append(patch)
        if asked != Split.NONE:
            group.asked.add(Split(asked))
    return gathered


def _settled(fixed: Iterable[Split]) -> Split:
    """The split of patches that are there already; train first where history left several."""
    return min(fixed, default=Split.NONE)


def _write(
    connection: Connection, gathered: dict[str, _Gathered], assignment: Assignment
) -> tuple[int, ...]:
    rows = [
        (int(assignment.splits[key]), patch)
        for key, group in gathered.items()
        for patch in group.waiting
    ]
    connection.exec_driver_sql("UPDATE patches SET split = ? WHERE id = ?", rows)
    return tuple(patch for _, patch in rows)


def _warn_of_single_patches(alone: int) -> tuple[str, ...]:
    if not alone:
        return ()
    what = "1 patch belongs" if alone == 1 else f"{alone:,} patches belong"
    return (
        f"{what} to no known case or slide and had to be split one by one: patches of one patient "
        "can be on both sides then, and every figure will look better than it is.",
    )
