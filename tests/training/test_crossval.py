"""The verb `crossval` from a shell: small recipes on drawn patches."""

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import f1_score, roc_auc_score

from training.__main__ import main
from training.judging import fold_run
from training.judging.fold_fit import fit_fold
from training.models.model_folder import load_model, save_model

Capture = pytest.CaptureFixture[str]
RECIPES = ["logistic", "swin-small"]


def words(data: Path, out: Path, *more: str, recipes: list[str] = RECIPES) -> list[str]:
    named = [word for name in recipes for word in ("--recipe", name)]
    fixed = ["--tiny", "--folds", "3", "--device", "cpu"]
    return ["crossval", "--data", str(data), "--out", str(out), *named, *fixed, *more]


@pytest.fixture(scope="module")
def finished(labelled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("crossval") / "out"
    assert main(words(labelled_folder, out)) == 0
    return out


def report(out: Path) -> dict[str, Any]:
    return json.loads((out / "report.json").read_text(encoding="utf-8"))


def predictions(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "predictions" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def never_fit(*_: object) -> None:
    raise AssertionError("this was fitted before")


def test_each_patch_is_predicted_once_and_in_the_same_fold_for_all(finished: Path) -> None:
    tables = [predictions(finished, name) for name in RECIPES]
    assert [len(table) for table in tables] == [96, 96]
    folds = [[(row["patch"], row["fold"]) for row in table] for table in tables]
    assert folds[0] == folds[1]
    slides = {row["group"]: set() for row in tables[0]}
    for row in tables[0]:
        slides[row["group"]].add(row["fold"])
    assert len(slides) == 12
    assert all(len(numbers) == 1 for numbers in slides.values())
    for row in tables[1]:
        calibrated = float(row["calibrated_logit"])
        assert float(row["probability"]) == pytest.approx(1 / (1 + np.exp(-calibrated)))
        assert int(row["call"]) == int(calibrated >= float(row["threshold"]))


def test_the_reports_figures_are_those_of_the_predictions(finished: Path) -> None:
    for one in report(finished)["recipes"]:
        rows = predictions(finished, one["name"])
        labels = [int(row["label"]) for row in rows]
        figures = one["figures"]
        auc = roc_auc_score(labels, [float(row["calibrated_logit"]) for row in rows])
        assert figures["auc"]["value"] == pytest.approx(float(auc), abs=1e-6)
        f1 = f1_score(labels, [int(row["call"]) for row in rows])
        assert figures["f1"]["value"] == pytest.approx(float(f1))
        assert figures["f1"]["low"] <= figures["f1"]["value"] <= figures["f1"]["high"]
        assert len(one["tuning"]) == len(one["auc_of_each_fold"]) == 3


def test_the_report_says_which_question_it_answers_and_what_it_rests_on(finished: Path) -> None:
    text = (finished / "report.md").read_text(encoding="utf-8")
    facts = report(finished)
    for part in (
        "Which recipe is better when each is refitted on these folds?",
        "whether one model may replace another",
        "not for diagnosis",
        "Fewer than 20 cases or slides make intervals unreliable",
        facts["data"]["hash"],
        "seed: 0",
        "torch ",
        "CPU (",
        "McNemar",
        "too few",
        "swaps of whole groups" if not facts["pairs"][0]["exact"] else "every swap",
    ):
        assert part in text, part
    assert len(facts["pairs"]) == 1
    with (finished / "report.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["kind"] for line in lines} == {"recipe", "difference"}
    (auc,) = [
        line["value"]
        for line in lines
        if (line["first"], line["second"], line["figure"]) == ("logistic", "", "auc")
    ]
    assert float(auc) == facts["recipes"][0]["figures"]["auc"]["value"]


def test_curves_are_pictures(finished: Path) -> None:
    for name in ("roc.png", "precision-recall.png", "calibration.png"):
        assert (finished / "curves" / name).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_table_is_printed_again_from_the_folder(finished: Path, capsys: Capture) -> None:
    assert main(["crossval", "--table", str(finished)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("| recipe")
    assert "logistic" in out and "swin-small" in out
    assert "96 patches (36 globally sclerotic) of 12 cases or slides" in out


def test_nothing_that_is_finished_is_fitted_again(
    labelled_folder: Path, finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    before = report(finished)
    monkeypatch.setattr(fold_run, "fit_fold", never_fit)
    assert main(words(labelled_folder, finished, "--resume")) == 0
    assert "6 of 6 fits were finished before" in capsys.readouterr().err
    after = report(finished)
    assert after["recipes"] == before["recipes"]
    assert after["pairs"] == before["pairs"]


def test_what_was_finished_before_a_stop_is_kept_and_the_rest_comes_out_the_same(
    labelled_folder: Path,
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    fitted = []

    def stopped_in_the_third(contestant, fold, plan, bench, key):
        if len(fitted) == 2:
            raise KeyboardInterrupt
        fitted.append((contestant.name, fold.name))
        return fit_fold(contestant, fold, plan, bench, key)

    out = tmp_path / "out"
    monkeypatch.setattr(fold_run, "fit_fold", stopped_in_the_third)
    assert main(words(labelled_folder, out)) == 130
    assert "--resume goes on" in capsys.readouterr().err
    assert len(list((out / "parts").iterdir())) == 2
    torn = next((out / "parts").iterdir())
    torn.write_text(torn.read_text(encoding="utf-8")[:100], encoding="utf-8")
    monkeypatch.setattr(fold_run, "fit_fold", fit_fold)
    assert main(words(labelled_folder, out, "--resume")) == 0
    assert "1 of 6 fits were finished before" in capsys.readouterr().err
    for name in RECIPES:
        assert predictions(out, name) == predictions(finished, name)


def test_another_field_is_fitted_anew_and_a_recipe_may_join(
    labelled_folder: Path, finished: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = shutil.copytree(finished, tmp_path / "out")
    changed = words(
        labelled_folder,
        out,
        "--resume",
        "--set",
        "wide.side=4",
        recipes=["logistic", "wide=logistic"],
    )
    assert main(changed) == 0
    assert "3 of 6 fits were finished before" in capsys.readouterr().err
    assert [one["name"] for one in report(out)["recipes"]] == ["logistic", "wide"]


def test_a_folder_in_use_is_refused(labelled_folder: Path, finished: Path, capsys: Capture) -> None:
    assert main(words(labelled_folder, finished)) == 2
    assert "add --resume" in capsys.readouterr().err
    assert main(words(labelled_folder, finished, "--resume", "--seed", "5")) == 2
    error = capsys.readouterr().err
    assert "other seed: name another folder" in error or "other folds, seed" in error


def test_a_base_that_has_seen_what_a_fold_holds_out_is_refused(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    loaded = load_model(tiny_model_folder)
    out = tmp_path / "out"
    assert main(words(labelled_folder, out, recipes=["logistic"])) == 0
    hashes = next((out / "features" / "squares").rglob("hashes.txt")).read_text().split()
    model = tmp_path / "model"
    save_model(model, loaded.card, loaded.module.state_dict(), seen=hashes[:1])
    capsys.readouterr()
    seen = words(labelled_folder, tmp_path / "b", "--base", str(model), recipes=["quick"])
    assert main(seen) == 2
    error = capsys.readouterr().err
    assert "was trained or tuned on 1 of the" in error
    assert "choose another base" in error


def test_a_base_of_unknown_origin_is_told(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    loaded = load_model(tiny_model_folder)
    model = tmp_path / "model"
    card = replace(loaded.card, seen="unknown")
    save_model(model, card, loaded.module.state_dict(), seen=[])
    out = tmp_path / "out"
    assert main(words(labelled_folder, out, "--base", str(model), recipes=["quick"])) == 0
    assert "nobody knows what that has learnt from" in capsys.readouterr().err
    assert "nobody knows what the starting point of quick had seen" in (
        out / "report.md"
    ).read_text(encoding="utf-8")


def test_locked_patches_stay_out_where_they_are_to_be_kept(
    labelled_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert main(words(labelled_folder, out, "--keep-locked", recipes=["logistic"])) == 0
    assert report(out)["data"]["patches"] == 64


def test_machines_get_events_and_the_report_as_the_last(
    labelled_folder: Path, finished: Path, capsys: Capture
) -> None:
    assert main(words(labelled_folder, finished, "--resume", "--json")) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["event"] == "started"
    assert lines[-1]["event"] == "result"
    assert lines[-1]["payload"]["data"]["hash"] == report(finished)["data"]["hash"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--folds", "1"], "--folds is 1; it should be 2 to 100"),
        (["--group", "centre"], "takes two or more, and none is known"),
        (["--group", "case"], "cases have to be known"),
    ],
)
def test_what_cannot_be_done_is_told(
    labelled_folder: Path, tmp_path: Path, capsys: Capture, more: list[str], told: str
) -> None:
    assert main(words(labelled_folder, tmp_path / "out", *more, recipes=["logistic"])) == 2
    assert re.search(told, capsys.readouterr().err)


def with_centres(data: Path, root: Path) -> Path:
    """The same patches under slides whose names tell a centre, with a look-alike in another."""
    images = root / "images"
    shutil.copytree(data / "images", images)
    with (data / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pixels = np.asarray(Image.open(images / rows[0]["name"])).copy()
    pixels[0, 0] = 255 - pixels[0, 0]
    Image.fromarray(pixels).save(images / "twin.png")
    lines = ["name,ground truth,slide"]
    for row in [*rows, {**rows[0], "name": "twin.png", "slide": "slide 11"}]:
        number = int(row["slide"].removeprefix("slide "))
        lines.append(f"{row['name']},{row['ground truth']},{('ABC', 'XYZ')[number % 2]}_{number}")
    (root / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_one_centre_is_left_out_at_a_time_and_look_alikes_are_told(
    labelled_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    data = with_centres(labelled_folder, tmp_path / "data")
    out = tmp_path / "out"
    shared = ["--features", str(tmp_path / "shared")]
    centred = words(data, out, "--group", "centre", *shared, recipes=["logistic"])
    assert main(centred) == 0
    facts = report(out)
    assert [fold["name"] for fold in facts["folds"]] == ["ABC", "XYZ"]
    assert {(row["centre"], row["fold"]) for row in predictions(out, "logistic")} == {
        ("ABC", "ABC"),
        ("XYZ", "XYZ"),
    }
    assert facts["data"]["groups"] == 12
    text = (out / "report.md").read_text(encoding="utf-8")
    assert "not of other centres" in text
    assert "look" in capsys.readouterr().err
    assert any("on two sides of a split" in note for note in facts["notes"])
    assert not (out / "features").exists()


def test_without_data_or_out_it_says_what_it_needs(capsys: Capture) -> None:
    assert main(["crossval"]) == 2
    assert "needs --data" in capsys.readouterr().err
