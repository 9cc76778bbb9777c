"""A model on disk: weights.safetensors, model.json and seen.txt, saved whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from training import atomic
from training.config import ModelCard, UserError
from training.models.model import build_model, load_state

WEIGHTS = "weights.safetensors"
CARD = "model.json"
SEEN = "seen.txt"


@dataclass(frozen=True, slots=True)
class LoadedModel:
    card: ModelCard
    module: nn.Module
    folder: Path


def seen_text(hashes: Iterable[str]) -> str:
    """The text of seen.txt: sorted pixel hashes, each once, one a line."""
    return "".join(f"{digest}\n" for digest in sorted(set(hashes)))


def save_model(
    folder: Path,
    card: ModelCard,
    state: Mapping[str, torch.Tensor],
    seen: Iterable[str],
    texts: Mapping[str, str] | None = None,
) -> ModelCard:
    """Write the folder atomically; returns the card with its hashes and counts filled in.

    `texts` are further files of it, by name.
    """
    text = seen_text(seen)
    with atomic.new_folder(folder) as temporary:
        weights = temporary / WEIGHTS
        save_file({name: _plain(tensor) for name, tensor in state.items()}, weights)
        full = replace(
            card,
            seen_count=text.count("\n"),
            data_hash=hashlib.sha256(text.encode("ascii")).hexdigest(),
            weights_hash=file_hash(weights),
        )
        (temporary / SEEN).write_bytes(text.encode("ascii"))
        for name, content in (texts or {}).items():
            (temporary / name).write_bytes(content.encode("utf-8"))
        full.write(temporary / CARD)
    return full


def update_card(folder: Path, card: ModelCard) -> None:
    """Replace model.json alone: another name, threshold or calibration of the same weights."""
    card.write(folder / CARD)


def read_card(folder: Path) -> ModelCard:
    if not folder.is_dir():
        raise UserError(f"{folder} is no model folder; a bare .pth file has to be converted first.")
    return ModelCard.read(folder / CARD)


def read_seen(folder: Path) -> frozenset[str]:
    """Pixel hashes of everything that this model or an ancestor was trained or tuned on."""
    try:
        return frozenset((folder / SEEN).read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{folder / SEEN} could not be read ({error}).") from error


def read_weights(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file, on the CPU."""
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"{path} could not be read as weights ({error}).") from error


def load_model(folder: Path) -> LoadedModel:
    """The model in eval mode on the CPU."""
    card = read_card(folder)
    module = build_model(card.architecture)
    load_state(module, read_weights(folder / WEIGHTS), str(folder / WEIGHTS))
    return LoadedModel(card=card, module=module.eval(), folder=folder)


def verify_model(folder: Path) -> list[str]:
    """What is wrong with the folder, a sentence each; empty where it is sound."""
    try:
        card = read_card(folder)
    except UserError as error:
        return [str(error)]
    problems: list[str] = []
    try:
        text = (folder / SEEN).read_bytes()
        if hashlib.sha256(text).hexdigest() != card.data_hash:
            problems.append(f"{folder / SEEN} is not the list that model.json was written with.")
    except OSError as error:
        problems.append(f"{folder / SEEN} could not be read ({error}).")
    try:
        if card.weights_hash and file_hash(folder / WEIGHTS) != card.weights_hash:
            problems.append(f"{folder / WEIGHTS} has changed since it was written.")
        read_weights(folder / WEIGHTS)
    except OSError as error:
        problems.append(f"{folder / WEIGHTS} could not be read ({error}).")
    except UserError as error:
        problems.append(str(error))
    return problems


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """safetensors refuses views of shared storage and tensors that aren't contiguous."""
    return tensor.detach().to("cpu").contiguous().clone()
