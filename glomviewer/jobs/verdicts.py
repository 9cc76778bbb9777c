"""What the verdict of a gate allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROMOTABLE = frozenset({"better", "not_worse", "first"})
"""Verdicts that may promote a candidate without a reader's word."""


def may_promote(gate: Mapping[str, Any] | None) -> bool:
    """Whether the gate lets a model through without a reader's word; without a gate, no."""
    return gate is not None and gate.get("verdict") in PROMOTABLE and bool(gate.get("may_promote"))
