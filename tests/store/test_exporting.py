"""Labels and patches as they leave the library."""

import csv
import json

import pytest
from builders import PatchPlan, add_model, make_library
from pictures import write_picture

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.spreadsheets import harmful, harmless
from glomviewer.store.errors import Refused
from glomviewer.store.export_values import MODEL_COLUMNS, READER_COLUMNS, ExportOptions
from glomviewer.store.exporting import export_class_folders, export_labels
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.importing import run_import
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source


@pytest.fixture
def small(tmp_path):
    """Patches 1 to 6: imported 1, 0, none, 1, 0, none; 3 cannot tell, 4 is disputed."""
    labels = (1, 0, NO_LABEL, 1, 0, NO_LABEL)
    plans = [PatchPlan(case=f"case {at}", label=label) for at, label in enumerate(labels)]
    readers = (("Ann Reader", "AR"), ("Bob =Reader", "BR"))
    made = make_library(tmp_path, plans, readers=readers)
    ann, bob = made.readers
    made.library.decide(reader=ann, patches=[3], label=2)
    made.library.decide(reader=ann, patches=[4], label=1)
    made.library.decide(reader=bob, patches=[4], label=0)
    made.library.decide(reader=bob, patches=[5], label=1)
    yield made
    made.library.close()


def table(file):
    with file.open(newline="", encoding="utf-8") as opened:
        return {row["name"]: row for row in csv.DictReader(opened)}


def test_labels_are_name_and_ground_truth(small, tmp_path):
    report = export_labels(small.library, tmp_path / "out" / "l.csv", ExportOptions(columns=()))
    truth = {name: row["ground truth"] for name, row in table(report.written[0]).items()}
    assert truth == {
        "p1.png": "1",
        "p2.png": "0",
        "p3.png": "",
        "p4.png": "",
        "p5.png": "1",
        "p6.png": "",
    }


def test_reader_time_and_source_stand_beside_each_label(small, tmp_path):
    options = ExportOptions(columns=READER_COLUMNS)
    rows = table(export_labels(small.library, tmp_path / "l.csv", options).written[0])
    assert (rows["p1.png"]["label source"], rows["p1.png"]["reader"]) == ("imported", "")
    assert rows["p3.png"]["label"] == "cannot tell"
    assert rows["p3.png"]["reader"] == "Ann Reader (AR)"
    assert rows["p3.png"]["time"].endswith("+00:00")
    assert rows["p4.png"]["label source"] == "disputed" and rows["p4.png"]["label"] == ""
    assert rows["p4.png"]["reader"] == "Ann Reader (AR); Bob =Reader (BR)"


def test_one_reader_s_own_labels(small, tmp_path):
    options = ExportOptions(columns=(), reader=small.readers[1], labelled_only=True)
    rows = table(export_labels(small.library, tmp_path / "l.csv", options).written[0])
    assert {name: row["ground truth"] for name, row in rows.items()} == {
        "p4.png": "0",
        "p5.png": "1",
    }


def test_model_s_columns_name_model_threshold_and_purpose(small, tmp_path):
    add_model(small, {1: 4.0, 2: 0.5}, name="swin", version=3, threshold=1.0)
    options = ExportOptions(columns=MODEL_COLUMNS)
    report = export_labels(small.library, tmp_path / "l.csv", options)
    rows = table(report.written[0])
    assert [rows[f"p{at}.png"]["model call"] for at in (1, 2, 3)] == ["1", "0", ""]
    assert rows["p1.png"]["model"] == "swin · 3"
    assert float(rows["p1.png"]["model threshold"]) == pytest.approx(0.7310586)
    assert rows["p1.png"]["remark"] == "For review, not for diagnosis."
    manifest = json.loads(report.written[1].read_text(encoding="utf-8"))
    assert manifest["model"]["name"] == "swin" and manifest["remark"] in report.sentence


def test_excluded_patches_are_left_out(small, tmp_path):
    small.library.exclude(reader=small.reader, patches=[1], reason="consent withdrawn")
    report = export_labels(small.library, tmp_path / "l.csv", ExportOptions())
    assert "p1.png" not in table(report.written[0]) and report.patches == 5


def test_splits_can_be_chosen(small, tmp_path):
    with pytest.raises(Refused, match="nothing was exported"):
        export_labels(small.library, tmp_path / "l.csv", ExportOptions(splits=(Split.FINAL,)))
    assert not (tmp_path / "l.csv").exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_a_spreadsheet_would_run_are_neutralised(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmful(harmless(f"{start}1+1")) == f"{start}1+1"
    assert harmless("plain") == "plain" and harmful("'plain") == ""


def test_exported_table_is_harmless_and_can_be_imported_again(empty, tmp_path):
    folder = tmp_path / "odd"
    write_picture(folder / "=1+1.png", 1)
    write_picture(folder / "-a.png", 2)
    (folder / "t.csv").write_text("name,label,case\n=1+1.png,1,@SUM(A1)\n-a.png,0,B\n")
    run_import(empty, make_plan(read_source(folder)))
    file = export_labels(empty, folder / "again.csv", ExportOptions()).written[0]
    rows = table(file)
    assert set(rows) == {"'=1+1.png", "'-a.png"}
    assert rows["'=1+1.png"]["case"] == "'@SUM(A1)"
    plan = make_plan(read_source(folder, table=file))
    assert {patch.name: patch.label for patch in plan.patches} == {"=1+1.png": 1, "-a.png": 0}


def test_folder_per_class_can_be_imported_again(small, empty, tmp_path):
    report = export_class_folders(small.library, tmp_path / "out", ExportOptions())
    assert report.patches == 3
    plan = make_plan(read_source(tmp_path / "out"))
    assert {patch.name: patch.label for patch in plan.patches} == {
        "p1.png": 1,
        "p2.png": 0,
        "p5.png": 1,
    }
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [len(file["sha256"]) for file in manifest["files"]] == [64, 64, 64]


def test_missing_files_are_told_and_stop_nothing(small, tmp_path):
    (small.images / "p1.png").unlink()
    report = export_class_folders(small.library, tmp_path / "out", ExportOptions())
    assert report.missing == ("p1.png",) and report.patches == 2
    assert "1 were left out" in report.sentence


def test_existing_folder_is_never_written_over(small, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Refused):
        export_class_folders(small.library, tmp_path / "out", ExportOptions())
    with pytest.raises(Refused):
        export_labels(small.library, tmp_path / "out", ExportOptions())


def test_cancelled_export_leaves_nothing(small, tmp_path):
    target = tmp_path / "exports" / "out"
    with pytest.raises(ImportCancelled):
        export_class_folders(small.library, target, ExportOptions(), cancelled=lambda: True)
    assert list(target.parent.iterdir()) == []
