"""The command lines of the earlier systems, as they were typed there."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.models.model_folder import load_model, read_seen

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def class_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two class folders of 60 patches of 10 cases, the sclerotic ones paler; no CSV."""
    root = tmp_path_factory.mktemp("classes")
    for number in range(60):
        label = int(number % 6 < 2)
        random = np.random.default_rng(number)
        pixels = np.clip(random.normal(90 + 70 * label, 40, (20, 20, 3)), 0, 255)
        place = root / (
            "globally_sclerotic_glomeruli" if label else "non_globally_sclerotic_glomeruli"
        )
        place.mkdir(exist_ok=True)
        name = f"S-2001-{number // 6:06}_PAS_1of2_{number:024x}.png"
        Image.fromarray(pixels.astype(np.uint8)).save(place / name)
    return root


@pytest.fixture(scope="module")
def trained(class_folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = tmp_path_factory.mktemp("trained") / "model.keras"
    words = ["--data_path", str(class_folders), "--epochs", "3", "--batch_size", "8"]
    words += ["--model_path", str(model), "--device", "cpu", "--image_size=16"]
    assert main(["train", *words]) == 0
    return model


def test_system_c_trains_and_evaluates_on_what_it_put_aside(
    class_folders: Path, trained: Path, capsys: Capture
) -> None:
    card = load_model(trained).card
    assert card.architecture.name == "glom_growing"
    assert card.preprocessing.size == 16
    assert card.recipe["epochs"] == 3
    assert card.recipe["batch"] == 8
    assert card.name == "model"
    seen = len(read_seen(trained))
    assert 36 <= seen < 60
    words = ["--data_path", str(class_folders), "--model_path", str(trained), "--device", "cpu"]
    assert main(["evaluate", *words]) == 0
    told = capsys.readouterr()
    assert f"hold-out     {60 - seen} of 60 patches" in told.out
    assert "figures are too good" not in told.err
    assert main(["evaluate", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    # Cases are whole: those that were put aside have six patches each.
    assert found["groups"] == found["patches"] / 6 == (60 - seen) / 6
    assert main(["evaluate", *words, "--all"]) == 0
    told = capsys.readouterr()
    assert "patches      60," in told.out
    assert "figures are too good" in told.err


@pytest.mark.parametrize(
    ("layout", "header"),
    [
        (["--layout", "system-a"], "name,predicted_class"),
        (["--layout", "system-d"], "Name,Predicted_Class"),
        ([], "name,predicted_class,probability"),
    ],
)
def test_calls_are_written_in_the_columns_of_the_earlier_systems(
    class_folders: Path, trained: Path, tmp_path: Path, layout: list[str], header: str
) -> None:
    output = tmp_path / "output.csv"
    words = ["--input_dir", str(class_folders), "--model_path", str(trained)]
    words += ["--output-file", str(output), "--device", "cpu"]
    assert main(["predict", *words, *layout]) == 0
    first, *lines = output.read_text(encoding="utf-8").splitlines()
    assert first == header
    assert len(lines) == 60
    assert all(len(line.split(",")) == len(header.split(",")) for line in lines)
    assert {line.split(",")[1] for line in lines} <= {"0", "1"}


def test_system_b_evaluates_a_csv(class_folders: Path, trained: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in class_folders.rglob("*.png"))
    lines = [f"{name},{i % 2}" for i, name in enumerate(names)]
    csv = tmp_path / "test.csv"
    csv.write_text("\n".join(["name,ground truth", *lines]), encoding="utf-8")
    words = ["--test", str(csv), "--images", str(class_folders), "--model-path", str(trained)]
    assert main(["evaluate", *words, "--device", "cpu"]) == 0


def test_what_cannot_be_trained_so_is_told(
    class_folders: Path, trained: Path, tmp_path: Path, capsys: Capture
) -> None:
    data = ["--data_path", str(class_folders)]
    assert main(["train", *data, "--model_path", str(trained)]) == 2
    assert "is there already" in capsys.readouterr().err
    new = ["--model_path", str(tmp_path / "new")]
    assert main(["train", *data, *new, "--recipe", "logistic", "--epochs", "3"]) == 2
    assert "recipe logistic isn't trained by epochs" in capsys.readouterr().err
    only = tmp_path / "only"
    shutil.copytree(class_folders / "globally_sclerotic_glomeruli", only / "sclerotic")
    assert main(["train", "--data_path", str(only), *new]) == 2
    assert "needs both" in capsys.readouterr().err
