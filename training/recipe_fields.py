"""How a recipe's fields are declared, each once: for checks, the shell's help and the form."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from training.json_fields import UserError

Kind = Literal["int", "float", "bool", "text", "choice", "numbers", "texts", "table"]

_KINDS: dict[Any, Kind] = {int: "int", float: "float", bool: "bool", str: "text"}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field as a form shows it. `needs` is (field, value) without which it means nothing."""

    name: str
    kind: Kind
    help: str
    section: str
    default: Any
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    needs: tuple[str, Any] | None = None


def described(
    default: Any,
    help: str,  # noqa: A002 - the word that argparse and everyone uses for it
    *,
    section: str,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    needs: tuple[str, Any] | None = None,
) -> Any:
    """A dataclass field with what there is to say about it. Bounds are inclusive."""
    facts = {
        "help": help,
        "section": section,
        "low": low,
        "high": high,
        "unit": unit,
        "needs": needs,
    }
    if isinstance(default, (list, dict)):
        made: Callable[[], Any] = default.copy
        return dataclasses.field(default_factory=made, metadata=facts)
    return dataclasses.field(default=default, metadata=facts)


def specs_of(cls: type[Any]) -> list[FieldSpec]:
    """The described fields of a recipe class, in their order."""
    hints = get_type_hints(cls)
    return [_spec(item, hints[item.name]) for item in dataclasses.fields(cls) if item.metadata]


def _spec(item: dataclasses.Field[Any], hint: Any) -> FieldSpec:
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    default = (
        item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
    )
    return FieldSpec(item.name, _kind(hint), default=default, choices=choices, **item.metadata)


def _kind(hint: Any) -> Kind:
    origin = get_origin(hint)
    if origin is Literal:
        return "choice"
    if origin is list:
        return "texts" if get_args(hint)[0] is str else "numbers"
    return "table" if origin is dict else _KINDS[hint]


def check_ranges(recipe: Any) -> None:
    """UserError where a number lies outside its field's bounds."""
    for spec in specs_of(type(recipe)):
        value = getattr(recipe, spec.name)
        numbers = value if spec.kind == "numbers" else [value]
        if spec.kind not in ("int", "float", "numbers"):
            continue
        for number in numbers:
            if spec.low is not None and number < spec.low:
                raise _outside(recipe, spec, number)
            if spec.high is not None and number > spec.high:
                raise _outside(recipe, spec, number)


def check_needs(recipe: Any) -> None:
    """UserError where a field was changed that means nothing beside another's value."""
    for spec in specs_of(type(recipe)):
        if spec.needs is None or getattr(recipe, spec.name) == spec.default:
            continue
        other, wanted = spec.needs
        found = getattr(recipe, other)
        if found != wanted:
            raise UserError(
                f"recipe {recipe.name}: {spec.name} means nothing while {other} is {found!r}: "
                f"set {other} to {wanted!r}, or leave {spec.name} as it is."
            )


def _outside(recipe: Any, spec: FieldSpec, number: float) -> UserError:
    low, high = spec.low, spec.high
    if low is not None and high is not None:
        wanted = f"{low:g} to {high:g}"
    else:
        wanted = f"{low:g} or more" if low is not None else f"{high:g} or less"
    return UserError(f"recipe {recipe.name}: {spec.name} is {number:g}; it should be {wanted}.")
