"""The recipe that is being put together: where it comes from and what differs. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from training.config import UserError
from training.recipe import Recipe, recipe_fields, recipe_of
from training.recipe_fields import FieldSpec
from training.recipe_files import load_recipe, read_recipe_file

NOT_IN_FORM = ("base", "resample_before_split")
"""Where weights start is chosen beside the recipe; the other is always refused when true."""

STARTS = {"random": "random weights", "efficientnet-lite0": "EfficientNet-Lite0"}

SECTIONS = (
    "Starting point",
    "Patches",
    "Balance of the classes",
    "Augmentation",
    "Learning",
    "Regularisation",
    "Stopping",
    "Threshold and validation",
    "Hardware",
)
"""How a form orders them; one that isn't known here comes last."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A recipe as it was found. `argument` is its name, or its file, for a command line;
    `wanted` is what a job holds of it."""

    argument: str
    wanted: Mapping[str, Any]
    recipe: Recipe

    @property
    def name(self) -> str:
        return self.recipe.name


def built_in(name: str) -> Origin:
    return Origin(name, {"name": name}, load_recipe({"name": name}))


def own_file(path: Path) -> Origin:
    """Raises UserError where the file is no recipe."""
    wanted = read_recipe_file(path)
    return Origin(str(path), wanted, load_recipe(wanted))


@dataclass(frozen=True, slots=True)
class Draft:
    """A recipe with the fields that a reader has changed."""

    origin: Origin
    changes: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> list[FieldSpec]:
        """What the form shows, section by section."""
        specs = [
            spec
            for spec in recipe_fields(self.origin.recipe.method)
            if spec.name not in NOT_IN_FORM
        ]
        return sorted(specs, key=lambda spec: _place(spec.section))

    def value(self, name: str) -> Any:
        return self.changes.get(name, getattr(self.origin.recipe, name))

    def is_changed(self, name: str) -> bool:
        return name in self.changes

    def with_(self, name: str, value: Any) -> Draft:
        """With another value; one that the recipe has anyway is no change."""
        kept = {key: known for key, known in self.changes.items() if key != name}
        if value != getattr(self.origin.recipe, name):
            kept[name] = value
        return replace(self, changes=kept)

    def without(self, name: str) -> Draft:
        return self.with_(name, getattr(self.origin.recipe, name))

    def matters(self, spec: FieldSpec) -> bool:
        """Whether a field means anything beside the others."""
        return spec.needs is None or self.value(spec.needs[0]) == spec.needs[1]

    def told(self) -> dict[str, Any]:
        """The changes as a job takes them: what means nothing any more is put back."""
        changes = dict(self.changes)
        for spec in _fields_of(self.origin.recipe.method):
            if self.matters(spec):
                continue
            changes.pop(spec.name, None)
            if getattr(self.origin.recipe, spec.name) != spec.default:
                changes[spec.name] = spec.default
        return changes

    def wanted(self) -> dict[str, Any]:
        """The `recipe` of a job."""
        return {**self.origin.wanted, **self.told()}

    def start(self) -> str:
        """Where its weights start unless a reader says otherwise; "" where it has none."""
        recipe = self.origin.recipe
        help_of = {spec.name: spec.help for spec in _fields_of(recipe.method)}
        if "base" not in help_of:
            return ""
        wish = self.value("base")
        if wish == "auto":
            # The chooser says "what suits the recipe" where the field says auto.
            said = help_of["base"].rpartition("auto ")[2]
            return said[:1].upper() + said[1:]
        return f"{recipe.name} starts from {STARTS.get(wish, wish)}."

    def refusal(self) -> str:
        """Why these fields can't stand together, in one sentence, or nothing."""
        try:
            recipe_of({**self.origin.recipe.to_json(), **self.told()}, f"recipe {self.origin.name}")
        except UserError as error:
            return sentence_of_refusal(str(error), self.origin.name)
        return ""


def sentence_of_refusal(text: str, name: str) -> str:
    """The sentence without the recipe's name, which stands above it anyway."""
    said = text.removeprefix(f"recipe {name}: ").removeprefix(f"recipe {name} ")
    return said[:1].upper() + said[1:]


@cache
def _fields_of(method: str) -> tuple[FieldSpec, ...]:
    """Asked with every letter that a reader writes, and always the same."""
    return tuple(recipe_fields(method))


def _place(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)
