"""What must hold of any table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.patterns import Patterns
from glomviewer.domain.agreement.statistic import Measure

CATEGORIES = (0, 1, 2)


@st.composite
def tables(draw, *, most_raters=5):
    raters = draw(st.integers(0, most_raters))
    row = st.lists(st.integers(-1, 2), min_size=raters, max_size=raters)
    rows = draw(st.lists(row, max_size=20))
    return np.array(rows, dtype=np.int8).reshape(len(rows), raters)


def every_figure(agreement):
    yield from agreement.statistics.values()
    for one in agreement.classes:
        yield from (one.specific, one.kappa, one.ac1)


def assert_same(left, right):
    for first, second in zip(every_figure(left), every_figure(right), strict=True):
        assert (first.reason, first.n, first.note) == (second.reason, second.n, second.note)
        for one, other in zip(numbers(first), numbers(second), strict=True):
            assert one == (other if other is None else pytest.approx(other, abs=1e-12))
    assert [one.calls for one in left.classes] == [one.calls for one in right.classes]


def numbers(figure):
    return figure.value, figure.low, figure.high


@given(codes=tables(), random=st.randoms(use_true_random=False))
def test_the_order_of_raters_and_subjects_does_not_matter(ratings, codes, random):
    subjects, raters = list(range(codes.shape[0])), list(range(codes.shape[1]))
    random.shuffle(subjects)
    random.shuffle(raters)
    moved = codes[subjects][:, raters]
    width = codes.shape[1]
    assert_same(
        agreement_of(ratings(codes, CATEGORIES, raters=width), (1,)),
        agreement_of(ratings(moved, CATEGORIES, raters=width), (1,)),
    )


@given(codes=tables(), rows=st.integers(1, 3))
def test_rows_that_nobody_read_change_nothing_intervals_included(ratings, codes, rows):
    width = codes.shape[1]
    more = np.concatenate([codes, np.full((rows, width), -1, dtype=np.int8)])
    plan = Bootstrap(draws=20)
    plain = agreement_of(ratings(codes, CATEGORIES, raters=width), (1,), plan)
    assert_same(agreement_of(ratings(more, CATEGORIES, raters=width), (1,), plan), plain)


@given(codes=tables(), only_compared=st.booleans())
def test_no_table_raises_and_no_figure_passes_1(ratings, codes, only_compared):
    found = agreement_of(
        ratings(codes, CATEGORIES, raters=codes.shape[1]),
        (1,),
        Bootstrap(draws=5),
        only_compared=only_compared,
    )
    for one in every_figure(found):
        assert (one.value is None) == bool(one.reason and not one.reason.startswith("no interval"))
        if one.value is not None:
            assert one.value <= 1.0
            assert one.n > 0
        if one.low is not None and one.high is not None:
            assert one.low <= one.high <= 1.0


@given(
    classes=st.lists(st.integers(0, 2), min_size=1, max_size=15),
    raters=st.integers(2, 4),
    data=st.data(),
)
def test_perfect_agreement_is_1_wherever_it_is_defined(ratings, classes, raters, data):
    codes = np.repeat(np.array(classes, dtype=np.int8)[:, np.newaxis], raters, axis=1)
    lost = data.draw(st.lists(st.booleans(), min_size=len(codes), max_size=len(codes)))
    if raters > 2:
        codes[np.array(lost), 0] = -1
    found = agreement_of(ratings(codes, CATEGORIES), (1,))
    assert found[Measure.RAW].value == 1.0
    assert found[Measure.AC1].value == 1.0
    for measure in Measure:
        assert found[measure].value in (None, 1.0)
    if len(set(classes)) > 1:
        assert (found[Measure.FLEISS].value, found[Measure.ALPHA].value) == (1.0, 1.0)


@settings(max_examples=30)
@given(
    rows=st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), max_size=30),
    base=st.sampled_from([4, 1 << 20, 1 << 40]),
)
def test_patterns_give_the_table_back(rows, base):
    """Also where a key of all columns would not fit into 64 bits."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 6) * (base // 4)
    patterns = Patterns.of(table, base)
    assert (patterns.rows[patterns.of_subject] == table).all()
    assert len(np.unique(table, axis=0)) == len(patterns.rows) == len(patterns.counts)
    assert patterns.counts.sum() == len(table)
