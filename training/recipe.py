"""Recipes: how a candidate is trained, as data. Standard library only: the window reads it too.

The files are recipes/*.toml (see recipe_files.py); what may stand in them is declared here, each
field once, and serves the checks, `python -m training recipes NAME` and the window's form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from training import json_fields
from training.config import Head, Padding, UserError
from training.recipe_fields import FieldSpec, check_needs, check_ranges, described, specs_of
from training.threshold_rule import DEFAULT_RULE, Rule

RECIPE_FORMAT = 1
BaseWish: TypeAlias = Literal["auto", "random", "efficientnet-lite0"]
Fit: TypeAlias = Literal["pad", "stretch"]
Enhancement: TypeAlias = Literal["none", "colour", "edges"]

# System B's first approach resampled before it set its test patches aside.
LEAKING_ORDER = (
    "resampling before the split puts copies and mixtures of test patches into training, as in "
    "system B's first approach, whose figures were therefore too good: patches are always split "
    "first, so leave resample_before_split false."
)

_BASE = "Starting point"
_PATCHES = "Patches"
_BALANCE = "Balance of the classes"
_SHOWING = "Augmentation"
_LEARNING = "Learning"
_REGULAR = "Regularisation"
_STOPPING = "Stopping"
_TUNING = "Threshold and validation"
_HARDWARE = "Hardware"


def _strengths(default: list[float], penalty: str = "the L2 penalty") -> Any:
    return described(
        default,
        f"Inverse strengths of {penalty} to choose from, by log loss in folds of whole groups.",
        section=_REGULAR,
        low=1e-12,
        high=1e12,
    )


def _folds() -> Any:
    return described(
        5,
        "Folds for that choice, and for the out-of-fold predictions that calibration and "
        "threshold rest on: a few validation patches can't place a threshold.",
        section=_TUNING,
        low=2,
        high=20,
    )


def _class_weight() -> Any:
    return described(
        "balanced", "balanced weighs both classes alike; none keeps prevalence.", section=_BALANCE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What every recipe has."""

    name: str
    summary: str = ""
    format: int = RECIPE_FORMAT
    size: int = described(
        0,
        "Side of the square that a patch becomes; 0 takes what the weights were trained on.",
        section=_PATCHES,
        low=0,
        high=4096,
        unit="px",
    )
    fit: Fit = described(
        "pad",
        "pad keeps the patch's aspect and centres it on a square; stretch does not.",
        section=_PATCHES,
    )
    padding: Padding = described(
        "white", "What the square is filled with beside the patch.", section=_PATCHES
    )
    enhancement: Enhancement = described(
        "none",
        "colour equalises luma and changes saturation and hue as system D did; edges replaces "
        "the colours by luma, edges and local structure.",
        section=_PATCHES,
    )
    saturation: float = described(
        1.5,
        "What saturation is multiplied by.",
        section=_PATCHES,
        low=0,
        high=5,
        needs=("enhancement", "colour"),
    )
    hue: float = described(
        0.0,
        "How far hues are turned, in shares of the whole circle.",
        section=_PATCHES,
        low=-0.5,
        high=0.5,
        needs=("enhancement", "colour"),
    )
    threshold_rule: str = described(
        DEFAULT_RULE,
        "best-f1, cost:K, recall:R or precision:P; see python -m training thresholds --help.",
        section=_TUNING,
    )
    validation_share: float = described(
        0.15,
        "Share of the training groups that validates where the data name no validation.",
        section=_TUNING,
        low=0.02,
        high=0.5,
    )

    def __post_init__(self) -> None:
        if self.format > RECIPE_FORMAT:
            raise UserError(
                f"recipe {self.name} is of format {self.format}, and this program reads up to "
                f"{RECIPE_FORMAT}: update the program to use it."
            )
        if 0 < self.size < 8:
            raise UserError(f"recipe {self.name}: size is {self.size}; it should be 8 to 4096 px.")
        Rule.parse(self.threshold_rule)
        check_ranges(self)
        check_needs(self)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRecipe(_Common):
    """A new linear head on the features of a frozen backbone."""

    method: Literal["frozen"] = "frozen"
    base: BaseWish = described(
        "auto",
        "Whose backbone: auto takes the active model where it fits, else EfficientNet-Lite0.",
        section=_BASE,
    )
    symmetries: Literal[1, 2, 4, 8] = described(
        1,
        "Of how many flips and quarter turns of each training patch features are taken; eight "
        "take eight times as long the first time.",
        section=_SHOWING,
    )
    views: Literal[1, 8] = described(
        1,
        "Symmetries whose logits are averaged at prediction; with 8, and symmetries 1, the head "
        "is fitted on the mean features of all eight.",
        section=_SHOWING,
    )
    strengths: list[float] = _strengths([0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
    folds: int = _folds()
    class_weight: Literal["balanced", "none"] = _class_weight()

    def __post_init__(self) -> None:
        # super() needs the class that slots=True has replaced.
        _Common.__post_init__(self)
        _check_strengths(self.name, self.strengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelRecipe(_Common):
    """Logistic regression on pixels: system C's one neuron with a sigmoid."""

    method: Literal["pixels"] = "pixels"
    side: int = described(
        32,
        "Blocks along the square's side whose mean colours are the features.",
        section=_PATCHES,
        low=2,
        high=256,
    )
    strengths: list[float] = _strengths([1e-6, 1e-5, 1e-4, 1e-3, 1e-2])
    folds: int = _folds()
    class_weight: Literal["balanced", "none"] = _class_weight()

    def __post_init__(self) -> None:
        _Common.__post_init__(self)
        _check_strengths(self.name, self.strengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRecipe(_Common):
    """Out-of-fold predictions of other recipes under a logistic meta learner."""

    method: Literal["stack"] = "stack"
    members: list[str] = described(
        ["logistic", "quick"], "The recipes that are stacked, by name.", section=_BASE
    )
    strengths: list[float] = _strengths([0.01, 0.1, 1.0, 10.0], "the meta learner's L2 penalty")
    folds: int = _folds()

    def __post_init__(self) -> None:
        _Common.__post_init__(self)
        _check_strengths(self.name, self.strengths)
        if len(self.members) < 2 or len(set(self.members)) < len(self.members):
            raise UserError(f"recipe {self.name}: members should name two or more recipes, once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FullRecipe(_Common):
    """The weights of a deep model are trained, all or its upper layers."""

    method: Literal["full"] = "full"
    base: BaseWish = described(
        "auto",
        "Weights to start from: auto takes the active model where its architecture is this one, "
        "else weights of this architecture that were added or are installed.",
        section=_BASE,
    )
    architecture: str = described("swin_base_patch4_window7_224", "Any timm name.", section=_BASE)
    architecture_kwargs: dict[str, Any] = described(
        {}, "Arguments of that architecture.", section=_BASE
    )
    head: Head = described(
        "softmax", "softmax has two outputs, logit one with a sigmoid.", section=_BASE
    )
    normalise: bool = described(
        True,
        "Subtract mean and divide by standard deviation as the weights expect; system A did not.",
        section=_PATCHES,
    )
    epochs: int = described(
        60,
        "Times that all training patches are shown, at most.",
        section=_LEARNING,
        low=1,
        high=10_000,
    )
    head_epochs: int = described(
        1,
        "First epochs that train the new head alone: it starts at random and would shake the rest.",
        section=_LEARNING,
        low=0,
        high=10_000,
    )
    batch: int = described(32, "Patches a step.", section=_LEARNING, low=1, high=4096)
    accumulate: int = described(
        1,
        "Batches that make one step together, where memory is short.",
        section=_HARDWARE,
        low=1,
        high=1024,
    )
    optimizer: Literal["adamw", "adam", "sgd"] = described(
        "adamw", "How weights follow gradients.", section=_LEARNING
    )
    momentum: float = described(
        0.9, "Of SGD.", section=_LEARNING, low=0, high=0.999, needs=("optimizer", "sgd")
    )
    learning_rate: float = described(1e-4, "The top rate.", section=_LEARNING, low=1e-9, high=10)
    layer_decay: float = described(
        0.7,
        "Each block nearer to the pixels learns at this many times the rate of the one above it.",
        section=_LEARNING,
        low=0.01,
        high=1,
    )
    warmup_share: float = described(
        0.07,
        "Share of all steps in which the rate rises from 0.",
        section=_LEARNING,
        low=0,
        high=0.99,
    )
    cosine: bool = described(
        True, "Whether a cosine then takes the rate down to 1 % of its top.", section=_LEARNING
    )
    frozen_share: float = described(
        0.0,
        "Share of the layers, from the pixels up, that are not trained.",
        section=_LEARNING,
        low=0,
        high=1,
    )
    loss: Literal["cross-entropy", "focal"] = described(
        "cross-entropy", "focal plays down patches that are easy.", section=_LEARNING
    )
    focal_alpha: float = described(
        1.3,
        "Weight of sclerotic patches in the focal loss.",
        section=_LEARNING,
        low=0.01,
        high=100,
        needs=("loss", "focal"),
    )
    focal_gamma: float = described(
        2.0,
        "How much easy patches are played down.",
        section=_LEARNING,
        low=0,
        high=10,
        needs=("loss", "focal"),
    )
    balance: Literal["sampler", "weights", "copies", "smote", "undersample", "none"] = described(
        "sampler",
        "sampler draws both classes alike; weights weighs the loss; copies adds flipped, "
        "half-turned and both-ways copies of sclerotic patches as system A did; smote makes "
        "mixtures of sclerotic training patches; undersample leaves out others; none does nothing.",
        section=_BALANCE,
    )
    class_weight: float = described(
        0.0,
        "Weight of sclerotic patches in the loss, whatever else balances; 0 takes the classes' "
        "counts where balance is weights, else leaves both alike.",
        section=_BALANCE,
        low=0,
        high=1000,
    )
    smote_share: float = described(
        0.5,
        "What share of the others sclerotic patches come to.",
        section=_BALANCE,
        low=0.01,
        high=1,
        needs=("balance", "smote"),
    )
    undersample_ratio: float = described(
        1.34,
        "How many others are kept for each sclerotic patch.",
        section=_BALANCE,
        low=1,
        high=100,
        needs=("balance", "undersample"),
    )
    resample_before_split: bool = described(
        False, "Refused where true: it leaks. Here so that it can say why.", section=_BALANCE
    )
    symmetries: Literal["eight", "flips", "mirror", "none"] = described(
        "eight",
        "eight flips and quarter turns at random; flips both ways; mirror left-right only.",
        section=_SHOWING,
    )
    rotation: float = described(
        0.0, "Largest turn, either way.", section=_SHOWING, low=0, high=180, unit="degrees"
    )
    shift: float = described(
        0.0, "Largest shift, as a share of the side.", section=_SHOWING, low=0, high=0.5
    )
    shear: float = described(
        0.0, "Largest shear.", section=_SHOWING, low=0, high=45, unit="degrees"
    )
    zoom: float = described(0.0, "Largest zoom, in and out.", section=_SHOWING, low=0, high=0.9)
    colour_jitter: float = described(
        0.15,
        "Largest relative change of brightness, contrast, saturation and each channel's density.",
        section=_SHOWING,
        low=0,
        high=0.99,
    )
    stain_jitter: float = described(
        0.0,
        "Largest relative change of the two PAS stains' strengths.",
        section=_SHOWING,
        low=0,
        high=0.99,
    )
    mixup: float = described(
        0.0, "Alpha of mixup; 0.1 to 0.2 at most.", section=_SHOWING, low=0, high=1
    )
    views: Literal[1, 8] = described(
        1, "Symmetries whose logits are averaged at prediction.", section=_SHOWING
    )
    weight_decay: float = described(
        0.05, "Pull of weights towards 0.", section=_REGULAR, low=0, high=10
    )
    dropout: float = described(
        0.0,
        "Share of the features before the head that are dropped.",
        section=_REGULAR,
        low=0,
        high=0.95,
    )
    drop_path: float = described(
        0.1, "Share of residual blocks that are dropped.", section=_REGULAR, low=0, high=0.95
    )
    label_smoothing: float = described(
        0.0, "How far labels are drawn to the middle.", section=_REGULAR, low=0, high=0.5
    )
    clip_norm: float = described(
        1.0, "Largest norm of a step's gradient; 0 leaves it.", section=_REGULAR, low=0, high=1e6
    )
    ema_decay: float = described(
        0.998,
        "Decay of the moving average of weights that is kept; 0 keeps the weights themselves.",
        section=_REGULAR,
        low=0,
        high=0.99999,
    )
    patience: int = described(
        15,
        "Epochs without a higher validation AUC after which training stops.",
        section=_STOPPING,
        low=1,
        high=10_000,
    )
    min_change: float = described(0.001, "What counts as higher.", section=_STOPPING, low=0, high=1)
    inner_folds: int = described(
        0,
        "0 calibrates and places the threshold on validation; 2 or more on predictions pooled "
        "over as many inner folds, which takes as many trainings more.",
        section=_TUNING,
        low=0,
        high=20,
    )
    compile: bool = described(
        False,
        "Compile the model first: a minute or two at the start, faster steps after.",
        section=_HARDWARE,
    )

    def __post_init__(self) -> None:
        _Common.__post_init__(self)
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


Recipe: TypeAlias = QuickRecipe | PixelRecipe | StackRecipe | FullRecipe
METHODS: dict[str, type[QuickRecipe | PixelRecipe | StackRecipe | FullRecipe]] = {
    "frozen": QuickRecipe,
    "full": FullRecipe,
    "pixels": PixelRecipe,
    "stack": StackRecipe,
}


def recipe_fields(method: str) -> list[FieldSpec]:
    """The fields of a method's recipes, in the order in which a form shows them."""
    return specs_of(METHODS[method])


def recipe_of(values: dict[str, Any], where: str) -> Recipe:
    """A checked recipe from its name, method and fields."""
    method = values.get("method")
    if method not in METHODS:
        raise UserError(f"{where}: method is {method!r}; it should be one of {', '.join(METHODS)}.")
    return json_fields.from_fields(METHODS[method], values, where)


def _check_strengths(name: str, strengths: list[float]) -> None:
    if not strengths:
        raise UserError(f"recipe {name}: strengths should hold numbers above 0.")
