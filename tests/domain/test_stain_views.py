"""Stain views: what is known to be in a picture is found again, and no picture is a crash."""

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from glomviewer.domain.stain_views import (
    HAEMATOXYLIN,
    REFERENCE_STRENGTHS,
    SCHIFF,
    StainView,
    reference_stains,
    stain_view,
    stains_of,
)
from glomviewer.drawn import LABORATORIES, draw_patch
from glomviewer.drawn.stain import Stain

REAL = Path(__file__).parents[2] / "../shared/data/glomeruli/images"


def degrees(one, other):
    one, other = np.asarray(one), np.asarray(other)
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    return np.degrees(np.arccos(min(1.0, cosine)))


def stained(haematoxylin, schiff, white=255.0):
    """What amounts of the two stains, each (height, width), look like."""
    vectors = reference_stains().vectors
    density = np.asarray(haematoxylin)[..., None] * vectors[:, 0]
    density = density + np.asarray(schiff)[..., None] * vectors[:, 1]
    return np.rint(white * np.exp(-density)).astype(np.uint8)


def without_warnings(pixels, view):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return stain_view(pixels, view)


def greatest_difference(one, other):
    return np.abs(one.astype(int) - other.astype(int)).max()


amounts = st.floats(0.0, 2.0)


@given(amounts, amounts)
def test_each_stain_is_found_again_in_a_known_mixture(haematoxylin, schiff):
    mixed = stained([[haematoxylin]], [[schiff]])
    alone = stain_view(mixed, StainView.HAEMATOXYLIN)
    assert greatest_difference(alone, stained([[haematoxylin]], [[0.0]])) <= 8
    alone = stain_view(mixed, StainView.PAS)
    assert greatest_difference(alone, stained([[0.0]], [[schiff]])) <= 8


@pytest.mark.parametrize("laboratory", LABORATORIES, ids=lambda one: one.name)
@pytest.mark.parametrize("label", [0, 1])
def test_the_stains_of_a_drawn_patch_are_found_in_their_order(laboratory, label):
    found = stains_of(draw_patch(4, label, laboratory, 160).pixels)
    assert found is not None
    assert degrees(found.vectors[:, 0], laboratory.haematoxylin) < 9
    assert degrees(found.vectors[:, 1], laboratory.pas) < 9
    assert (found.strengths > 0.5).all()


def test_pale_pas_counts_as_tissue_though_blue_light_passes_it():
    """The library's own threshold wants density in every channel."""
    pale = Stain("pale", (0.10, 0.55, 0.09), (0.5, 0.55, 0.2))
    found = stains_of(draw_patch(4, 0, pale, 160).pixels)
    assert found is not None
    assert degrees(found.vectors[:, 1], pale.pas) < 10


def test_normalising_brings_laboratories_together():
    patches = [draw_patch(4, 0, one, 160).pixels for one in LABORATORIES]
    normalised = [stain_view(one, StainView.NORMALISED) for one in patches]

    def spread(pictures):
        return np.std([one.mean(axis=(0, 1)) for one in pictures], axis=0).sum()

    assert spread(normalised) < 0.5 * spread(patches)


def test_a_patch_in_the_reference_stain_hardly_changes():
    rng = np.random.default_rng(5)
    strongest = np.array(REFERENCE_STRENGTHS)
    where = rng.random((120, 120))
    nuclei, matrix = where < 0.3, (where > 0.3) & (where < 0.8)
    pixels = stained(
        nuclei * rng.uniform(0.3, strongest[0], where.shape),
        matrix * rng.uniform(0.3, strongest[1], where.shape),
        white=240.0,
    )
    changed = stain_view(pixels, StainView.NORMALISED)
    assert greatest_difference(changed, pixels) <= 12


def test_stain_that_is_hardly_there_is_not_made_up_out_of_noise():
    rng = np.random.default_rng(5)
    scar = stained(np.zeros((100, 100)), rng.uniform(0.6, 1.2, (100, 100)))
    normalised = stain_view(scar, StainView.NORMALISED)
    amount = stain_view(normalised, StainView.HAEMATOXYLIN)
    assert amount.mean() > 225


@pytest.mark.parametrize("view", list(StainView))
@pytest.mark.parametrize("level", [0, 1, 120, 254, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 700), (3, 2), (300, 300)])
def test_one_flat_grey_is_a_picture(view, level, size):
    pixels = np.full((*size, 3), level, dtype=np.uint8)
    assert without_warnings(pixels, view).shape == pixels.shape


def test_blank_and_grey_patches_are_normalised_to_themselves():
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    for pixels in (np.full((50, 50, 3), 244, dtype=np.uint8), ramp.repeat(4, axis=0)):
        np.testing.assert_array_equal(stain_view(pixels, StainView.NORMALISED), pixels)


def test_empty_glass_is_white_in_either_stain_alone():
    glass = np.full((20, 20, 3), 255, dtype=np.uint8)
    assert stain_view(glass, StainView.HAEMATOXYLIN).min() >= 254
    assert stain_view(glass, StainView.PAS).min() >= 254


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24), st.just(3))),
    st.sampled_from(list(StainView)),
)
def test_any_picture_gives_a_picture(pixels, view):
    before = pixels.copy()
    picture = without_warnings(np.tile(pixels, (9, 9, 1)), view)
    assert picture.dtype == np.uint8
    assert picture.shape == (9 * pixels.shape[0], 9 * pixels.shape[1], 3)
    np.testing.assert_array_equal(pixels, before)


def test_flat_colours_that_saturate_give_a_picture():
    for colour in ((255, 0, 255), (255, 0, 0), (0, 0, 0), (0, 255, 0), (1, 0, 1), (60, 0, 90)):
        half = np.full((60, 60, 3), 255, dtype=np.uint8)
        half[30:] = colour
        for view in StainView:
            assert without_warnings(half, view).shape == half.shape


def test_strips_do_not_show():
    pixels = draw_patch(2, 0, size=(300, 500)).pixels
    for view in (StainView.HAEMATOXYLIN, StainView.PAS):
        whole = stain_view(pixels, view)
        np.testing.assert_array_equal(stain_view(pixels[100:110], view), whole[100:110])


def test_other_arrays_are_refused():
    for wrong in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))):
        with pytest.raises(ValueError, match="RGB pixels of 8 bits"):
            stain_view(wrong, StainView.PAS)  # pyright: ignore[reportArgumentType]
    assert stain_view(np.zeros((0, 4, 3), np.uint8), StainView.PAS).shape == (0, 4, 3)


def test_the_vectors_are_those_of_training():
    text = (Path(__file__).parents[2] / "training/augmentation/stain.py").read_text("utf-8")
    assert f"HAEMATOXYLIN = {HAEMATOXYLIN}" in text
    assert f"SCHIFF = {SCHIFF}" in text


def test_no_torch_is_imported():
    code = (
        "import sys, glomviewer.domain.stain_views\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'tensorflow', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real patches are not here")
def test_the_stains_of_real_patches_are_plausible():
    for path in sorted(REAL.glob("*.png"))[::25]:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))
        found = stains_of(pixels)
        assert found is not None
        assert degrees(found.vectors[:, 0], HAEMATOXYLIN) < 15, path.name
        assert degrees(found.vectors[:, 1], SCHIFF) < 27, path.name
