"""Stain jitter changes one stain at a time, and never the glass."""

import pytest
import torch

from training.stain import StainJitter, apply_stain_jitter, draw_stain_jitter, stain_matrix


def some_squares(count: int = 4) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(20, 256, (count, 5, 5, 3), generator=generator, dtype=torch.uint8)


def strengths(squares: torch.Tensor) -> torch.Tensor:
    """Concentrations of the three stains, by the definition."""
    density = -(squares.double().clamp(min=1) / 255).log()
    return density @ torch.linalg.inv(stain_matrix())


def test_the_vectors_are_unit_and_the_third_stands_on_the_others():
    rows = stain_matrix()
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(3, dtype=torch.float64))
    assert (rows[2] @ rows[0]).abs() < 1e-12 and (rows[2] @ rows[1]).abs() < 1e-12
    # ImageJ's numbers are unit vectors but for rounding.
    assert rows[0].tolist() == pytest.approx([0.644, 0.717, 0.267], abs=2e-3)
    assert rows[1].tolist() == pytest.approx([0.175, 0.972, 0.155], abs=2e-3)


def test_scaling_one_stain_leaves_the_others_as_they_were():
    squares = torch.full((1, 2, 2, 3), 150, dtype=torch.uint8)
    before = strengths(squares)
    jitter = StainJitter(torch.tensor([[1.0, 1.2, 1.0]]), torch.zeros(1, 3))
    after = strengths(apply_stain_jitter(squares, jitter))
    expected = before * torch.tensor([1.0, 1.2, 1.0], dtype=torch.float64)
    torch.testing.assert_close(after, expected, atol=1e-4, rtol=1e-4)


def test_a_shift_is_added_to_the_strength_where_there_is_tissue():
    squares = torch.full((1, 2, 2, 3), 150, dtype=torch.uint8)
    jitter = StainJitter(torch.ones(1, 3), torch.tensor([[0.1, 0.0, 0.0]]))
    change = strengths(apply_stain_jitter(squares, jitter)) - strengths(squares)
    expected = torch.tensor([0.1, 0.0, 0.0], dtype=torch.float64).expand_as(change)
    torch.testing.assert_close(change, expected, atol=1e-4, rtol=0)


def test_white_stays_white():
    white = torch.full((3, 4, 4, 3), 255, dtype=torch.uint8)
    jitter = draw_stain_jitter(3, 0.5, torch.Generator().manual_seed(1))
    assert (apply_stain_jitter(white, jitter) == 255).all()


def test_no_jitter_gives_the_pixels_back():
    squares = some_squares()
    same = apply_stain_jitter(squares, draw_stain_jitter(4, 0.0, torch.Generator()))
    assert same.dtype == torch.float32
    torch.testing.assert_close(same, squares.float(), atol=1e-2, rtol=0)


def test_each_patch_has_its_own_jitter_and_stays_in_range():
    squares = some_squares()
    jitter = draw_stain_jitter(4, 0.9, torch.Generator().manual_seed(2))
    found = apply_stain_jitter(squares, jitter)
    assert found.min() >= 0 and found.max() <= 255
    for i in range(4):
        alone = apply_stain_jitter(squares[i : i + 1], jitter[i : i + 1])
        torch.testing.assert_close(found[i : i + 1], alone)


def test_the_generator_decides():
    first, again, other = (
        draw_stain_jitter(4, 0.3, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first.scale, again.scale) and torch.equal(first.shift, again.shift)
    assert not torch.equal(first.scale, other.scale)
    assert (first.scale - 1).abs().max() <= 0.3 and first.shift.abs().max() <= 0.15
