import torch

from training.augmentation.mixup import draw_mix


def test_pixels_and_labels_are_blended_alike():
    # Each patch is painted with its label, so that its pixels tell the target.
    labels = torch.tensor([0, 1] * 8)
    images = labels.float()[:, None, None, None].expand(16, 3, 2, 2)
    mix = draw_mix(16, 0.5, torch.Generator().manual_seed(0))
    mixed, targets = mix.blended(images), mix.blended(labels.float())
    torch.testing.assert_close(mixed.mean(dim=(1, 2, 3)), targets)
    assert ((targets - labels).abs() <= 0.5).all()
    assert ((targets > 0.01) & (targets < 0.99)).any()


def test_shares_follow_alpha_and_the_generator():
    first, again = (draw_mix(400, 0.2, torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(first.share, again.share) and torch.equal(first.partner, again.partner)
    assert first.share.min() >= 0.5 and first.share.max() <= 1.0
    assert sorted(first.partner.tolist()) == list(range(400))
    # Beta(0.2, 0.2) is mostly near its ends: few patches are blended much.
    assert (first.share > 0.9).float().mean() > 0.6
