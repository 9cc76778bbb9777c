"""The tests that compare two recipes hold their level, and equal what they are made from."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score, roc_auc_score

from training.judging.holm import holm
from training.judging.mcnemar import mcnemar
from training.judging.permutation import permutation_test
from training.judging.resampling import groups_of
from training.judging.scores import Scores


def a_pair(seed: int, *, groups: int, each: int, better: float = 0.0) -> tuple[Scores, Scores]:
    """Two models that share what is hard about a slide and differ by chance, and by `better`."""
    generator = np.random.default_rng(seed)
    size = groups * each
    labels = (generator.random(size) < 0.4).astype(np.int8)
    labels[:2] = [0, 1]
    slide = np.repeat(generator.normal(0, 0.7, groups), each)

    def logits(strength: float) -> np.ndarray:
        own = np.repeat(generator.normal(0, 0.5, groups), each)
        signal = (2.0 * labels - 1.0) * (0.7 + strength)
        return np.round(signal + slide + own + generator.normal(0, 1, size), 2)

    return Scores(labels, logits(0.0), 0.0), Scores(labels, logits(better), 0.0)


def names(groups: int, each: int) -> list[str]:
    return [f"slide {i}" for i in range(groups) for _ in range(each)]


def test_every_swap_of_few_groups_gives_the_p_value_that_sklearn_would() -> None:
    first, second = a_pair(3, groups=5, each=6, better=1.0)
    groups = groups_of(names(5, 6))
    found = permutation_test(first, second, groups)
    assert (found.exact, found.tried) == (True, 32)

    def difference(swapped: np.ndarray, metric, own, other) -> float:
        return metric(np.where(swapped, other, own)) - metric(np.where(swapped, own, other))

    def auc(logits) -> float:
        return float(roc_auc_score(first.labels, logits))

    def f1(logits) -> float:
        return float(f1_score(first.labels, logits >= 0))

    ranks = (stats.rankdata(first.logits), stats.rankdata(second.logits))
    for name, metric, outputs in (("auc", auc, ranks), ("f1", f1, (first.logits, second.logits))):
        all_swaps = [
            difference(np.array(swap)[groups.codes], metric, *outputs)
            for swap in itertools.product([False, True], repeat=5)
        ]
        as_large = np.abs(all_swaps) >= abs(all_swaps[0]) - 1e-12
        assert found.p[name] == pytest.approx(as_large.mean())


def test_p_values_are_uniform_where_both_recipes_are_alike() -> None:
    groups = groups_of(names(15, 8))
    found = [
        permutation_test(*a_pair(seed, groups=15, each=8), groups, draws=199, seed=seed).p
        for seed in range(200)
    ]
    for metric in ("auc", "log_loss", "average_precision"):
        values = np.array([one[metric] for one in found], dtype=np.float64)
        assert stats.kstest(values, "uniform").pvalue > 0.01, metric
        # Of 200 at 5 % some 10 are expected, and more than 20 once in a thousand times.
        assert np.sum(values <= 0.05) <= 20, metric
    # Calls are few, so F1 is often the same after a swap: its p may be too high, never too low.
    assert np.sum([one["f1"] is not None and one["f1"] <= 0.05 for one in found]) <= 20


def test_the_scale_of_a_recipes_logits_does_not_move_the_p_of_its_ranking() -> None:
    first, second = a_pair(4, groups=15, each=8, better=0.5)
    groups = groups_of(names(15, 8))
    stretched = Scores(second.labels, 3.0 * second.logits + 7.0, 0.0)
    plain = permutation_test(first, second, groups, draws=199).p
    moved = permutation_test(first, stretched, groups, draws=199).p
    for metric in ("auc", "average_precision"):
        assert moved[metric] == plain[metric], metric
    assert moved["log_loss"] != plain["log_loss"]


def test_a_recipe_that_is_better_is_found() -> None:
    first, second = a_pair(1, groups=20, each=10, better=1.5)
    found = permutation_test(first, second, groups_of(names(20, 10)), draws=999)
    assert not found.exact
    assert found.p["auc"] == pytest.approx(0.001)


def test_a_recipe_beside_itself_is_never_different() -> None:
    first, _ = a_pair(1, groups=14, each=5)
    found = permutation_test(first, first, groups_of(names(14, 5)), draws=99)
    assert {p for p in found.p.values() if p is not None} == {1.0}


def test_the_percentage_of_patches_without_a_case_is_not_tested() -> None:
    first, second = a_pair(1, groups=4, each=5)
    assert (
        permutation_test(first, second, groups_of([""] * 20), draws=99).p["percentage_error"]
        is None
    )


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))
def test_mcnemar_is_the_two_sided_binomial_of_the_patches_that_only_one_has_right(
    first: int, second: int, both: int
) -> None:
    right_first = np.r_[np.ones(first + both, bool), np.zeros(second, bool)]
    right_second = np.r_[np.zeros(first, bool), np.ones(both + second, bool)]
    found = mcnemar(right_first, right_second)
    assert (found.only_first, found.only_second) == (first, second)
    # statsmodels' exact formula.
    doubled = 2 * stats.binom.cdf(min(first, second), first + second, 0.5)
    assert found.p == pytest.approx(min(1.0, doubled))


def test_holm_steps_down_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03, None]) == [
        pytest.approx(0.03),
        pytest.approx(0.06),
        pytest.approx(0.06),
        None,
    ]
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_between_the_plain_p_value_and_bonferronis(values: list[float]) -> None:
    for plain, adjusted in zip(values, holm(list(values)), strict=True):
        assert adjusted is not None
        assert plain <= adjusted <= min(1.0, plain * len(values)) + 1e-12
