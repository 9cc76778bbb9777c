import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.drawn import LABORATORIES, draw_fast, draw_patch


def test_the_same_seed_draws_the_same_pixels():
    first, second = (draw_patch(11, 0, LABORATORIES[0], 96, 0.5) for _ in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    assert first.kind == second.kind


@pytest.mark.parametrize("change", [{"seed": 12}, {"label": 1}, {"section": 1}])
def test_another_seed_label_or_section_draws_other_pixels(change):
    plain = {"seed": 11, "label": 0, "stain": LABORATORIES[0], "size": 96}
    assert not np.array_equal(draw_patch(**plain).pixels, draw_patch(**plain | change).pixels)


def test_a_neighbouring_section_looks_more_alike_than_another_glomerulus():
    def picture(seed, section):
        drawn = draw_patch(seed, 1, LABORATORIES[0], 96, 0.0, section=section)
        return drawn.pixels[::4, ::4].astype(float)

    beside, stranger = np.abs(picture(5, 0) - picture(5, 1)), []
    for seed in range(6, 12):
        stranger.append(np.abs(picture(5, 0) - picture(seed, 0)).mean())
    assert beside.mean() < min(stranger)


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 150), st.integers(8, 150), st.integers(0, 1), st.integers(0, 10**6))
def test_any_size_label_and_seed_gives_rgb_of_that_size(width, height, label, seed):
    drawn = draw_patch(seed, label, None, (width, height), 0.9)
    assert drawn.pixels.shape == (height, width, 3)
    assert drawn.pixels.dtype == np.uint8
    assert drawn.microns_per_pixel > 0


def test_the_mean_size_of_the_common_data_can_be_drawn():
    assert draw_patch(1, 1, size=(711, 733)).pixels.shape == (733, 711, 3)


def test_without_a_size_the_scale_decides_it():
    fine, coarse = (draw_patch(3, 0, microns_per_pixel=scale) for scale in (1.0, 2.0))
    assert fine.pixels.shape[0] == pytest.approx(2 * coarse.pixels.shape[0], abs=2)
    assert coarse.microns_per_pixel == 2.0


def test_a_patch_that_is_too_small_is_refused_in_words():
    with pytest.raises(ValueError, match="too small to draw"):
        draw_patch(1, 0, size=4)


def test_stains_change_the_colour_and_not_the_tissue():
    drawn = [draw_patch(9, 0, stain, 96).pixels.astype(float) for stain in LABORATORIES[:4]]
    means = np.array([picture.mean((0, 1)) for picture in drawn])
    assert np.ptp(means, axis=0).min() > 10
    grey = [picture.mean(2).ravel() for picture in drawn]
    assert np.corrcoef(grey).min() > 0.8


def test_tissue_is_magenta_to_purple():
    for seed in range(6):
        red, green, blue = draw_patch(seed, seed % 2, size=80).pixels.mean((0, 1))
        assert green < red
        assert green < blue


def test_fast_pictures_all_differ():
    drawn = list(draw_fast(600, seed=3, size=32, pool=8))
    assert len({patch.pixels.tobytes() for patch in drawn}) == 600
    assert len({patch.name for patch in drawn}) == 600
    assert {patch.pixels.shape for patch in drawn} == {(32, 32, 3)}
    again = list(draw_fast(600, seed=3, size=32, pool=8))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(drawn, again, strict=True))
