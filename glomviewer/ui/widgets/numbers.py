"""Numbers as text. No Qt here."""

from __future__ import annotations

import math

MINUS = "−"


def value_text(value: float | None, *, signed: bool = False) -> str:
    if value is None or math.isnan(value):
        return "undefined"
    text = f"{value:+.3f}" if signed else f"{value:.3f}"
    if float(text) == 0.0:
        return "0.000"
    return text.replace("-", MINUS)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 patch`, `1,204 patches`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
