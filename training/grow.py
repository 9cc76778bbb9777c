"""The verb `grow`: system C's network, grown step by step from one neuron with a sigmoid."""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from training import atomic
from training.computing.scoring import score_rows
from training.config import BaseWeights, Job, RunFolder, UserError
from training.curve_hints import overfitting
from training.data_run import write_data_run
from training.events import Emit, Epoch, Event, Note, Progress
from training.finetune import CANCELLED_EXIT, prepare, run_job
from training.json_fields import dump, from_fields, read_file
from training.learning.fitting import Fitted, Material
from training.learning.full import fit_full, wanted_architecture
from training.learning.growth import (
    Decision,
    Network,
    Plan,
    Scored,
    Step,
    best_step,
    by_heart,
    decide,
)
from training.models.base_weights import Base
from training.models.model import build_model
from training.models.model_folder import read_card, update_card
from training.models.own_architectures import GROWING
from training.patches.manifest import ManifestRow
from training.progress import Cancelled, no_events
from training.recipe import FullRecipe
from training.recipe_files import load_recipe
from training.run_control import forget_requests
from training.run_log import tell_run

_RECORD = "grow.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", "--data-path", type=Path, required=True, help="a data folder")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder, to be made")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch")
    parser.add_argument("--size", type=int, default=64, help="side of the square, px (default 64)")
    parser.add_argument("--padding", choices=("white", "zero", "edge", "reflect"), default="white")
    parser.add_argument("--neurons", type=int, default=32, help="of a dense layer (default 32)")
    parser.add_argument(
        "--channels", type=int, default=16, help="of the first block, doubled in each later one"
    )
    parser.add_argument("--epochs", type=int, default=40, help="of a step, at most (default 40)")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument(
        "--symmetries",
        choices=("none", "eight"),
        default="none",
        help="eight turns and flips training patches at random, which puts overfitting off",
    )
    parser.add_argument("--steps", type=int, default=20, help="networks, at most (default 20)")
    parser.add_argument("--name", default="grown", help="the model's name")
    parser.add_argument("--active-model", type=Path, help="the model to be compared with")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--seed", type=int, default=0)


def run(arguments: argparse.Namespace) -> int:
    if arguments.steps < 1:
        raise UserError(f"--steps is {arguments.steps}; it should be 1 or more.")
    plan = Plan(arguments.size, arguments.neurons, arguments.channels)
    folder = write_data_run(
        argparse.Namespace(**vars(arguments), base="random", features=None),
        _recipe(Network(), plan, arguments).to_json(),
    )
    record = _Record.open(folder, plan)
    if arguments.resume:
        forget_requests(folder)
    try:
        prepared = prepare(folder, emit=_tell_notes)
        recipe = load_recipe(prepared.job.recipe)
        if not isinstance(recipe, FullRecipe):
            raise UserError(f"{folder.path} is no run of grow: name another folder.")
        _grow(record, recipe, prepared.material, folder, most=arguments.steps)
    except Cancelled:
        return CANCELLED_EXIT
    return _finish(record, folder)


def _recipe(network: Network, plan: Plan, arguments: argparse.Namespace) -> FullRecipe:
    """Plain training, as nothing but the network is to change from step to step."""
    recipe = load_recipe(
        {
            "name": "grown",
            "size": plan.img_size,
            "padding": arguments.padding,
            "epochs": arguments.epochs,
            "batch": arguments.batch_size,
            "symmetries": arguments.symmetries,
            "balance": "none",
            "colour_jitter": 0.0,
            "warmup_share": 0.0,
            "cosine": False,
            "ema_decay": 0.0,
            "patience": 8,
        }
    )
    assert isinstance(recipe, FullRecipe)
    return _with_network(recipe, network, plan)


def _with_network(recipe: FullRecipe, network: Network, plan: Plan) -> FullRecipe:
    return replace(recipe, architecture_kwargs={"img_size": plan.img_size, **asdict(network)})


class _Record:
    """grow.json: the plan and the steps so far, written after every step."""

    def __init__(self, path: Path, plan: Plan, steps: list[Step]) -> None:
        self._path = path
        self.plan = plan
        self.steps = steps

    @classmethod
    def open(cls, folder: RunFolder, plan: Plan) -> _Record:
        """What lies in the folder; else an empty one with `plan`."""
        path = folder.path / _RECORD
        if not path.exists():
            return cls(path, plan, [])
        found = read_file(path)
        steps = [Step.from_json(one, str(path)) for one in found.get("steps", [])]
        return cls(path, from_fields(Plan, found.get("plan"), f"{path}: plan"), steps)

    def add(self, step: Step) -> None:
        self.steps.append(step)
        told = {"plan": asdict(self.plan), "steps": [step.to_json() for step in self.steps]}
        atomic.write_text(self._path, dump(told))


