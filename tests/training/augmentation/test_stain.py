"""Stain vectors and jitter; test_colours.py tells what they do to pixels."""

import pytest
import torch

from training.augmentation.stain import density_change, draw_stain_jitter, stain_matrix


def test_the_vectors_are_unit_and_the_third_stands_on_the_others():
    rows = stain_matrix()
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(3, dtype=torch.float64))
    assert (rows[2] @ rows[0]).abs() < 1e-12 and (rows[2] @ rows[1]).abs() < 1e-12
    # ImageJ's numbers are unit vectors but for rounding.
    assert rows[0].tolist() == pytest.approx([0.644, 0.717, 0.267], abs=2e-3)
    assert rows[1].tolist() == pytest.approx([0.175, 0.972, 0.155], abs=2e-3)


def test_a_change_of_density_deconvolves_changes_and_recomposes():
    jitter = draw_stain_jitter(2, 0.5, torch.Generator().manual_seed(0))
    mixing, added = density_change(jitter)
    stains = stain_matrix()
    strengths = torch.tensor([0.4, 0.7, 0.1], dtype=torch.float64)
    for i in range(2):
        found = mixing[i] @ (strengths @ stains) + added[i]
        expected = (strengths * jitter.scale[i].double() + jitter.shift[i].double()) @ stains
        torch.testing.assert_close(found, expected)


def test_the_generator_decides():
    first, again, other = (
        draw_stain_jitter(4, 0.3, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first.scale, again.scale) and torch.equal(first.shift, again.shift)
    assert not torch.equal(first.scale, other.scale)
    assert (first.scale - 1).abs().max() <= 0.3 and first.shift.abs().max() <= 0.15
