"""A timm classifier from its description, and what it says: logits in fp32, embeddings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast

import timm
import torch
from timm.layers.classifier import ClassifierHead, create_classifier
from torch import nn

import training.models.own_architectures  # noqa: F401 - registers them with timm
from training.config import Architecture, Head, UserError

# These would download weights, or unpickle a file that a foreign model.json names.
_FORBIDDEN = frozenset(
    {
        "pretrained",
        "pretrained_cfg",
        "pretrained_cfg_overlay",
        "checkpoint_path",
        "cache_dir",
        "features_only",
        "num_classes",
        "scriptable",
        "exportable",
        "no_jit",
        "in_chans",
    }
)


def build_model(architecture: Architecture, **overrides: Any) -> nn.Module:
    """The timm model with random weights, in eval mode, on the CPU.

    `overrides` are training-time arguments (drop_rate, drop_path_rate) that shape no weights.
    UserError where timm has no such name or refuses the arguments.
    """
    name = architecture.name
    if not timm.is_model(name):
        raise UserError(
            f"timm has no architecture {name!r}: check the name, or install the timm that has it."
        )
    refused = _FORBIDDEN.intersection(architecture.kwargs)
    if refused:
        raise UserError(f"architecture: {', '.join(sorted(refused))} may not be set in a model.")
    kwargs = {key: _tuples(value) for key, value in {**architecture.kwargs, **overrides}.items()}
    try:
        model = timm.create_model(
            name, pretrained=False, num_classes=architecture.outputs, **kwargs
        )
    except (TypeError, ValueError, KeyError, AssertionError, RuntimeError) as error:
        raise UserError(f"{name} can't be built with {architecture.kwargs}: {error}") from error
    _make_head_linear(model, architecture.outputs)
    return model.eval()


def _make_head_linear(model: nn.Module, outputs: int) -> None:
    """Some end in a convolution of one pixel, such as ResNetV2: the same sum in another shape."""
    head = getattr(model, "head", None)
    if isinstance(head, ClassifierHead) and head.use_conv:
        pool_type = head.global_pool.pool_type
        head.use_conv, head.flatten = False, nn.Identity()
        made: Any = create_classifier(head.in_features, outputs, pool_type)
        head.global_pool, head.fc = made


def _tuples(value: Any) -> Any:
    """JSON has lists where timm wants tuples."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def features(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Unpooled features of images (N, 3, size, size), in whatever type autocast gives."""
    return cast("Any", model).forward_features(images)


def embed(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """(N, D) fp32: pooled features before the classifier."""
    return pooled(model, features(model, images))


def pooled(model: nn.Module, unpooled: torch.Tensor) -> torch.Tensor:
    with torch.autocast(unpooled.device.type, enabled=False):
        return cast("Any", model).forward_head(unpooled.float(), pre_logits=True)


def outputs(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """(N, 2) or (N, 1) fp32. The head runs in fp32 even under autocast.

    A bf16 head has 8 bits of mantissa: saturated logits would step by 1/16 and flip calls
    between machines.
    """
    unpooled = features(model, images)
    with torch.autocast(images.device.type, enabled=False):
        return cast("Any", model).forward_head(unpooled.float())


def positive_logit(raw: torch.Tensor, head: Head) -> torch.Tensor:
    """(N,) fp32 log-odds of class 1, uncalibrated."""
    values = raw.float()
    return values[:, 1] - values[:, 0] if head == "softmax" else values[:, 0]


def classifier(model: nn.Module) -> nn.Linear:
    """The last linear layer; UserError for the few architectures that end otherwise."""
    layer = cast("Any", model).get_classifier()
    if not isinstance(layer, nn.Linear):
        raise UserError(f"{type(model).__name__} has no linear classifier to put a head on.")
    return layer


def classifier_prefix(model: nn.Module) -> str:
    """The name of the classifier in the state dict, such as `head.fc`."""
    layer = classifier(model)
    return next(name for name, module in model.named_modules() if module is layer)


def backbone_hash(model: nn.Module) -> str:
    """SHA-256 over all weights but the classifier's: what embeddings depend on."""
    prefix = classifier_prefix(model) + "."
    digest = hashlib.sha256(type(model).__name__.encode())
    for name, tensor in sorted(model.state_dict().items()):
        if not name.startswith(prefix):
            digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
            raw = tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
            digest.update(raw.numpy().data)
    return digest.hexdigest()


def load_state(model: nn.Module, state: Mapping[str, torch.Tensor], where: str) -> None:
    """Load exactly these weights; UserError where a name or a shape differs."""
    expected = model.state_dict()
    missing = sorted(set(expected) - set(state))
    extra = sorted(set(state) - set(expected))
    shaped = sorted(
        name for name in set(expected) & set(state) if expected[name].shape != state[name].shape
    )
    if missing or extra or shaped:
        raise UserError(
            f"{where} holds weights of another architecture: {_told(missing, extra, shaped)}."
        )
    model.load_state_dict(dict(state))


def _told(missing: list[str], extra: list[str], shaped: list[str]) -> str:
    parts = (("missing", missing), ("unknown", extra), ("of another shape", shaped))
    return "; ".join(f"{len(names)} {what} (such as {names[0]})" for what, names in parts if names)
