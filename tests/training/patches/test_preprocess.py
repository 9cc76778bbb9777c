"""Squares, exactly as stated: centred padding, stretching, normalisation."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from training.config import Preprocessing
from training.patches.enhance import edge_image, enhanced_colours
from training.patches.preprocess import normalise, padding_colour, square

WIDE = np.arange(8 * 16 * 3, dtype=np.uint8).reshape(8, 16, 3)


def test_padding_centres_the_patch_on_the_stated_colour():
    padded = square(WIDE, Preprocessing(size=16, pad_colour=(1, 2, 3)))
    assert padded.shape == (16, 16, 3)
    np.testing.assert_array_equal(padded[4:12], WIDE)
    assert (padded[:4] == (1, 2, 3)).all()
    assert (padded[12:] == (1, 2, 3)).all()


def test_an_odd_pixel_of_padding_goes_to_the_bottom():
    padded = square(WIDE[:7], Preprocessing(size=16))
    np.testing.assert_array_equal(padded[4:11], WIDE[:7])


def test_tall_patches_are_padded_left_and_right():
    tall = np.ascontiguousarray(WIDE.transpose(1, 0, 2))
    padded = square(tall, Preprocessing(size=16, pad_colour=(0, 0, 0)))
    np.testing.assert_array_equal(padded[:, 4:12], tall)


def test_stretching_is_pillows_resize():
    stretched = square(WIDE, Preprocessing(size=32, fit="stretch", interpolation="bilinear"))
    expected = Image.fromarray(WIDE).resize((32, 32), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(stretched, np.asarray(expected))


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear", "lanczos"])
def test_a_flat_patch_stays_flat(interpolation):
    flat = np.full((50, 50, 3), (200, 100, 50), np.uint8)
    resized = square(flat, Preprocessing(size=32, interpolation=interpolation))
    assert (resized == (200, 100, 50)).all()
    assert resized.flags.c_contiguous


def test_a_quarter_turn_may_be_made_after_the_square():
    pixels = np.random.default_rng(0).integers(0, 256, (60, 40, 3), dtype=np.uint8)
    preprocessing = Preprocessing(size=32)
    turned = square(np.ascontiguousarray(np.rot90(pixels)), preprocessing)
    after = np.rot90(square(pixels, preprocessing))
    # Pillow rounds between its two passes, so the order of the axes shows in a level or two.
    assert np.abs(turned.astype(int) - after).max() <= 4


def test_normalisation_is_x_by_255_minus_mean_by_std():
    preprocessing = Preprocessing(size=16, mean=(0.5, 0.4, 0.3), std=(0.5, 0.2, 0.1))
    squares = torch.randint(0, 256, (2, 16, 16, 3), dtype=torch.uint8)
    images = normalise(squares, preprocessing)
    assert images.shape == (2, 3, 16, 16)
    assert images.dtype == torch.float32
    assert images.is_contiguous(memory_format=torch.channels_last)
    mean = torch.tensor(preprocessing.mean)[:, None, None]
    std = torch.tensor(preprocessing.std)[:, None, None]
    expected = (squares.permute(0, 3, 1, 2).float() / 255 - mean) / std
    torch.testing.assert_close(images, expected)


def test_without_normalisation_the_input_is_0_to_1():
    plain = Preprocessing(size=16, mean=(0, 0, 0), std=(1, 1, 1))
    squares = torch.tensor([0, 255], dtype=torch.uint8).expand(1, 1, 3, 2).transpose(2, 3)
    assert normalise(squares.contiguous(), plain).unique().tolist() == [0.0, 1.0]


def mirrored(place: int, size: int) -> int:
    """The pixel that two mirrors, in the first and the last pixel, show at `place`."""
    period = max(1, 2 * (size - 1))
    return min(place % period, period - place % period) if size > 1 else 0


@pytest.mark.parametrize("height", [1, 2, 3, 7])
def test_reflection_is_repeated_where_padding_exceeds_the_side(height):
    padded = square(WIDE[:height], Preprocessing(size=16, pad_mode="reflect"))
    top = (16 - height) // 2
    shown = [mirrored(row - top, height) for row in range(16)]
    np.testing.assert_array_equal(padded, WIDE[shown])


def test_edge_padding_repeats_the_border():
    padded = square(WIDE, Preprocessing(size=16, pad_mode="edge"))
    assert (padded[:4] == WIDE[0]).all() and (padded[12:] == WIDE[-1]).all()


SHAPES = [(side, other, 3) for side in (8, 13) for other in range(1, side + 1)]
SHAPES += [(width, height, 3) for height, width, _ in SHAPES]


@given(
    arrays.arrays(np.uint8, st.sampled_from(SHAPES)),
    st.sampled_from(["colour", "edge", "reflect"]),
    st.sampled_from(["none", "colour", "edges"]),
)
def test_padding_keeps_the_centre(pixels, mode, enhancement):
    side = max(pixels.shape[:2])
    found = square(pixels, Preprocessing(size=side, pad_mode=mode, enhancement=enhancement))
    assert found.shape == (side, side, 3) and found.flags.c_contiguous
    height, width = pixels.shape[:2]
    top, left = (side - height) // 2, (side - width) // 2
    expected = {
        "none": pixels,
        "colour": enhanced_colours(pixels, saturation=1.0, hue=0.0),
        "edges": edge_image(pixels),
    }[enhancement]
    np.testing.assert_array_equal(found[top : top + height, left : left + width], expected)
    if mode == "colour" and top:
        colour = padding_colour(Preprocessing(enhancement=enhancement))
        assert (found[:top] == colour).all()


@pytest.mark.parametrize("fit", ["pad", "stretch"])
def test_an_enhancement_sees_the_resized_patch_without_its_padding(fit):
    preprocessing = Preprocessing(size=8, fit=fit, enhancement="edges")
    found = square(WIDE, preprocessing)
    height = 8 if fit == "stretch" else 4
    resized = np.asarray(Image.fromarray(WIDE).resize((8, height), Image.Resampling.BICUBIC))
    top = (8 - height) // 2
    np.testing.assert_array_equal(found[top : top + height], edge_image(resized))
    # Where padding begins there is no edge.
    assert (found[:top, :, 1] == 0).all() and (found[:top, :, 2] == 128).all()


@pytest.mark.parametrize("mode", ["colour", "edge", "reflect"])
@pytest.mark.parametrize("fit", ["pad", "stretch"])
def test_a_patch_of_absurd_length_needs_no_square_of_its_length(mode, fit):
    strip = np.full((2, 2_000_000, 3), (10, 20, 30), np.uint8)
    found = square(strip, Preprocessing(size=16, pad_mode=mode, fit=fit))
    assert (found[7] == (10, 20, 30)).all()


def test_saturation_and_hue_come_from_the_preprocessing():
    preprocessing = Preprocessing(size=16, enhancement="colour", saturation=1.5, hue=0.1)
    expected = enhanced_colours(WIDE, saturation=1.5, hue=0.1)
    np.testing.assert_array_equal(square(WIDE, preprocessing)[4:12], expected)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_normalisation_leaves_its_input_alone(dtype):
    squares = torch.full((1, 8, 8, 3), 100, dtype=dtype)
    normalise(squares, Preprocessing(size=8))
    assert (squares == 100).all()
