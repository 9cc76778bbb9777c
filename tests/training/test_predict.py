"""`predict` from the shell: the old command's shape, and the manifest's."""

import csv
import json
import math
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.__main__ import main
from training.command_line import ComputeOptions
from training.models.model_folder import load_model
from training.patches.manifest import write_manifest
from training.patches.predictions_file import PredictionsFile, read_predictions
from training.predict import folder_rows, predict_rows, probability
from training.progress import Cancelled, no_events

CPU = ComputeOptions(device="cpu", workers=1, batch_size=4)


def calls(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_is_called_in_the_old_shape(tmp_path: Path, make_rows, tiny_model_folder):
    rows = make_rows(6)
    out = tmp_path / "out.csv"
    words = ["predict", "--input-dir", str(tmp_path / "patches"), "--device", "cpu"]
    words += ["--model-path", str(tiny_model_folder), "--output-file", str(out)]
    assert main(words) == 0
    found = calls(out)
    assert list(found[0]) == ["name", "predicted_class", "probability"]
    assert [row["name"] for row in found] == [row.path.name for row in rows]
    loaded = load_model(tiny_model_folder)
    logits = predict_rows(loaded, rows, CPU, emit=no_events).logits
    for row, call in zip(rows, found, strict=True):
        calibrated = 2.0 * logits[row.patch] - 0.5
        assert float(call["probability"]) == pytest.approx(1 / (1 + math.exp(-calibrated)), 1e-5)
        assert call["predicted_class"] == str(int(calibrated >= 0.0))


def test_subfolders_and_unreadable_files(tmp_path: Path, make_rows, tiny_model_folder, capsys):
    make_rows(2)
    deep = tmp_path / "patches" / "deeper"
    deep.mkdir()
    Image.new("RGB", (30, 30)).save(deep / "x.tif")
    (deep / "broken.png").write_bytes(b"\x89PNG")
    (deep / "notes.txt").write_text("no image")
    out = tmp_path / "out.csv"
    words = ["predict", "--input-dir", str(tmp_path / "patches"), "--device", "cpu"]
    words += ["--model-path", str(tiny_model_folder), "--output-file", str(out)]
    assert main(words) == 0
    assert [row["name"] for row in calls(out)][:1] == ["deeper/x.tif"]
    assert len(calls(out)) == 3
    assert "deeper/broken.png could not be read: not an image" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--input-dir", "nowhere"], "is no folder"),
        (["--manifest", "nowhere.csv"], "could not be read"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(tmp_path, tiny_model_folder, capsys, words, told):
    rest = ["--model-path", str(tiny_model_folder), "--output-file", str(tmp_path / "o.csv")]
    assert main(["predict", *words, *rest]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert told in error
    assert error.count("\n") == 1


def test_a_folder_without_images_is_told(tmp_path, tiny_model_folder, capsys):
    (tmp_path / "empty").mkdir()
    words = ["--model-path", str(tiny_model_folder), "--output-file", str(tmp_path / "o.csv")]
    assert main(["predict", "--input-dir", str(tmp_path / "empty"), *words]) == 2
    assert "holds no images" in capsys.readouterr().err


def test_a_bare_checkpoint_needs_a_preset_and_then_works(tmp_path: Path, make_rows, capsys):
    from training.config import Architecture
    from training.models.model import build_model

    make_rows(3)
    model = build_model(Architecture("tf_efficientnet_lite0"))
    torch.save(model.state_dict(), tmp_path / "old.pth")
    words = ["predict", "--input-dir", str(tmp_path / "patches"), "--device", "cpu"]
    words += ["--model-path", str(tmp_path / "old.pth"), "--output-file", str(tmp_path / "o.csv")]
    assert main(words) == 2
    error = capsys.readouterr().err
    assert "pad-white, pad-black, stretch" in error
    assert "0.9885" in error
    assert main([*words, "--preset", "pad-white:0.9885"]) == 0
    assert len(calls(tmp_path / "o.csv")) == 3


def test_a_manifest_gives_logits_errors_and_events(
    tmp_path: Path, make_rows, tiny_model_folder, capsys
):
    rows = make_rows(5)
    rows[1].path.write_bytes(b"")
    write_manifest(tmp_path / "manifest.csv", rows)
    out = tmp_path / "predictions.csv"
    words = ["predict", "--manifest", str(tmp_path / "manifest.csv"), "--output", str(out)]
    words += ["--model-path", str(tiny_model_folder), "--device", "cpu", "--json"]
    assert main(words) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [events[0]["event"], events[-1]["event"]] == ["started", "result"]
    assert events[-1]["payload"] | {"output": ""} == {
        **{"output": "", "predicted": 4, "errors": 1, "skipped": 0}
    }
    found = read_predictions(out)
    assert [row.patch for row in found] == ["0", "1", "2", "3", "4"]
    assert found[1].error == "empty file"
    assert found[1].logit is None


def test_an_interrupted_prediction_goes_on(tmp_path: Path, make_rows, tiny_model_folder):
    rows = make_rows(12)
    loaded = load_model(tiny_model_folder)
    whole = predict_rows(loaded, rows, CPU, emit=no_events).logits
    out = tmp_path / "predictions.csv"
    looks = iter(range(100))
    with pytest.raises(Cancelled):
        predict_rows(
            loaded, rows, CPU, emit=no_events, output=out, should_stop=lambda: next(looks) > 9
        )
    kept = read_predictions(out)
    assert 0 < len(kept) < 12
    # As if the machine had gone down in the middle of a line.
    out.write_bytes(out.read_bytes()[:-2])
    found = predict_rows(loaded, rows, CPU, emit=no_events, output=out)
    assert found.skipped == len(kept) - 1
    again = {row.patch: row.logit for row in read_predictions(out)}
    assert again == pytest.approx(whole, abs=1e-5)
    assert [row.patch for row in read_predictions(out)] == [row.patch for row in rows]


def test_a_changed_file_is_an_error_not_a_call(tmp_path: Path, make_rows, tiny_model_folder):
    rows = make_rows(2)
    Image.new("RGB", (20, 20)).save(rows[0].path)
    found = predict_rows(load_model(tiny_model_folder), rows, CPU, emit=no_events)
    assert found.errors == {"0": "its pixels have changed since it was imported"}
    assert list(found.logits) == ["1"]


def test_a_logit_that_is_not_finite_is_an_error(tmp_path: Path, make_rows, tiny_model_folder):
    loaded = load_model(tiny_model_folder)
    with torch.no_grad():
        loaded.module.get_classifier().bias.fill_(float("nan"))  # type: ignore[operator,union-attr]
    found = predict_rows(loaded, make_rows(2), CPU, emit=no_events, output=tmp_path / "p.csv")
    assert set(found.errors.values()) == {"the model gave no finite number"}
    with PredictionsFile(tmp_path / "q.csv", "x") as file:
        assert file.done == frozenset()


def test_saturated_logits_give_probabilities_within_0_and_1(tiny_model_folder):
    card = load_model(tiny_model_folder).card
    assert probability(card, 1e6) == 1.0
    assert probability(card, -1e6) == 0.0


def test_rows_of_a_folder_are_in_order_of_name(tmp_path: Path, make_rows):
    make_rows(3)
    names = [row.patch for row in folder_rows(tmp_path / "patches")]
    assert names == sorted(names)
