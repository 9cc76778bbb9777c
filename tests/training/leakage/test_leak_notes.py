"""A training tells its leaks before it trains, refuses nothing, and records kinds and counts."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.config import ModelCard
from training.events import Note, Result, decode
from training.models.model_folder import load_model, save_model


@pytest.fixture
def leaky(labelled_folder: Path, tmp_path: Path) -> Path:
    """One slide on both sides, and a training patch turned over among the locked."""
    folder = tmp_path / "leaky"
    shutil.copytree(labelled_folder, folder)
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for record in records:
        if record["name"] == "p90.png":
            record["slide"] = "slide 3"
    pixels = np.asarray(Image.open(folder / "images" / "p10.png"))
    Image.fromarray(np.ascontiguousarray(pixels[:, ::-1])).save(folder / "images" / "p80.png")
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return folder


@pytest.fixture
def trained(leaky: Path, tiny_model_folder: Path, tmp_path: Path) -> Path:
    loaded = load_model(tiny_model_folder)
    card = replace(loaded.card, recipe={"found": {"backbone_trained": False}})
    save_model(tmp_path / "base", card, loaded.module.state_dict(), [])
    out = tmp_path / "run"
    words = ["--device", "cpu", "--base", str(tmp_path / "base")]
    assert main(["finetune", "--data", str(leaky), "--out", str(out), *words]) == 0
    return out


def test_leaks_are_told_before_training_and_recorded_without_names(trained: Path) -> None:
    events = [decode(line) for line in (trained / "events.jsonl").read_text().splitlines()]
    notes = {event.kind: event for event in events if isinstance(event, Note)}
    assert notes["split_group"].level == notes["near_duplicate"].level == "warning"
    assert "slide 3" in notes["split_group"].text
    fitted = next(i for i, e in enumerate(events) if isinstance(e, Note) and "fitted" in e.text)
    assert all(events.index(notes[kind]) < fitted for kind in ("split_group", "near_duplicate"))
    card = ModelCard.read(trained / "candidate" / "model.json")
    gate = json.loads((trained / "gate.json").read_text())
    assert card.record["leaks"] == gate["leaks"] == {"split_group": 9, "near_duplicate": 2}
    assert isinstance(events[-1], Result)
    assert events[-1].payload["gate"]["leaks"] == gate["leaks"]
    assert "slide" not in json.dumps(card.record)
