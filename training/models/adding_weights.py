"""A foreign file of weights, recognised and put under timm's names, or refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from training.config import IMAGENET_MEAN, IMAGENET_STD, Architecture, Preprocessing, UserError
from training.convert import KNOWN_ARCHITECTURES
from training.json_fields import dump
from training.models.base_weights import default_preprocessing, file_notes, misfits
from training.models.checkpoint_file import adapted, read_checkpoint
from training.models.foreign_names import layout_of, timm_names
from training.models.model import build_model, classifier_prefix
from training.models.model_folder import file_hash
from training.models.weights_store import Kept, keep_weights

# resnet50-0676ba61.pth: the start of the file's own SHA-256, as torch.hub checks it.
_HASH_IN_NAME = re.compile(r".*-(?P<start>[0-9a-f]{8,64})")
# What the layers of the known architectures are called, by the start of its name.
_FAMILIES = {
    "layers.0.blocks.0.attn.": "swin_",
    "blocks.0.attn.qkv.": "vit_",
    "layer1.0.conv1.": "resnet",
    "conv_stem.": "tf_efficientnet_",
}


def add_weights(
    file: Path, *, architecture: str | None = None, name: str | None = None, source: str = ""
) -> Kept:
    """Keep the file's weights for this user.

    `architecture` is timm's name; without it the file's own word or its shapes tell. UserError
    where the file is truncated, hostile, or doesn't fit.
    """
    check_name(file)
    state = read_checkpoint(file)
    if not all(bool(torch.isfinite(tensor).all()) for tensor in state.values()):
        raise UserError(f"{file} holds weights that aren't finite numbers.")
    told = architecture or file_notes(file).get("architecture") or recognised(state)
    if told is None:
        raise UserError(
            f"{file} holds the weights of none of the known architectures "
            f"({', '.join(KNOWN_ARCHITECTURES)}): name its timm architecture with --architecture."
        )
    _check_fit(file, state, told)
    return keep_weights(
        name or file.stem,
        told,
        _under_todays_names(state, told),
        preprocessing=dump(preprocessing_of(file, state, told).to_json()),
        source=source or file.name,
        origin=file_hash(file),
    )


def check_name(file: Path) -> None:
    """UserError where the name tells the start of a hash that isn't the file's: it is torn."""
    matched = _HASH_IN_NAME.fullmatch(file.stem)
    if matched is None or not file.is_file():
        return
    found = file_hash(file)
    if not found.startswith(matched["start"]):
        raise UserError(
            f"{file} is truncated or was altered: by its name its SHA-256 starts with "
            f"{matched['start']}, and it starts with {found[:8]}; fetch it again."
        )


def recognised(state: Mapping[str, torch.Tensor]) -> str | None:
    """The known architecture whose backbone these weights fill, all of it."""
    names = timm_names(dict(state))
    families = tuple(
        family for start, family in _FAMILIES.items() if any(one.startswith(start) for one in names)
    )
    for name in KNOWN_ARCHITECTURES:
        # Building one takes a second, even on paper.
        if name.startswith(families) and not _misfits_on_paper(state, name):
            return name
    return None


def classes_of(state: Mapping[str, torch.Tensor], architecture: str) -> int | None:
    """How many outputs the file's classifier has; None where it brings none."""
    model = _on_paper(architecture)
    bias = adapted(dict(state), model, resize=True).get(f"{classifier_prefix(model)}.bias")
    return None if bias is None else len(bias)


def _check_fit(file: Path, state: Mapping[str, torch.Tensor], architecture: str) -> None:
    differing = _misfits_on_paper(state, architecture)
    if not differing:
        return
    other = recognised(state)
    advice = f"they fit {other}" if other else "name the architecture that they were trained as"
    raise UserError(
        f"{file} doesn't hold weights of {architecture}: {len(differing)} of its tensors are "
        f"missing or of another shape (such as {differing[0]}); {advice}."
    )


def _misfits_on_paper(state: Mapping[str, torch.Tensor], architecture: str) -> list[str]:
    return misfits(_on_paper(architecture), dict(state))[0]


def _on_paper(architecture: str) -> torch.nn.Module:
    """Without storage, so that trying several costs nothing."""
    with torch.device("meta"):
        return build_model(Architecture(architecture))


def _under_todays_names(
    state: Mapping[str, torch.Tensor], architecture: str
) -> dict[str, torch.Tensor]:
    model = build_model(Architecture(architecture))
    prefix = f"{classifier_prefix(model)}."
    given = adapted(dict(state), model, resize=True)
    wanted = model.state_dict()
    return {name: t for name, t in given.items() if name in wanted or name.startswith(prefix)}


def preprocessing_of(
    file: Path, state: Mapping[str, torch.Tensor], architecture: str
) -> Preprocessing:
    notes = file_notes(file)
    if "preprocessing" in notes:
        from training.json_fields import read_object

        return Preprocessing.from_json(read_object(notes["preprocessing"], str(file)))
    usual = default_preprocessing(Architecture(architecture))
    if layout_of(state) == "timm":
        return usual
    # torchvision normalises all of its models alike, timm's ViT otherwise.
    return replace(usual, mean=IMAGENET_MEAN, std=IMAGENET_STD)
