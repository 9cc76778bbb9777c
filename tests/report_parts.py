"""Walking through a report's values, whatever they are nested in."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any


def with_every_text(value: Any, change: Callable[[str], str]) -> Any:
    """The value with each text that a person or a file may have given changed."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value) if value else value
    if isinstance(value, tuple):
        return tuple(with_every_text(one, change) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: with_every_text(getattr(value, field.name), change)
            for field in fields(value)
            if field.name != "zone"
        }
        return replace(value, **changed)
    return value


def texts_of(value: Any) -> list[str]:
    """Each text within the value."""
    found: list[str] = []
    with_every_text(value, lambda text: found.append(text) or text)
    return found
