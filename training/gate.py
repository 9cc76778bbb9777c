"""The verb `gate`: two models side by side on labelled patches that neither has learnt from."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.judging.gate_rules import DEFAULT_MARGINS, Locked, Side, judge
from training.learning.calibration import apply_calibration
from training.models.model_folder import LoadedModel, load_model, read_seen
from training.patches.labelled_patches import (
    LabelledTest,
    add_test_arguments,
    read_test,
    score_test,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--old", type=Path, required=True, help="the active model's folder")
    parser.add_argument("--new", type=Path, required=True, help="the candidate's folder")
    parser.add_argument("--margin-f1", type=float, default=DEFAULT_MARGINS["f1"])
    parser.add_argument("--margin-auc", type=float, default=DEFAULT_MARGINS["auc"])
    parser.add_argument("--looks", type=int, default=0, help="looks at these patches before")
    add_test_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    rows = read_test(arguments)
    old, new = load_model(arguments.old), load_model(arguments.new)
    old_test = score_test(old, rows, arguments)
    new_test = score_test(new, rows, arguments)
    report = judge(
        Locked(
            [row.patch for row in new_test.rows],
            [row.hash for row in new_test.rows],
            new_test.groups,
            new_test.labels,
        ),
        old=_side(old, old_test),
        new=_side(new, new_test),
        margins={"f1": arguments.margin_f1, "auc": arguments.margin_auc},
        looks=arguments.looks,
        left_out={"unreadable_files": len(new_test.errors)},
        seed=arguments.seed,
    )
    print(json.dumps(report.to_json()) if arguments.json else report.sentence)
    return 0


def _side(model: LoadedModel, test: LabelledTest) -> Side:
    """Both models read the same files, so their rows are the same."""
    card = model.card
    seen = read_seen(model.folder) if card.seen == "known" else None
    return Side(apply_calibration(card.calibration, test.raw), card.threshold.logit, seen)
