"""What a model and a run are, as readable JSON. Standard library only: the app reads it too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from training import json_fields
from training.atomic import write_text
from training.json_fields import UserError as UserError

MODEL_FORMAT = 1
JOB_FORMAT = 1

CLASSES = ("not globally sclerotic", "globally sclerotic")
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

Head = Literal["softmax", "logit"]
Padding: TypeAlias = Literal["white", "zero", "edge", "reflect"]
PadMode: TypeAlias = Literal["colour", "edge", "reflect"]
BaseKind = Literal["active", "model", "file", "efficientnet-lite0", "random", "auto"]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a decoded patch becomes the model's input: a square of `size` px, then (x/255-mean)/std.

    Mean and standard deviation are of RGB values in 0..1. `pad_colour` counts where `pad_mode` is
    colour; `saturation` and `hue` where `enhancement` is colour.
    """

    size: int = 224
    fit: Literal["pad", "stretch"] = "pad"
    pad_colour: tuple[int, int, int] = (255, 255, 255)
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    interpolation: Literal["bicubic", "bilinear", "lanczos"] = "bicubic"
    pad_mode: PadMode = "colour"
    enhancement: Literal["none", "colour", "edges"] = "none"
    saturation: float = 1.0
    hue: float = 0.0

    def __post_init__(self) -> None:
        if not 8 <= self.size <= 4096:
            raise UserError(f"preprocessing: size is {self.size}; it should be 8 to 4096 px.")
        if not all(0 <= value <= 255 for value in self.pad_colour):
            raise UserError("preprocessing: pad_colour should hold three values from 0 to 255.")
        if not all(value > 0 for value in self.std):
            raise UserError("preprocessing: std should hold three values above 0.")

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Preprocessing:
        return json_fields.from_fields(cls, value, "preprocessing")


# System A trained on 0..1 without mean or standard deviation, and never said how it padded or
# where its threshold lay: whoever brings such a checkpoint chooses, nothing is guessed.
PRESETS: Mapping[str, Preprocessing] = {
    "pad-white": Preprocessing(
        pad_colour=(255, 255, 255), mean=(0, 0, 0), std=(1, 1, 1), interpolation="bilinear"
    ),
    "pad-black": Preprocessing(
        pad_colour=(0, 0, 0), mean=(0, 0, 0), std=(1, 1, 1), interpolation="bilinear"
    ),
    "stretch": Preprocessing(
        fit="stretch", mean=(0, 0, 0), std=(1, 1, 1), interpolation="bilinear"
    ),
}
PRESET_THRESHOLDS: tuple[float, ...] = (0.5, 0.9885, 0.9985)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: calibrated logit = slope * logit + intercept."""

    slope: float = 1.0
    intercept: float = 0.0
    fitted_on: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and self.slope > 0 and math.isfinite(self.intercept)):
            raise UserError(
                f"calibration: slope {self.slope} and intercept {self.intercept} should be "
                "finite, and the slope above 0."
            )

    def apply(self, logit: float) -> float:
        return self.slope * logit + self.intercept

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Calibration:
        return json_fields.from_fields(cls, value, "calibration")


@dataclass(frozen=True, slots=True)
class Threshold:
    """On the calibrated logit: a call is 1 where calibrated logit >= logit."""

    logit: float
    rule: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.logit):
            raise UserError("threshold: logit should be a finite number.")

    def call(self, calibrated_logit: float) -> int:
        return int(calibrated_logit >= self.logit)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Threshold:
        return json_fields.from_fields(cls, value, "threshold")

    @classmethod
    def from_probability(cls, probability: float, rule: str) -> Threshold:
        """The threshold at this calibrated probability; UserError outside 0..1."""
        if not 0.0 < probability < 1.0:
            raise UserError(f"a threshold of {probability} should lie between 0 and 1.")
        return cls(math.log(probability) - math.log1p(-probability), rule)


@dataclass(frozen=True, slots=True)
class Architecture:
    """A timm name with its keyword arguments, and two softmax outputs or one logit on top."""

    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    head: Head = "softmax"

    @property
    def outputs(self) -> int:
        return 2 if self.head == "softmax" else 1

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Architecture:
        return json_fields.from_fields(cls, value, "architecture")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """`model.json` beside the weights; it holds no case, slide or file name of a patient."""

    id: str
    name: str
    version: int
    architecture: Architecture
    preprocessing: Preprocessing
    calibration: Calibration
    threshold: Threshold
    created: str
    format: int = MODEL_FORMAT
    classes: tuple[str, ...] = CLASSES
    metrics: dict[str, Any] = field(default_factory=dict)
    seen: Literal["known", "unknown"] = "known"
    seen_count: int = 0
    data_hash: str = ""
    weights_hash: str = ""
    ancestors: list[str] = field(default_factory=list)
    log_position: dict[str, int] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    seed: int | None = None
    # Symmetries whose raw logits are averaged at prediction: 1, or all 8.
    views: int = 1
    # What it takes to train it again: base, splits by hash, threads; and leaks by kind and count.
    record: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any], where: str = "model.json") -> ModelCard:
        json_fields.check_format(dict(value), MODEL_FORMAT, where)
        return json_fields.from_fields(cls, value, where)

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        return cls.from_json(json_fields.read_file(path), str(path))

    def write(self, path: Path) -> None:
        write_text(path, json_fields.dump(self.to_json()))


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """Where a run's weights start: a model folder, a file, a package, or random by name."""

    kind: BaseKind = "auto"
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """`job.json` of a run: everything that a training child needs beside its manifest."""

    id: str
    recipe: dict[str, Any]
    format: int = JOB_FORMAT
    manifest: str = "manifest.csv"
    base: BaseWeights = field(default_factory=BaseWeights)
    active_model: str | None = None
    model_name: str = "model"
    model_version: int = 1
    device: str = "auto"
    seed: int = 0
    margins: dict[str, float] = field(default_factory=lambda: {"f1": 0.01, "auc": 0.005})
    looks: int = 0
    features_dir: str | None = None
    log_position: dict[str, int] = field(default_factory=dict)
    workers: int | None = None
    # How many of the manifest's labels each source gave: adjudicated, readers agree, and so on.
    reference_sources: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.recipe.get("name"), str):
            raise UserError("job.json: recipe should have a name.")

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any], where: str = "job.json") -> Job:
        json_fields.check_format(dict(value), JOB_FORMAT, where)
        return json_fields.from_fields(cls, value, where)

    @classmethod
    def read(cls, path: Path) -> Job:
        return cls.from_json(json_fields.read_file(path), str(path))

    def write(self, path: Path) -> None:
        write_text(path, json_fields.dump(self.to_json()))


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths inside a run's folder."""

    path: Path

    @property
    def job(self) -> Path:
        return self.path / "job.json"

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.csv"

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def stop(self) -> Path:
        return self.path / "stop"

    @property
    def pause(self) -> Path:
        """While this file is there, training waits."""
        return self.path / "pause"

    @property
    def finish(self) -> Path:
        """Once this file is there, training ends and the best epoch so far is kept."""
        return self.path / "finish"

    @property
    def process(self) -> Path:
        return self.path / "process.json"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def candidate(self) -> Path:
        return self.path / "candidate"

    @property
    def gate(self) -> Path:
        return self.path / "gate.json"

    @property
    def predictions(self) -> Path:
        return self.path / "predictions.csv"

    @property
    def out_of_fold(self) -> Path:
        return self.path / "out_of_fold.csv"
