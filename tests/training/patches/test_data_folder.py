from pathlib import Path

import pytest
from PIL import Image

from training.config import UserError
from training.patches.data_folder import read_data_folder


def write_folder(root: Path, csv: str, *files: str, name: str = "labels.csv") -> Path:
    (root / name).write_text(csv, encoding="utf-8")
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)
    return root


def test_names_are_found_with_and_without_extension(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path, "name,ground truth\na.png,1\nb,0\n", "images/a.png", "images/sub/b.jpg"
    )
    rows = read_data_folder(folder).rows
    assert [(row.patch, row.label, row.path.name) for row in rows] == [
        ("a.png", 1, "a.png"),
        ("b", 0, "b.jpg"),
    ]


def test_masks_of_the_same_name_are_not_taken_for_patches(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "name,ground truth\na.png,1\n", "masks/a.png", "gs/a.png")
    assert read_data_folder(folder).rows[0].path.parent.name == "gs"


def test_case_goes_before_slide_and_test_means_locked(tmp_path: Path) -> None:
    csv = "name;ground truth;slide;case;split\na;1;s1;c1;test\nb;0;s2;;Train\n"
    folder = write_folder(tmp_path, csv, "images/a.png", "images/b.png", name="public.csv")
    found = read_data_folder(folder)
    assert [(row.group, row.split) for row in found.rows] == [("c1", "locked"), ("s2", "train")]
    assert found.has_split


def test_case_is_read_from_the_names_of_the_common_data_and_its_copies_are_left_out(
    tmp_path: Path,
) -> None:
    stem = "S-2001-001234_PAS_1of2_0123456789abcdef01234567"
    csv = f"name,ground truth\n{stem},1\n{stem}_1,1\n"
    folder = write_folder(tmp_path, csv, f"images/{stem}.png", f"images/{stem}_1.png")
    found = read_data_folder(folder)
    assert [row.group for row in found.rows] == ["S-2001-001234"]
    assert "1 copies" in found.notes[0]


def test_rows_know_slide_case_and_centre(tmp_path: Path) -> None:
    csv = "name,ground truth,slide,case,centre\na,1,s1,c1,Bergen\nb,0,SESCAM_1_0,,\n"
    folder = write_folder(tmp_path, csv, "images/a.png", "images/b.png")
    found = read_data_folder(folder).rows
    assert [(row.slide, row.case, row.centre) for row in found] == [
        ("s1", "c1", "Bergen"),
        ("SESCAM_1_0", "", "SESCAM"),
    ]


@pytest.mark.parametrize(
    ("name", "centre"), [("AIDPATH-12", "AIDPATH"), ("S-2001-3", ""), ("normal_1", ""), ("SAS", "")]
)
def test_a_centre_is_read_from_a_name_only_where_letters_precede_a_number(
    tmp_path: Path, name: str, centre: str
) -> None:
    folder = write_folder(tmp_path, f"name,ground truth\n{name},1\n", f"images/{name}.png")
    assert read_data_folder(folder).rows[0].centre == centre


def test_a_patch_without_a_file_is_told_and_stops_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "name,ground truth\na,1\ngone,0\n", "images/a.png")
    found = read_data_folder(folder)
    assert len(found.rows) == 1
    assert "gone" in found.notes[0]


def test_an_empty_label_is_no_label(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "name,ground truth\na,\n", "images/a.png")
    assert read_data_folder(folder).rows[0].label is None


@pytest.mark.parametrize(
    ("csv", "told"),
    [
        ("file_id,truth\na,1\n", "should have the columns 'name' and 'ground truth'"),
        ("name,ground truth\na,maybe\n", "line 2: the ground truth is 'maybe'"),
        ("name,ground truth\na,1\na,1\n", "line 3: 'a' is there twice"),
        ("name,ground truth,split\na,1,exam\n", "line 2: split is 'exam'"),
        ("name,ground truth\nb,1\n", "None of the patches"),
        ("", "should have the columns"),
    ],
)
def test_a_wrong_csv_is_refused_in_one_sentence(tmp_path: Path, csv: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_data_folder(write_folder(tmp_path, csv, "images/a.png"))


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"labels\.csv nor public\.csv"):
        read_data_folder(tmp_path)
