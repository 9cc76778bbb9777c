"""Counts and figures at a threshold, against scikit-learn on the same arrays."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics as sk
from threshold_rows import LOGITS, ROWS, arrays, ranked

from glomviewer.domain.thresholds.counts import FIGURES, wilson_intervals
from glomviewer.domain.thresholds.scores import RankedScores

# The stubs know texts only.
NAN: Any = {"zero_division": np.nan}


@given(ROWS, LOGITS)
def test_the_matrix_and_the_figures_are_those_of_scikit_learn(rows, threshold):
    logit, label, _ = arrays(rows)
    call = (logit >= threshold).astype(np.int8)
    counts = ranked(rows).counts(threshold)
    matrix = sk.confusion_matrix(label, call, labels=[0, 1])
    assert [[counts.cell(t, c) for c in (0, 1)] for t in (0, 1)] == matrix.tolist()
    expected = {
        "precision": sk.precision_score(label, call, **NAN),
        "recall": sk.recall_score(label, call, **NAN),
        "f1": sk.f1_score(label, call, **NAN),
        "specificity": sk.recall_score(label, call, pos_label=0, **NAN),
    }
    for name, value in expected.items():
        assert counts.figure(name) == pytest.approx(value, nan_ok=True, abs=1e-12)


@given(ROWS, LOGITS)
def test_the_cells_hold_every_patch_once_and_agree_with_the_counts(rows, threshold):
    scores = ranked(rows)
    counts = scores.counts(threshold)
    cells = {(t, c): scores.cell(t, c, threshold) for t in (0, 1) for c in (0, 1)}
    assert {key: len(found) for key, found in cells.items()} == {
        key: counts.cell(*key) for key in cells
    }
    assert sorted(patch for found in cells.values() for patch in found) == sorted(scores.patch)


@given(ROWS, LOGITS)
def test_a_wilson_interval_holds_its_figure(rows, threshold):
    counts = ranked(rows).counts(threshold)
    intervals = wilson_intervals(counts)
    for name in FIGURES:
        found = intervals.values[name]
        assert (found is None) == math.isnan(counts.figure(name))
        if found is not None:
            assert found[0] - 1e-12 <= counts.figure(name) <= found[1] + 1e-12


def test_the_patches_beside_the_line_are_the_nearest():
    scores = ranked([(value, 0, -1) for value in (3.0, -1.0, 0.5, 2.0, -4.0)])
    below, above = scores.beside(1.0, 2)
    assert scores.logit[below].tolist() == [-1.0, 0.5]
    assert scores.logit[above].tolist() == [2.0, 3.0]
    assert scores.beside(-9.0, 2)[0].tolist() == []


def test_a_patch_on_the_threshold_is_called():
    scores = ranked([(1.0, 1, 0), (1.0, 0, 0), (0.0, 0, 0)])
    assert (scores.counts(1.0).true_positive, scores.counts(1.0).false_positive) == (1, 1)


def test_patches_of_no_known_case_stand_for_themselves():
    scores = ranked([(0.0, 1, 3), (1.0, 0, -1), (2.0, 0, 3), (3.0, 1, -1)])
    assert scores.groups == 3
    assert scores.group.tolist() == [0, 1, 0, 2]


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        RankedScores.of(np.array([1]), np.array([np.nan]), np.array([True]))
