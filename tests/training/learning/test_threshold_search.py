import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from training.config import UserError
from training.learning.threshold_search import search_threshold
from training.threshold_rule import Rule

patches = st.lists(
    st.tuples(st.floats(-30, 30, width=32), st.integers(0, 1)), min_size=2, max_size=40
).filter(lambda rows: len({label for _, label in rows}) == 2)


def arrays(rows: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.array([logit for logit, _ in rows], np.float64),
        np.array([label for _, label in rows], np.int8),
    )


@settings(max_examples=60, deadline=None)
@given(patches)
def test_no_threshold_has_a_better_f1(rows: list[tuple[float, int]]) -> None:
    logits, labels = arrays(rows)
    found = search_threshold(logits, labels, "best-f1")

    def f1(threshold: float) -> float:
        return float(sk.f1_score(labels, logits >= threshold, zero_division=0))  # type: ignore[arg-type]

    assert f1(found.logit) == pytest.approx(max(f1(logit) for logit in logits))


@settings(max_examples=60, deadline=None)
@given(patches, st.floats(0.1, 20))
def test_no_threshold_costs_less(rows: list[tuple[float, int]], k: float) -> None:
    logits, labels = arrays(rows)
    found = search_threshold(logits, labels, f"cost:{k}")

    def cost(threshold: float) -> float:
        called = logits >= threshold
        return float(k * np.sum(~called & (labels == 1)) + np.sum(called & (labels == 0)))

    best = min(cost(threshold) for threshold in [*logits, np.inf])
    assert cost(found.logit) == pytest.approx(best, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(patches, st.floats(0.05, 1))
def test_recall_is_kept_with_the_fewest_false_alarms(
    rows: list[tuple[float, int]], recall: float
) -> None:
    logits, labels = arrays(rows)
    found = search_threshold(logits, labels, f"recall:{recall}").logit
    needed = float(Rule.parse(f"recall:{recall}").amount)

    def reached(threshold: float) -> float:
        return float(np.mean(logits[labels == 1] >= threshold))

    def alarms(threshold: float) -> int:
        return int(np.sum(logits[labels == 0] >= threshold))

    assert reached(found) >= needed - 1e-6
    assert alarms(found) == min(alarms(t) for t in logits if reached(t) >= needed)


def test_precision_is_kept_with_the_most_found() -> None:
    logits = np.array([-2.0, -1, 0, 1, 2])
    labels = np.array([0, 1, 0, 1, 1], np.int8)
    assert search_threshold(logits, labels, "precision:1").logit == pytest.approx(0.5)
    assert search_threshold(logits, labels, "precision:0.75").logit == pytest.approx(-1.5)


def test_an_unreachable_precision_is_refused() -> None:
    with pytest.raises(UserError, match="No threshold reaches a precision"):
        search_threshold(np.array([1.0, 2.0]), np.array([1, 0], np.int8), "precision:0.9")


def test_a_perfect_split_is_cut_in_the_middle_of_its_gap() -> None:
    found = search_threshold(np.array([-4.0, -2, 6, 8]), np.array([0, 0, 1, 1], np.int8), "best-f1")
    assert found.logit == pytest.approx(2.0)
    assert found.rule == "best-f1"


def test_of_equal_thresholds_the_widest_gap_wins() -> None:
    # Recall 0.5 and F1 2/3 either way; the cut between 0 and 5 is the safer one.
    logits = np.array([0.0, 5.0, 5.5, 6.0])
    labels = np.array([1, 0, 0, 1], np.int8)
    assert search_threshold(logits, labels, "cost:1").logit == pytest.approx(5.75)
    wide = np.array([0.0, 0.1, 9.0, 9.1])
    assert search_threshold(wide, np.array([1, 0, 0, 1], np.int8), "cost:2").logit in (-1.0, 9.05)


def test_neighbouring_floats_are_still_told_apart() -> None:
    low = 1.0
    high = float(np.nextafter(low, 2.0))
    found = search_threshold(np.array([low, high]), np.array([0, 1], np.int8), "best-f1")
    assert low < found.logit <= high


@pytest.mark.parametrize("labels", [[0, 0], [1, 1]])
def test_one_class_is_refused(labels: list[int]) -> None:
    with pytest.raises(UserError, match="both classes"):
        search_threshold(np.array([0.0, 1.0]), np.array(labels, np.int8), "best-f1")


def test_a_logit_that_is_no_number_is_refused() -> None:
    with pytest.raises(UserError, match="finite"):
        search_threshold(np.array([np.nan, 1.0]), np.array([0, 1], np.int8), "best-f1")


@pytest.mark.parametrize("text", ["", "f1", "cost", "cost:0", "cost:-1", "recall:1.2", "recall:x"])
def test_an_unknown_rule_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(UserError, match="best-f1; cost:K"):
        Rule.parse(text)


def test_a_rule_reads_back_as_it_was_written() -> None:
    for text in ("best-f1", "cost:5", "recall:0.95", "precision:0.9"):
        assert str(Rule.parse(text)) == text
