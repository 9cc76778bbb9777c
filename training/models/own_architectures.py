"""Architectures of our own under timm's names: logistic on pixels, growing networks, stacks.

Registered with timm, so that they are built, saved, reloaded, gated and served like any other.
All take (N, 3, H, W) normalised images and, as timm's do, have forward_features,
forward_head(pre_logits=…) and get_classifier, whose layer is linear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch
from timm.models import generate_default_cfgs, register_model
from torch import nn
from torch.nn import functional

from training.config import Architecture, Calibration, Preprocessing, UserError
from training.patches.preprocess import normalise, square

LOGISTIC = "glom_logistic"
GROWING = "glom_growing"
STACK = "glom_stack"

# register_model adds the names of what it registers here.
__all__ = ["GROWING", "LOGISTIC", "SIZED", "STACK"]
# These have weights for squares of one size only, which they are told as img_size.
SIZED = frozenset({LOGISTIC, GROWING})
_PLAIN = {
    "input_size": (3, 224, 224),
    "mean": (0.0, 0.0, 0.0),
    "std": (1.0, 1.0, 1.0),
    "interpolation": "bicubic",
}
_CENTRED = {**_PLAIN, "mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}
default_cfgs = generate_default_cfgs({LOGISTIC: _PLAIN, GROWING: _CENTRED, STACK: _PLAIN})


class _Own(nn.Module):
    """What timm's optimizers ask of a model, and a linear classifier last."""

    classifier: nn.Linear

    def get_classifier(self) -> nn.Linear:
        return self.classifier

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    def before_classifier(self, unpooled: torch.Tensor) -> torch.Tensor:
        """(N, D) of what forward_features gave."""
        raise NotImplementedError

    def forward_head(self, unpooled: torch.Tensor, pre_logits: bool = False) -> torch.Tensor:
        embedding = self.before_classifier(unpooled)
        return embedding if pre_logits else self.classifier(embedding)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.forward_head(self.forward_features(images))

    def no_weight_decay(self) -> set[str]:
        return set()

    def group_matcher(self, coarse: bool = False) -> dict[str, Any]:  # noqa: ARG002 - timm's
        return {"convolutions": r"^convolutions\.(\d+)", "dense": r"^dense\.(\d+)"}


class LogisticOnPixels(_Own):
    """One neuron on the means of side x side blocks of pixels.

    Pixels beyond whole blocks, fewer than `side` of them, are left out evenly on all edges.
    """

    def __init__(self, img_size: int, side: int, outputs: int) -> None:
        super().__init__()
        _check(img_size, "img_size", 8, 4096)
        _check(side, "side", 1, img_size)
        self._side = side
        self._block = img_size // side
        self.classifier = nn.Linear(3 * side * side, outputs)

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        """(N, 3, side, side)."""
        edge = self._side * self._block
        top, left = (images.shape[2] - edge) // 2, (images.shape[3] - edge) // 2
        inner = images[:, :, top : top + edge, left : left + edge]
        return functional.avg_pool2d(inner, self._block)

    def before_classifier(self, unpooled: torch.Tensor) -> torch.Tensor:
        return unpooled.flatten(1)


class Growing(_Own):
    """Convolution blocks, then dense layers, then the output neuron; either list may be empty.

    A block is a 3 x 3 convolution with batch normalisation and a rectifier, and halves the side.
    """

    def __init__(
        self,
        img_size: int,
        convolutions: Sequence[int],
        dense: Sequence[int],
        drop_rate: float,
        outputs: int,
    ) -> None:
        super().__init__()
        _check(img_size, "img_size", 8, 4096)
        for channels in convolutions:
            _check(channels, "channels of a convolution", 1, 4096)
        for neurons in dense:
            _check(neurons, "neurons of a dense layer", 1, 65536)
        if img_size >> len(convolutions) < 1:
            raise ValueError(f"{len(convolutions)} convolution blocks leave nothing of {img_size}")
        self._img_size = img_size
        widths = [3, *convolutions]
        self.convolutions = nn.Sequential(
            *(_block(given, made) for given, made in zip(widths, convolutions, strict=False))
        )
        side = img_size >> len(convolutions)
        sizes = [widths[-1] * side * side, *dense]
        self.dense = nn.Sequential(
            *(
                nn.Sequential(nn.Linear(given, made), nn.ReLU())
                for given, made in zip(sizes, dense, strict=False)
            )
        )
        self.dropout = nn.Dropout(drop_rate)
        self.classifier = nn.Linear(sizes[-1], outputs)

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        """(N, C, side, side)."""
        if images.shape[2] != self._img_size:
            raise UserError(
                f"{GROWING} was built for squares of {self._img_size} px and is shown "
                f"{images.shape[2]} px: leave img_size out of the recipe, or make it the same."
            )
        return self.convolutions(images)

    def before_classifier(self, unpooled: torch.Tensor) -> torch.Tensor:
        return self.dropout(self.dense(unpooled.flatten(1)))


