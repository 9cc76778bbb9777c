"""The verb `bench`: what prediction and training reach of what the hardware could, as ratios.

Everything that is set against each other is measured in one run, in turns, and the median
of the turns counts: what other programs take away then falls on both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from training.augmentation.augment import SYMMETRIES, prepare_images
from training.computing.bench_switches import Step, Work, switch_on
from training.computing.pipeline import Runner
from training.computing.precision import Outputs, forward
from training.config import Architecture, Preprocessing, UserError
from training.device import choose_device, describe_device
from training.learning.optimizer import build_optimizer
from training.models.base_weights import default_preprocessing
from training.models.model import build_model, positive_logit
from training.patches.data_folder import read_data_folder
from training.patches.dataset import Feed, PatchSet, Plan
from training.patches.manifest import ManifestRow
from training.patches.patch_file import read_pixels
from training.patches.pixel_cache import PixelCache
from training.patches.predictions_file import PredictionRow, PredictionsFile
from training.patches.preprocess import normalise
from training.patches.square_reader import default_workers, read_batches
from training.recipe import FullRecipe
from training.recipe_files import load_recipe

# System A's patches are of this size on average.
_DRAWN_SIZE = (711, 733)
_FEW_ON_CPU = 8


@dataclass(frozen=True, slots=True)
class Bench:
    """Rates are patches a second; a target is of the ratio, None where the rate stands alone."""

    name: str
    rate: float
    against: str = ""
    ratio: float | None = None
    target: float | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--architecture", help="a timm name; by default one that fits the device")
    parser.add_argument("--data", type=Path, help="a data folder; by default drawn noise")
    parser.add_argument("--patches", type=int, help="how many")
    parser.add_argument("--batch", type=int, help="patches at once, for prediction")
    parser.add_argument("--training-batch", type=int, default=32)
    parser.add_argument("--workers", type=int, help="threads that decode")
    parser.add_argument("--turns", type=int, default=3, help="of each; their median counts")
    parser.add_argument(
        "--compile",
        choices=("auto", "yes", "no"),
        default="auto",
        help="measure torch.compile too, which takes a minute or two; auto: on a GPU",
    )
    parser.add_argument("--json", action="store_true", help="the table as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    device = choose_device(arguments.device)
    on_gpu = device.type == "cuda"
    name = arguments.architecture or (
        "swin_base_patch4_window7_224" if on_gpu else "swin_tiny_patch4_window7_224"
    )
    count = arguments.patches or (2048 if on_gpu else 48)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as temporary:
        rows = _rows(arguments.data, count, Path(temporary))
        setting = Setting(
            architecture=Architecture(name),
            device=device,
            rows=rows,
            folder=Path(temporary),
            batch=arguments.batch,
            training_batch=arguments.training_batch,
            workers=arguments.workers or default_workers(),
            turns=max(1, arguments.turns),
            compile=on_gpu if arguments.compile == "auto" else arguments.compile == "yes",
        )
        found = [*bench_prediction(setting), *bench_training(setting)]
    facts = {
        "device": describe_device(device),
        "torch": torch.__version__,
        "architecture": name,
        "patches": len(rows),
        "workers": setting.workers,
    }
    if arguments.json:
        print(json.dumps({**facts, "benches": [asdict(one) for one in found]}))
        return 0
    print(", ".join(f"{key} {value}" for key, value in facts.items()))
    print()
    print(table(found))
    return 0


@dataclass(frozen=True, slots=True)
class Setting:
    architecture: Architecture
    device: torch.device
    rows: Sequence[ManifestRow]
    folder: Path
    batch: int | None
    training_batch: int
    workers: int
    turns: int
    compile: bool

    @property
    def preprocessing(self) -> Preprocessing:
        return default_preprocessing(self.architecture)


def bench_prediction(setting: Setting) -> list[Bench]:
    """The bare model, bare decoding, and prediction to stored rows from files and from cache."""
    rows, preprocessing = setting.rows, setting.preprocessing
    module = build_model(setting.architecture)
    head = setting.architecture.head
    runner = Runner(module, preprocessing, head, setting.device, batch_size=setting.batch)
    cache = PixelCache.open(setting.folder / "squares", preprocessing)
    cache.build(rows, workers=setting.workers)
    size = runner.batch_size
    squares = torch.from_numpy(np.stack([cache.array(row.hash) for row in rows[:size]]))
    squares = squares.to(setting.device)
    batches = max(1, len(rows) // size)

    def bare_model() -> int:
        for _ in range(batches - 1):
            runner.start(squares)
        runner.start(squares).arrays()
        return batches * len(squares)

    def bare_decode() -> int:
        # The same threads as prediction uses, and nothing to compute.
        run = read_batches(rows, preprocessing, batch_size=size, workers=setting.workers)
        with closing(run) as batches_read:
            for _ in batches_read:
                pass
        return len(rows)

    def predict(with_cache: bool) -> Callable[[], int]:
        def once() -> int:
            target = setting.folder / "predictions.csv"
            target.unlink(missing_ok=True)
            run = runner.run(rows, workers=setting.workers, cache=cache if with_cache else None)
            with PredictionsFile(target, "bench") as file, closing(run) as results:
                for result in results:
                    file.append(
                        PredictionRow(row.patch, float(logit))
                        for row, logit in zip(result.rows, result.logits, strict=True)
                    )
            return len(rows)

        return once

    rates = _in_turns(
        {
            "model": bare_model,
            "decode": bare_decode,
            "files": predict(False),
            "cached": predict(True),
        },
        setting,
    )
    slower = "decode" if rates["decode"] < rates["model"] else "model"
    against = {"decode": "bare decoding", "model": "the bare model"}[slower]
    return [
        Bench("bare model, forward", rates["model"]),
        Bench(f"bare decoding, {setting.workers} threads", rates["decode"]),
        Bench(
            "prediction from files", rates["files"], against, rates["files"] / rates[slower], 0.9
        ),
        Bench(
            "prediction from cached pixels",
            rates["cached"],
            "the bare model",
            rates["cached"] / rates["model"],
            0.95,
        ),
    ]


def bench_training(setting: Setting) -> list[Bench]:
    """A step on one batch that lies on the device, and steps with their data and augmentation."""
    recipe = load_recipe({"name": "swin", "batch": setting.training_batch})
    if not isinstance(recipe, FullRecipe):
        raise UserError("The recipe swin should be a full one.")
    preprocessing, device = setting.preprocessing, setting.device
    cache = PixelCache.open(setting.folder / "squares", preprocessing)
    labels = np.arange(len(setting.rows)) % 2
    patches = PatchSet(cache, [row.hash for row in setting.rows], labels.astype(np.int8))
    module = build_model(setting.architecture, drop_path_rate=recipe.drop_path).to(device).train()
    network = Outputs(module)
    optimizer = build_optimizer(module, recipe)
    feed = Feed(patches, device)
    generator = torch.Generator().manual_seed(0)
    size = min(recipe.batch, len(patches))
    plans = _plans(len(patches), size, generator)
    target = torch.from_numpy(labels[:size]).to(device)
    images = normalise(patches.squares(range(size)).to(device), preprocessing)

    def step(batch: torch.Tensor, truth: torch.Tensor) -> None:
        raw = forward(network, batch)
        loss = functional.cross_entropy(raw, truth)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), recipe.clip_norm)
        optimizer.step()
        positive_logit(raw.detach(), setting.architecture.head)

    def bare() -> int:
        for _ in plans:
            step(images, target)
        return len(plans) * size

    def with_data() -> int:
        for plan, squares, truth in feed.batches(plans):
            step(prepare_images(squares, plan, recipe, preprocessing, generator), truth)
        return len(plans) * size

    rates = _in_turns({"bare": bare, "data": with_data}, setting)
    return [
        Bench(f"bare training step, batch {size}", rates["bare"]),
        Bench(
            "training step with its data",
            rates["data"],
            "the bare step",
            rates["data"] / rates["bare"],
            0.95,
        ),
        *_switched(
            Step(module, recipe, preprocessing, patches, _few(plans, device), device, feed),
            rates["bare"],
            setting,
        ),
    ]


def _few(plans: list[Plan], device: torch.device) -> list[Plan]:
    """All of them for a GPU; a processor shows as much of an optimisation on some patches."""
    if device.type == "cuda":
        return plans
    return [Plan(plans[0].rows[:_FEW_ON_CPU], plans[0].codes[:_FEW_ON_CPU])]


def _switched(step: Step, bare: float, setting: Setting) -> list[Bench]:
    """Steps with their data, with one more optimisation on in each row, over the bare step."""

    def rate_of(work: Work) -> float:
        return _in_turns({"": work}, setting)[""]

    rows: list[Bench] = []
    before = bare
    for one in switch_on(step, rate_of, compile=setting.compile):
        gain = f", {one.rate / before:.2f} times the row above" if rows else ""
        start = "" if one.startup is None else f", after {one.startup:.0f} s of start"
        pays = one.pays_after(before)
        if one.startup is not None:
            start += ", never pays" if pays is None else f", pays after {pays:,.0f} patches"
        name = f"step with data, {one.name}{gain}{start}"
        rows.append(Bench(name, one.rate, "the bare step", one.rate / bare))
        before = one.rate
    return rows


def _plans(count: int, size: int, generator: torch.Generator) -> list[Plan]:
    rows = torch.randperm(count, generator=generator)
    codes = torch.randint(SYMMETRIES, (count,), generator=generator)
    return Plan(rows, codes).batches(size)


def _in_turns(works: dict[str, Callable[[], int]], setting: Setting) -> dict[str, float]:
    """Patches a second of each, the median of several turns; a first turn warms up."""
    rates: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(setting.turns + 1):
        for name, work in works.items():
            _wait(setting.device)
            started = time.perf_counter()
            done = work()
            _wait(setting.device)
            if turn:
                rates[name].append(done / (time.perf_counter() - started))
    return {name: statistics.median(each) for name, each in rates.items()}


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _rows(data: Path | None, count: int, folder: Path) -> list[ManifestRow]:
    """The first `count` patches of a data folder, or as many drawn ones, with pixel hashes."""
    rows = read_data_folder(data).rows[:count] if data else _drawn(count, folder)
    print(f"hashing {len(rows)} patches", file=sys.stderr)
    return [ManifestRow(row.patch, row.path, read_pixels(row)[1], label=row.label) for row in rows]


def _drawn(count: int, folder: Path) -> list[ManifestRow]:
    """Smooth noise in the size of system A's patches: it costs a PNG decoder what tissue does."""
    made = []
    for number in range(min(count, 64)):
        random = np.random.default_rng(number)
        coarse = Image.fromarray(random.integers(90, 230, (48, 48, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize(_DRAWN_SIZE, Image.Resampling.BICUBIC), dtype=np.int16)
        grain = random.integers(-6, 7, smooth.shape, dtype=np.int16)
        path = folder / f"{number}.png"
        Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(path)
        made.append(path)
    return [ManifestRow(str(i), made[i % len(made)], label=i % 2) for i in range(count)]


def table(found: Sequence[Bench]) -> str:
    """Markdown."""
    lines = ["| what | patches a second | ratio | over | target |", "|---|---:|---:|---|---:|"]
    for one in found:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        target = "" if one.target is None else f"{one.target:.2f}"
        lines.append(f"| {one.name} | {one.rate:,.1f} | {ratio} | {one.against} | {target} |")
    return "\n".join(lines)
