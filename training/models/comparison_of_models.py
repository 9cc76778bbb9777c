"""Whether two model folders are one model: weights bit for bit, else by how much figures differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.config import ModelCard
from training.models.model_folder import WEIGHTS, read_card, read_weights

_FIGURES = ("auc", "f1", "precision", "recall", "log_loss")


@dataclass(frozen=True, slots=True)
class Comparison:
    same: bool
    sentence: str


def compare_models(first: Path, second: Path) -> Comparison:
    """`first` is the model as it was, `second` the one trained again."""
    old, new = read_weights(first / WEIGHTS), read_weights(second / WEIGHTS)
    before, after = read_card(first), read_card(second)
    if old.keys() != new.keys() or any(old[name].shape != new[name].shape for name in old):
        return Comparison(False, "Not the same: the two are of different architectures.")
    differing = [name for name in old if not torch.equal(old[name], new[name])]
    told = _figures(before, after)
    placed = (before.calibration, before.threshold) == (after.calibration, after.threshold)
    if not differing and placed and not told:
        return Comparison(
            True,
            f"The same: all {len(old)} tensors bit for bit, with the same calibration, threshold "
            "and figures.",
        )
    if not differing:
        logits = f"{before.threshold.logit:.6g} and {after.threshold.logit:.6g}"
        rest = "; ".join(told) or f"the threshold's logit is {logits}"
        return Comparison(False, f"The weights are the same bit for bit, but not the rest: {rest}.")
    largest = max(_distance(old[name], new[name]) for name in differing)
    figures = "; ".join(told) or "no figure differs"
    return Comparison(
        False,
        f"Not the same: {len(differing)} of {len(old)} tensors differ, by {largest:.2g} at most; "
        f"{figures}.",
    )


def _distance(first: torch.Tensor, second: torch.Tensor) -> float:
    return float((first.double() - second.double()).abs().max())


def _figures(before: ModelCard, after: ModelCard) -> list[str]:
    """A phrase for each figure that isn't the same to the last digit."""
    told: list[str] = []
    for part, name in (("validation", "in tuning"), ("locked", "on locked patches")):
        old, new = before.metrics.get(part, {}), after.metrics.get(part, {})
        for figure in _FIGURES:
            one, other = _value(old, figure), _value(new, figure)
            if one is not None and other is not None and one != other:
                change = f"{one:.4f} became {other:.4f}"
                told.append(f"{figure.replace('_', ' ')} {name} {change} ({other - one:+.2g})")
    return told


def _value(figures: dict[str, Any], name: str) -> float | None:
    found = figures.get(name)
    return found.get("value") if isinstance(found, dict) else None
