"""Data folders without a CSV, whose patches lie in two class folders."""

from pathlib import Path

import pytest
from PIL import Image

from training.config import UserError
from training.patches.data_folder import read_data_folder

STEM = "S-2001-{:06}_PAS_1of2_0123456789abcdef01234567"


def put(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)
    return root


def test_the_name_that_contains_the_other_is_told_from_it(tmp_path: Path) -> None:
    sclerotic, other = STEM.format(1), STEM.format(2)
    folder = put(
        tmp_path,
        f"globally_sclerotic_glomeruli/{sclerotic}.png",
        f"globally_sclerotic_glomeruli/{sclerotic}_1.png",
        f"non_globally_sclerotic_glomeruli/{other}.png",
    )
    found = read_data_folder(folder)
    assert [(row.label, row.group, row.case) for row in found.rows] == [
        (1, "S-2001-000001", "S-2001-000001"),
        (0, "S-2001-000002", "S-2001-000002"),
    ]
    assert found.unit == "case"
    assert not found.has_split
    assert "1 copies" in found.notes[0]


def test_train_and_test_folders_are_splits(tmp_path: Path) -> None:
    folder = put(
        tmp_path,
        "train/Sclerotic/a.png",
        "train/non sclerotic/b.png",
        "test/sclerotic/c.png",
        "test/Non-Sclerotic/d.png",
    )
    found = read_data_folder(folder)
    assert [(row.patch, row.label, row.split) for row in found.rows] == [
        ("a.png", 1, "train"),
        ("b.png", 0, "train"),
        ("c.png", 1, "locked"),
        ("d.png", 0, "locked"),
    ]
    assert found.has_split


def test_a_csv_goes_before_class_folders(tmp_path: Path) -> None:
    folder = put(tmp_path, "sclerotic/a.png", "non_sclerotic/b.png")
    (folder / "public.csv").write_text("name,ground truth\na.png,0\n", encoding="utf-8")
    assert [(row.patch, row.label) for row in read_data_folder(folder).rows] == [("a.png", 0)]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["sclerotic/a.png"], "non_globally_sclerotic_glomeruli is missing or empty"),
        (["non_sclerotic/a.png"], ": globally_sclerotic_glomeruli is missing or empty"),
        (["sclerotic/a.png", "non_sclerotic/a.png"], "a.png lies in .* remove the wrong one"),
        (["images/a.png"], "neither labels.csv nor public.csv nor the class folders"),
    ],
)
def test_what_is_no_data_folder_is_told_why(tmp_path: Path, files: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_data_folder(put(tmp_path, *files))
