"""Squares, exactly as stated: centred padding, stretching, normalisation."""

import numpy as np
import pytest
import torch
from PIL import Image

from training.config import Preprocessing
from training.preprocess import normalise, square

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
