"""System D's colours and edge images, against their definitions."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from training.patches.enhance import edge_image, enhanced_colours, flat_edge_colour

PATCHES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))


def some_pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(60, 180, (20, 30, 3), dtype=np.uint8)


@given(PATCHES, st.floats(0, 5), st.floats(-0.5, 0.5))
def test_any_patch_keeps_its_shape(pixels, saturation, hue):
    for found in (enhanced_colours(pixels, saturation=saturation, hue=hue), edge_image(pixels)):
        assert found.shape == pixels.shape and found.dtype == np.uint8
        assert found.flags.c_contiguous


def test_luma_is_equalised():
    # Pale colours, since equalised strong ones may lie outside of RGB.
    pale = some_pixels()[:, :, :1] + np.array([4, 0, 6], np.uint8)
    found = enhanced_colours(pale, saturation=1.0, hue=0.0)
    luma = np.asarray(Image.fromarray(found).convert("L")).astype(int)
    assert luma.min() < 20 and luma.max() > 235
    counts = np.histogram(luma, bins=4, range=(0, 256))[0]
    assert counts.min() > 0.9 * counts.max()


def test_greys_become_the_share_of_darker_pixels():
    levels = np.array([10, 10, 20, 20, 20, 90, 200], np.uint8)
    grey = np.repeat(levels[None, :, None], 3, axis=2)
    found = enhanced_colours(grey, saturation=1.5, hue=0.3)[0, :, 0]
    # Of the five pixels that are not darkest, three are up to 20, four up to 90, five up to 200.
    assert found.tolist() == [0, 0, *[round(255 * 3 / 5)] * 3, round(255 * 4 / 5), 255]


@pytest.mark.parametrize("hue", [0.0, 1 / 3, -1 / 3])
def test_saturation_and_hue_are_those_of_hsv(hue):
    # A flat patch has no histogram to equalise.
    flat = np.full((4, 4, 3), (150, 100, 120), np.uint8)
    found = enhanced_colours(flat, saturation=1.5, hue=hue)[0, 0] / 255
    before = colorsys.rgb_to_hsv(*(flat[0, 0] / 255))
    turn, strength, value = colorsys.rgb_to_hsv(*found)
    assert abs((turn - before[0] - hue + 0.5) % 1 - 0.5) < 0.02
    assert strength == pytest.approx(1.5 * before[1], abs=0.02)
    assert value == pytest.approx(before[2], abs=0.02)


def test_a_flat_patch_has_neither_edges_nor_structure():
    flat = np.full((5, 7, 3), (200, 100, 50), np.uint8)
    assert (edge_image(flat) == flat_edge_colour((200, 100, 50))).all()
    assert flat_edge_colour((255, 255, 255)) == (255, 0, 128)


def test_a_step_is_an_edge_and_a_spot_is_structure():
    step = np.zeros((9, 9, 3), np.uint8)
    step[:, 5:] = 40
    found = edge_image(step)
    # Sobel's weights of one side are 1, 2 and 1.
    assert found[4, 4, 1] == found[4, 5, 1] == 4 * 40
    assert found[4, 0, 1] == 0
    assert edge_image(step * 6)[4, 4, 1] == 255
    down, across = np.mgrid[-15:16, -15:16]
    disc = np.where((down**2 + across**2 <= 8)[:, :, None], 60, 0).astype(np.uint8)
    bright = int(edge_image(np.repeat(disc, 3, axis=2))[15, 15, 2])
    dark = int(edge_image(60 - np.repeat(disc, 3, axis=2))[15, 15, 2])
    # A disc of radius sigma * sqrt(2) answers with 2 / e of its contrast, and the gain is 2.
    assert bright == pytest.approx(128 + 2 * 60 * 2 / np.e, abs=8)
    assert dark == pytest.approx(128 - 2 * 60 * 2 / np.e, abs=8)
