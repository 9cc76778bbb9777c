import csv
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from glomviewer.drawn import CohortOptions, draw_cohort, write_cohort
from glomviewer.drawn.__main__ import main


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_written_can_be_read_back(tmp_path):
    options = CohortOptions(size=32, wrong=0.1, unlabelled=0.1)
    patches = list(draw_cohort(30, 4, options=options))
    written = write_cohort(tmp_path, patches)
    labels, truths = _rows(tmp_path / "labels.csv"), _rows(tmp_path / "truth.csv")
    assert list(labels[0]) == [
        "name",
        "ground truth",
        "case",
        "slide",
        "split",
        "microns_per_pixel",
    ]
    assert [row["name"] for row in labels] == [patch.name for patch in patches]
    for patch, row, truth in zip(patches, labels, truths, strict=True):
        assert row["ground truth"] == ("" if patch.label is None else str(patch.label))
        assert (row["case"], row["slide"], row["split"]) == (patch.case, patch.slide, patch.split)
        assert float(row["microns_per_pixel"]) == pytest.approx(patch.microns_per_pixel, rel=1e-4)
        misread = patch.label is not None and patch.label != patch.truth
        assert truth["wrong"] == str(int(misread))
        with Image.open(tmp_path / "patches" / patch.name) as picture:
            assert np.array_equal(np.asarray(picture), patch.pixels)
    assert written.patches == 30
    assert written.wrong == 3
    assert written.unlabelled == 3


def test_the_command_writes_a_cohort_and_says_that_it_is_drawn(tmp_path, capsys):
    asked = ["--out", str(tmp_path), "--count", "6", "--size", "24", "--images", "images"]
    assert main([*asked, "--seed", "3"]) == 0
    assert "6 drawn patches" in capsys.readouterr().out
    assert len(list((tmp_path / "images").iterdir())) == 6


def test_two_processes_write_what_one_writes(tmp_path):
    for processes in ("1", "2"):
        asked = ["--out", str(tmp_path / processes), "--count", "6", "--size", "24"]
        assert main([*asked, "--processes", processes]) == 0
    for path in sorted((tmp_path / "1").rglob("*.*")):
        other = tmp_path / "2" / path.relative_to(tmp_path / "1")
        assert path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--size", "3"], ["--cases", "0"]])
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path, capsys, wrong):
    assert main(["--out", str(tmp_path / "new"), *wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file_is_one_sentence_and_exit_code_2(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file"), "--count", "1", "--size", "24"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_drawing_needs_neither_qt_nor_a_database_nor_torch():
    """What `glomviewer.drawn` imports, seen from a fresh interpreter."""
    code = (
        "import sys, glomviewer.drawn, glomviewer.drawn.__main__;"
        "print([m for m in ('PySide6', 'sqlalchemy', 'alembic', 'torch', 'pyqtgraph')"
        " if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
