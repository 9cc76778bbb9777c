"""What the demo's patches were drawn as: the part of a careful reader in the walk-through."""

from __future__ import annotations

import csv
from pathlib import Path

from glomviewer.domain.labels import LabelSet

TUBULES = "tubules"
"""The kind of a patch that was drawn without a glomerulus."""


def read_truth(path: Path, labels: LabelSet) -> dict[str, int]:
    """The label code that each patch deserves, by its name without the ending."""
    sclerotic, not_sclerotic = labels.codes_of_target(1)[0], labels.codes_of_target(0)[0]
    not_a_glomerulus = next(
        label.code for label in labels.labels if label.target is None and not label.details
    )
    deserved: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code = sclerotic if row["truth"] == "1" else not_sclerotic
            if row["kind"] == TUBULES:
                code = not_a_glomerulus
            deserved[Path(row["name"]).stem] = code
    return deserved
