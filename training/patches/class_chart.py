"""How unequal the classes are, as a bar chart: all patches, and those of each split."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training import atomic
from training.config import CLASSES
from training.patches.manifest import ManifestRow

# Okabe and Ito (2008), as the curves have them.
_COLOURS = ("#0072B2", "#D55E00")
_INK = "#333333"


def class_counts(rows: Sequence[ManifestRow]) -> dict[str, tuple[int, int]]:
    """(not sclerotic, sclerotic) of all labelled rows, and by split where there are several."""
    labelled = [row for row in rows if row.label is not None]
    splits = list(dict.fromkeys(row.split for row in labelled if row.split))
    parts = {"all": labelled}
    if len(splits) > 1:
        parts |= {name: [row for row in labelled if row.split == name] for name in splits}
    return {
        name: (sum(row.label == 0 for row in part), sum(row.label == 1 for row in part))
        for name, part in parts.items()
    }


def draw_classes(rows: Sequence[ManifestRow], path: Path) -> dict[str, tuple[int, int]]:
    """Write the chart as PNG; returns what it shows."""
    counts = class_counts(rows)
    figure = Figure(figsize=(2.5 + 1.5 * len(counts), 4), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_subplot()
    for label, (name, colour) in enumerate(zip(CLASSES, _COLOURS, strict=True)):
        places = [i + (label - 0.5) * 0.4 for i in range(len(counts))]
        heights = [pair[label] for pair in counts.values()]
        bars = axes.bar(places, heights, width=0.38, color=colour, label=name)
        axes.bar_label(bars, fmt="{:,.0f}", color=_INK, fontsize=9)
    axes.set_xticks(range(len(counts)), [_headed(name, counts[name]) for name in counts])
    axes.set_ylabel("patches", color=_INK)
    axes.margins(y=0.12)
    axes.legend(frameon=False, labelcolor=_INK, fontsize=9, loc="upper right")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    atomic.write_bytes(path, buffer.getvalue())
    return counts


def _headed(name: str, pair: tuple[int, int]) -> str:
    others, sclerotic = pair
    return f"{name}\n1 : {others / sclerotic:.2f}" if sclerotic else name
