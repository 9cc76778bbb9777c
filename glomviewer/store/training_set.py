"""What a retraining may use: one query decides it, for the counts and for the manifest alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.domain.labels import LabelSet, Split
from glomviewer.domain.records import TrainingCounts
from glomviewer.store.roots import absolute_path, root_folders

_CONTRADICTED = """
SELECT d.duplicate_of FROM patches d
JOIN patch_states s ON s.patch_id = d.id JOIN patch_states os ON os.patch_id = d.duplicate_of
WHERE d.duplicate_of IS NOT NULL AND s.excluded = 0 AND {target} <> {original}
"""

_USABLE = """
SELECT p.id, p.split, {target} AS target, s.blind, p.case_id, p.slide_id,
coalesce(2 * p.case_id, 2 * p.slide_id + 1) AS grouped,
CASE WHEN s.excluded THEN 'excluded' WHEN s.disputed THEN 'disputed'
WHEN s.reference = -1 THEN 'unlabelled' WHEN {target} IS NULL THEN 'label:' || s.reference
WHEN p.duplicate_of IS NOT NULL THEN 'duplicate' WHEN p.id IN ({contradicted}) THEN 'contradicted'
WHEN p.file_state > 0 THEN 'missing' ELSE '' END AS left_out
FROM patches p JOIN patch_states s ON s.patch_id = p.id
"""
"""Each patch with the first reason why it stays out, "" for none. A picture counts once, so all
its duplicates stay out, and it itself too while a duplicate is called otherwise."""

_CORRECTED = """
SELECT count(DISTINCT patch_id) FROM (
SELECT c.patch_id, d.label, iif(d.before_label = -1, p.imported_label, d.before_label) AS before,
d.origin_id, d.sequence FROM current_labels c JOIN decisions d ON d.id = c.decision_id
JOIN patches p ON p.id = c.patch_id
UNION ALL
SELECT s.patch_id, d.label, iif(d.before_label = -1, p.imported_label, d.before_label),
d.origin_id, d.sequence FROM patch_states s JOIN decisions d ON d.id = s.adjudication_id
JOIN patches p ON p.id = s.patch_id
) AS x JOIN origins o ON o.id = x.origin_id
LEFT JOIN json_each(?) AS known ON known.key = o.uuid
WHERE x.label <> x.before AND x.sequence > coalesce(known.value, 0)
"""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A row of a run's manifest.csv; no name of a case or a slide is in it, only `group`."""

    patch: int
    path: str
    hash: str
    group: str
    split: str
    label: int
    gate: bool


def manifest(connection: Connection, library: Path, label_set: LabelSet) -> list[ManifestEntry]:
    """Labelled patches of train, validation and locked. The final set is nobody's to read."""
    roots = root_folders(connection, library)
    rows = connection.exec_driver_sql(
        "SELECT u.*, f.root_id, f.path, f.pixel_hash FROM "
        f"({_usable(label_set)}) AS u JOIN files f ON f.patch_id = u.id "
        "WHERE u.left_out = '' AND u.split IN (?, ?, ?) ORDER BY u.id",
        (int(Split.TRAIN), int(Split.VALIDATION), int(Split.LOCKED)),
    )
    return [
        ManifestEntry(
            patch=row[0],
            path=absolute_path(roots[row[8]], row[9]),
            hash=row[10],
            group=_group(row[4], row[5]),
            split=Split(row[1]).name.lower(),
            label=row[2],
            gate=row[1] == Split.LOCKED and bool(row[3]),
        )
        for row in rows
    ]


