import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.augmentation.augment import (
    COPIES,
    SYMMETRIES,
    _turned_at_once,
    _turned_one_by_one,
    apply,
    apply_symmetries,
    draw,
    draw_symmetries,
    prepare_images,
)
from training.config import Preprocessing
from training.learning.schedule import rate_factor
from training.patches.dataset import Plan
from training.patches.preprocess import normalise
from training.recipe import FullRecipe

CODES = st.integers(0, SYMMETRIES - 1)
SMALL = Preprocessing(size=8)
EVERYTHING = {
    "rotation": 20.0,
    "shift": 0.1,
    "shear": 10.0,
    "zoom": 0.1,
    "stain_jitter": 0.2,
    "colour_jitter": 0.1,
}


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


def test_turning_at_once_and_one_by_one_are_the_same() -> None:
    squares, codes = some_squares(16), torch.arange(16) % 8
    one_by_one, at_once = _turned_one_by_one(squares, codes), _turned_at_once(squares, codes)
    assert torch.equal(one_by_one, at_once) and one_by_one.is_contiguous()
    assert not torch.equal(one_by_one, squares)


def test_each_patch_is_turned_by_its_own_code() -> None:
    squares = some_squares(3)
    turned = apply_symmetries(squares, torch.tensor([0, 1, 0]))
    assert torch.equal(turned[0], squares[0])
    assert torch.equal(turned[1], squares[1].flip(1))
    assert torch.equal(turned[2], squares[2])


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    factors = [rate_factor(step, steps=100, warmup=10) for step in range(101)]
    assert factors[0] == pytest.approx(1 / 11)
    assert max(factors) == factors[10] == 1.0
    assert factors[:11] == sorted(factors[:11])
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[100] == pytest.approx(0.01)
    assert rate_factor(70, steps=100, warmup=10, cosine=False) == 1.0


def turned(squares: torch.Tensor, code: int) -> torch.Tensor:
    return apply_symmetries(squares, torch.full((len(squares),), code))


@given(CODES, CODES)
def test_symmetries_are_a_group(first: int, second: int) -> None:
    one = some_squares(1)
    both = turned(turned(one, first), second)
    same = [code for code in range(SYMMETRIES) if torch.equal(turned(one, code), both)]
    assert len(same) == 1
    undoing = [code for code in range(SYMMETRIES) if torch.equal(turned(both, code), one)]
    assert len(undoing) == 1


def recipe(**fields: object) -> FullRecipe:
    return FullRecipe(name="test", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("symmetries", "drawn"),
    [("eight", set(range(8))), ("flips", {0, 1, 2, 3}), ("mirror", {0, 1})],
)
def test_a_recipe_draws_from_its_symmetries(symmetries: str, drawn: set[int]) -> None:
    codes = torch.full((200,), 7)
    generator = torch.Generator().manual_seed(0)
    made = draw_symmetries(codes, recipe(symmetries=symmetries), generator)
    assert set(made.tolist()) == drawn


def test_without_symmetries_the_codes_stay() -> None:
    codes = torch.tensor([0, 1, 3, 2])
    assert draw_symmetries(codes, recipe(symmetries="none"), torch.Generator()) is codes


def test_without_augmentation_images_are_normalised_squares() -> None:
    squares = torch.randint(0, 256, (3, 8, 8, 3), dtype=torch.uint8)
    plan = Plan(torch.arange(3), torch.zeros(3, dtype=torch.int64))
    plain = recipe(colour_jitter=0.0, symmetries="none")
    images = prepare_images(squares, plan, plain, SMALL, torch.Generator())
    assert torch.equal(images, normalise(squares, SMALL))


@pytest.mark.parametrize("pad_mode", ["colour", "edge", "reflect"])
def test_everything_together_follows_the_generator_alone(pad_mode) -> None:
    squares = torch.randint(0, 256, (5, 8, 8, 3), dtype=torch.uint8)
    given_ = squares.clone()
    plan = Plan(torch.arange(5), torch.arange(5))
    preprocessing = Preprocessing(size=8, pad_mode=pad_mode)
    first, again, other = (
        prepare_images(
            squares,
            plan,
            recipe(**EVERYTHING),
            preprocessing,
            torch.Generator().manual_seed(seed),
        )
        for seed in (1, 1, 2)
    )
    assert first.shape == (5, 3, 8, 8) and first.dtype == torch.float32
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(squares, given_)


def test_a_part_of_a_batch_is_shown_as_in_the_whole() -> None:
    squares = torch.randint(0, 256, (6, 8, 8, 3), dtype=torch.uint8)
    drawn = draw(6, recipe(**EVERYTHING), torch.Generator().manual_seed(1))
    codes = torch.arange(6)
    whole = apply(squares, codes, drawn, SMALL)
    part = slice(2, 5)
    torch.testing.assert_close(
        apply(squares[part], codes[part], drawn[part], SMALL), whole[part], atol=1e-4, rtol=1e-4
    )


def test_white_padding_stays_white_whatever_is_done_to_the_tissue() -> None:
    white = torch.full((8, 8, 8, 3), 255, dtype=torch.uint8)
    fields = {**EVERYTHING, "colour_jitter": 0.0}
    drawn = draw(8, recipe(**fields), torch.Generator().manual_seed(1))
    shown = apply(white, torch.arange(8), drawn, SMALL)
    torch.testing.assert_close(shown, normalise(white, SMALL), atol=1e-4, rtol=0)


def test_corners_of_edge_images_are_those_of_flat_tissue() -> None:
    preprocessing = Preprocessing(size=8, enhancement="edges", mean=(0, 0, 0), std=(1, 1, 1))
    flat = torch.tensor([255, 0, 128], dtype=torch.uint8).expand(1, 8, 8, 3)
    drawn = draw(1, recipe(rotation=180.0, colour_jitter=0.0), torch.Generator().manual_seed(3))
    shown = apply(flat, torch.zeros(1, dtype=torch.int64), drawn, preprocessing)
    torch.testing.assert_close(shown, normalise(flat, preprocessing), atol=1e-4, rtol=0)
