"""Strict JSON for frozen dataclasses: an unknown key or a wrong type is refused by its name."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class UserError(Exception):
    """A mistake that the user can mend: one sentence, what was wrong and what to do."""


def read_object(text: str, where: str) -> dict[str, Any]:
    """The JSON object in `text`; UserError where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where} is not readable JSON ({error}).") from error
    if not isinstance(value, dict):
        raise UserError(f"{where} should hold a JSON object.")
    return value


def read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UserError(f"{path} does not exist.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} could not be read ({error}).") from error
    return read_object(text, str(path))


def check_format(value: dict[str, Any], newest: int, where: str) -> None:
    """Refuse a file of a newer format before looking at anything else in it."""
    found = value.get("format", newest)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise UserError(f"{where}: format should be a whole number from 1.")
    if found > newest:
        raise UserError(
            f"{where} is of format {found}, and this program reads up to {newest}: "
            "update the program to use it."
        )


def from_fields(cls: type[T], value: Any, where: str) -> T:
    """A dataclass from a JSON object; UserError names the key that is unknown, missing or wrong."""
    if not isinstance(value, dict):
        raise UserError(f"{where} should be an object.")
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in value:
        if key not in fields:
            raise UserError(f"{where}: unknown key {key!r}; known are {', '.join(fields)}.")
    hints = get_type_hints(cls)
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        if name in value:
            arguments[name] = _convert(hints[name], value[name], f"{where}: {name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise UserError(f"{where}: the key {name!r} is missing.")
    return cls(**arguments)


def to_fields(value: Any) -> dict[str, Any]:
    """A dataclass as plain JSON values (tuples become lists)."""
    return json.loads(json.dumps(dataclasses.asdict(value), allow_nan=True))


def dump(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin is Literal:
        if value not in arguments:
            names = ", ".join(repr(argument) for argument in arguments)
            raise UserError(f"{where} is {value!r}; it should be one of {names}.")
        return value
    if origin in (Union, types.UnionType):
        return _convert_optional(arguments, value, where)
    if origin in (list, tuple, dict):
        return _convert_container(origin, arguments, value, where)
    if dataclasses.is_dataclass(hint):
        return from_fields(typing.cast("type[Any]", hint), value, where)
    return _convert_scalar(hint, value, where)


def _convert_optional(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in arguments:
        return None
    (inner,) = [argument for argument in arguments if argument is not type(None)]
    return _convert(inner, value, where)


def _convert_container(origin: Any, arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    if origin is dict:
        if not isinstance(value, dict):
            raise UserError(f"{where} should be an object.")
        return {str(k): _convert(arguments[1], v, f"{where}.{k}") for k, v in value.items()}
    if not isinstance(value, (list, tuple)):
        raise UserError(f"{where} should be a list.")
    fixed = origin is tuple and Ellipsis not in arguments
    if fixed and len(value) != len(arguments):
        raise UserError(f"{where} should hold {len(arguments)} values, and holds {len(value)}.")
    hints = arguments if fixed else [arguments[0]] * len(value)
    return origin(
        _convert(hint, item, f"{where}[{index}]")
        for index, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


def _convert_scalar(hint: Any, value: Any, where: str) -> Any:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is float and number:
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
        if not math.isfinite(result):
            raise UserError(f"{where} should be a finite number.")
        return result
    if hint is int and number and isinstance(value, int):
        return value
    if hint in (str, bool) and isinstance(value, hint):
        return value
    kinds = {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}
    raise UserError(f"{where} is {value!r}; it should be {kinds[hint]}.")
