"""The verb `thresholds`: where a rule would put a model's threshold, and what that gives."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from training.config import Threshold, UserError
from training.evaluate import unit_text
from training.judging.metrics import Figures, Scores, figures
from training.learning.threshold_search import search_threshold
from training.models.model_folder import LoadedModel, update_card
from training.patches.labelled_patches import (
    LabelledTest,
    add_model_arguments,
    add_test_arguments,
    read_test,
    score_test,
    seen_warning,
)
from training.predict import load_any_model
from training.threshold_rule import RULES_HELP

_DEFAULT_RULES = ("best-f1", "cost:2", "cost:5", "recall:0.95", "recall:0.99", "precision:0.95")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_test_arguments(parser)
    add_model_arguments(parser)
    parser.add_argument(
        "--rule", action="append", help=f"may be repeated; by default several. {RULES_HELP}"
    )
    parser.add_argument(
        "--write", action="store_true", help="put the threshold of the one --rule into the model"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.write and len(arguments.rule or []) != 1:
        raise UserError("--write needs exactly one --rule.")
    if arguments.write and arguments.split in ("test", "final"):
        raise UserError(
            f"--write can't place the threshold on the split {arguments.split}, on which the model "
            "is judged: name --split validation."
        )
    rows = read_test(arguments)
    tuning = [row for row in rows if row.split not in ("locked", "final")]
    if arguments.split not in ("test", "final") and len(tuning) < len(rows):
        print(
            f"warning: {len(rows) - len(tuning)} locked patches are left out: a threshold that is "
            "searched on them can't be judged on them",
            file=sys.stderr,
        )
        rows = tuning
    if not rows:
        raise UserError("all labelled patches are locked, and none is left to search on.")
    model = load_any_model(arguments.model_path, arguments.preset, arguments.threshold)
    test = score_test(model, rows, arguments)
    if warning := seen_warning(model, test):
        print(f"warning: {warning}", file=sys.stderr)
    found = _search(model, test, arguments)
    if arguments.write:
        _write(model, found[0][0], arguments)
    if arguments.json:
        told = [{**threshold.to_json(), **one.to_json()} for threshold, one in found]
        print(json.dumps({"now": model.card.threshold.to_json(), "thresholds": told}))
        return 0
    print(f"now            {model.card.threshold.logit:.4f} ({model.card.threshold.rule})")
    print(f"intervals      {unit_text(found[0][1])}")
    print(f"{'rule':<14} {'threshold':>9}  {'precision':<24} {'recall':<24} F1")
    for threshold, one in found:
        values = one.values
        precision, recall = str(values["precision"]), str(values["recall"])
        place = f"{threshold.logit:9.4f}"
        print(f"{threshold.rule:<14} {place}  {precision:<24} {recall:<24} {values['f1']}")
    return 0


def _search(
    model: LoadedModel, test: LabelledTest, arguments: argparse.Namespace
) -> list[tuple[Threshold, Figures]]:
    scores = test.scores(model)
    found = []
    for rule in arguments.rule or _DEFAULT_RULES:
        try:
            threshold = search_threshold(scores.logits, scores.labels, rule)
        except UserError as error:
            # Of the default rules one that can't be met is no reason to keep the others back.
            if arguments.rule or not str(error).startswith("No threshold"):
                raise
            print(f"warning: {rule}: {error}", file=sys.stderr)
            continue
        placed = Scores(scores.labels, scores.logits, threshold.logit)
        found.append((threshold, figures(placed, test.groups, seed=arguments.seed)))
    return found


def _write(model: LoadedModel, threshold: Threshold, arguments: argparse.Namespace) -> None:
    if not arguments.model_path.is_dir():
        raise UserError("--write needs a model folder: convert the checkpoint first.")
    update_card(model.folder, replace(model.card, threshold=threshold))
