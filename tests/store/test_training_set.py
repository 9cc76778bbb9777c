"""What may be trained on, what may stand in the gate, and what counts as a correction."""

import pytest

from glomviewer.domain.labels import Split

SPLIT_OF_CASE = {0: Split.TRAIN, 1: Split.VALIDATION, 2: Split.LOCKED, 3: Split.FINAL}


@pytest.fixture
def library(empty, tmp_path, new_patch):
    """Cases of ten: train 1-10, validation 11-20, locked 21-30, final 31-40."""
    rows = (new_patch(i, split=SPLIT_OF_CASE[i // 10]) for i in range(40))
    empty.add_patches(rows, root=tmp_path / "slides")
    empty.assign_splits()
    return empty


def entries(library):
    return {entry.patch: entry for entry in library.training_manifest()}


def test_the_manifest_holds_train_validation_and_locked_but_never_the_final_set(library):
    found = entries(library)
    assert sorted(found) == list(range(1, 31))
    assert {entry.split for entry in found.values()} == {"train", "validation", "locked"}
    assert [patch for patch, entry in found.items() if entry.gate] == list(range(21, 31))
    assert found[1].group != found[11].group
    assert "case" not in found[1].group
    assert found[2].label == 1
    assert found[1].hash == library.patch(1).pixel_hash


def test_counts_are_pairs_of_not_and_globally_sclerotic(library):
    counts = library.training_counts()
    assert counts.per_split == dict.fromkeys(("train", "validation", "locked", "final"), (5, 5))
    assert counts.cases_per_split["train"] == 1
    assert counts.warnings == ()


def test_cases_are_counted_for_each_class_that_they_hold(library, ann):
    library.decide(reader=ann, patches=range(11, 21), label=0)
    counts = library.training_counts()
    assert counts.cases_per_class["train"] == (1, 1), "one case holds both classes"
    assert counts.cases_per_class["validation"] == (1, 0)


def test_labels_without_a_target_disputes_and_exclusions_stay_out_and_are_counted(
    library, ann, bob
):
    library.decide(reader=ann, patches=[1, 2], label=2)
    library.decide(reader=ann, patches=[3], label=3)
    library.decide(reader=ann, patches=[4, 5], label=0)
    library.decide(reader=bob, patches=[4, 5], label=1)
    library.exclude(reader=bob, patches=[6], reason="wrong stain")
    counts = library.training_counts()
    assert not {1, 2, 3, 4, 5, 6} & entries(library).keys()
    assert (counts.cannot_tell, counts.not_a_glomerulus) == (2, 1)
    assert (counts.disputed, counts.excluded) == (2, 1)


def test_only_labels_made_with_the_call_hidden_count_in_the_gate(library, ann, bob):
    library.decide(reader=ann, patches=[21], label=1, call_shown=False)
    library.decide(reader=ann, patches=[22], label=0, call_shown=True)
    library.decide(reader=ann, patches=[23], label=1, call_shown=False)
    library.decide(reader=bob, patches=[23], label=1, call_shown=True)
    library.adjudicate(reader=ann, patch=24, label=1, call_shown=False)
    library.adjudicate(reader=ann, patch=25, label=1)
    found = entries(library)
    assert [patch for patch in range(21, 31) if not found[patch].gate] == [22, 25]
    assert library.training_counts().locked_with_call_shown == 2


def test_the_gate_counts_what_was_said_before_the_call_was_seen(library, ann):
    library.decide(reader=ann, patches=[21], label=1, call_shown=False)
    library.decide(reader=ann, patches=[21], label=0, call_shown=True)
    found = entries(library)[21]
    assert (found.label, found.gate) == (1, True)
    assert library.patch(21).reference_label == 0


def test_a_duplicate_that_links_two_splits_leaves_training_and_gate(library, tmp_path, new_patch):
    twin = new_patch(80, case="case 2", pixel_hash=library.patch(1).pixel_hash, imported_label=0)
    (patch,) = library.add_patches([twin], root=tmp_path / "x").patches
    library.assign_splits()
    assert library.patch(patch).split is Split.LOCKED
    found = entries(library)
    assert patch not in found
    assert 1 in found
    assert library.training_counts().duplicates == 1


def test_a_picture_under_two_labels_stays_out_until_they_agree(library, ann, tmp_path, new_patch):
    twin = new_patch(80, case="case 0", pixel_hash=library.patch(1).pixel_hash, imported_label=1)
    (patch,) = library.add_patches([twin], root=tmp_path / "x").patches
    library.assign_splits()
    assert not {1, patch} & entries(library).keys()
    assert any("twice under different labels" in one for one in library.training_counts().warnings)
    library.decide(reader=ann, patches=[1], label=1)
    assert 1 in entries(library)


def test_an_empty_class_is_warned_of(library, ann):
    library.decide(reader=ann, patches=range(11, 21), label=0)
    assert "There is no validation patch that is globally sclerotic." in (
        library.training_counts().warnings
    )


def test_corrections_are_labels_that_differ_from_what_held_before(library, ann, bob):
    library.decide(reader=ann, patches=[1, 2, 3], label=1)
    assert library.corrections_since({}) == 2, "patch 2 was called 1 before"
    position = library.log_position()
    assert library.corrections_since(position) == 0
    library.decide(reader=bob, patches=[9], label=2)
    library.adjudicate(reader=bob, patch=9, label=1)
    assert library.corrections_since(position) == 1
    library.undo(reader=bob)
    library.undo(reader=bob)
    assert library.corrections_since(position) == 0


def test_corrections_are_counted_since_the_models_position_in_the_log(library, ann):
    library.decide(reader=ann, patches=[1], label=1)
    folder = library.paths.model("m")
    folder.mkdir()
    library.add_model(folder, {"id": "m", "log_position": library.log_position()})
    library.decide(reader=ann, patches=[3, 5], label=1)
    assert library.training_counts("m").corrections == 2
    assert library.training_counts().corrections == 3
