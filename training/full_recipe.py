"""The fields of recipes that train a network as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from training.config import Head, UserError
from training.recipe_common import (
    BALANCE,
    BASE,
    HARDWARE,
    LEARNING,
    PATCHES,
    REGULAR,
    SHOWING,
    STOPPING,
    TUNING,
    BaseWish,
    CommonFields,
)
from training.recipe_fields import described

# System B's first approach resampled before it set its test patches aside.
LEAKING_ORDER = (
    "resampling before the split puts copies and mixtures of test patches into training, as in "
    "system B's first approach, whose figures were therefore too good: patches are always split "
    "first, so leave resample_before_split false."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FullRecipe(CommonFields):
    """The weights of a deep model are trained, all or its upper layers."""

    method: Literal["full"] = "full"
    base: BaseWish = described(
        "auto",
        "Weights to start from: auto takes the active model where its architecture is this one, "
        "else weights of this architecture that were added or are installed.",
        section=BASE,
    )
    architecture: str = described("swin_base_patch4_window7_224", "Any timm name.", section=BASE)
    architecture_kwargs: dict[str, Any] = described(
        {}, "Arguments of that architecture.", section=BASE
    )
    head: Head = described(
        "softmax", "softmax has two outputs, logit one with a sigmoid.", section=BASE
    )
    normalise: bool = described(
        True,
        "Subtract mean and divide by standard deviation as the weights expect; system A did not.",
        section=PATCHES,
    )
    epochs: int = described(
        60,
        "Times that all training patches are shown, at most.",
        section=LEARNING,
        low=1,
        high=10_000,
    )
    head_epochs: int = described(
        1,
        "First epochs that train the new head alone: it starts at random and would shake the rest.",
        section=LEARNING,
        low=0,
        high=10_000,
    )
    batch: int = described(32, "Patches a step.", section=LEARNING, low=1, high=4096)
    accumulate: int = described(
        1,
        "Batches that make one step together, where memory is short.",
        section=HARDWARE,
        low=1,
        high=1024,
    )
    optimizer: Literal["adamw", "adam", "sgd"] = described(
        "adamw", "How weights follow gradients.", section=LEARNING
    )
    momentum: float = described(
        0.9, "Of SGD.", section=LEARNING, low=0, high=0.999, needs=("optimizer", "sgd")
    )
    learning_rate: float = described(1e-4, "The top rate.", section=LEARNING, low=1e-9, high=10)
    layer_decay: float = described(
        0.7,
        "Each block nearer to the pixels learns at this many times the rate of the one above it.",
        section=LEARNING,
        low=0.01,
        high=1,
    )
    warmup_share: float = described(
        0.07,
        "Share of all steps in which the rate rises from 0.",
        section=LEARNING,
        low=0,
        high=0.99,
    )
    cosine: bool = described(
        True, "Whether a cosine then takes the rate down to 1 % of its top.", section=LEARNING
    )
    frozen_share: float = described(
        0.0,
        "Share of the layers, from the pixels up, that are not trained.",
        section=LEARNING,
        low=0,
        high=1,
    )
    loss: Literal["cross-entropy", "focal"] = described(
        "cross-entropy", "focal plays down patches that are easy.", section=LEARNING
    )
    focal_alpha: float = described(
        1.3,
        "Weight of sclerotic patches in the focal loss.",
        section=LEARNING,
        low=0.01,
        high=100,
        needs=("loss", "focal"),
    )
    focal_gamma: float = described(
        2.0,
        "How much easy patches are played down.",
        section=LEARNING,
        low=0,
        high=10,
        needs=("loss", "focal"),
    )
    balance: Literal["sampler", "weights", "copies", "smote", "undersample", "none"] = described(
        "sampler",
        "sampler draws both classes alike; weights weighs the loss; copies adds flipped, "
        "half-turned and both-ways copies of sclerotic patches as system A did; smote makes "
        "mixtures of sclerotic training patches; undersample leaves out others; none does nothing.",
        section=BALANCE,
    )
    class_weight: float = described(
        0.0,
        "Weight of sclerotic patches in the loss, whatever else balances; 0 takes the classes' "
        "counts where balance is weights, else leaves both alike.",
        section=BALANCE,
        low=0,
        high=1000,
    )
    smote_share: float = described(
        0.5,
        "What share of the others sclerotic patches come to.",
        section=BALANCE,
        low=0.01,
        high=1,
        needs=("balance", "smote"),
    )
    undersample_ratio: float = described(
        1.34,
        "How many others are kept for each sclerotic patch.",
        section=BALANCE,
        low=1,
        high=100,
        needs=("balance", "undersample"),
    )
    resample_before_split: bool = described(
        False, "Refused where true: it leaks. Here so that it can say why.", section=BALANCE
    )
    symmetries: Literal["eight", "flips", "mirror", "none"] = described(
        "eight",
        "eight flips and quarter turns at random; flips both ways; mirror left-right only.",
        section=SHOWING,
    )
    rotation: float = described(
        0.0, "Largest turn, either way.", section=SHOWING, low=0, high=180, unit="degrees"
    )
    shift: float = described(
        0.0, "Largest shift, as a share of the side.", section=SHOWING, low=0, high=0.5
    )
    shear: float = described(0.0, "Largest shear.", section=SHOWING, low=0, high=45, unit="degrees")
    zoom: float = described(0.0, "Largest zoom, in and out.", section=SHOWING, low=0, high=0.9)
    colour_jitter: float = described(
        0.15,
        "Largest relative change of brightness, contrast, saturation and each channel's density.",
        section=SHOWING,
        low=0,
        high=0.99,
    )
    stain_jitter: float = described(
        0.0,
        "Largest relative change of the two PAS stains' strengths.",
        section=SHOWING,
        low=0,
        high=0.99,
    )
    mixup: float = described(
        0.0, "Alpha of mixup; 0.1 to 0.2 at most.", section=SHOWING, low=0, high=1
    )
    views: Literal[1, 8] = described(
        1, "Symmetries whose logits are averaged at prediction.", section=SHOWING
    )
    weight_decay: float = described(
        0.05, "Pull of weights towards 0.", section=REGULAR, low=0, high=10
    )
    dropout: float = described(
        0.0,
        "Share of the features before the head that are dropped.",
        section=REGULAR,
        low=0,
        high=0.95,
    )
    drop_path: float = described(
        0.1, "Share of residual blocks that are dropped.", section=REGULAR, low=0, high=0.95
    )
    label_smoothing: float = described(
        0.0, "How far labels are drawn to the middle.", section=REGULAR, low=0, high=0.5
    )
    clip_norm: float = described(
        1.0, "Largest norm of a step's gradient; 0 leaves it.", section=REGULAR, low=0, high=1e6
    )
    ema_decay: float = described(
        0.998,
        "Decay of the moving average of weights that is kept; 0 keeps the weights themselves.",
        section=REGULAR,
        low=0,
        high=0.99999,
    )
    patience: int = described(
        15,
        "Epochs without a higher validation AUC after which training stops.",
        section=STOPPING,
        low=1,
        high=10_000,
    )
    min_change: float = described(0.001, "What counts as higher.", section=STOPPING, low=0, high=1)
    inner_folds: int = described(
        0,
        "0 calibrates and places the threshold on validation; 2 or more on predictions pooled "
        "over as many inner folds, which takes as many trainings more.",
        section=TUNING,
        low=0,
        high=20,
    )
    compile: bool = described(
        False,
        "Compile the model first: a minute or two at the start, faster steps after.",
        section=HARDWARE,
    )

    def __post_init__(self) -> None:
        CommonFields.__post_init__(self)
        if self.resample_before_split:
            raise UserError(f"recipe {self.name}: {LEAKING_ORDER}")
        if self.head_epochs > self.epochs:
            raise UserError(
                f"recipe {self.name}: head_epochs is {self.head_epochs}; it should be at most "
                f"epochs, {self.epochs}."
            )
        if self.inner_folds == 1:
            raise UserError(f"recipe {self.name}: inner_folds is 1; it should be 0, or 2 to 20.")
        if self.enhancement == "edges" and self.colour_jitter:
            raise UserError(
                f"recipe {self.name}: edges have no colours to change: set colour_jitter to 0."
            )
        if self.enhancement != "none" and self.stain_jitter:
            raise UserError(
                f"recipe {self.name}: stains can't be told apart after enhancement "
                f"{self.enhancement!r}: set stain_jitter to 0."
            )
        if self.mixup and self.loss == "focal":
            raise UserError(
                f"recipe {self.name}: mixup goes with loss cross-entropy only: set one of the two."
            )
