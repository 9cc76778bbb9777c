"""Which patches are clean for two models, and what is said where there are none."""

import numpy as np
import pytest

from glomviewer.domain.comparison.choosing import Contender, Labelled, PatchSet, choose

SPLITS = ("train", "train", "validation", "validation", "locked", "locked")
NAN = float("nan")


def labelled(blind=(True,) * 6):
    return Labelled(
        patches=np.arange(1, 7),
        target=np.array([True, False] * 3),
        group=["a", "a", "b", "", "c", ""],
        training=np.array([split == "train" for split in SPLITS]),
        validation=np.array([split == "validation" for split in SPLITS]),
        locked=np.array([split == "locked" for split in SPLITS]),
        blind=np.array(blind),
    )


def contender(title, *, seen=(), out_of_fold=None, learned=(), logit=(1.0,) * 6):
    def mask(patches):
        return np.isin(np.arange(1, 7), list(patches))

    folds = np.full(6, NAN)
    for patch, value in (out_of_fold or {}).items():
        folds[patch - 1] = value
    return Contender(
        title=title,
        logit=np.array(logit),
        out_of_fold=folds,
        seen=None if seen is None else mask(seen),
        learned=mask(learned),
        threshold=0.0,
    )


def chosen(first, second, among=PatchSet.FREE, **more):
    found = choose(labelled(**more), first, second, among)
    return (np.flatnonzero(found.rows) + 1).tolist(), found


def test_training_patches_count_only_out_of_fold():
    trained = contender("b", seen=(1, 2, 3, 4), out_of_fold={1: -2.0})
    patches, found = chosen(contender("a"), trained)
    assert patches == [1, 3, 4]
    assert found.second[[0, 2]].tolist() == [-2.0, 1.0]
    assert found.left_out == (("b was trained or tuned on", 1),)
    assert found.notes == (
        "On 1 of them b is told by models of folds, which had not seen them.",
        "3 of them placed calibration and threshold of b: a little flattering.",
    )


def test_a_remark_that_holds_for_both_is_made_once():
    one, other = (contender(name, seen=(3, 4)) for name in "ab")
    _, found = chosen(one, other)
    assert found.notes == (
        "2 of them placed calibration and threshold of both: a little flattering.",
    )


def test_a_model_trained_elsewhere_may_have_learned_from_validation_patches():
    patches, _ = chosen(contender("a"), contender("b", seen=(3, 4), learned=(3,)))
    assert patches == [1, 2, 4]


def test_the_locked_set_wants_unseen_patches_and_labels_that_were_given_blind():
    blind = (True, True, True, True, False, True)
    patches, found = chosen(contender("a"), contender("b"), PatchSet.LOCKED, blind=blind)
    assert patches == [6]
    assert found.left_out == (("labelled with the call shown", 1),)
    assert found.notes == ()


def test_where_no_patch_is_clean_for_both_the_reasons_are_told():
    first, second = contender("a", seen=(5,)), contender("b", seen=(6,))
    patches, found = chosen(first, second, PatchSet.LOCKED)
    assert patches == []
    assert found.refusal == (
        "Of the 2 labelled patches of the locked set none is clean for both models: "
        "1 a was trained or tuned on; 1 b was trained or tuned on."
    )


@pytest.mark.parametrize("among", list(PatchSet))
def test_of_a_model_of_unknown_training_no_figure_is_given(among):
    patches, found = chosen(contender("a"), contender("b", seen=None), among)
    assert patches == []
    assert found.refusal.startswith("Nobody knows which patches b was trained on")


def test_even_unknown_models_may_be_told_out_of_fold():
    one = contender("b", seen=None, out_of_fold={1: 0.5})
    assert chosen(contender("a"), one)[0] == [1]


def test_locked_figures_never_come_from_folds():
    first = contender("a", out_of_fold={5: -9.0})
    _, found = chosen(first, contender("b"), PatchSet.LOCKED)
    assert found.first[4] == 1.0


def test_patches_that_a_model_was_never_asked_about_are_left_out():
    unasked = contender("b", logit=(NAN, NAN, NAN, 1.0, NAN, NAN))
    patches, found = chosen(contender("a"), unasked)
    assert patches == [4]
    assert found.left_out == (("without a prediction of b", 3),)


def test_patches_of_no_known_case_stand_for_themselves():
    assert labelled().codes.tolist() == [0, 0, 1, 2, 3, 4]
