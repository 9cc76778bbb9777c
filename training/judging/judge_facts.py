"""report.json of a cross-validation: all that the other forms of the report are written from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from training.events import utc_now
from training.judging.fold_run import Entry
from training.judging.folds import FoldPlan
from training.judging.recipe_figures import Judgement, RecipeFigures
from training.learning.candidate import installed_versions

FORMAT = 1
QUESTION = "Which recipe is better when each is refitted on these folds?"
OTHER_QUESTION = (
    "It does not say whether one model may replace another: that is the gate's question, and is "
    "answered on locked patches that neither model has seen (python -m training gate)."
)
PURPOSE = "For review of patches by a reader; not for diagnosis."
# With fewer sclerotic patches than that a threshold moves by chance: one in 30 is 3 % of recall.
FEW_SCLEROTIC = 30


def report_facts(
    entries: Sequence[Entry], plan: FoldPlan, judgement: Judgement, *, seed: int, data: str
) -> dict[str, Any]:
    """`data` is the name of the data folder, without its place."""
    devices = {part.device: None for entry in entries for part in entry.parts}
    return {
        "format": FORMAT,
        "created": utc_now(),
        "question": QUESTION,
        "other_question": OTHER_QUESTION,
        "purpose": PURPOSE,
        "data": {
            "folder": data,
            "hash": plan.data_hash,
            "patches": len(plan.rows),
            "sclerotic": int((plan.labels == 1).sum()),
            "groups": judgement.groups,
            "unit": judgement.unit,
            "reliable": judgement.reliable,
            "grouping": plan.grouping,
            "centres": sorted({row.centre for row in plan.rows if row.centre}),
        },
        "folds": [_fold(plan, number) for number in range(len(plan.folds))],
        "seed": seed,
        "draws": judgement.draws,
        "versions": installed_versions(),
        "devices": list(devices),
        "notes": list(plan.notes),
        "recipes": [
            _recipe(entry, found) for entry, found in zip(entries, judgement.recipes, strict=True)
        ],
        "pairs": [pair.to_json() for pair in judgement.pairs],
    }


def _fold(plan: FoldPlan, number: int) -> dict[str, Any]:
    fold = plan.folds[number]
    rows = plan.part(fold.held_out)
    return {
        "name": fold.name,
        "patches": len(rows),
        "sclerotic": sum(row.label == 1 for row in rows),
        "groups": len({row.group or row.patch for row in rows}),
    }


def _recipe(entry: Entry, found: RecipeFigures) -> dict[str, Any]:
    contestant, parts = entry.contestant, entry.parts
    return {
        "name": contestant.name,
        "recipe": contestant.recipe.to_json(),
        "base": parts[0].base,
        "seen_known": all(part.seen_known for part in parts),
        "seconds": round(sum(part.seconds for part in parts), 1),
        "devices": sorted({part.device for part in parts}),
        "tuned_on": parts[0].tuned_on,
        "tuning": [
            {
                "fold": part.fold,
                "sclerotic": part.tuning_sclerotic,
                "others": part.tuning_others,
                "looks": part.looks,
                "threshold": part.threshold.to_json(),
                "calibration": part.calibration.to_json(),
            }
            for part in parts
        ],
        "threshold_rests_on_few": min(p.tuning_sclerotic for p in parts) < FEW_SCLEROTIC,
        **found.to_json(),
    }
