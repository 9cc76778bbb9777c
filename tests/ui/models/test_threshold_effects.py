"""What a threshold does on the validation set."""

import numpy as np
import pytest
from builders import PatchPlan, add_model, make_library
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.labels import Split
from glomviewer.ui.models.threshold_effects import (
    BEST_F1,
    BY_HAND,
    COSTS,
    RECALL,
    Scores,
    effects_of,
    scores_of,
    threshold_by,
)


def scores(logit, target, threshold=0.0):
    values, truth = np.array(logit, dtype=float), np.array(target, dtype=bool)
    return Scores(values, truth, values, np.zeros(len(values), dtype=np.int64), threshold)


def test_counts_follow_the_threshold():
    effects = effects_of(scores([-2, -1, 1, 2], [0, 1, 0, 1]), 0.0)
    counts = (effects.true_positive, effects.false_positive, effects.false_negative)
    assert counts == (1, 1, 1)
    assert effects.precision == effects.recall == 0.5


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=2, max_size=40).filter(
        lambda rows: {truth for _, truth in rows} == {True, False}
    )
)
def test_no_threshold_has_a_better_f1_than_the_rule_finds(rows):
    some = scores([logit / 10 for logit, _ in rows], [truth for _, truth in rows])
    found = threshold_by(BEST_F1, some)
    assert found is not None
    best = effects_of(some, found).f1
    for cut in [*some.logit - 0.01, *some.logit + 0.01]:
        assert effects_of(some, float(cut)).f1 <= best + 1e-12


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=2, max_size=40).filter(
        lambda rows: {truth for _, truth in rows} == {True, False}
    )
)
def test_the_recall_rule_keeps_its_promise(rows):
    some = scores([logit / 10 for logit, _ in rows], [truth for _, truth in rows])
    found = threshold_by(RECALL, some)
    assert found is not None
    assert effects_of(some, found).recall >= 0.98


def test_dear_misses_move_the_threshold_down():
    some = scores([-1, 0, 0.5, 1, 2], [0, 1, 0, 0, 1])
    cheap, dear = threshold_by(BEST_F1, some), threshold_by(COSTS, some)
    assert dear is not None
    assert cheap is not None
    assert dear <= cheap


def test_nothing_is_picked_by_hand_or_from_one_class():
    assert threshold_by(BY_HAND, scores([0, 1], [0, 1])) is None
    assert threshold_by(BEST_F1, scores([0, 1], [1, 1])) is None


def test_cases_that_cross_twenty_percent_are_counted():
    one = scores([0.0] * 5 + [1.0], [0] * 6)
    assert effects_of(one, 0.5).crossing_cases == 1


def test_locked_patches_take_no_part(tmp_path):
    small = make_library(
        tmp_path,
        [
            PatchPlan(case="a", label=1, split=Split.VALIDATION),
            PatchPlan(case="b", label=1, split=Split.LOCKED),
            PatchPlan(case="c", label=0, split=Split.TRAIN),
        ],
        image_files=False,
    )
    with small.library as library:
        model = add_model(small, dict.fromkeys(small.ids, 2.0))
        table = library.load_table(None)
        table.view = library.load_model_view(table, model)
        some = scores_of(table)
    assert some.logit.tolist() == pytest.approx([2.0])
    assert len(some.all_logit) == 2
