"""The verb `copies`: system A's preparation, of training patches only."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.config import UserError
from training.copies import write_copies
from training.decode import decode

HEADER = "name,ground truth,slide,split,remark"
ROWS = [
    ("t1.png", 1, "s1", "train"),
    ("t0.png", 0, "s1", "train"),
    ("v1.png", 1, "s2", "validation"),
    ("l1.png", 1, "s3", "test"),
    ("f1.png", 1, "s4", "final"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    for number, (name, *_) in enumerate(ROWS):
        pixels = np.random.default_rng(number).integers(0, 256, (6, 9, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "images" / name)
    lines = [HEADER, *(",".join(str(one) for one in (*row, "as is")) for row in ROWS)]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def copies(data: Path, out: Path) -> int:
    return main(["copies", "--data", str(data), "--out", str(out)])


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_only_sclerotic_training_patches_are_copied(data: Path, tmp_path: Path, capsys):
    before, out = fingerprint(data), tmp_path / "out"
    assert copies(data, out) == 0
    assert fingerprint(data) == before
    with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    made = {row["name"] for row in table} - {name for name, *_ in ROWS}
    assert made == {"t1_1.png", "t1_2.png", "t1_3.png"}
    assert {path.name for path in (out / "images").iterdir()} == {row["name"] for row in table}
    for row in table:
        if row["name"] in made:
            assert (row["ground truth"], row["slide"], row["split"]) == ("1", "s1", "train")
            assert row["remark"] == "as is"
    told = capsys.readouterr()
    assert "3 copies" in told.out
    assert "3 sclerotic patches have no copies" in told.err and "trained on" in told.err


def test_the_copies_are_flipped_half_turned_and_both(data: Path, tmp_path: Path):
    out = tmp_path / "out"
    copies(data, out)
    one = decode(data / "images" / "t1.png")
    found = [decode(out / "images" / f"t1_{k}.png") for k in (1, 2, 3)]
    for copy, expected in zip(
        found, (one[:, ::-1], np.rot90(one, 2), np.rot90(one, 2)[:, ::-1]), strict=True
    ):
        np.testing.assert_array_equal(copy, expected)
    assert (out / "images" / "t1.png").read_bytes() == (data / "images" / "t1.png").read_bytes()


def test_names_without_an_ending_get_copies_without_one(data: Path, tmp_path: Path):
    labels = data / "labels.csv"
    labels.write_text(labels.read_text("utf-8").replace(".png", ""), encoding="utf-8")
    copies(data, tmp_path / "out")
    text = (tmp_path / "out" / "labels.csv").read_text("utf-8")
    assert "t1_1,1,s1,train" in text and ".png" not in text


def test_without_a_split_nothing_is_copied(data: Path, tmp_path: Path, capsys):
    labels = data / "labels.csv"
    labels.write_text(labels.read_text("utf-8").replace("split", "other"), encoding="utf-8")
    assert copies(data, tmp_path / "out") == 2
    assert "before the split" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(data: Path, capsys):
    before = fingerprint(data)
    assert copies(data, data) == 2
    assert "holds something already" in capsys.readouterr().err
    assert copies(data, data / "images" / "more") == 2
    assert "lies inside" in capsys.readouterr().err
    assert fingerprint(data) == before


def test_a_copy_never_takes_the_place_of_a_patch(data: Path, tmp_path: Path, capsys):
    Image.new("RGB", (6, 6)).save(data / "images" / "t1_2.png")
    with (data / "labels.csv").open("a", encoding="utf-8") as file:
        file.write("t1_2.png,0,s2,train,\n")
    assert copies(data, tmp_path / "out") == 2
    assert "t1_2" in capsys.readouterr().err


def test_a_damaged_patch_is_told_and_has_no_copies(data: Path, tmp_path: Path, capsys):
    (data / "images" / "t1.png").write_bytes(b"no image")
    assert copies(data, tmp_path / "out") == 0
    assert "t1.png has no copies" in capsys.readouterr().err


def test_class_folders_without_a_table_are_refused(tmp_path: Path) -> None:
    for place in ("train/globally_sclerotic_glomeruli", "test/non_globally_sclerotic_glomeruli"):
        folder = tmp_path / "data" / place
        folder.mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(folder / f"{place[:4]}.png")
    with pytest.raises(UserError, match=r"has no table \(labels.csv or public.csv\)"):
        write_copies(tmp_path / "data", tmp_path / "out")
    assert not (tmp_path / "out").exists()
