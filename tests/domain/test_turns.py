"""The eight turns are the eight symmetries of a square, numbered as the screen numbers them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.turns import TURNS, inverse_turn, turned

turns = st.integers(0, TURNS - 1)
shapes = st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3))


def asymmetric(height, width):
    return np.arange(height * width, dtype=np.uint8).reshape(height, width)


def test_the_numbers_mean_what_the_screen_shows():
    square = np.array([[1, 2], [3, 4]])
    shown = {turn: turned(square, turn).ravel().tolist() for turn in range(TURNS)}
    assert shown == {
        0: [1, 2, 3, 4],
        1: [3, 1, 4, 2],
        2: [4, 3, 2, 1],
        3: [2, 4, 1, 3],
        4: [2, 1, 4, 3],
        5: [4, 2, 3, 1],
        6: [3, 4, 1, 2],
        7: [1, 3, 2, 4],
    }


def test_all_eight_differ():
    assert len({turned(asymmetric(3, 3), turn).tobytes() for turn in range(TURNS)}) == TURNS


@given(turns, shapes)
def test_each_has_an_inverse(turn, shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    back = turned(turned(pixels, turn), inverse_turn(turn))
    assert np.array_equal(back, pixels)
    assert inverse_turn(inverse_turn(turn)) == turn


@given(turns, turns)
def test_two_in_a_row_are_one_of_the_eight(first, second):
    both = turned(turned(asymmetric(2, 3), first), second)
    assert any(np.array_equal(both, turned(asymmetric(2, 3), turn)) for turn in range(TURNS))


@given(turns, shapes)
def test_pixels_are_contiguous_and_as_many(turn, shape):
    pixels = np.zeros(shape, dtype=np.uint8)
    result = turned(pixels, turn)
    assert result.flags.c_contiguous
    assert result.dtype == pixels.dtype
    height, width, depth = shape
    assert result.shape == ((width, height, depth) if turn % 2 else (height, width, depth))


@pytest.mark.parametrize("turn", [-1, 8])
def test_there_is_no_other_turn(turn):
    with pytest.raises(ValueError, match="there is no turn"):
        turned(asymmetric(2, 2), turn)
    with pytest.raises(ValueError, match="there is no turn"):
        inverse_turn(turn)
