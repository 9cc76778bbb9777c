"""What a child says on its event stream: one JSON object a line. Standard library only."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal


def utc_now() -> str:
    """The time now, ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamped:
    time: str = field(default_factory=utc_now)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Started(_Stamped):
    verb: str
    device: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress(_Stamped):
    """`rate` is in items a second."""

    done: int
    total: int
    stage: str = ""
    seconds_left: float | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Epoch(_Stamped):
    epoch: int
    epochs: int
    train_loss: float | None
    validation_loss: float | None
    train_auc: float | None
    validation_auc: float | None
    learning_rate: float
    images_per_second: float | None
    stage: str = ""
    best: bool = False
    train_accuracy: float | None = None
    validation_accuracy: float | None = None
    # The share of validation patches called sclerotic before a threshold is placed.
    validation_called: float | None = None


@dataclass(frozen=True, slots=True)
class Note(_Stamped):
    """`kind` names what the text is about where a program is to know it, such as overfitting."""

    text: str
    level: Literal["info", "warning"] = "info"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Result(_Stamped):
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Error(_Stamped):
    message: str
    kind: Literal["user", "internal", "cancelled"] = "user"


@dataclass(frozen=True, slots=True)
class Unknown(_Stamped):
    """A line that this version can't read: of a newer kind, torn, or no event at all."""

    kind: str
    line: str


Event = Started | Progress | Epoch | Note | Result | Error | Unknown
Emit = Callable[[Event], None]

_KINDS: dict[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "epoch": Epoch,
    "note": Note,
    "result": Result,
    "error": Error,
}
_NAMES = {cls: name for name, cls in _KINDS.items()}


def encode(event: Event) -> str:
    """One line of JSON without its line feed; a number that isn't finite becomes null."""
    if isinstance(event, Unknown):
        return event.line
    values = {item.name: getattr(event, item.name) for item in fields(event)}
    if values["id"] is None:
        del values["id"]
    return json.dumps(_finite({"event": _NAMES[type(event)], **values}), ensure_ascii=False)


def decode(line: str) -> Event:
    """The event of a line. Extra keys are ignored; what can't be understood becomes Unknown."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Unknown(kind="", line=line)
    if not isinstance(value, dict):
        return Unknown(kind="", line=line)
    kind = str(value.get("event", ""))
    cls = _KINDS.get(kind)
    names = {item.name for item in fields(cls)} if cls else set()
    arguments = {key: item for key, item in value.items() if key in names}
    if cls is None or not _sound(cls, arguments):
        return Unknown(kind=kind, line=line)
    return cls(**arguments)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "int | None": (int, type(None)),
    "float": (int, float),
    "float | None": (int, float, type(None)),
    "str": str,
    "bool": bool,
    "dict[str, Any]": dict,
    "Literal['info', 'warning']": str,
    "Literal['user', 'internal', 'cancelled']": str,
}


def _sound(cls: type[Event], arguments: dict[str, Any]) -> bool:
    for item in fields(cls):
        if item.name in arguments:
            expected = _TYPES[str(item.type).replace('"', "'")]
            if not isinstance(arguments[item.name], expected):
                return False
        elif item.name in _REQUIRED[cls]:
            return False
    return True


def _required(cls: type[Event]) -> frozenset[str]:
    return frozenset(
        item.name
        for item in fields(cls)
        if item.default is MISSING and item.default_factory is MISSING
    )


_REQUIRED = {cls: _required(cls) for cls in _KINDS.values()}


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
