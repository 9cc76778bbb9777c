"""What is found in a folder before anything is imported."""

import numpy as np
import pytest
from PIL import Image

from glomviewer.domain.labels import Split
from glomviewer.domain.name_patterns import own_pattern
from glomviewer.store.import_values import FindingKind, ImportRefused, SourceKind
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source


def write(path, seed=0, turned=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    small = np.random.default_rng(seed).integers(0, 255, (6, 5, 3), dtype=np.uint8)
    pixels = np.kron(small, np.ones((8, 8, 1), dtype=np.uint8))
    Image.fromarray(pixels[::-1, ::-1] if turned else pixels).save(path)


def labels_of(plan):
    return {patch.path: patch.label for patch in plan.patches}


@pytest.mark.parametrize(
    ("sclerotic", "other"),
    [
        ("GS", "nonGS"),
        ("globally_sclerotic_glomeruli", "non_globally_sclerotic_glomeruli"),
        ("sclerosed", "normal"),
        ("sclerotic", "non-sclerotic"),
        ("1", "0"),
    ],
)
def test_folder_per_class_in_many_spellings(tmp_path, sclerotic, other):
    write(tmp_path / "Images" / sclerotic / "a.png")
    write(tmp_path / "Images" / other / "b.png")
    source = read_source(tmp_path)
    assert source.kind is SourceKind.CLASS_FOLDERS
    assert labels_of(make_plan(source)) == {
        f"Images/{sclerotic}/a.png": 1,
        f"Images/{other}/b.png": 0,
    }


def test_a_folder_s_meaning_can_be_changed(tmp_path):
    write(tmp_path / "GS" / "a.png")
    write(tmp_path / "odd" / "b.png")
    source = read_source(tmp_path)
    options = source.proposed.with_(folder_labels={"GS": -1, "odd": 1})
    assert labels_of(make_plan(source, options)) == {"GS/a.png": -1, "odd/b.png": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_table_with_any_separator_and_encoding(tmp_path, delimiter, encoding):
    write(tmp_path / "images" / "Präparat 1.png")
    write(tmp_path / "images" / "b.png")
    lines = [["Name", "Ground Truth", "Slide", "µm per pixel"], ["Präparat 1", "1", "S1", "0.25"]]
    lines.append(["b.png", "0", "S2", ""])
    text = "\r\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "public.csv").write_bytes(text.encode(encoding))
    plan = make_plan(read_source(tmp_path))
    assert labels_of(plan) == {"images/Präparat 1.png": 1, "images/b.png": 0}
    first = next(patch for patch in plan.patches if patch.label == 1)
    assert (first.slide, first.microns_per_pixel) == ("S1", 0.25)


def test_columns_are_chosen_by_their_names(tmp_path):
    write(tmp_path / "a.png")
    text = "file,label,case,slide,split,microns_per_pixel\na,1,C1,C1-2,test,0.5\n"
    (tmp_path / "labels.csv").write_text(text)
    plan = make_plan(read_source(tmp_path))
    patch = plan.patches[0]
    assert (patch.case, patch.slide, patch.split) == ("C1", "C1-2", Split.LOCKED)
    assert plan.per_split == {Split.LOCKED: 1} and plan.cases == plan.slides == 1


def test_table_without_a_header_is_read_by_its_cells(tmp_path):
    for at in range(4):
        write(tmp_path / f"p{at}.png", at)
    (tmp_path / "t.csv").write_text("".join(f"p{at}.png;{at % 2}\n" for at in range(4)))
    assert [patch.label for patch in make_plan(read_source(tmp_path)).patches] == [0, 1, 0, 1]


def test_files_that_the_table_does_not_name_come_in_without_label_or_not_at_all(tmp_path):
    write(tmp_path / "a.png")
    write(tmp_path / "b.png")
    (tmp_path / "labels.csv").write_text("name,ground truth\na.png,1\n")
    source = read_source(tmp_path)
    assert labels_of(make_plan(source)) == {"a.png": 1, "b.png": -1}
    only_listed = make_plan(source, source.proposed.with_(unlisted=False))
    assert labels_of(only_listed) == {"a.png": 1}
    assert [finding.name for finding in only_listed.left_out] == ["b.png"]


def test_a_cell_s_meaning_can_be_given(tmp_path):
    write(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text("name,label\na.png,verödet\n", encoding="utf-8")
    source = read_source(tmp_path)
    assert make_plan(source).label_values[0].label is None
    options = source.proposed.with_(value_labels={"verödet": 1})
    assert labels_of(make_plan(source, options)) == {"a.png": 1}


def test_folder_and_table_that_contradict_each_other_give_no_label(tmp_path):
    write(tmp_path / "GS" / "a.png")
    write(tmp_path / "nonGS" / "b.png")
    (tmp_path / "public.csv").write_text("name,ground truth\na.png,0\nb.png,0\n")
    plan = make_plan(read_source(tmp_path))
    assert labels_of(plan) == {"GS/a.png": -1, "nonGS/b.png": 0}
    assert [f.kind for f in plan.findings] == [FindingKind.CONFLICT]


def test_flat_folder_is_unlabelled_and_warned_of(tmp_path):
    write(tmp_path / "sub" / "deeper" / "a.png")
    plan = make_plan(read_source(tmp_path))
    assert plan.source.kind is SourceKind.FOLDER
    assert labels_of(plan) == {"sub/deeper/a.png": -1}
    assert any("Neither case nor slide is known" in warning for warning in plan.warnings)


def test_predictions_of_another_program_are_recognised(tmp_path):
    write(tmp_path / "a.png")
    (tmp_path / "output.csv").write_text("name,predicted_class\na.png,1\ngone.png,0\n")
    plan = make_plan(read_source(tmp_path / "output.csv"))
    assert plan.source.kind is SourceKind.PREDICTIONS
    assert [(call.name, call.call, call.probability) for call in plan.calls] == [
        ("a.png", 1, None),
        ("gone.png", 0, None),
    ]
    assert labels_of(plan) == {"a.png": -1}


def test_labels_are_preferred_to_predictions(tmp_path):
    write(tmp_path / "a.png")
    (tmp_path / "a_output.csv").write_text("name,predicted_class\na.png,1\n")
    (tmp_path / "public.csv").write_text("name,ground truth\na.png,0\n")
    source = read_source(tmp_path)
    assert source.kind is SourceKind.TABLE
    assert [path.name for path in source.other_tables] == ["a_output.csv"]


def test_masks_hidden_files_and_libraries_are_left_aside(tmp_path):
    write(tmp_path / "images" / "a.png")
    write(tmp_path / "masks" / "a.png")
    write(tmp_path / ".cache" / "b.png")
    write(tmp_path / "old.glomlib" / "images" / "c.png")
    write(tmp_path / "images" / "._a.png")
    source = read_source(tmp_path)
    assert source.files == ("images/a.png",)
    assert "masks" in source.notes[0]


def test_copies_of_system_a_are_left_out_by_name_and_pixels(tmp_path):
    for at in range(4):
        write(tmp_path / f"x{at}.png", at)
        write(tmp_path / f"x{at}_2.png", at, turned=True)
    write(tmp_path / "x0_3.png", 99)
    plan = make_plan(read_source(tmp_path))
    assert {f.name for f in plan.left_out} == {f"x{at}_2.png" for at in range(4)}
    assert "x0_3.png" in labels_of(plan)


def test_folder_that_just_numbers_its_patches_loses_none(tmp_path):
    for at in range(4):
        write(tmp_path / f"x{at}.png", at)
        write(tmp_path / f"x{at}_1.png", 50 + at)
    assert len(make_plan(read_source(tmp_path)).patches) == 8


def test_pattern_yields_slide_and_case(tmp_path):
    hexadecimal = "0123456789abcdef01234567"
    for at in range(2):
        write(tmp_path / f"S-2001-001234_PAS_{at + 1}of2_{hexadecimal}.png", at)
        write(tmp_path / f"S-2001-001235_PAS_{at + 1}of2_{hexadecimal}.png", 9 + at)
    plan = make_plan(read_source(tmp_path))
    assert (plan.cases, plan.slides) == (2, 4)
    by_hand = plan.options.with_(pattern=own_pattern(r"^(?P<case>S-\d+)"))
    assert make_plan(plan.source, by_hand).cases == 1


@pytest.mark.parametrize("where", ["nowhere", "empty"])
def test_nothing_to_import_is_one_sentence(tmp_path, where):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportRefused, match=r"\.$"):
        read_source(tmp_path / where)


def test_whole_slides_are_explained(tmp_path):
    (tmp_path / "case.svs").write_bytes(b"II*\0")
    with pytest.raises(ImportRefused, match="cut them into patches first"):
        read_source(tmp_path)
