"""Slide and case as names carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.name_patterns import (
    PRESETS,
    copies_by_name,
    fitting_preset,
    own_pattern,
    try_pattern,
)

HEX = "0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("name", "case", "slide"),
    [
        (f"S-2001-001234_PAS_1of2_{HEX}.png", "S-2001-001234", "S-2001-001234_PAS_1of2"),
        (f"18-123_PAS_5of6_{HEX}_2.png", "18-123", "18-123_PAS_5of6"),
        ("18-123_PAS_5of6_07.png", "18-123", "18-123_PAS_5of6"),
        ("B12 PAS [x=1,y=2,w=512,h=512].png", "", "B12 PAS"),
        ("B12.svs [x=1,y=2,w=512,h=512].png", "", "B12"),
        ("SAS_21891_001-8.png", "", "SAS_21891_001"),
    ],
)
def test_presets_read_the_names_of_the_seed_systems(name, case, slide):
    pattern = next(preset for preset in PRESETS if preset.groups(name))
    assert pattern.groups(name) == (case, slide)


def test_every_preset_reads_its_own_example():
    for preset in PRESETS:
        assert preset.groups(preset.example) is not None


def test_neighbouring_accession_numbers_stay_two_cases():
    first = PRESETS[0].groups(f"S-2001-001234_PAS_1of2_{HEX}.png")
    second = PRESETS[0].groups(f"S-2001-001235_PAS_2of2_{HEX}.png")
    assert first is not None and second is not None and first[0] != second[0]


def test_fitting_preset_is_the_one_that_reads_the_names():
    names = [f"S-2001-00{case}_PAS_{slide}of2_{HEX}.png" for case in (1, 2) for slide in (1, 2)]
    assert fitting_preset(names * 2) is PRESETS[0]
    assert fitting_preset(["a-1.png", "a-2.png", "b-1.png"]) is PRESETS[3]


def test_names_without_groups_get_no_preset():
    assert fitting_preset(["one.png", "two.png", "three.png"]) is None
    assert fitting_preset([]) is None


def test_a_pattern_that_separates_every_patch_is_not_offered():
    assert fitting_preset(["anna-1.png", "bert-2.png", "carl-3.png"]) is None


def test_own_expression_is_tried_on_the_names_at_hand():
    pattern = own_pattern(r"^(?P<case>\w\d+)_(?P<slide>s\d)")
    trial = try_pattern(pattern, ["A1_s1_x.png", "A1_s2_x.png", "B7_s1.png", "odd.png"])
    assert (trial.matched, trial.names, trial.cases, trial.unmatched) == (3, 4, 2, ("odd.png",))
    assert trial.rows[0] == ("A1_s1_x.png", "A1", "s1")


@pytest.mark.parametrize("expression", ["", "(", r"(\d+)", "(?P<patient>x)"])
def test_expression_that_can_not_work_is_refused_in_one_sentence(expression):
    with pytest.raises(ValueError, match=r"\.$"):
        own_pattern(expression)


def test_copies_are_known_only_beside_their_original():
    paths = [
        "a/x.png",
        "a/x_1.png",
        "a/x_3.png",
        "a/x_4.png",
        "b/x_1.png",
        "a/y_1.png",
        "a/x_2.jpg",
    ]
    assert copies_by_name(paths) == {"a/x_1.png": "a/x.png", "a/x_3.png": "a/x.png"}


@given(st.lists(st.text(alphabet="ab_123.", min_size=1, max_size=8), max_size=20))
def test_every_copy_has_its_original_among_the_paths(names):
    copies = copies_by_name(names)
    assert set(copies) <= set(names)
    assert set(copies.values()) <= set(names)
    assert all(copy != original for copy, original in copies.items())
