"""Losses against hand computation, torch and torchvision."""

import math

import pytest
import torch
from torch.nn import functional
from torchvision.ops import sigmoid_focal_loss

from training.learning.losses import batch_loss
from training.recipe import FullRecipe

LOGITS = torch.tensor([2.0, -1.0, 0.5, -3.0, 0.0])
LABELS = torch.tensor([1, 0, 0, 1, 1])
PLAIN = torch.ones(2)
WEIGHTS = torch.tensor([0.8, 1.9])


def recipe(**fields: object) -> FullRecipe:
    return FullRecipe(name="test", **fields)  # type: ignore[arg-type]


def loss(head: str = "logit", weights: torch.Tensor = PLAIN, soft=None, **fields: object):
    raw = LOGITS[:, None] if head == "logit" else torch.stack([LOGITS * -0.25, LOGITS * 0.75], 1)
    return batch_loss(raw, LABELS, soft, head, weights, recipe(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("head", ["softmax", "logit"])
def test_weighted_cross_entropy_is_divided_by_the_patches(head):
    chances = [1 / (1 + math.exp(-logit)) for logit in LOGITS.tolist()]
    by_hand = sum(
        float(WEIGHTS[label]) * -math.log(chance if label else 1 - chance)
        for chance, label in zip(chances, LABELS.tolist(), strict=True)
    )
    assert loss(head, WEIGHTS).item() == pytest.approx(by_hand / 5, rel=1e-6)


@pytest.mark.parametrize("head", ["softmax", "logit"])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 3.0])
def test_focal_loss_is_torchvisions_with_alpha_on_sclerotic_patches(head, gamma):
    targets = LABELS.float()
    # Lin's alpha weighs both classes; -1 leaves it out, and 1.3 is put on class 1 here.
    each = sigmoid_focal_loss(LOGITS, targets, alpha=-1, gamma=gamma)
    expected = (each * torch.where(LABELS == 1, 1.3, 1.0)).mean()
    found = loss(head, loss="focal", focal_alpha=1.3, focal_gamma=gamma)
    torch.testing.assert_close(found, expected)


def test_focal_loss_by_hand():
    # One patch, logit 0: (1 - 0.5)^2 * ln 2, times alpha where it is sclerotic.
    for label, alpha in ((0, 1.0), (1, 1.3)):
        found = batch_loss(
            torch.zeros(1, 1), torch.tensor([label]), None, "logit", PLAIN, recipe(loss="focal")
        )
        assert found.item() == pytest.approx(alpha * 0.25 * math.log(2))


def test_focal_loss_without_focus_is_weighted_cross_entropy():
    focal = loss(loss="focal", focal_alpha=1.9, focal_gamma=0.0)
    torch.testing.assert_close(focal, loss(weights=torch.tensor([1.0, 1.9])))


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_the_slope_of_the_focal_loss_is_finite_for_certain_patches(gamma):
    raw = torch.tensor([[200.0], [-200.0], [200.0]], requires_grad=True)
    made = recipe(loss="focal", focal_gamma=gamma)
    batch_loss(raw, torch.tensor([1, 0, 0]), None, "logit", PLAIN, made).backward()
    assert raw.grad is not None and torch.isfinite(raw.grad).all()
    assert raw.grad[2] > 0


@pytest.mark.parametrize("head", ["softmax", "logit"])
def test_smoothing_draws_labels_to_the_middle(head):
    smooth = LABELS.float() * 0.8 + 0.1
    expected = functional.binary_cross_entropy_with_logits(LOGITS, smooth)
    torch.testing.assert_close(loss(head, label_smoothing=0.2), expected)


@pytest.mark.parametrize("head", ["softmax", "logit"])
@pytest.mark.parametrize("kind", ["cross-entropy", "focal"])
def test_soft_targets_of_whole_labels_change_nothing(head, kind):
    fields = {"loss": kind, "label_smoothing": 0.1}
    hard = loss(head, WEIGHTS, **fields)
    torch.testing.assert_close(loss(head, WEIGHTS, LABELS.float(), **fields), hard)


def test_soft_targets_weigh_the_losses_of_both_labels():
    shares = torch.tensor([0.9, 0.2, 0.0, 1.0, 0.5])
    zero = functional.binary_cross_entropy_with_logits(LOGITS, torch.zeros(5), reduction="none")
    one = functional.binary_cross_entropy_with_logits(LOGITS, torch.ones(5), reduction="none")
    expected = ((1 - shares) * 0.8 * zero + shares * 1.9 * one).mean()
    torch.testing.assert_close(loss("softmax", WEIGHTS, shares), expected)
