"""What one should know before trusting a model, as sentences for its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glomviewer.jobs.model_card_counts import SplitCounts

FEW_GROUPS = 20
FEW_OF_A_CLASS = 50


def limits_of(card: Mapping[str, Any], counts: Sequence[SplitCounts]) -> tuple[str, ...]:
    """The limits that can be read from the card and the counts, then those that always hold."""
    found: list[str] = []
    if card.get("seen") == "unknown":
        found.append(
            "Its origin is unknown: it may have been trained on any patch, also on those that it "
            "is measured on."
        )
    few = [f"{one.groups:,} for {one.split}" for one in counts if one.groups < FEW_GROUPS]
    if few:
        found.append(
            f"Few cases or slides: {', '.join(few)}. With fewer than {FEW_GROUPS} an interval is "
            "unreliable, and what was learned may be theirs alone."
        )
    rare = [
        f"{number:,} {name} ones for {one.split}"
        for one in counts
        for number, name in ((one.sclerotic, "sclerotic"), (one.others, "other"))
        if number < FEW_OF_A_CLASS
    ]
    if rare:
        found.append(f"Few patches: only {', '.join(rare)}.")
    if not counts and card.get("seen") != "unknown":
        found.append("It is not known from how many cases its patches come.")
    metrics = card.get("metrics")
    locked = metrics.get("locked") if isinstance(metrics, Mapping) else None
    if not isinstance(locked, Mapping):
        found.append("It has no figures from patches that took no part in training or tuning.")
    elif isinstance(looks := locked.get("looks"), int) and looks > 1:
        found.append(
            f"The locked set had been looked at {looks:,} times when it was measured; every look "
            "wears such a set out."
        )
    found.append(
        "From how many laboratories the patches come isn't recorded: take it as a single one. On "
        "slides of another laboratory, scanner or staining, expect worse calls and measure them "
        "before use."
    )
    found.append(
        "Reference labels are readers' words, not biopsy outcomes; readers differ among each "
        "other on some of these patches."
    )
    return tuple(found)
