"""A bare checkpoint of the old system becomes a model folder; its unknowns are asked for."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import timm
import torch

from training.config import (
    PRESET_THRESHOLDS,
    PRESETS,
    Architecture,
    Calibration,
    Head,
    ModelCard,
    Preprocessing,
    Threshold,
    UserError,
)
from training.events import utc_now
from training.models.checkpoint_file import adapted, read_checkpoint
from training.models.model import build_model, classifier_prefix, load_state
from training.models.model_folder import save_model

# Tried in this order where the architecture isn't named: the main line's, then its ancestors.
KNOWN_ARCHITECTURES = (
    "swin_base_patch4_window7_224",
    "swin_small_patch4_window7_224",
    "swin_tiny_patch4_window7_224",
    "swin_large_patch4_window7_224",
    "vit_base_patch16_224",
    "resnet152",
    "resnet50",
    "tf_efficientnet_lite0",
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """`threshold` is a probability; the architecture None is found among the known ones."""

    checkpoint: Path
    output: Path
    preprocessing: Preprocessing
    threshold: float
    architecture: str | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)
    name: str | None = None


def convert(conversion: Conversion) -> ModelCard:
    """Write the model folder; UserError where the file can't be what it is said to be."""
    threshold = Threshold.from_probability(
        conversion.threshold, f"given at import: probability {conversion.threshold}"
    )
    state = read_checkpoint(conversion.checkpoint)
    architecture, state = _matched(state, conversion)
    if not all(bool(torch.isfinite(tensor).all()) for tensor in state.values()):
        raise UserError(f"{conversion.checkpoint} holds weights that aren't finite numbers.")
    card = ModelCard(
        id=uuid.uuid4().hex,
        name=conversion.name or architecture.name,
        version=1,
        architecture=architecture,
        preprocessing=conversion.preprocessing,
        calibration=Calibration(fitted_on="none: an imported checkpoint"),
        threshold=threshold,
        seen="unknown",
        recipe={"name": "imported"},
        versions={
            "torch": torch.__version__,
            "timm": timm.__version__,
            "python": platform.python_version(),
        },
        created=utc_now(),
    )
    return save_model(conversion.output, card, state, seen=())


def _matched(
    state: dict[str, torch.Tensor], conversion: Conversion
) -> tuple[Architecture, dict[str, torch.Tensor]]:
    if conversion.architecture is not None:
        return _fitted(state, conversion.architecture, conversion.kwargs, conversion.checkpoint)
    for name in KNOWN_ARCHITECTURES:
        try:
            return _fitted(state, name, {}, conversion.checkpoint)
        except UserError:
            continue
    raise UserError(
        f"{conversion.checkpoint} holds the weights of none of the known architectures "
        f"({', '.join(KNOWN_ARCHITECTURES)}) with one or two outputs: name its timm architecture."
    )


def _fitted(
    state: dict[str, torch.Tensor], name: str, kwargs: dict[str, Any], checkpoint: Path
) -> tuple[Architecture, dict[str, torch.Tensor]]:
    """The state under today's names, if it is exactly this architecture's."""
    # Without storage, so that trying several costs nothing.
    with torch.device("meta"):
        model = build_model(Architecture(name, kwargs))
    renamed = adapted(state, model)
    weight = renamed.get(classifier_prefix(model) + ".weight")
    outputs = weight.shape[0] if weight is not None and weight.ndim else 0
    heads: dict[int, Head] = {2: "softmax", 1: "logit"}
    if outputs not in heads:
        raise UserError(
            f"{checkpoint} is no {name} with one or two outputs"
            + (f" (it has {outputs})." if outputs else ".")
        )
    architecture = Architecture(name, kwargs, heads[outputs])
    module = build_model(architecture)
    load_state(module, adapted(state, module), str(checkpoint))
    return architecture, dict(module.state_dict())


def parse_preset(preset: str, threshold: float | None) -> tuple[Preprocessing, float]:
    """`pad-white:0.9885`, or `pad-white` with the threshold apart; UserError lists the choices."""
    name, _, written = preset.partition(":")
    if name not in PRESETS:
        raise UserError(f"there is no preset {name!r}. {preset_help()}")
    if written:
        try:
            threshold = float(written)
        except ValueError as error:
            raise UserError(f"the threshold {written!r} is no number. {preset_help()}") from error
    if threshold is None:
        raise UserError(f"the preset {name} needs a threshold. {preset_help()}")
    return PRESETS[name], threshold


def preset_help() -> str:
    names = ", ".join(PRESETS)
    thresholds = ", ".join(str(value) for value in PRESET_THRESHOLDS)
    return (
        f"Preprocessing is one of {names}; the threshold a probability such as {thresholds}; "
        "together, for instance, pad-white:0.9885."
    )


def convert_apart(
    checkpoint: Path, output: Path, preprocessing: Preprocessing, threshold: float
) -> None:
    """Convert in a process of its own, so that a hostile file meets nothing worth having."""
    command = [
        *(sys.executable, "-m", "training", "convert", str(checkpoint), str(output)),
        *("--preprocessing", json.dumps(preprocessing.to_json()), "--threshold", str(threshold)),
    ]
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        reason = lines[-1].removeprefix("error: ") if lines else ""
        raise UserError(reason or f"{checkpoint} could not be converted: its reader broke down.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, help="a .pth state dict or .safetensors file")
    parser.add_argument("output", type=Path, help="the model folder to write")
    parser.add_argument("--preset", help=preset_help())
    parser.add_argument("--preprocessing", help="all of it, as the JSON object of model.json")
    parser.add_argument("--threshold", type=float, help="a probability, such as 0.9885")
    parser.add_argument("--architecture", help="the timm name, where it is none of the known")
    parser.add_argument("--kwargs", default="{}", help="the architecture's arguments as JSON")
    parser.add_argument("--name", help="what the model is called")
    parser.add_argument("--json", action="store_true", help="print the model's card as JSON")


def run(arguments: argparse.Namespace) -> int:
    if arguments.output.exists():
        raise UserError(f"{arguments.output} exists already: name a folder that doesn't.")
    preprocessing, threshold = _asked_for(arguments)
    card = convert(
        Conversion(
            checkpoint=arguments.checkpoint,
            output=arguments.output,
            preprocessing=preprocessing,
            threshold=threshold,
            architecture=arguments.architecture,
            kwargs=_object(arguments.kwargs, "--kwargs"),
            name=arguments.name,
        )
    )
    if arguments.json:
        print(json.dumps(card.to_json()))
    else:
        head = card.architecture.head
        print(f"{arguments.output}: {card.architecture.name}, {head} head, training data unknown")
    return 0


def _asked_for(arguments: argparse.Namespace) -> tuple[Preprocessing, float]:
    if arguments.preprocessing is None:
        if arguments.preset is None:
            raise UserError(
                f"name a --preset, for the file doesn't say how it was trained. {preset_help()}"
            )
        return parse_preset(arguments.preset, arguments.threshold)
    if arguments.threshold is None:
        raise UserError("name a --threshold: a probability, such as 0.9885.")
    given = _object(arguments.preprocessing, "--preprocessing")
    return Preprocessing.from_json(given), arguments.threshold


def _object(text: str, where: str) -> dict[str, Any]:
    from training.json_fields import read_object

    return read_object(text, where)
