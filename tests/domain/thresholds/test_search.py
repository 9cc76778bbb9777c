"""Rules, against the search that a training makes on the same arrays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from threshold_rows import BOTH_CLASSES, LOGITS, arrays, ranked

from glomviewer.domain.thresholds.search import NoThresholdError, PlacedThresholds, search_threshold
from training.config import UserError
from training.learning.threshold_search import search_threshold as search_in_training
from training.threshold_rule import Rule

RULES = st.one_of(
    st.just("best-f1"),
    st.floats(0.05, 50).map(lambda k: f"cost:{k:g}"),
    st.floats(0.05, 1).map(lambda r: f"recall:{r:g}"),
    st.floats(0.05, 1).map(lambda p: f"precision:{p:g}"),
)


@given(BOTH_CLASSES, RULES)
def test_every_rule_gives_exactly_what_a_training_would(rows, rule):
    logit, label, _ = arrays(rows)
    scores = ranked(rows)
    try:
        expected = search_in_training(logit, label, rule).logit
    except UserError:
        with pytest.raises(NoThresholdError):
            search_threshold(scores, PlacedThresholds.of(scores), Rule.parse(rule))
        return
    assert search_threshold(scores, PlacedThresholds.of(scores), Rule.parse(rule)) == expected


@given(BOTH_CLASSES, LOGITS)
def test_a_step_changes_the_calls_of_one_score_and_stops_at_the_ends(rows, threshold):
    scores = ranked(rows)
    placed = PlacedThresholds.of(scores)
    values = sorted(set(scores.logit.tolist()))
    below = sum(value < threshold for value in values)
    up = placed.moved(scores.place_of(threshold), 1)
    down = placed.moved(scores.place_of(threshold), -1)
    assert sum(value < up for value in values) == min(below + 1, len(values))
    assert sum(value < down for value in values) == max(below - 1, 0)


def test_dear_misses_move_the_threshold_down():
    scores = ranked([(-1, 0, 0), (0, 1, 0), (0.5, 0, 0), (0.7, 0, 0), (1, 0, 0), (2, 1, 0)])
    placed = PlacedThresholds.of(scores)
    cheap, dear = (
        search_threshold(scores, placed, Rule.parse(rule)) for rule in ("best-f1", "cost:9")
    )
    assert dear < cheap


def test_one_class_alone_has_no_threshold_and_says_so():
    scores = ranked([(0.0, 1, 0), (1.0, 1, 0)])
    with pytest.raises(NoThresholdError, match="2 sclerotic of 2"):
        search_threshold(scores, PlacedThresholds.of(scores), Rule("best-f1"))


def test_a_precision_out_of_reach_says_so():
    scores = ranked([(0.0, 1, 0), (1.0, 0, 0)])
    with pytest.raises(NoThresholdError, match=r"precision of 0\.9"):
        search_threshold(scores, PlacedThresholds.of(scores), Rule.parse("precision:0.9"))
