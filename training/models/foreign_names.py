"""Names of torchvision's models, renamed onto timm's; the numbers stay as they are.

ResNets bear the same names in both. Swin and ViT don't, but compute the same: torchvision merges
Swin's patches in the order of timm, and fuses query, key and value in the same one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

import torch

Layout = Literal["timm", "torchvision Swin", "torchvision ViT"]
State = dict[str, torch.Tensor]

_BLOCK_PARTS = {
    "ln_1": "norm1",
    "ln_2": "norm2",
    "mlp.0": "mlp.fc1",
    "mlp.3": "mlp.fc2",
    # Before torchvision 0.12 the two layers had names.
    "mlp.linear_1": "mlp.fc1",
    "mlp.linear_2": "mlp.fc2",
    "self_attention.in_proj_": "attn.qkv.",
    "self_attention.out_proj": "attn.proj",
}
_VIT_OUTER = {
    "class_token": "cls_token",
    "conv_proj": "patch_embed.proj",
    "encoder.pos_embedding": "pos_embed",
    "encoder.ln": "norm",
    "heads.head": "head",
}
_SWIN_OUTER = {
    "features.0.0": "patch_embed.proj",
    "features.0.2": "patch_embed.norm",
    "head": "head.fc",
}


def layout_of(state: Mapping[str, torch.Tensor]) -> Layout:
    if "features.0.0.weight" in state and "features.1.0.attn.qkv.weight" in state:
        return "torchvision Swin"
    if "encoder.pos_embedding" in state and "conv_proj.weight" in state:
        return "torchvision ViT"
    return "timm"


def timm_names(state: State) -> State:
    """The state under timm's names; one that is no model of torchvision comes back as it was."""
    rename: dict[Layout, Callable[[str], str]] = {
        "torchvision Swin": _swin_name,
        "torchvision ViT": _vit_name,
    }
    own = rename.get(layout_of(state))
    return state if own is None else {own(name): tensor for name, tensor in state.items()}


def _vit_name(name: str) -> str:
    block = re.fullmatch(r"encoder\.layers\.encoder_layer_(\d+)\.(.+)", name)
    if block:
        return f"blocks.{block[1]}.{_started(block[2], _BLOCK_PARTS)}"
    return _started(name, _VIT_OUTER)


def _swin_name(name: str) -> str:
    """Stages are at the odd places of `features`, and what merges patches at the even ones."""
    block = re.fullmatch(r"features\.(\d+)\.(\d+)\.(.+)", name)
    if block and block[1] != "0":
        return f"layers.{int(block[1]) // 2}.blocks.{block[2]}.{_started(block[3], _BLOCK_PARTS)}"
    merging = re.fullmatch(r"features\.(\d+)\.(norm|reduction)\.(.+)", name)
    if merging:
        # timm merges at the start of the stage that follows.
        return f"layers.{int(merging[1]) // 2}.downsample.{merging[2]}.{merging[3]}"
    return _started(name, _SWIN_OUTER)


def _started(name: str, starts: Mapping[str, str]) -> str:
    for old, new in starts.items():
        if name == old or name.startswith(old if old[-1] in "._" else f"{old}."):
            return new + name[len(old) :]
    return name
