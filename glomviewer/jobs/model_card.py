"""What a model's card tells: data, recipe, figures, threshold, limits and intended use.

It is made from the model's own record and the counts of its run alone, so that it comes out the
same whenever it is made, and holds no name of a file, a slide or a case. Notes and reasons, which
readers write freely, stay in the library.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.model_card_counts import SplitCounts
from glomviewer.jobs.model_card_limits import limits_of
from glomviewer.jobs.model_card_pages import Chapter, Document, Grid
from glomviewer.store.models import ThresholdChange
from training.config import UserError
from training.recipe import METHODS, recipe_fields

METRICS = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "specificity": "Specificity",
    "accuracy": "Accuracy",
    "kappa": "Kappa",
    "log_loss": "Log loss",
    "calibration_error": "Calibration error",
    "percentage_error": "Error of the percentage sclerotic, points",
}
INTENDED = (
    "For review, not for diagnosis. It calls patches of single glomeruli, cut out of PAS-stained "
    "kidney sections, globally sclerotic or not, so that the patches on which reader and "
    "model differ can be seen first.",
    "Every call is to be seen by a reader. It is no medical device, and no percentage that rests "
    "on unseen calls belongs in a report.",
    "Patches that show no glomerulus, that are cut off or out of focus, or of another stain or "
    "species are outside of what it was made for; it calls them all the same.",
)
SETS = {"validation": "validation", "locked": "locked set"}


def card_document(
    record: ModelRecord,
    counts: Sequence[SplitCounts],
    thresholds: Sequence[ThresholdChange],
) -> Document:
    """The card of a model; `thresholds` newest first."""
    card = record.card
    chapters = [
        Chapter("Intended use", INTENDED),
        Chapter("The model", grids=(_model(record),)),
        _data(card, counts),
        _recipe(card),
        _figures(card),
        _threshold(record, thresholds),
        Chapter("Limits", limits_of(card, counts), points=True),
    ]
    versions = _mapping(card.get("versions"))
    if versions:
        rows = tuple((_text(k), _text(v)) for k, v in sorted(versions.items()) if v)
        chapters.append(Chapter("Made with", grids=(Grid(("program", "version"), rows),)))
    return Document(
        title=f"Model card: {record.title}",
        lead="A model that calls glomeruli globally sclerotic or not globally sclerotic. For "
        "review, not for diagnosis.",
        chapters=tuple(chapters),
    )


def _model(record: ModelRecord) -> Grid:
    card = record.card
    architecture = _mapping(card.get("architecture"))
    preprocessing = _mapping(card.get("preprocessing"))
    ancestors = [_text(one) for one in card.get("ancestors") or ()]
    rows = [
        ("Name and version", record.title),
        ("Id", record.id),
        ("Made", record.created.isoformat(timespec="seconds")),
        ("Architecture", _text(architecture.get("name", "unknown"))),
        ("Input", _input(preprocessing)),
        ("Trained on", _text(card.get("device")) or "an unknown device"),
        ("Seed", _text(card.get("seed")) or "none was kept"),
        ("Weights, SHA-256", _text(card.get("weights_hash")) or "none was kept"),
        ("Ancestors", ", ".join(ancestors) or "none"),
        ("Started from", _started_from(_mapping(card.get("recipe")).get("base"))),
    ]
    return Grid(("", ""), tuple(rows))


def _started_from(source: Any) -> str:
    """The base weights; of a file only that it was one."""
    text = _text(source)
    architecture, of_file, _ = text.partition(" from ")
    return f"{architecture} from a file of weights" if of_file else text or "unknown"


def _input(preprocessing: Mapping[str, Any]) -> str:
    size, fit = _text(preprocessing.get("size")), _text(preprocessing.get("fit"))
    how = {"pad": "padded to a square", "stretch": "stretched to a square"}.get(fit, fit)
    return f"RGB, {how}, {size} px" if size else "unknown"


def _data(card: Mapping[str, Any], counts: Sequence[SplitCounts]) -> Chapter:
    if card.get("seen") == "unknown":
        return Chapter(
            "Data",
            ("It is not known what this model was trained on, so no figure proves anything.",),
        )
    seen = card.get("seen_count") or 0
    sentences = [
        f"{seen:,} pictures, told by the hash of their pixels, were used to train or tune it or "
        "an ancestor. Splits are by case, else by slide; the locked set took no part in training."
    ]
    if _text(card.get("data_hash")):
        sentences.append(f"Hash of all of them: {_text(card.get('data_hash'))}.")
    if not counts:
        sentences.append("How many of them belong to which split and class was not kept.")
        return Chapter("Data", tuple(sentences))
    rows = tuple(
        (one.split, f"{one.others:,}", f"{one.sclerotic:,}", f"{one.patches:,}", f"{one.groups:,}")
        for one in counts
    )
    headers = ("split", "not sclerotic", "sclerotic", "patches", "cases or slides")
    return Chapter("Data", tuple(sentences), grids=(Grid(headers, rows),))


def _recipe(card: Mapping[str, Any]) -> Chapter:
    recipe = _mapping(card.get("recipe"))
    if not recipe:
        return Chapter("Recipe", ("No recipe was kept with this model.",))
    helps = _helps(str(recipe.get("method", "")))
    rows = [
        (name, _text(value), helps.get(name, ""))
        for name, value in recipe.items()
        if name not in ("format", "name", "summary", "method", "base", "found")
    ]
    sentences = [f"{_text(recipe.get('name')) or 'Unnamed'}: {_text(recipe.get('summary'))}."]
    grids = [Grid(("field", "value", "meaning"), tuple(rows))]
    found = _mapping(recipe.get("found"))
    if found:
        known = tuple(
            (_text(key), _text(value))
            for key, value in found.items()
            if isinstance(value, str | int | float)
        )
        grids.append(Grid(("found in training", ""), known))
    return Chapter(
        "Recipe",
        tuple(one.replace(": .", ".").replace("..", ".") for one in sentences),
        grids=tuple(grids),
    )


def _helps(method: str) -> dict[str, str]:
    if method not in METHODS:
        return {}
    try:
        specs = recipe_fields(method)
    except UserError:
        return {}
    return {spec.name: f"{spec.help} ({spec.unit})" if spec.unit else spec.help for spec in specs}


def _figures(card: Mapping[str, Any]) -> Chapter:
    metrics = _mapping(card.get("metrics"))
    sets = {name: _mapping(metrics.get(name)) for name in SETS if _mapping(metrics.get(name))}
    if not sets or card.get("seen") == "unknown":
        return Chapter("Figures", ("No figure that could be trusted was kept with this model.",))
    rows = tuple(
        (title, *(_interval(found.get(metric)) for found in sets.values()))
        for metric, title in METRICS.items()
        if any(metric in found for found in sets.values())
    )
    sentences = [_basis(SETS[name], found) for name, found in sets.items()]
    sentences.append("Brackets hold 95 % intervals from a bootstrap that draws cases or slides.")
    headers = ("figure", *(SETS[name] for name in sets))
    matrices = tuple(
        grid for name, found in sets.items() if (grid := _matrix(SETS[name], found)) is not None
    )
    return Chapter("Figures", tuple(sentences), grids=(Grid(headers, rows), *matrices))


def _basis(name: str, found: Mapping[str, Any]) -> str:
    patches, sclerotic, groups = (found.get(key) for key in ("patches", "sclerotic", "groups"))
    text = f"On the {name.removesuffix(' set')} set"
    if isinstance(patches, int) and isinstance(sclerotic, int):
        text += f": {patches:,} patches, {sclerotic:,} of them sclerotic"
    if isinstance(groups, int) and found.get("unit") != "patch":
        text += f", of {groups:,} cases or slides"
    looks = found.get("looks")
    if name == SETS["locked"] and isinstance(looks, int):
        text += f"; look number {looks:,} at this set"
    if name == SETS["validation"]:
        text += "; it placed the calibration and the threshold, so its figures flatter"
    return f"{text}."


def _matrix(name: str, found: Mapping[str, Any]) -> Grid | None:
    counts = found.get("confusion")
    try:
        (tn, fp), (fn, tp) = counts  # type: ignore[misc]
    except (TypeError, ValueError):
        return None
    return Grid(
        (f"{name}, patches", "called not sclerotic", "called sclerotic"),
        (
            ("not sclerotic by label", f"{int(tn):,}", f"{int(fp):,}"),
            ("sclerotic by label", f"{int(fn):,}", f"{int(tp):,}"),
        ),
    )


def _threshold(record: ModelRecord, changes: Sequence[ThresholdChange]) -> Chapter:
    calibration = _mapping(record.card.get("calibration"))
    fitted = _text(calibration.get("fitted_on"))
    rows = tuple(
        (
            one.made_at.isoformat(timespec="seconds"),
            f"{one.logit:.4f}",
            f"{_probability(one.logit):.4f}",
            _text(one.rule) or "no rule was kept",
        )
        for one in (*changes[:1], *changes[-1:])
    )
    return Chapter(
        "Threshold and calibration",
        (
            f"Calibrated logit = {record.slope:.6g} × logit {_signed(record.intercept)}"
            + (f", fitted on {fitted}." if fitted else "."),
            "A patch is called globally sclerotic where its calibrated logit reaches the "
            "threshold.",
        ),
        grids=(Grid(("since", "threshold, logit", "as a probability", "rule"), _unique(rows)),),
    )


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {abs(value):.6g}"


def _unique(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(rows))


def _interval(value: Any) -> str:
    found = _mapping(value)
    number, low, high = (found.get(key) for key in ("value", "low", "high"))
    if not isinstance(number, int | float):
        return "undefined"
    if not (isinstance(low, int | float) and isinstance(high, int | float)):
        return f"{number:.3f}"
    return f"{number:.3f} ({low:.3f} to {high:.3f})"


def _probability(logit: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * logit))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    """A value as text. Whatever looks like a path stays out: it may name a patient."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{_text(key)} {_text(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    text = str(value)
    return "(a path, left out)" if "/" in text or "\\" in text else text
