"""ROC, precision-recall and calibration curves of recipes as pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve, roc_curve

from training import atomic
from training.judging.out_of_fold import OutOfFold
from training.judging.weighted_figures import CALIBRATION_BINS

# Okabe and Ito (2008), told apart by colour-blind readers too; yellow is too pale on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_STYLES: tuple[str, ...] = ("-", "--", "-.", ":")
_INK, _FAINT = "#333333", "#C8C8C8"

Draw = Callable[[Any, OutOfFold, dict[str, Any]], None]


def draw_curves(folder: Path, found: Sequence[OutOfFold]) -> None:
    """Write roc.png, precision-recall.png and calibration.png; the dot is where calls are made."""
    labels = found[0].labels
    prevalence = float(np.mean(labels == 1))
    pictures: list[tuple[str, str, str, Draw, tuple[list[float], list[float]]]] = [
        ("roc.png", "1 - specificity", "recall", _roc, ([0, 1], [0, 1])),
        (
            "precision-recall.png",
            "recall",
            "precision",
            _precision_recall,
            ([0, 1], [prevalence] * 2),
        ),
        (
            "calibration.png",
            "predicted probability",
            "share sclerotic",
            _calibration,
            ([0, 1], [0, 1]),
        ),
    ]
    for name, across, up, draw, chance in pictures:
        figure, axes = _axes(across, up)
        axes.plot(*chance, color=_FAINT, linewidth=1, zorder=1)
        for number, one in enumerate(found):
            draw(axes, one, _style(number))
        axes.legend(frameon=False, labelcolor=_INK, fontsize=9)
        _save(figure, folder / name)


def _roc(axes: Any, one: OutOfFold, style: dict[str, Any]) -> None:
    false_rate, recall, _ = roc_curve(one.labels, one.calibrated, drop_intermediate=False)
    axes.plot(false_rate, recall, label=one.name, **style)
    positive, calls = one.labels == 1, one.scores.calls
    _dot(axes, float(calls[~positive].mean()), float(calls[positive].mean()), style)


def _precision_recall(axes: Any, one: OutOfFold, style: dict[str, Any]) -> None:
    precision, recall, _ = precision_recall_curve(one.labels, one.calibrated)
    axes.plot(recall, precision, drawstyle="steps-post", label=one.name, **style)
    positive, calls = one.labels == 1, one.scores.calls
    if calls.any():
        _dot(axes, float(calls[positive].mean()), float(positive[calls].mean()), style)


def _calibration(axes: Any, one: OutOfFold, style: dict[str, Any]) -> None:
    """Means over the bins of the calibration error; a larger mark stands for more patches."""
    probabilities = one.scores.probabilities
    edges = np.linspace(0.0, 1.0, CALIBRATION_BINS + 1)[1:-1]
    bins = np.searchsorted(edges, probabilities)
    counts = np.bincount(bins, minlength=CALIBRATION_BINS)
    full = counts > 0
    predicted = np.bincount(bins, probabilities, CALIBRATION_BINS)[full] / counts[full]
    found = np.bincount(bins, one.labels == 1, CALIBRATION_BINS)[full] / counts[full]
    axes.plot(predicted, found, label=one.name, **style)
    sizes = 10 + 120 * np.sqrt(counts[full] / counts.sum())
    axes.scatter(predicted, found, s=sizes, color=style["color"], alpha=0.5, linewidths=0, zorder=3)


def _dot(axes: Any, across: float, up: float, style: dict[str, Any]) -> None:
    axes.plot([across], [up], "o", color=style["color"], markersize=6, zorder=3)


def _style(number: int) -> dict[str, Any]:
    return {
        "color": _COLOURS[number % len(_COLOURS)],
        "linestyle": _STYLES[(number // len(_COLOURS) + number) % len(_STYLES)],
        "linewidth": 1.6,
        "zorder": 2,
    }


def _axes(across: str, up: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(5.2, 5.0), dpi=150, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.set_xlabel(across, color=_INK)
    axes.set_ylabel(up, color=_INK)
    axes.tick_params(colors=_INK, labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_FAINT)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    atomic.write_bytes(path, buffer.getvalue())
