"""Every recipe by name, made tiny: it trains, saves, reloads, predicts the same and is gated."""

import json
from pathlib import Path

import pytest

from glomviewer.drawn import CohortOptions, draw_cohort, write_cohort
from training.__main__ import main
from training.config import ModelCard, RunFolder
from training.models.base_weights import lite0_file
from training.models.model_folder import verify_model
from training.patches.predictions_file import read_predictions
from training.recipe_files import load_recipe, recipe_names

PATCHES, CASES, SEED, SIDE = 90, 15, 3, 40
# These start from the package's weights, made tiny or not.
WANTS_LITE0 = {"quick", "stack", "stack-system-d"}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    write_cohort(folder, draw_cohort(PATCHES, SEED, CASES, CohortOptions(size=SIDE, wrong=0.0)))
    return folder


@pytest.fixture(scope="module")
def active(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that every candidate is set beside."""
    out = tmp_path_factory.mktemp("active") / "run"
    assert train("swin-small", drawn, out) == 0
    return out / "candidate"


def train(recipe: str, data: Path, out: Path, *words: str) -> int:
    return main(
        [
            *("finetune", "--data", str(data), "--out", str(out), "--recipe", recipe, "--tiny"),
            *("--device", "cpu", "--name", recipe, *words),
        ]
    )


@pytest.mark.parametrize("name", recipe_names())
def test_a_tiny_recipe_goes_all_the_way(
    name: str, drawn: Path, active: Path, tmp_path: Path
) -> None:
    if name in WANTS_LITE0 and lite0_file() is None:
        pytest.skip("EfficientNet-Lite0's weights are not installed (extra offline-weights)")
    folder = RunFolder(tmp_path / "run")
    assert train(name, drawn, folder.path, "--active-model", str(active)) == 0

    assert verify_model(folder.candidate) == []
    card = ModelCard.read(folder.candidate / "model.json")
    asked = load_recipe({"name": name}, tiny=True).to_json()
    assert {key: card.recipe[key] for key in asked} == asked
    gate = json.loads(folder.gate.read_text())
    assert gate["verdict"] in ("better", "not_worse", "worse", "cannot_tell")
    assert gate["old"] is not None

    again = tmp_path / "again.csv"
    predict = ["predict", "--manifest", str(folder.manifest), "--device", "cpu"]
    assert main([*predict, "--model-path", str(folder.candidate), "--output", str(again)]) == 0
    reloaded = {row.patch: row.logit for row in read_predictions(again)}
    told = {row.patch: row.logit for row in read_predictions(folder.predictions)}
    assert told
    for patch, logit in told.items():
        assert reloaded[patch] == pytest.approx(logit, rel=1e-3, abs=1e-3)
