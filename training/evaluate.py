"""The verb `evaluate`: a model's figures on labelled patches, with intervals by case or slide."""

from __future__ import annotations

import argparse
import json
import sys

from training.judging.metrics import Figures, figures
from training.judging.resampling import RELIABLE_FROM_GROUPS
from training.patches.labelled_patches import (
    add_model_arguments,
    add_test_arguments,
    held_out,
    read_test,
    score_test,
    seen_warning,
)
from training.predict import load_any_model

_SHOWN = {
    "log_loss": "loss",
    "auc": "AUC",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "specificity": "specificity",
    "accuracy": "accuracy",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "System B's evaluation.py --test CSV and system C's evaluate.py --data_path DIR "
        "--model_path FILE are this verb. With --data-path only patches are counted that the "
        "model was not trained or tuned on. Options may be written with _ in place of -."
    )
    add_test_arguments(parser)
    add_model_arguments(parser)
    parser.add_argument(
        "--all",
        action="store_true",
        help="with --data-path: also the patches that the model was trained or tuned on",
    )


def run(arguments: argparse.Namespace) -> int:
    rows = read_test(arguments)
    model = load_any_model(arguments.model_path, arguments.preset, arguments.threshold)
    everything = score_test(model, rows, arguments)
    by_folder = arguments.data_path is not None and not arguments.all
    test = held_out(model, everything) if by_folder else everything
    found = figures(test.scores(model), test.groups, seed=arguments.seed)
    warning = seen_warning(model, test)
    card = model.card
    if arguments.json:
        told = {
            **found.to_json(),
            "model": {"id": card.id, "name": card.name, "version": card.version},
            "threshold": card.threshold.to_json(),
            "unreadable": test.errors,
            "warning": warning or None,
        }
        print(json.dumps(told))
        return 0
    if test is not everything:
        print(
            f"hold-out     {len(test.rows):,} of {len(everything.rows):,} patches, which the model "
            "was not trained on"
        )
    print(f"model        {card.name} version {card.version}")
    print(
        f"threshold    {card.threshold.logit:.4f} on the calibrated logit ({card.threshold.rule})"
    )
    print(figures_text(found))
    if warning:
        print(f"warning: {warning}", file=sys.stderr)
    return 0


def figures_text(found: Figures) -> str:
    """Figures as lines for a person; the unit of the intervals among them."""
    (tn, fp), (fn, tp) = found.confusion
    return "\n".join(
        [
            f"patches      {found.patches:,}, {found.sclerotic:,} of them globally sclerotic",
            f"intervals    {unit_text(found)}",
            *(f"{name:<12} {found.values[key]}" for key, name in _SHOWN.items()),
            "confusion    called 0  called 1",
            f"  label 0    {tn:>8,}  {fp:>8,}",
            f"  label 1    {fn:>8,}  {tp:>8,}",
        ]
    )


def unit_text(found: Figures) -> str:
    """What the intervals are drawn over, and whether there is enough of it."""
    unit = "patches" if found.unit == "patch" else "cases or slides"
    undefined = f", {found.undefined_draws:,} undefined" if found.undefined_draws else ""
    few = "" if found.reliable else f"; fewer than {RELIABLE_FROM_GROUPS}, so unreliable"
    return f"95 %, {found.draws:,} draws of {found.groups:,} {unit}{undefined}{few}"
