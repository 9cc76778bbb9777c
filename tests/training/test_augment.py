import numpy as np
import pytest
import torch

from training.augment import COPIES, Jitter, apply_jitter, apply_symmetries, draw_jitter
from training.schedule import rate_factor


def some_squares(count: int = 8) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, 6, 6, 3), generator=generator, dtype=torch.uint8)


def test_the_eight_codes_are_the_eight_symmetries() -> None:
    one = some_squares(1)[0].numpy()
    expected = {
        np.rot90(side, turns).tobytes() for side in (one, one[:, ::-1]) for turns in range(4)
    }
    turned = apply_symmetries(torch.from_numpy(one)[None].repeat(8, 1, 1, 1), torch.arange(8))
    assert {square.numpy().tobytes() for square in turned} == expected
    assert len(expected) == 8


def test_code_zero_changes_nothing_and_the_copies_are_those_of_system_a() -> None:
    one = some_squares(1)
    copies = apply_symmetries(one.repeat(4, 1, 1, 1), torch.tensor([0, *COPIES]))
    assert torch.equal(copies[0], one[0])
    assert torch.equal(copies[1], one[0].flip(1))
    assert torch.equal(copies[2], one[0].rot90(2, (0, 1)))
    assert torch.equal(copies[3], one[0].rot90(2, (0, 1)).flip(1))


def test_each_patch_is_turned_by_its_own_code() -> None:
    squares = some_squares(3)
    turned = apply_symmetries(squares, torch.tensor([0, 1, 0]))
    assert torch.equal(turned[0], squares[0])
    assert torch.equal(turned[1], squares[1].flip(1))
    assert torch.equal(turned[2], squares[2])


def test_no_jitter_gives_the_pixels_back() -> None:
    squares = some_squares()
    same = apply_jitter(squares, draw_jitter(8, 0.0, torch.Generator()))
    assert same.dtype == torch.float32
    assert (same - squares.clamp_min(1)).abs().max() < 0.01


def test_stain_jitter_leaves_white_white() -> None:
    white = torch.full((1, 4, 4, 3), 255, dtype=torch.uint8)
    one = torch.ones(1)
    jittered = apply_jitter(white, Jitter(torch.tensor([[0.8, 1.2, 1.1]]), one, one, one))
    assert jittered.min() == pytest.approx(255.0)


def test_jitter_stays_in_range_and_follows_its_generator() -> None:
    squares = some_squares()
    first, again = (
        apply_jitter(squares, draw_jitter(8, 0.5, torch.Generator().manual_seed(3)))
        for _ in range(2)
    )
    assert torch.equal(first, again)
    assert first.min() >= 0.0 and first.max() <= 255.0


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    factors = [rate_factor(step, steps=100, warmup=10) for step in range(101)]
    assert factors[0] == pytest.approx(1 / 11)
    assert max(factors) == factors[10] == 1.0
    assert factors[:11] == sorted(factors[:11])
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[100] == pytest.approx(0.01)
    assert rate_factor(70, steps=100, warmup=10, cosine=False) == 1.0
