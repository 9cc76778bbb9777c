"""Model folders without a model in them: a sound card over weights that nothing can load."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.config import Architecture, Calibration, ModelCard, Preprocessing, Threshold

_CREATED = "2026-01-01T00:00:00+00:00"


def write_model_folder(folder: Path, model: str, version: int = 1) -> dict[str, Any]:
    """Write weights (one number), model.json and an empty seen.txt; returns the card."""
    folder.mkdir(parents=True)
    weights = _one_number(float(version))
    (folder / "weights.safetensors").write_bytes(weights)
    (folder / "seen.txt").write_bytes(b"")
    card = ModelCard(
        id=model,
        name="drawn",
        version=version,
        architecture=Architecture("none"),
        preprocessing=Preprocessing(),
        calibration=Calibration(),
        threshold=Threshold(0.0, "drawn"),
        created=_CREATED,
    )
    full = replace(
        card,
        data_hash=hashlib.sha256(b"").hexdigest(),
        weights_hash=hashlib.sha256(weights).hexdigest(),
    )
    full.write(folder / "model.json")
    return full.to_json()


def _one_number(value: float) -> bytes:
    """A safetensors file of one float32: the length of its header, the header, the data."""
    header = {"number": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + struct.pack("<f", value)
