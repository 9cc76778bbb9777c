"""A recipe's fields as one reads and writes them in a form. No Qt here."""

from __future__ import annotations

import json
import math
from typing import Any

from training.recipe_fields import FieldSpec


def title_of(spec: FieldSpec) -> str:
    """`learning_rate` is "Learning rate"."""
    return spec.name.replace("_", " ").capitalize()


def text_of(spec: FieldSpec, value: Any) -> str:
    """A value as it stands in its field."""
    if spec.kind in ("numbers", "texts"):
        return ", ".join(_plain(each) for each in value)
    if spec.kind == "table":
        return json.dumps(value) if value else ""
    return _plain(value)


def range_text(spec: FieldSpec) -> str:
    """`1 to 4,096`, `0 or more`; "" where anything goes."""
    if spec.low is not None and spec.high is not None:
        return f"{_bound(spec.low)} to {_bound(spec.high)}"
    if spec.low is not None:
        return f"{_bound(spec.low)} or more"
    return f"{_bound(spec.high)} or less" if spec.high is not None else ""


def value_of(spec: FieldSpec, text: str) -> Any:
    """What a reader has written, as the recipe takes it.

    Raises:
        ValueError: one sentence that says what it should be.
    """
    words = text.strip()
    if spec.kind == "int":
        return _within(spec, _whole(spec, words))
    if spec.kind == "float":
        return _within(spec, _number(spec, words))
    if spec.kind == "numbers":
        numbers = [_within(spec, _number(spec, each)) for each in _parts(words)]
        if not numbers:
            raise ValueError("It should be one or more numbers with commas between.")
        return numbers
    if spec.kind == "texts":
        return _parts(words)
    if spec.kind == "table":
        return _table(words)
    return words


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _bound(value: float) -> str:
    if value == int(value) and abs(value) >= 1 and abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:g}".replace("e-0", "e-").replace("e+", "e").replace("e0", "e")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _whole(spec: FieldSpec, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        wanted = range_text(spec)
        raise ValueError(f"It should be a whole number{', ' + wanted if wanted else ''}.") from None


def _number(spec: FieldSpec, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    # Said apart: to many a reader 0,1 is a number.
    if spec.kind == "float" and "," in text:
        raise ValueError("It should be a number with a point, such as 0.1.")
    wanted = range_text(spec)
    raise ValueError(f"It should be a number{', ' + wanted if wanted else ''}.")


def _within(spec: FieldSpec, value: float) -> Any:
    too_low = spec.low is not None and value < spec.low
    if too_low or (spec.high is not None and value > spec.high):
        raise ValueError(f"It should be {range_text(spec)}.")
    return value


def _table(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ValueError('It should be names with values, such as {"window_size": 4}.')
    return value
