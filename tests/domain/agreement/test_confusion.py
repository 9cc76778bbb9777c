"""Cells that know their patches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.agreement.confusion import Confusion


def test_cells_open_their_patches(ratings):
    found = Confusion.of(ratings([(1, 1), (1, 0), (0, 1), (1, 0), (-1, 1), (0, -1)], (1, 0)))
    assert found.raters == ("A", "B")
    assert found.counts.tolist() == [[1, 2], [1, 0]]
    assert found.patches(1, 0).tolist() == [101, 103]
    assert found.patches(0, 0).tolist() == []
    assert found.disputed().tolist() == [101, 102, 103]
    assert (found.total, found.count(1, 0), found.count(0, 1)) == (4, 2, 1)


@given(rows=st.lists(st.tuples(*[st.integers(-1, 2)] * 3), max_size=20))
def test_counts_are_the_numbers_of_patches(ratings, rows):
    """Of any two columns, and turned round with them."""
    made = ratings(rows, (2, 0, 1), raters=3)
    found, turned = Confusion.of(made, 0, 2), Confusion.of(made, 2, 0)
    for first in found.categories:
        for second in found.categories:
            assert found.count(first, second) == len(found.patches(first, second))
    assert (found.counts == turned.counts.T).all()
    assert found.total == sum(row[0] >= 0 and row[2] >= 0 for row in rows)


def test_a_code_that_is_no_category_has_no_cell(ratings):
    with pytest.raises(ValueError, match="not in tuple"):
        Confusion.of(ratings([(1, 1)])).count(5, 1)


def test_without_ids_subjects_are_rows(ratings):
    made = ratings([(0, 0), (1, 1)])
    bare = type(made)(made.codes, made.raters, made.groups, made.categories)
    assert Confusion.of(bare).patches(1, 1).tolist() == [1]
    assert np.issubdtype(Confusion.of(bare).subjects.dtype, np.int64)
