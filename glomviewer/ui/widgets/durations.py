"""How long something takes, as one would say it. No Qt here."""

from __future__ import annotations

import math


def duration_text(seconds: float | None) -> str:
    """`a few seconds`, `40 s`, `1 min 10 s`, `2 h 5 min`; empty where nobody knows."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    whole = max(0, round(seconds))
    if whole < 5:
        return "a few seconds"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(whole, 3600)
    return f"{hours} h {rest // 60} min"
