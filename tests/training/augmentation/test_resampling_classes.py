"""SMOTE and undersampling: imbalanced-learn's answers, without its appetite for memory."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import SMOTE

from training.augmentation.resampling_classes import smote, synthetic_count, undersample
from training.config import UserError


def some_squares(count: int, seed: int = 0, side: int = 4) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def test_it_is_imbalanced_learns_smote_on_pixels():
    minority, majority = some_squares(9), some_squares(30, seed=1)
    pixels = np.concatenate([minority, majority]).reshape(39, -1).astype(np.float64)
    classes = np.array([1] * 9 + [0] * 30)
    strategy: Any = {1: 25}
    found: Any = SMOTE(sampling_strategy=strategy, random_state=7).fit_resample(pixels, classes)
    expected = found[0][39:].reshape(-1, 4, 4, 3)
    assert (found[1][39:] == 1).all()
    assert np.abs(smote(minority, 16, seed=7) - expected).max() <= 0.5 + 1e-4


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(2, 12),
    made=st.integers(1, 20),
    low=st.integers(0, 250),
    seed=st.integers(0, 2**16),
)
def test_mixtures_lie_between_two_of_their_own_class(count, made, low, seed):
    random = np.random.default_rng(seed)
    squares = random.integers(low, 256, (count, 3, 3, 3), dtype=np.uint8)
    found = smote(squares, made, seed=seed)
    assert found.shape == (made, 3, 3, 3) and found.dtype == np.uint8
    for one in found.astype(int):
        between = [
            np.all((np.minimum(a, b) <= one) & (one <= np.maximum(a, b)))
            for i, a in enumerate(squares.astype(int))
            for b in squares[:i].astype(int)
        ]
        assert any(between)


def test_the_same_seed_gives_the_same_mixtures():
    squares = some_squares(8)
    assert np.array_equal(smote(squares, 10, seed=3), smote(squares, 10, seed=3))
    assert not np.array_equal(smote(squares, 10, seed=3), smote(squares, 10, seed=4))


def test_identical_patches_are_neighbours_of_each_other():
    squares = np.repeat(some_squares(1), 3, axis=0)
    assert (smote(squares, 4, seed=0) == squares[0]).all()


def test_one_patch_cannot_be_mixed():
    with pytest.raises(UserError, match="mixes two patches"):
        smote(some_squares(1), 4, seed=0)


def test_the_smaller_class_comes_to_its_share():
    labels = np.array([1] * 10 + [0] * 41, dtype=np.int8)
    assert synthetic_count(labels, 0.5) == (1, 10)
    assert synthetic_count(1 - labels, 0.5) == (0, 10)
    assert synthetic_count(labels, 0.1) == (1, 0)


@given(st.integers(1, 30), st.integers(1, 60), st.floats(1, 5), st.booleans())
def test_undersampling_keeps_the_smaller_class_whole(fewer, more, ratio, turned):
    fewer, more = min(fewer, more), max(fewer, more)
    labels = np.array([1] * fewer + [0] * more, dtype=np.int8)
    small = 1
    if turned and fewer < more:
        labels, small = 1 - labels, 0
    kept = undersample(labels, ratio, seed=0)
    assert len(set(kept.tolist())) == len(kept)
    assert kept.tolist() == sorted(kept.tolist())
    assert (labels[kept] == small).sum() == fewer
    assert len(kept) - fewer == min(more, round(ratio * fewer))
    assert np.array_equal(kept, undersample(labels, ratio, seed=0))