def _grow(
    record: _Record, recipe: FullRecipe, material: Material, folder: RunFolder, *, most: int
) -> None:
    for number in range(len(record.steps)):
        _tell_step(record, number)
    while True:
        decision = decide(record.steps, record.plan)
        if decision.network is not None and len(record.steps) >= most:
            decision = Decision(None, f"{most} networks were asked for, and that many were tried")
        if decision.network is None:
            print(f"stop: {decision.why}", flush=True)
            return
        number = len(record.steps) + 1
        print(f"step {number}: {decision.network}\n  because {decision.why}", flush=True)
        step_recipe = _with_network(recipe, decision.network, record.plan)
        record.add(_step(decision.network, step_recipe, material, _checkpoints(folder, number)))
        print(_figures(record.steps[-1]), flush=True)


def _tell_step(record: _Record, number: int) -> None:
    step = record.steps[number]
    why = decide(record.steps[:number], record.plan).why
    print(f"step {number + 1}: {step.network}\n  because {why}\n{_figures(step)}", flush=True)


def _step(network: Network, recipe: FullRecipe, material: Material, checkpoints: Path) -> Step:
    # Each network draws the same first weights whether or not the steps before it were resumed.
    torch.manual_seed(material.seed)
    architecture = wanted_architecture(recipe)
    base = Base(
        module=build_model(architecture),
        architecture=architecture,
        preprocessing=material.base.preprocessing,
        source=f"random weights ({GROWING})",
    )
    own = replace(
        material, base=base, checkpoints=checkpoints, resume=True, emit=_without_epochs(material)
    )
    fitted = fit_full(recipe, own)
    history = fitted.record["history"]
    trained = _scored(fitted, own, own.splits.train)
    validated = _scored(fitted, own, own.splits.validation)
    hint = overfitting([Epoch(**{**one, "epochs": len(history)}) for one in history])
    return Step(
        network=network,
        parameters=sum(parameter.numel() for parameter in fitted.module.parameters()),
        training=trained,
        validation=validated,
        epochs=len(history),
        best_epoch=fitted.record["best_epoch"],
        overfits=_clause(hint.sentence) if hint else by_heart(trained, validated),
    )


def _scored(fitted: Fitted, material: Material, rows: list[ManifestRow]) -> Scored:
    """As prediction would show these patches: no augmentation, and the best epoch's weights."""
    found = score_rows(
        fitted.module,
        fitted.preprocessing,
        fitted.architecture.head,
        material.device,
        rows,
        emit=no_events,
        cache=material.cache,
        should_stop=material.should_stop,
    )
    logits, labels = found.of(rows), np.array([row.label for row in rows])
    losses = np.logaddexp(0.0, np.where(labels == 1, -logits, logits))
    return Scored(
        loss=float(losses.mean()),
        accuracy=float(np.mean((logits >= 0) == (labels == 1))),
        auc=float(roc_auc_score(labels, logits)),
    )


def _clause(sentence: str) -> str:
    first = sentence.split(". ")[0]
    return first[0].lower() + first[1:]


def _figures(step: Step) -> str:
    lines = [f"  {step.parameters:,} weights, best epoch {step.best_epoch} of {step.epochs}"]
    for name, one in (("training", step.training), ("validation", step.validation)):
        figures = f"loss {one.loss:.4f}  accuracy {one.accuracy:.3f}  AUC {one.auc:.4f}"
        lines.append(f"  {name:<11}{figures}")
    return "\n".join(lines)


def _finish(record: _Record, folder: RunFolder) -> int:
    """Make the best network a candidate in the ordinary way, from its own last epoch."""
    best = best_step(record.steps)
    step = record.steps[best]
    print(f"best: step {best + 1}, {step.network}", flush=True)
    job = Job.read(folder.job)
    recipe = load_recipe(job.recipe)
    assert isinstance(recipe, FullRecipe)
    chosen = _with_network(recipe, step.network, record.plan)
    replace(job, recipe=chosen.to_json(), base=BaseWeights("random")).write(folder.job)
    shutil.rmtree(folder.checkpoints, ignore_errors=True)
    shutil.copytree(_checkpoints(folder, best + 1), folder.checkpoints)
    code = run_job(folder, resume=True, listener=_tell_notes)
    if code:
        return code
    _count_looks(record, folder)
    print(json.loads(folder.gate.read_text(encoding="utf-8"))["sentence"])
    print(f"model: {folder.candidate}")
    return 0


def _count_looks(record: _Record, folder: RunFolder) -> None:
    """Validation chose the network as well as the epoch, and the card is to say so."""
    card = read_card(folder.candidate)
    validation = {
        **card.metrics["validation"],
        "on": "validation patches, which also chose the network and its epoch",
        "looks": sum(step.epochs for step in record.steps),
    }
    update_card(folder.candidate, replace(card, metrics={**card.metrics, "validation": validation}))


def _checkpoints(folder: RunFolder, number: int) -> Path:
    return folder.path / "steps" / f"{number:02}"


def _tell_notes(event: Event) -> None:
    if isinstance(event, Note) and event.level == "warning":
        tell_run(event)


def _without_epochs(material: Material) -> Emit:
    def emit(event: Event) -> None:
        if not isinstance(event, (Epoch, Progress)):
            material.emit(event)

    return emit