def counts(connection: Connection, label_set: LabelSet, *, corrections: int) -> TrainingCounts:
    """How many patches a retraining would use, as (not, globally sclerotic) for each split, and
    how many stay out for which reason."""
    used: Counter[tuple[Split, int]] = Counter()
    cases: Counter[tuple[Split, int]] = Counter()
    left_out: Counter[str] = Counter()
    shown, alone = 0, 0
    usable = _usable(label_set)
    for number, target, blind, reason, patches, single in connection.exec_driver_sql(
        f"SELECT split, target, blind, left_out, count(*), sum(grouped IS NULL) FROM ({usable}) "
        "GROUP BY split, target, blind, left_out"
    ):
        if reason:
            left_out[reason] += patches
            continue
        split = Split(number)
        used[split, target] += patches
        alone += single
        shown += patches if split is Split.LOCKED and not blind else 0
    groups = {
        Split(number): there
        for number, there in connection.exec_driver_sql(
            f"SELECT split, count(DISTINCT grouped) FROM ({usable}) WHERE left_out = '' "
            "GROUP BY split"
        )
    }
    for number, target, there in connection.exec_driver_sql(
        f"SELECT split, target, count(DISTINCT grouped) FROM ({usable}) WHERE left_out = '' "
        "GROUP BY split, target"
    ):
        cases[Split(number), target] = there
    crosses = {one.code for one in label_set.labels if one.target is None and one.shape == "cross"}
    without_target = {
        int(reason.removeprefix("label:")): number
        for reason, number in left_out.items()
        if reason.startswith("label:")
    }
    return TrainingCounts(
        corrections=corrections,
        per_split=_pairs(used),
        cases_per_split={
            split.name.lower(): groups.get(split, 0) for split in Split if split is not Split.NONE
        },
        disputed=left_out["disputed"],
        cannot_tell=sum(n for code, n in without_target.items() if code not in crosses),
        not_a_glomerulus=sum(n for code, n in without_target.items() if code in crosses),
        unlabelled=left_out["unlabelled"],
        excluded=left_out["excluded"],
        duplicates=left_out["duplicate"] + left_out["contradicted"],
        missing=left_out["missing"],
        locked_with_call_shown=shown,
        warnings=_warnings(used, alone, left_out["contradicted"]),
        cases_per_class=_pairs(cases),
    )


def corrections_since(connection: Connection, position: Mapping[str, int]) -> int:
    """Patches whose label in force was changed by a decision after this position in the log."""
    known = json.dumps({origin: int(sequence) for origin, sequence in position.items()})
    return int(connection.exec_driver_sql(_CORRECTED, (known,)).scalar_one())


def log_position(connection: Connection) -> dict[str, int]:
    """How far the log of each origin reaches in this library."""
    rows = connection.exec_driver_sql(
        "SELECT o.uuid, max(d.sequence) FROM origins o JOIN decisions d ON d.origin_id = o.id "
        "GROUP BY o.id"
    )
    return {row[0]: int(row[1]) for row in rows}


def _group(case: int | None, slide: int | None) -> str:
    """A key that names nobody."""
    if case is not None:
        return f"c{case}"
    return "" if slide is None else f"s{slide}"


def _usable(label_set: LabelSet) -> str:
    """`_USABLE` for these labels; a lookup in the query takes half the time of a join."""
    target = _target_of(_counted("p", "s"), label_set)
    original = _target_of("os.reference", label_set)
    contradicted = _CONTRADICTED.format(target=target, original=original)
    return _USABLE.format(target=target, contradicted=contradicted)


def _counted(patch: str, state: str) -> str:
    """A locked patch is judged by what was said before the model's call could be known."""
    return (
        f"iif({patch}.split = {Split.LOCKED:d} AND {state}.gate_label <> -1, "
        f"{state}.gate_label, {state}.reference)"
    )


def _target_of(column: str, label_set: LabelSet) -> str:
    cases = " ".join(
        f"WHEN {code:d} THEN {target:d}"
        for code, target in label_set.targets().items()
        if target is not None
    )
    return f"CASE {column} {cases} END"


def _pairs(counted: Counter[tuple[Split, int]]) -> dict[str, tuple[int, int]]:
    return {
        split.name.lower(): (counted[split, 0], counted[split, 1])
        for split in Split
        if split is not Split.NONE
    }


def _warnings(used: Counter[tuple[Split, int]], alone: int, contradicted: int) -> tuple[str, ...]:
    warnings: list[str] = []
    for split in (Split.TRAIN, Split.VALIDATION, Split.LOCKED):
        for target, name in ((1, "globally sclerotic"), (0, "not globally sclerotic")):
            if not used[split, target]:
                which = "training" if split is Split.TRAIN else split.name.lower()
                warnings.append(f"There is no {which} patch that is {name}.")
    if alone:
        warnings.append(
            f"{alone:,} labelled patches belong to no known case or slide: figures will look "
            "better than they are."
        )
    if contradicted:
        warnings.append(
            f"{contradicted:,} pictures are in the library twice under different labels; they "
            "stay out until they are called the same."
        )
    return tuple(warnings)
