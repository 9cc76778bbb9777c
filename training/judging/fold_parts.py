"""What one recipe gave in one fold, kept as a file, so that nothing finished is fitted again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training import atomic, json_fields
from training.config import Calibration, Threshold, UserError

FORMAT = 1
# What the figures of a fit may depend on beside data, recipe and seed.
_VERSIONS = ("torch", "timm", "scikit-learn", "imbalanced-learn", "scipy", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class Part:
    """Raw logits by patch of the held-out patches, with what was fitted on the training side."""

    recipe: str
    fold: str
    logits: dict[str, float]
    calibration: Calibration
    threshold: Threshold
    # What calibration and threshold rest on: in words, and how many patches of each class.
    tuned_on: str
    tuning_sclerotic: int
    tuning_others: int
    looks: int
    base: str
    seen_known: bool
    seconds: float
    device: str
    versions: dict[str, str]
    record: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT


def part_key(facts: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    """SHA-256 of what a part follows from: data and folds, recipe, base, seed, and versions.

    A build's suffix, such as +cu130, is none: a GPU may go on with what a CPU began.
    """
    plain = {name: versions[name].partition("+")[0] for name in _VERSIONS if name in versions}
    text = json.dumps({**facts, "versions": plain}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PartFolder:
    """Parts by key, a JSON file each."""

    path: Path

    def read(self, name: str, key: str) -> Part | None:
        """None where it has not been finished, or was torn: it is then fitted again."""
        file = self._file(name, key)
        if not file.is_file():
            return None
        try:
            return json_fields.from_fields(Part, json_fields.read_file(file), str(file))
        except UserError:
            return None

    def write(self, name: str, key: str, part: Part) -> None:
        atomic.write_text(self._file(name, key), json_fields.dump(json_fields.to_fields(part)))

    def _file(self, name: str, key: str) -> Path:
        return self.path / f"{name}-{key[:16]}.json"
