"""What the page of cases says above its table. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from glomviewer.domain.cases import CaseSummary
from glomviewer.domain.records import ModelRecord


def summary_text(summaries: Sequence[CaseSummary]) -> str:
    """`24 cases, 1,204 glomeruli; 5 have fewer than 10`; slides where no case is known."""
    cases = sum(bool(summary.case) for summary in summaries)
    slides = len(summaries) - cases
    glomeruli = sum(summary.glomeruli for summary in summaries)
    few = sum(summary.few for summary in summaries)
    parts = [f"{cases:,} {'case' if cases == 1 else 'cases'}"] if cases else []
    if slides:
        parts.append(f"{slides:,} {'slide' if slides == 1 else 'slides'} of no known case")
    text = f"{', '.join(parts)}: {glomeruli:,} glomeruli"
    if few:
        text += f"; {few:,} {'has' if few == 1 else 'have'} fewer than 10"
    return text


def model_text(model: ModelRecord | None) -> str:
    if model is None:
        return "No model is active, so there is no percentage by a model."
    share = 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, model.threshold))))
    return (
        f"By the model means {model.title} at threshold {share:.2f}. Intervals are Wilson's, "
        "95 %. A hollow bar: the model has learned from these patches, which flatters it."
    )
