"""Warps: where pixels go, and what fills the corners."""

import math

import pytest
import torch

from training.augmentation.warp import Corners, WarpLimits, apply_warps, draw_warps

SAME = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])


def some_squares(count: int = 1, side: int = 9) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, side, side, 3), generator=generator, dtype=torch.uint8)


def warped(
    squares: torch.Tensor, warps: torch.Tensor, corners: Corners = "colour", colour=(255, 255, 255)
):
    """As (N, S, S, 3) in and out, which is easier to look at."""
    images = squares.permute(0, 3, 1, 2).float()
    found = apply_warps(images, warps, corners=corners, colour=colour)
    return found.permute(0, 2, 3, 1)


def turn(degrees: float) -> torch.Tensor:
    angle = math.radians(degrees)
    rows = [[math.cos(angle), -math.sin(angle), 0.0], [math.sin(angle), math.cos(angle), 0.0]]
    return torch.tensor([rows])


@pytest.mark.parametrize("corners", ["colour", "edge", "reflect"])
def test_no_warp_gives_the_pixels_back(corners):
    squares = some_squares(2)
    found = warped(squares, SAME.expand(2, 2, 3), corners)
    assert found.shape == squares.shape and found.dtype == torch.float32
    torch.testing.assert_close(found, squares.float(), atol=2e-3, rtol=0)
    limits = WarpLimits()
    assert not limits
    drawn = draw_warps(2, limits, torch.Generator())
    torch.testing.assert_close(drawn, SAME.expand(2, 2, 3))


def test_a_quarter_turn_is_exact():
    squares = some_squares()
    expected = {squares.rot90(turns, (1, 2)).numpy().tobytes() for turns in (1, 3)}
    assert warped(squares, turn(90)).round().to(torch.uint8).numpy().tobytes() in expected


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (10, 20, 30)])
def test_corners_are_of_the_paddings_colour(colour):
    flat = torch.full((1, 33, 33, 3), 128, dtype=torch.uint8)
    found = warped(flat, turn(45), colour=colour)[0]
    for down, across in ((0, 0), (0, 32), (32, 0), (32, 32)):
        assert found[down, across].tolist() == pytest.approx(colour, abs=1e-3)
    assert found[16, 16].tolist() == pytest.approx([128] * 3, abs=1e-3)


@pytest.mark.parametrize("corners", ["edge", "reflect"])
def test_corners_of_other_paddings_are_of_the_patch(corners):
    flat = torch.full((1, 33, 33, 3), 128, dtype=torch.uint8)
    assert (warped(flat, turn(45), corners).round() == 128).all()


def test_a_shift_moves_by_its_share_of_the_side():
    squares = some_squares(side=8)
    shift = SAME.clone()
    shift[0, 0, 2] = 2.0 * 0.25
    found = warped(squares, shift)
    torch.testing.assert_close(found[:, :, :6], squares[:, :, 2:].float(), atol=2e-3, rtol=0)
    assert (found[:, :, 6:] == 255).all()


def test_draws_stay_within_their_limits():
    generator = torch.Generator().manual_seed(0)
    turned = draw_warps(500, WarpLimits(rotation=20), generator)
    angles = torch.rad2deg(torch.atan2(turned[:, 1, 0], turned[:, 0, 0]))
    assert -20 <= angles.min() < -18 and 18 < angles.max() <= 20.001
    shifted = draw_warps(500, WarpLimits(shift=0.1), generator)[:, :, 2]
    assert 0.19 < shifted.abs().max() <= 0.2001
    zoomed = draw_warps(500, WarpLimits(zoom=0.2), generator)
    assert 1 / 1.2 - 1e-4 <= zoomed[:, 0, 0].min() < 0.84 and 1.2 < zoomed[:, 0, 0].max() <= 1.2501
    sheared = torch.rad2deg(torch.atan(draw_warps(500, WarpLimits(shear=10), generator)[:, 0, 1]))
    assert 9 < sheared.abs().max() <= 10.001
    assert torch.linalg.det(turned[:, :, :2]).allclose(torch.ones(500))


def test_the_generator_decides():
    limits = WarpLimits(20, 0.1, 10, 0.1)
    first, again, other = (
        draw_warps(4, limits, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first, again) and not torch.equal(first, other)