def _block(given: int, made: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, padding=1, bias=False),
        nn.BatchNorm2d(made),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


class StackMember(nn.Module):
    """A classifier behind its own resizing, enhancement and normalisation.

    Takes squares in 0..1 (N, 3, H, W), plainly padded, and gives its calibrated log-odds of
    class 1: raw ones change their scale from fit to fit with the strength of a penalty.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(
        self, module: nn.Module, preprocessing: Preprocessing, calibration: Calibration
    ) -> None:
        super().__init__()
        self.module = module
        self._preprocessing = preprocessing
        self._calibration = calibration
        for name, values in (("mean", preprocessing.mean), ("deviation", preprocessing.std)):
            numbers = torch.tensor(values, dtype=torch.float32)[:, None, None]
            self.register_buffer(name, numbers, persistent=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(N,) fp32."""
        member = cast("Any", self.module)
        unpooled = member.forward_features(self._shown(images))
        with torch.autocast(images.device.type, enabled=False):
            raw = member.forward_head(unpooled.float()).float()
        logit = raw[:, 1] - raw[:, 0] if raw.shape[1] == 2 else raw[:, 0]
        return self._calibration.slope * logit + self._calibration.intercept

    def _shown(self, images: torch.Tensor) -> torch.Tensor:
        wanted = self._preprocessing
        if images.shape[2] == wanted.size and wanted.enhancement == "none":
            return (images - self.mean) / self.deviation
        # By the code that made the squares which the member was trained on, to the last bit.
        plain = (images * 255.0).round().clamp(0, 255).to(torch.uint8)
        squares = plain.permute(0, 2, 3, 1).cpu().numpy()
        shown = np.stack([square(np.ascontiguousarray(one), wanted) for one in squares])
        return normalise(torch.from_numpy(shown).to(images.device), wanted)


class Stack(_Own):
    """A linear classifier on the calibrated log-odds of its members."""

    def __init__(self, members: Sequence[StackMember], outputs: int) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.classifier = nn.Linear(len(members), outputs)

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        """(N, members) fp32."""
        return torch.stack([member(images) for member in self.members], dim=1)

    def before_classifier(self, unpooled: torch.Tensor) -> torch.Tensor:
        return unpooled


@register_model
def glom_logistic(
    *,
    img_size: int = 224,
    side: int = 32,
    num_classes: int = 2,
    **unused: Any,
) -> LogisticOnPixels:
    _refuse_unknown(unused)
    return LogisticOnPixels(img_size, side, num_classes)


@register_model
def glom_growing(
    *,
    img_size: int = 64,
    convolutions: Sequence[int] = (),
    dense: Sequence[int] = (),
    drop_rate: float = 0.0,
    num_classes: int = 2,
    **unused: Any,
) -> Growing:
    _refuse_unknown(unused)
    return Growing(img_size, convolutions, dense, drop_rate, num_classes)


@register_model
def glom_stack(
    *,
    members: Sequence[Mapping[str, Any]] = (),
    num_classes: int = 2,
    **unused: Any,
) -> Stack:
    """`members`: objects of `name`, `kwargs`, `head`, `preprocessing` and `calibration`."""
    from training.models.model import build_model

    _refuse_unknown(unused)
    if not members:
        raise ValueError("a stack needs members")
    built = []
    for member in members:
        if member["name"] == STACK:
            raise ValueError("a stack can't be a member of a stack")
        # By way of build_model, which refuses arguments that would fetch or unpickle files.
        architecture = Architecture(member["name"], dict(member["kwargs"]), member["head"])
        preprocessing = Preprocessing.from_json(member["preprocessing"])
        calibration = Calibration.from_json(member["calibration"])
        built.append(StackMember(build_model(architecture), preprocessing, calibration))
    return Stack(built, num_classes)


def _check(value: object, name: str, low: int, high: int) -> None:
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} is {value}; it should be {low} to {high}")


# timm's factory hands these to every architecture, and training the last two.
_FROM_FACTORY = frozenset(
    {"pretrained", "pretrained_cfg", "pretrained_cfg_overlay", "cache_dir"}
    | {"drop_path_rate", "drop_rate"}
)


def _refuse_unknown(given: Mapping[str, Any]) -> None:
    unknown = sorted(set(given) - _FROM_FACTORY)
    if unknown:
        raise TypeError(f"unknown arguments {', '.join(unknown)}")
