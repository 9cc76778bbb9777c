"""Colour changes: what they mean, one at a time, and that white padding stays white."""

import pytest
import torch

from training.augmentation.colours import Jitter, change_colours, draw_jitter
from training.augmentation.stain import StainJitter, draw_stain_jitter, stain_matrix


def some_images(count: int = 4) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(20, 256, (count, 3, 5, 5), generator=generator).float()


def changed(
    images: torch.Tensor, stain: StainJitter | None = None, jitter: Jitter | None = None
) -> torch.Tensor:
    images = images.clone()
    change_colours(images, stain, jitter)
    return images


def jitter(density=(1.0, 1.0, 1.0), brightness=1.0, contrast=1.0, saturation=1.0) -> Jitter:
    one = (torch.tensor([value]) for value in (brightness, contrast, saturation))
    return Jitter(torch.tensor([density]), *one)


def strengths(images: torch.Tensor) -> torch.Tensor:
    """Concentrations (N, S, S, 3) of the three stains, by the definition."""
    density = -(images.double().clamp(min=1) / 255).log().permute(0, 2, 3, 1)
    return density @ torch.linalg.inv(stain_matrix())


def test_scaling_one_stain_leaves_the_others_as_they_were():
    images = some_images(1)
    stain = StainJitter(torch.tensor([[1.0, 1.2, 1.0]]), torch.zeros(1, 3))
    expected = strengths(images) * torch.tensor([1.0, 1.2, 1.0], dtype=torch.float64)
    kept = (changed(images, stain) < 254).all(dim=1)
    after = strengths(changed(images, stain))
    torch.testing.assert_close(after[kept], expected[kept], atol=1e-4, rtol=1e-4)


def test_a_shift_is_added_to_the_strength_where_there_is_tissue():
    images = torch.full((1, 3, 2, 2), 150.0)
    stain = StainJitter(torch.ones(1, 3), torch.tensor([[0.1, 0.0, 0.0]]))
    change = strengths(changed(images, stain)) - strengths(images)
    expected = torch.tensor([0.1, 0.0, 0.0], dtype=torch.float64).expand_as(change)
    torch.testing.assert_close(change, expected, atol=1e-4, rtol=0)


def test_each_channels_density_is_scaled_on_its_own():
    images = some_images(1)
    found = changed(images, jitter=jitter(density=(0.8, 1.0, 1.2)))
    powers = torch.tensor([0.8, 1.0, 1.2])[:, None, None]
    torch.testing.assert_close(found, 255 * (images / 255) ** powers, atol=1e-2, rtol=0)


def test_brightness_multiplies_and_contrast_draws_from_the_mean():
    images = some_images(1)
    bright = changed(images, jitter=jitter(brightness=0.9))
    torch.testing.assert_close(bright, 0.9 * images, atol=1e-2, rtol=0)
    flatter = changed(images, jitter=jitter(contrast=0.7))
    expected = images.mean() + 0.7 * (images - images.mean())
    torch.testing.assert_close(flatter, expected, atol=1e-2, rtol=0)


def test_saturation_draws_from_luma():
    images = some_images(1)
    luma = torch.tensor([0.299, 0.587, 0.114])[:, None, None]
    grey = (images * luma).sum(dim=1, keepdim=True)
    found = changed(images, jitter=jitter(saturation=0.6))
    torch.testing.assert_close(found, grey + 0.6 * (images - grey), atol=1e-2, rtol=0)
    assert (changed(images, jitter=jitter(saturation=0.0)).std(dim=1) < 0.01).all()


def test_all_together_are_one_after_the_other():
    images = torch.full((2, 3, 6, 6), 128.0) + 20 * torch.rand(2, 3, 6, 6)
    stain = draw_stain_jitter(2, 0.2, torch.Generator().manual_seed(1))
    drawn = draw_jitter(2, 0.05, torch.Generator().manual_seed(1))
    one_by_one = changed(changed(images, stain), jitter=drawn)
    torch.testing.assert_close(changed(images, stain, drawn), one_by_one, atol=1e-2, rtol=0)


@pytest.mark.parametrize("fields", [{"density": (0.8, 1.2, 1.1)}, {}])
def test_white_stays_white(fields):
    white = torch.full((3, 3, 4, 4), 255.0)
    stain = draw_stain_jitter(3, 0.5, torch.Generator().manual_seed(1))
    assert (changed(white, stain) == 255).all()
    assert (changed(white[:1], stain[:1], jitter(**fields)) > 254.99).all()


def test_no_jitter_gives_the_pixels_back():
    images = some_images()
    generator = torch.Generator()
    same = changed(images, draw_stain_jitter(4, 0.0, generator), draw_jitter(4, 0.0, generator))
    torch.testing.assert_close(same, images, atol=1e-2, rtol=0)


def test_each_patch_has_its_own_jitter_and_stays_in_range():
    images = some_images()
    generator = torch.Generator().manual_seed(2)
    stain, drawn = draw_stain_jitter(4, 0.9, generator), draw_jitter(4, 0.9, generator)
    found = changed(images, stain, drawn)
    assert found.min() >= 0 and found.max() <= 255
    for i in range(4):
        part = slice(i, i + 1)
        torch.testing.assert_close(found[part], changed(images[part], stain[part], drawn[part]))


def test_the_generator_decides():
    first, again, other = (
        draw_jitter(4, 0.3, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first.density, again.density)
    assert torch.equal(first.saturation, again.saturation)
    assert not torch.equal(first.density, other.density)
    assert (first.contrast - 1).abs().max() <= 0.3
