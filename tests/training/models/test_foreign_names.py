"""torchvision's models under timm's names compute the very same."""

from typing import Any

import pytest
import timm
import torch

from training.config import Architecture
from training.models.base_weights import load_backbone
from training.models.checkpoint_file import adapted
from training.models.foreign_names import layout_of, timm_names
from training.models.model import build_model, embed

torchvision = pytest.importorskip("torchvision.models")

TWINS = {
    "resnet50": "resnet50",
    "resnet152": "resnet152",
    "vit_b_16": "vit_base_patch16_224",
    "swin_t": "swin_tiny_patch4_window7_224",
    "swin_s": "swin_small_patch4_window7_224",
    "swin_b": "swin_base_patch4_window7_224",
}


def lively(module: torch.nn.Module) -> Any:
    """Every weight, bias and statistic other than its start, so that a swap would show."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if tensor.is_floating_point():
                noise = torch.randn(tensor.shape, generator=generator)
                tensor.add_(0.02 * noise.abs() if name.endswith("running_var") else 0.02 * noise)
    return module.eval()


@pytest.mark.parametrize("name", ["resnet50", "swin_t"])
def test_both_compute_the_same(name: str) -> None:
    theirs = lively(torchvision.get_model(name, weights=None))
    ours = timm.create_model(TWINS[name], num_classes=1000).eval()
    ours.load_state_dict(adapted(theirs.state_dict(), ours))
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        assert torch.allclose(theirs(images), ours(images), atol=1e-4, rtol=1e-4)


def test_a_small_vit_computes_the_same() -> None:
    shape = {"image_size": 32, "patch_size": 16, "num_layers": 2, "num_heads": 3}
    theirs = lively(torchvision.VisionTransformer(**shape, hidden_dim=48, mlp_dim=192))
    ours = timm.create_model(
        "vit_base_patch16_224", img_size=32, embed_dim=48, depth=2, num_heads=3, num_classes=1000
    ).eval()
    ours.load_state_dict(adapted(theirs.state_dict(), ours))
    images = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        assert torch.allclose(theirs(images), ours(images), atol=1e-5)


@pytest.mark.parametrize("name", TWINS)
def test_every_name_and_shape_is_timms(name: str) -> None:
    with torch.device("meta"):
        theirs = torchvision.get_model(name, weights=None).state_dict()
        ours = timm.create_model(TWINS[name], num_classes=1000).state_dict()
    renamed = {
        key: value.shape
        for key, value in timm_names(theirs).items()
        if not key.endswith("relative_position_index")
    }
    assert renamed == {key: value.shape for key, value in ours.items()}


def test_timms_own_names_are_left_alone() -> None:
    state = build_model(Architecture("test_vit")).state_dict()
    assert layout_of(state) == "timm"
    assert timm_names(state) is state


def test_a_backbone_of_torchvision_is_loaded_below_a_head_of_ours() -> None:
    shape = {"patch_size": [4, 4], "depths": [1, 1], "num_heads": [2, 2], "window_size": [4, 4]}
    theirs = lively(torchvision.SwinTransformer(**shape, embed_dim=16))
    kwargs = {"img_size": 32, "window_size": 4, "embed_dim": 16}
    ours = build_model(
        Architecture(
            "swin_tiny_patch4_window7_224", {**kwargs, "depths": [1, 1], "num_heads": [2, 2]}
        )
    )
    load_backbone(ours, dict(theirs.state_dict()), "theirs")
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        features = theirs.norm(theirs.features(images)).mean((1, 2))
        assert torch.allclose(features, embed(ours, images), atol=1e-5)
