"""Two models of a real library on the patches that are clean for both."""

import numpy as np
import pytest
from builders import PatchPlan, add_model, make_library

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.labels import Split
from glomviewer.jobs.comparing import count_comparison_look, read_comparison


@pytest.fixture
def small(tmp_path):
    plans = [
        PatchPlan(case=case, slide=f"{case}_1", label=number % 2, split=split)
        for case, split in (
            ("SAS", Split.TRAIN),
            ("VUHSK", Split.VALIDATION),
            ("SESCAM", Split.LOCKED),
        )
        for number in range(4)
    ]
    made = make_library(tmp_path, plans, image_files=False)
    with made.library:
        yield made


def compare(small, first, second, among=PatchSet.FREE):
    table = small.library.load_table(None)
    return read_comparison(small.library, table, first=first, second=second, among=among)


def test_both_models_are_read_on_the_same_patches(small):
    first = add_model(small, dict.fromkeys(small.ids, -1.0))
    second = add_model(small, dict.fromkeys(small.ids, 2.0), version=2, threshold=0.5)
    found = compare(small, first, second)
    both = found.compared
    assert both is not None and found.refusal == ""
    assert both.patches.tolist() == list(range(1, 9))
    assert both.target.tolist() == [False, True] * 4
    assert both.first.calls.any() == np.False_ and both.second.calls.all()
    assert [both.slides[code] for code in both.slide[[0, 4]]] == ["SAS_1", "VUHSK_1"]
    assert both.centres == ("SAS", "VUHSK")
    assert both.groups == 2
    assert found.unpredicted == ()


def test_locked_patches_that_a_model_has_seen_stay_out(small):
    hashes = [small.library.patch(patch).pixel_hash for patch in (9, 10)]
    first = add_model(small, dict.fromkeys(small.ids, 1.0))
    second = add_model(small, dict.fromkeys(small.ids, 1.0), version=2, seen=hashes)
    found = compare(small, first, second, PatchSet.LOCKED)
    assert found.compared is not None
    assert found.compared.patches.tolist() == [11, 12]
    assert found.left_out == (("demo · 2 was trained or tuned on", 2),)


def test_a_model_that_has_predicted_nothing_is_named(small):
    first = add_model(small, dict.fromkeys(small.ids, 1.0))
    second = add_model(small, {}, version=2)
    found = compare(small, first, second)
    assert found.compared is None
    assert [one.id for one in found.unpredicted] == [second]
    assert "8 without a prediction of demo · 2" in found.refusal


def test_a_look_is_counted_under_the_name_of_who_looked(small):
    first = add_model(small, dict.fromkeys(small.ids, 1.0))
    second = add_model(small, dict.fromkeys(small.ids, 1.0), version=2)
    changes = count_comparison_look(small.library, first=first, second=second, reader=small.reader)
    assert changes.runs
    assert small.library.looks() == 1
    assert compare(small, first, second, PatchSet.LOCKED).looks == 1
