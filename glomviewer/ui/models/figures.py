"""A model's figures, threshold and dates as text. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from glomviewer.domain.records import ModelRecord
from glomviewer.ui.widgets.numbers import counted as counted
from glomviewer.ui.widgets.numbers import value_text as value_text
from glomviewer.ui.widgets.probabilities import logit_of as logit_of
from glomviewer.ui.widgets.probabilities import probability_of as probability_of
from glomviewer.ui.widgets.probabilities import probability_text as probability_text
from glomviewer.ui.widgets.probabilities import rule_text as rule_text

UNKNOWN = "unknown"
NOT_MEASURED = "not measured"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def threshold_text(record: ModelRecord) -> str:
    return probability_text(probability_of(record.threshold))


def interval_text(interval: Mapping[str, Any], *, signed: bool = False) -> str:
    """`0.991 (0.981 to 0.997)`, or the value alone where there is no interval."""
    text = value_text(interval.get("value"), signed=signed)
    low, high = interval.get("low"), interval.get("high")
    if low is None or high is None:
        return text
    return f"{text} ({value_text(low, signed=signed)} to {value_text(high, signed=signed)})"


def locked_figure(record: ModelRecord, metric: str) -> str:
    """A metric on the locked set: from the gate that judged this model, else from its card.

    A model whose training data nobody knows may have seen the locked patches, so its figures
    there would prove nothing.
    """
    if record.card.get("seen") == "unknown":
        return UNKNOWN
    judged = (record.gate or {}).get("new") or {}
    if metric in judged:
        return interval_text(judged[metric])
    metrics = record.card.get("metrics")
    if isinstance(metrics, Mapping):
        locked = metrics.get("locked")
        if isinstance(locked, Mapping) and isinstance(locked.get(metric), Mapping):
            return interval_text(locked[metric])
    return NOT_MEASURED


def when_text(moment: datetime, now: datetime) -> str:
    """`today 09:31`, `12 Nov`, `3 Nov 2025`, in the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"today {local:%H:%M}"
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return day if local.year == now.year else f"{day} {local.year}"
