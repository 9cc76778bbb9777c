"""The spellings that people use for classes and splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.class_synonyms import label_meant, label_of_folder, split_meant
from glomviewer.domain.labels import NO_LABEL, Split


@pytest.mark.parametrize(
    "name",
    [
        "GS",
        "gs_glomeruli",
        "globally_sclerotic_glomeruli",
        "Globally Sclerotic",
        "sclerosed",
        "sclerotic",
        "01_sclerotic",
        "global-glomerulosclerosis",
        "1",
    ],
)
def test_folder_of_sclerotic_glomeruli_is_recognised(name):
    assert label_of_folder(name) == 1


@pytest.mark.parametrize(
    "name",
    [
        "nonGS",
        "non-GS",
        "non_globally_sclerotic_glomeruli",
        "Not globally sclerotic",
        "non-sclerotic",
        "nonsclerosed",
        "normal",
        "00 normal glomeruli",
        "segmentally_sclerotic",
        "0",
    ],
)
def test_folder_of_other_glomeruli_is_recognised(name):
    assert label_of_folder(name) == 0


@pytest.mark.parametrize("name", ["images", "train", "2021", "slide1", "unknown", "", "glomeruli"])
def test_folder_that_is_no_class_is_left_alone(name):
    assert label_of_folder(name) is None


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        *[("1", 1), ("0", 0), ("1.0", 1), ("0,0", 0), ("2", 2), ("True", 1), ("neg", 0)],
        *[("cannot tell", 2), ("not a glomerulus", 3), ("", NO_LABEL), ("NA", NO_LABEL)],
    ],
)
def test_cell_means_a_label(cell, label):
    assert label_meant(cell) == label


@pytest.mark.parametrize("cell", ["7", "-1", "maybe", "0.5", "sclerotic?? or normal", "10"])
def test_cell_that_nobody_can_know_means_nothing(cell):
    assert label_meant(cell) is None


@given(st.sampled_from(["globally sclerotic", "sclerosed", "gs", "sclerotic glomeruli"]))
def test_negation_never_means_what_it_negates(name):
    for negation in ("non", "not_", "NON-", "No "):
        assert label_meant(negation + name) == 0


@given(st.text(max_size=40))
def test_any_text_is_understood_or_refused_without_an_error(text):
    assert label_meant(text) in (None, NO_LABEL, 0, 1, 2, 3)
    assert label_of_folder(text) in (None, 0, 1, 2, 3)


def test_splits_are_recognised():
    assert split_meant("Test") is Split.LOCKED
    assert split_meant("val") is Split.VALIDATION
    assert split_meant("TRAINING") is Split.TRAIN
    assert split_meant("final") is Split.FINAL
    assert split_meant("") is Split.NONE
    assert split_meant("fold 3") is None
