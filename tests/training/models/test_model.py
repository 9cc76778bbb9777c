"""Building timm models from a description that may come from anywhere."""

import pytest
import torch
from torch import nn

from training.config import Architecture, UserError
from training.models.model import (
    backbone_hash,
    build_model,
    classifier,
    classifier_prefix,
    embed,
    load_state,
    outputs,
    positive_logit,
)

SMALL_SWIN = {
    **{"img_size": 32, "window_size": 4, "embed_dim": 16},
    **{"depths": [1, 1], "num_heads": [2, 2]},
}
ARCHITECTURES = [
    ("swin_tiny_patch4_window7_224", SMALL_SWIN, 32),
    ("test_efficientnet", {}, 64),
    ("test_vit", {"img_size": 32}, 32),
    ("test_convnext", {}, 64),
    ("test_resnet", {}, 64),
    # Its head is a convolution in timm.
    ("resnetv2_18", {}, 32),
]


@pytest.mark.parametrize("head", ["softmax", "logit"])
@pytest.mark.parametrize(("name", "kwargs", "size"), ARCHITECTURES)
def test_logit_and_embedding_agree_with_the_plain_forward(name, kwargs, size, head):
    model = build_model(Architecture(name, kwargs, head))
    images = torch.randn(3, 3, size, size)
    with torch.inference_mode():
        plain = model(images)
        raw = outputs(model, images)
        torch.testing.assert_close(raw, plain)
        torch.testing.assert_close(classifier(model)(embed(model, images)), plain)
    logit = positive_logit(raw, head)
    assert logit.shape == (3,)
    probability = plain.softmax(1)[:, 1] if head == "softmax" else plain[:, 0].sigmoid()
    torch.testing.assert_close(logit.sigmoid(), probability)


def test_the_head_is_computed_in_fp32_under_autocast():
    model = build_model(Architecture("test_efficientnet"))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        raw = outputs(model, torch.randn(4, 3, 64, 64))
        embedding = embed(model, torch.randn(4, 3, 64, 64))
    assert raw.dtype == embedding.dtype == torch.float32
    # A bf16 head would give values that survive the way to bf16 and back.
    assert not torch.equal(raw, raw.bfloat16().float())


def test_drop_path_shapes_no_weights():
    architecture = Architecture("swin_tiny_patch4_window7_224", SMALL_SWIN)
    model = build_model(architecture, drop_path_rate=0.1)
    load_state(model, build_model(architecture).state_dict(), "here")


@pytest.mark.parametrize("name", ["swin_enormous", "hf-hub:someone/model", "local-dir:/tmp", ""])
def test_names_that_timm_does_not_have_are_refused(name):
    with pytest.raises(UserError, match="no architecture"):
        build_model(Architecture(name))


@pytest.mark.parametrize(
    "kwargs",
    [{"pretrained": True}, {"checkpoint_path": "evil.pth"}, {"num_classes": 5}],
)
def test_arguments_that_load_or_reshape_are_refused(kwargs):
    with pytest.raises(UserError, match="may not be set"):
        build_model(Architecture("test_vit", kwargs))


def test_arguments_that_the_architecture_lacks_are_refused():
    with pytest.raises(UserError, match="can't be built"):
        build_model(Architecture("test_vit", {"wings": 2}))


def test_weights_of_another_architecture_are_refused_in_one_sentence():
    model = build_model(Architecture("test_vit", {"img_size": 32}))
    other = build_model(Architecture("test_efficientnet"))
    with pytest.raises(UserError, match=r"another architecture.*missing.*unknown") as caught:
        load_state(model, other.state_dict(), "other.pth")
    assert "\n" not in str(caught.value)
    one_logit = build_model(Architecture("test_vit", {"img_size": 32}, "logit"))
    with pytest.raises(UserError, match="2 of another shape"):
        load_state(model, one_logit.state_dict(), "other.pth")


def test_the_backbone_hash_is_of_all_weights_but_the_classifiers():
    model = build_model(Architecture("test_efficientnet"))
    before = backbone_hash(model)
    nn.init.ones_(classifier(model).weight)
    assert backbone_hash(model) == before
    parameter = next(model.parameters())
    with torch.no_grad():
        parameter.view(-1)[0] += 1e-3
    assert backbone_hash(model) != before


def test_the_classifiers_name_in_the_state_dict():
    model = build_model(Architecture("swin_tiny_patch4_window7_224", SMALL_SWIN))
    assert classifier_prefix(model) == "head.fc"
