"""report.md, report.csv and report.json of a cross-validation."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training import atomic
from training.json_fields import dump
from training.judging.judge_facts import FEW_SCLEROTIC
from training.judging.judge_tables import figures_table, pairs_table, summary_table, table

Facts = Mapping[str, Any]
CURVES = {
    "roc.png": "ROC curves",
    "precision-recall.png": "Precision-recall curves",
    "calibration.png": "Calibration curves",
}
_PAIRS_IN_TERMINAL = 6
_COLUMNS = (
    *("kind", "first", "second", "figure", "value", "low", "high", "undefined_draws"),
    *("p", "p_holm"),
)


def write_report(out: Path, facts: dict[str, Any]) -> None:
    """Write all three; the Markdown expects the pictures in curves/."""
    atomic.write_text(out / "report.json", dump(facts))
    atomic.write_text(out / "report.csv", report_csv(facts))
    atomic.write_text(out / "report.md", report_markdown(facts))


def report_csv(facts: Facts) -> str:
    """A line for each figure of each recipe and of each difference."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(_csv_lines(facts))
    return buffer.getvalue()


def _csv_lines(facts: Facts) -> Iterator[dict[str, Any]]:
    for one in facts["recipes"]:
        for figure, interval in one["figures"].items():
            undefined = one["undefined_draws"][figure]
            yield {
                **{"kind": "recipe", "first": one["name"], "figure": figure},
                **interval,
                "undefined_draws": undefined,
            }
    for pair in facts["pairs"]:
        known = {"kind": "difference", "first": pair["first"], "second": pair["second"]}
        for figure, difference in pair["differences"].items():
            yield {**known, "figure": figure, **difference}
        found = pair["mcnemar"]
        yield {**known, "figure": "mcnemar", "p": found["p"], "p_holm": found["p_holm"]}


def report_markdown(facts: Facts) -> str:
    """The report for a person who has to judge how far to trust it."""
    parts = [
        "# Cross-validation of recipes",
        f"Question: **{facts['question']}** {facts['other_question']}\n\n{facts['purpose']}",
        summary_table(facts),
        "## All figures",
        figures_table(facts),
        _figures_note(facts),
        *_comparison(facts),
        "## What each threshold rests on",
        _thresholds(facts),
        "## Curves",
        "\n".join(f"![{name}](curves/{file})" for file, name in CURVES.items()),
        "## How it was made",
        _provenance(facts),
    ]
    return "\n\n".join(parts) + "\n"


def _figures_note(facts: Facts) -> str:
    return (
        "AUC, average precision, log loss and calibration error are of the folds' calibrated "
        "logits pooled; calls are by each fold's own threshold. The mean of folds is of the AUC "
        "within each fold. Calibration error is the expected one over 15 equal bins of "
        "probability; the error of % sclerotic is the mean over cases or slides of the absolute "
        f"error, in percentage points. Intervals are percentiles of {facts['draws']:,} draws, "
        "expanded for few groups (Hesterberg 2015); they tell of other groups like these, not of "
        "another seed, and leave out of account that folds share training patches. Few patches "
        "make the calibration error look larger than it is, and groups drawn again still more, so "
        "it bears no interval: read its differences."
    )


def _comparison(facts: Facts) -> list[str]:
    if not facts["pairs"]:
        return []
    pair = facts["pairs"][0]
    swaps = "every swap" if pair["exact"] else f"{pair['permutations']:,} random swaps"
    several = len(facts["pairs"]) > 1
    holm = (
        " More than two recipes are compared: read the p after Holm's correction over the "
        f"{len(facts['pairs'])} pairs, figure by figure."
        if several
        else ""
    )
    return [
        "## Differences",
        pairs_table(facts),
        "Intervals are from the same draws for both recipes. p by group is two-sided: how often "
        "the difference is as large after the recipes' outputs (their ranks for AUC and average "
        f"precision) are swapped in {swaps} of whole groups (Bandos et al. 2005; "
        "Phipson and Smyth 2010). McNemar's exact test takes patches "
        f"for independent, which those of one slide are not: its p may be too small.{holm}",
    ]


def _thresholds(facts: Facts) -> str:
    lines = []
    for one in facts["recipes"]:
        told = [
            f"{part['threshold']['logit']:+.2f} ({part['sclerotic']} and {part['others']})"
            for part in one["tuning"]
        ]
        few = (
            f" Fewer than {FEW_SCLEROTIC} sclerotic: too few."
            if one["threshold_rests_on_few"]
            else ""
        )
        lines.append([one["name"], f"{one['tuned_on']}.{few}", "; ".join(told)])
    heads = ["recipe", "rests on", "threshold in each fold (on so many sclerotic and other)"]
    return table(heads, lines)


def _provenance(facts: Facts) -> str:
    data = facts["data"]
    folds = "; ".join(
        f"{fold['name']}: {fold['patches']} patches, {fold['sclerotic']} sclerotic, "
        f"{fold['groups']} groups"
        for fold in facts["folds"]
    )
    unknown = [one["name"] for one in facts["recipes"] if not one["seen_known"]]
    lines = [
        f"data: {data['folder']}, hash {data['hash']}",
        f"folds held out: {folds}",
        f"seed: {facts['seed']}",
        f"devices: {'; '.join(facts['devices'])}",
        f"versions: {', '.join(f'{k} {v}' for k, v in facts['versions'].items() if v)}",
        "starting points: "
        + "; ".join(f"{one['name']} from {one['base']}" for one in facts["recipes"]),
        "no fold started from a model that had seen its held-out patches"
        if not unknown
        else f"nobody knows what the starting point of {', '.join(unknown)} had seen",
        f"made: {facts['created']}",
        *(f"note: {note}" for note in facts["notes"]),
    ]
    if data["grouping"] == "centre":
        lines.append(
            f"{len(facts['folds'])} centres are left out in turn; the intervals draw slides, and "
            "so tell of other slides of these centres, not of other centres"
        )
    return "\n".join(f"- {line}" for line in lines)


def terminal_text(facts: Facts) -> str:
    """What is printed at the end: the table, the differences, and which question was answered."""
    parts = [summary_table(facts)]
    if len(facts["pairs"]) > _PAIRS_IN_TERMINAL:
        first = facts["recipes"][0]["name"]
        parts += [f"Against {first}; report.md has all pairs.", pairs_table(facts, first)]
    else:
        parts.append(pairs_table(facts))
    parts += [f"{facts['question']} {facts['other_question']}", facts["purpose"]]
    return "\n\n".join(part for part in parts if part)
