"""Bad input and bad luck: one clear sentence, exit code 2, and the active model as it was."""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import timm
import torch

from training.__main__ import main
from training.events import Error, decode

TINY = {"img_size": 32, "window_size": 4, "embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2]}
ARCHITECTURE = [
    *("--recipe", "swin", "--set", "architecture=swin_tiny_patch4_window7_224"),
    *("--set", f"architecture_kwargs={json.dumps(TINY)}", "--set", "size=32"),
    *("--set", "epochs=4", "--set", "batch=16"),
]
Records = list[dict[str, str]]
Words = list[str]


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


@pytest.fixture
def attempt(active: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a training that must fail; its one sentence."""

    def run(data: Path, *words: str, base: str | None = None) -> str:
        before = fingerprint(active)
        out = tmp_path / "run"
        base_words = ["--base", base or str(active)]
        options = ["--device", "cpu", "--active-model", str(active)]
        command = ["finetune", "--data", str(data), "--out", str(out)]
        code = main([*command, *base_words, *options, *words])
        told = capsys.readouterr().err
        assert code == 2, told
        assert "Traceback" not in told
        errors = [line for line in told.splitlines() if line.startswith("error: ")]
        assert len(errors) == 1
        assert errors[0].endswith(".")
        assert fingerprint(active) == before
        assert not (out / "candidate").exists()
        events = out / "events.jsonl"
        if events.exists():
            last = decode(events.read_text(encoding="utf-8").splitlines()[-1])
            assert isinstance(last, Error)
            assert last.kind == "user"
        return errors[0]

    return run


def rewritten(source: Path, folder: Path, change: Callable[[Records], Records]) -> Path:
    shutil.copytree(source, folder)
    with (source / "labels.csv").open(encoding="utf-8") as file:
        records = change(list(csv.DictReader(file)))
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", "ground truth", "slide", "split"])
        writer.writeheader()
        writer.writerows(records)
    return folder


def only_class(label: str) -> Callable[[Records], Records]:
    return lambda records: [one for one in records if one["ground truth"] == label]


def one_class_in_training(records: Records) -> Records:
    return [one for one in records if one["split"] == "test" or one["ground truth"] == "0"]


def three(records: Records) -> Records:
    return records[1:4]


def one_case(records: Records) -> Records:
    return [{**one, "slide": "the only one", "split": "train"} for one in records]


def one_case_without_split(records: Records) -> Records:
    return [{**one, "slide": "the only one", "split": ""} for one in records]


def cannot_tell(records: Records) -> Records:
    return [{**one, "ground truth": ""} for one in records]


def locked_only(records: Records) -> Records:
    return [{**one, "split": "test"} for one in records]


def unknown_label(records: Records) -> Records:
    return [{**records[0], "ground truth": "maybe"}, *records[1:]]


def twice(records: Records) -> Records:
    return [records[0], *records]


def none_at_all(records: Records) -> Records:
    return []


def validation_of_one_class(records: Records) -> Records:
    def split(one: dict[str, str]) -> str:
        return "validation" if one["slide"] == "slide 0" and one["ground truth"] == "0" else "train"

    return [{**one, "split": split(one)} for one in records]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (only_class("1"), "none is labelled not globally sclerotic"),
        (only_class("0"), "none is labelled globally sclerotic"),
        (one_class_in_training, "none is labelled globally sclerotic"),
        (three, "label more"),
        (one_case, "of one case or slide"),
        (one_case_without_split, "of one case or slide"),
        (cannot_tell, "no labelled training patch"),
        (locked_only, "no labelled training patch"),
        (unknown_label, "should be 1, 0 or empty"),
        (twice, "is there twice"),
        (none_at_all, "None of the patches"),
        (validation_of_one_class, "validation set holds 0 sclerotic"),
    ],
)
def test_labels_that_cannot_be_trained_on(
    labelled_folder: Path,
    tmp_path: Path,
    attempt: Callable[..., str],
    change: Callable[[Records], Records],
    told: str,
) -> None:
    assert told in attempt(rewritten(labelled_folder, tmp_path / "data", change))


def no_table(data: Path) -> None:
    (data / "labels.csv").unlink()


def no_images(data: Path) -> None:
    shutil.rmtree(data / "images")


def damaged_images(data: Path) -> None:
    for path in (data / "images").iterdir():
        path.write_bytes(b"no image")


def other_columns(data: Path) -> None:
    (data / "labels.csv").write_text("picture,verdict\na.png,1\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (no_table, "needs one"),
        (no_images, "None of the patches"),
        (damaged_images, "no labelled training patch"),
        (other_columns, "'name' and 'ground truth'"),
    ],
)
def test_folders_that_hold_no_data(
    labelled_folder: Path,
    tmp_path: Path,
    attempt: Callable[..., str],
    spoil: Callable[[Path], None],
    told: str,
) -> None:
    data = tmp_path / "data"
    shutil.copytree(labelled_folder, data)
    spoil(data)
    assert told in attempt(data)


def recipe_file(text: str) -> Callable[[Path], Words]:
    def write(folder: Path) -> Words:
        path = folder / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return ["--recipe", str(path)]

    return write


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (recipe_file('format = 99\nmethod = "frozen"\n'), "update the program"),
        (recipe_file('method = "dreaming"\n'), "method"),
        (recipe_file('method = "frozen"\nvigour = 3\n'), "vigour"),
        (recipe_file('method = "frozen"\nfolds = "many"\n'), "folds"),
        (recipe_file('method = "frozen\n'), "TOML"),
        (recipe_file(""), "method"),
        (lambda folder: ["--recipe", str(folder / "gone.toml")], "gone.toml"),
        (lambda folder: ["--recipe", "nonesuch"], "There is no recipe 'nonesuch'"),
        (lambda folder: ["--set", "folds=0"], "folds"),
        (lambda folder: ["--set", "folds"], "FIELD=VALUE"),
    ],
)
def test_recipes_that_cannot_be_read(
    labelled_folder: Path,
    tmp_path: Path,
    attempt: Callable[..., str],
    words: Callable[[Path], Words],
    told: str,
) -> None:
    assert told in attempt(labelled_folder, *words(tmp_path))


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (os.environ["HOSTILE_MARK"],)


def swin(path: Path) -> None:
    torch.save(timm.create_model("swin_tiny_patch4_window7_224", **TINY).state_dict(), path)


def truncated(path: Path) -> None:
    swin(path)
    path.write_bytes(path.read_bytes()[:-500])


def hostile(path: Path) -> None:
    torch.save({"state_dict": Hostile()}, path)


def another_architecture(path: Path) -> None:
    torch.save(timm.create_model("test_vit").state_dict(), path)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("write", "name", "told"),
    [
        (truncated, "w.pth", "truncated"),
        (hostile, "w.pth", "was refused"),
        (another_architecture, "w.pth", "another architecture"),
        (empty, "w.pth", "is empty"),
        (truncated, "w.safetensors", "could not be read as weights"),
        (lambda path: None, "w.pth", "--base"),
    ],
)
def test_base_weights_that_are_none(
    labelled_folder: Path,
    tmp_path: Path,
    attempt: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Path], None],
    name: str,
    told: str,
) -> None:
    mark = tmp_path / "code was run"
    monkeypatch.setenv("HOSTILE_MARK", str(mark))
    path = tmp_path / name
    write(path)
    assert told in attempt(labelled_folder, *ARCHITECTURE, base=str(path))
    assert not mark.exists()


def newer_card(folder: Path) -> None:
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps({**card, "format": 99}), encoding="utf-8")


def torn_card(folder: Path) -> None:
    text = (folder / "model.json").read_text(encoding="utf-8")
    (folder / "model.json").write_text(text[:100], encoding="utf-8")


def torn_weights(folder: Path) -> None:
    data = (folder / "weights.safetensors").read_bytes()
    (folder / "weights.safetensors").write_bytes(data[:-50])


def no_seen(folder: Path) -> None:
    (folder / "seen.txt").unlink()


def no_card(folder: Path) -> None:
    (folder / "model.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (newer_card, "update the program"),
        (torn_card, "not readable JSON"),
        (torn_weights, "could not be read as weights"),
        (no_seen, "seen.txt"),
        (no_card, "does not exist"),
    ],
)
def test_an_active_model_that_is_damaged_is_told_and_left_alone(
    labelled_folder: Path,
    active: Path,
    attempt: Callable[..., str],
    spoil: Callable[[Path], None],
    told: str,
) -> None:
    spoil(active)
    assert told in attempt(labelled_folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": 99}', "update the program"),
        ('{"id": "a"', "not readable JSON"),
        ('{"id": "a", "recipe": {}}', "recipe should have a name"),
        ('{"id": "a", "recipe": {"name": "quick"}, "wings": 2}', "'wings'"),
        ('{"id": "a", "recipe": {"name": "quick"}}', "manifest.csv"),
    ],
)
def test_a_job_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    (tmp_path / "job.json").write_text(text, encoding="utf-8")
    assert main(["finetune", str(tmp_path / "job.json")]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_a_place_for_the_run_that_is_a_file(
    labelled_folder: Path, tmp_path: Path, active: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    words = ["--data", str(labelled_folder), "--out", str(tmp_path / "out"), "--base", str(active)]
    assert main(["finetune", *words]) == 2
    assert "name another folder with --out" in capsys.readouterr().err
