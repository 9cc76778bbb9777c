"""The table of patches says what the records say, and a refresh says what a reload says."""

import numpy as np
import pytest

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.patch_table import COLUMNS
from glomviewer.domain.splits import Shares


@pytest.fixture
def varied(library, ann, bob, tmp_path, new_patch):
    rows = [
        new_patch(70, case="", slide="", width=123456, height=3, microns_per_pixel=0.25),
        new_patch(71, imported_label=NO_LABEL, pixel_hash=new_patch(0).pixel_hash),
    ]
    library.add_patches(rows, root=tmp_path / "more", shares=Shares(0.25, 0.25, 0.25, 0.25))
    library.decide(reader=ann, patches=range(1, 8), label=3, on_screen=[2, 3])
    library.decide(reader=bob, patches=range(5, 12), label=2)
    library.flag(reader=ann, patches=[4])
    library.comment(reader=bob, patch=9, text="pale")
    library.exclude(reader=ann, case="case 3", reason="wrong stain")
    library.adjudicate(reader=bob, patch=5, label=0)
    library.mark_seen(reader=bob, patches=[30])
    return library


def test_every_column_is_there_in_its_type(varied, ann):
    table = varied.load_table(ann)
    assert table.columns.keys() == COLUMNS.keys()
    assert {name: table[name].dtype for name in COLUMNS} == {
        name: np.dtype(kind) for name, kind in COLUMNS.items()
    }


def test_the_columns_say_what_the_records_say(varied, ann):
    table = varied.load_table(ann)
    for row, patch in enumerate(varied.patches(table.ids.tolist())):
        said = {
            "width": patch.width,
            "height": patch.height,
            "split": patch.split,
            "imported": patch.imported_label,
            "reference": patch.reference_label,
            "reference_source": patch.reference_source,
            "disputed": patch.disputed,
            "flagged": patch.flagged,
            "commented": patch.comments > 0,
            "excluded": patch.excluded,
            "missing": patch.file_state != "present",
            "duplicate": patch.duplicate_of is not None,
        }
        assert {name: table[name][row] for name in said} == said
        case, slide = table["case"][row], table["slide"][row]
        assert (table.cases[case] if case >= 0 else "") == patch.case
        assert (table.slides[slide] if slide >= 0 else "") == patch.slide
        microns = table["microns_per_pixel"][row]
        assert np.isnan(microns) if patch.microns_per_pixel is None else microns == 0.25
    assert set(table["split"].tolist()) <= {int(split) for split in Split}
    assert table["disputed"].tolist().count(True) == 2


def test_current_and_seen_are_the_readers_own(varied, ann, bob):
    mine, theirs = varied.load_table(ann), varied.load_table(bob)
    assert mine["current"][:12].tolist() == [3] * 7 + [NO_LABEL] * 5
    assert theirs["current"][:12].tolist() == [NO_LABEL] * 4 + [2] * 7 + [NO_LABEL]
    assert np.flatnonzero(mine["seen"]).tolist() == [1, 2]
    assert np.flatnonzero(theirs["seen"]).tolist() == [*range(4, 11), 29]
    assert not varied.load_table(None)["seen"].any()


def test_the_time_is_that_of_the_last_label_and_none_after_its_undo(library, ann):
    library.decide(reader=ann, patches=[1], label=1)
    assert library.load_table(ann)["decided_at"][0] > 1_700_000_000
    library.undo(reader=ann)
    assert library.load_table(ann)["decided_at"][0] == 0


def test_refreshing_rows_equals_loading_again(varied, ann, bob):
    table = varied.load_table(ann)
    touched = set()
    touched.update(varied.decide(reader=ann, patches=[40, 1, 20], label=1).patches)
    touched.update(varied.flag(reader=bob, patches=[2, 41]).patches)
    touched.update(varied.undo(reader=ann).patches)
    touched.update(varied.include(reader=bob, case="case 3").patches)
    varied.refresh_rows(table, [*touched, 999], ann)
    fresh = varied.load_table(ann)
    for name in COLUMNS:
        np.testing.assert_array_equal(table[name], fresh[name], err_msg=name)


def test_an_empty_library_has_an_empty_table(empty):
    table = empty.load_table(None)
    assert len(table) == 0
    empty.refresh_rows(table, [1], None)
