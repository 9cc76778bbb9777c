"""A run made from a data folder is resumed on the data that it was made from."""

import argparse
from pathlib import Path

import pytest

from training.config import UserError
from training.data_run import add_data_arguments, write_data_run


def asked(data: Path, out: Path, *, resume: bool) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--resume", action="store_true")
    add_data_arguments(parser)
    words = ["--data", str(data), "--out", str(out), "--recipe", "logistic", "--tiny"]
    return parser.parse_args([*words, *(["--resume"] if resume else [])])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    for name in ("a", "b"):
        (folder / "images" / f"{name}.png").write_bytes(b"")
    (folder / "labels.csv").write_text("name,ground truth,slide\na,1,s\nb,0,s\n")
    return folder


def test_the_same_data_are_resumed(data: Path, tmp_path: Path) -> None:
    made = write_data_run(asked(data, tmp_path / "run", resume=False))
    before = made.job.read_bytes()
    assert write_data_run(asked(data, tmp_path / "run", resume=True)) == made
    assert made.job.read_bytes() == before


@pytest.mark.parametrize(
    "labels",
    [
        "name,ground truth,slide\na,0,s\nb,0,s\n",
        "name,ground truth,slide\na,1,s\n",
        "name,ground truth,slide\na,1,t\nb,0,s\n",
        "name,ground truth,slide,split\na,1,s,test\nb,0,s,train\n",
    ],
)
def test_other_labels_patches_groups_or_splits_are_refused(
    labels: str, data: Path, tmp_path: Path
) -> None:
    write_data_run(asked(data, tmp_path / "run", resume=False))
    (data / "labels.csv").write_text(labels)
    with pytest.raises(UserError, match=r"holds a run on other patches.*by its job\.json"):
        write_data_run(asked(data, tmp_path / "run", resume=True))
