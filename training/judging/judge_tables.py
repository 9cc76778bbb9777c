"""Tables of a cross-validation's report.json, in Markdown: they read well in a terminal too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.judging.resampling import RELIABLE_FROM_GROUPS

NAMES = {
    "auc": "AUC",
    "auc_by_fold": "AUC, mean of folds",
    "average_precision": "average precision",
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "specificity": "specificity",
    "accuracy": "accuracy",
    "kappa": "kappa",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
    "percentage_error": "error of % sclerotic",
}
_SHORT = ("auc", "average_precision", "f1")
_PLAIN = ("precision", "recall", "kappa", "log_loss", "percentage_error")
_COMPARED = ("auc", "average_precision", "f1", "log_loss", "percentage_error")

Facts = Mapping[str, Any]


def summary_table(facts: Facts) -> str:
    """One line a recipe, and what the figures rest on: the table for a README."""
    heads = ["recipe", "starts from", *(NAMES[key] for key in (*_SHORT, *_PLAIN)), "time"]
    lines = [
        [
            one["name"],
            one["base"],
            *(cell(one["figures"][key]) for key in _SHORT),
            *(_plain(one["figures"][key]["value"], key) for key in _PLAIN),
            duration(one["seconds"]),
        ]
        for one in facts["recipes"]
    ]
    return f"{table(heads, lines)}\n\n{rests_on(facts)}"


def figures_table(facts: Facts) -> str:
    """Every figure with its interval, a column a recipe."""
    heads = ["figure", *(one["name"] for one in facts["recipes"])]
    lines = [
        [name, *(_interval_and_undefined(one, key) for one in facts["recipes"])]
        for key, name in NAMES.items()
    ]
    return table(heads, lines)


def pairs_table(facts: Facts, only_with: str | None = None) -> str:
    """First minus second with p by permutation, and exact McNemar; "" for a single recipe.

    `only_with` names a recipe that the others are compared with; by default all are with all.
    """
    pairs = [pair for pair in facts["pairs"] if only_with in (None, pair["first"], pair["second"])]
    if not pairs:
        return ""
    several = len(facts["pairs"]) > 1
    heads = ["first minus second", "figure", "difference", "p by group"]
    lines = []
    for pair in pairs:
        for key in _COMPARED:
            one = pair["differences"][key]
            tests = [p_text(one["p"]), *([p_text(one["p_holm"])] if several else [])]
            lines.append([_versus(pair), NAMES[key], cell(one, signed=True), *tests])
        found = pair["mcnemar"]
        told = f"{found['only_first']} and {found['only_second']} right by one alone"
        tests = [p_text(found["p"]), *([p_text(found["p_holm"])] if several else [])]
        lines.append([_versus(pair), "calls, McNemar", told, *tests])
    return table([*heads, *(["p after Holm"] if several else [])], lines)


def _versus(pair: Facts) -> str:
    return f"{pair['first']} - {pair['second']}"


def rests_on(facts: Facts) -> str:
    """One paragraph: patches, groups, folds, intervals, device."""
    data, few = facts["data"], ""
    unit = "patches" if data["unit"] == "patch" else "cases or slides"
    if not data["reliable"]:
        few = f" Fewer than {RELIABLE_FROM_GROUPS} {unit} make intervals unreliable."
    cut = "one centre out at a time" if data["grouping"] == "centre" else f"by {unit}"
    folds = ", ".join(fold["name"] for fold in facts["folds"])
    if data["grouping"] != "centre":
        folds = str(len(facts["folds"]))
    return (
        f"Out of fold on {data['patches']:,} patches ({data['sclerotic']:,} globally sclerotic) "
        f"of {data['groups']:,} {unit}; the same folds for every recipe, {cut} ({folds}), seed "
        f"{facts['seed']}; 95 % intervals by {facts['draws']:,} bootstrap draws of {unit}.{few} "
        "Calibration and threshold come from the training side of each fold. "
        f"Time is of fitting and of what folds share, on {'; '.join(facts['devices'])}."
    )


def table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Markdown with columns of even width."""
    widths = [max(len(row[i]) for row in (heads, *lines)) for i in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(f'{c:<{w}}' for c, w in zip(cells, widths, strict=True))} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([line(heads), rule, *(line(cells) for cells in lines)])


def cell(interval: Facts, *, signed: bool = False) -> str:
    value, low, high = interval["value"], interval["low"], interval["high"]
    sign = "+" if signed else ""
    if value is None:
        return "undefined"
    if low is None or high is None:
        return f"{value:{sign}.3f}"
    return f"{value:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def _plain(value: float | None, key: str) -> str:
    if value is None:
        return "undefined"
    return f"{value:.1f} points" if key == "percentage_error" else f"{value:.3f}"


def _interval_and_undefined(recipe: Facts, key: str) -> str:
    undefined = recipe["undefined_draws"][key]
    told = f", {undefined} draws undefined" if undefined else ""
    return f"{cell(recipe['figures'][key])}{told}"


def p_text(p: float | None) -> str:
    if p is None:
        return "not tested"
    return f"{p:.4f}" if p >= 0.00005 else f"{p:.1e}"


def duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
