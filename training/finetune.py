"""The verb `finetune`: job, pixels, training, calibration, threshold, locked patches, gate."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training import atomic
from training.command_line import announce_device, print_event
from training.computing.device_faults import told_plainly
from training.computing.distributed import (
    ALONE,
    Team,
    left,
    left_with,
    started_by_torchrun,
    team_of_processes,
)
from training.computing.launch import LAUNCHED, launch, processes_wanted
from training.computing.scoring import Scored, score_rows
from training.config import Head, Job, Preprocessing, RunFolder, UserError
from training.data_run import add_data_arguments, write_data_run
from training.events import Emit, Error, Note, Result, utc_now
from training.json_fields import dump, read_file
from training.judging.gate_report import GateReport
from training.judging.gate_rules import Locked, Side, judge
from training.leakage.leak_findings import LeakReport
from training.leakage.leak_notes import tell_leaks
from training.learning.calibration import apply_calibration
from training.learning.candidate import candidate_seen, labels_of, save_candidate, tune
from training.learning.fitting import Material
from training.learning.held_out import held_out_logits
from training.learning.starting import backbone_trained, starting_base
from training.learning.ways import fit_recipe
from training.models.model_folder import load_model, read_seen
from training.patches.manifest import ManifestRow, read_manifest
from training.patches.pixel_cache import PixelCache
from training.patches.predictions_file import PredictionRow, PredictionsFile
from training.patches.splitting import cut_locked, prepare_splits
from training.patches.square_reader import default_workers
from training.progress import Cancelled, ProgressMeter, ShouldStop, no_events
from training.recipe import FullRecipe, Recipe
from training.recipe_files import load_recipe
from training.run_control import RunControl, forget_requests
from training.run_log import RunLog, tell_run

CANCELLED_EXIT = 3
_LEADER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run up to where training begins."""

    job: Job
    recipe: Recipe
    active: Path | None
    material: Material
    leaks: LeakReport


def prepare(folder: RunFolder, *, emit: Emit, resume: bool = False, team: Team = ALONE) -> Prepared:
    """Job, recipe, device, base, patches with their squares cached, and splits."""
    job = Job.read(folder.job)
    recipe = load_recipe(job.recipe)
    active = Path(job.active_model) if job.active_model else None
    told = f"{job.model_name}, {recipe.summary}"
    if not team.alone:
        told += f", in {team.size} processes"
    device = announce_device(emit, "finetune", team.device(job.device), told)
    # Random bases and fresh heads draw their first weights from here on.
    torch.manual_seed(job.seed)
    base = starting_base(recipe, job.base, active)
    emit(Note(f"starting from {base.source}"))
    features_dir = Path(job.features_dir) if job.features_dir else folder.path / "features"
    cache = PixelCache.open(features_dir / "squares", base.preprocessing)
    listed = read_manifest(folder.path / job.manifest)
    control = RunControl.of(folder, emit, leads=team.leads)
    rows = _cached_rows(listed, cache, job, emit, control.should_stop)
    if not any(row.split for row in rows):
        rows = cut_locked(rows, seed=job.seed)
        emit(Note("no split is given: a fifth of the groups was locked", level="warning"))
    splits = prepare_splits(rows, share=recipe.validation_share, seed=job.seed)
    for note in splits.notes:
        emit(Note(note, level="warning"))
    leaks = tell_leaks(
        rows,
        splits,
        base=base,
        active=active,
        cache=cache,
        folder=features_dir,
        emit=emit,
        should_stop=control.should_stop,
    )
    material = Material(
        base=base,
        backbone_trained=backbone_trained(base, job.base, active),
        splits=splits,
        cache=cache,
        features_dir=features_dir,
        checkpoints=folder.checkpoints,
        device=device,
        seed=job.seed,
        emit=emit,
        should_stop=control.should_stop,
        should_finish=control.should_finish,
        resume=resume,
        team=team,
    )
    return Prepared(job, recipe, active, material, leaks)


def finetune(folder: RunFolder, *, resume: bool, emit: Emit, team: Team = ALONE) -> dict[str, Any]:
    """Train, tune, judge and save a candidate from a run's folder; returns what Result holds.

    Of several processes all train, and the one that leads does the rest. Raises UserError, and
    Cancelled where the stop file appears.
    """
    prepared = prepare(folder, emit=emit, resume=resume, team=team)
    job, recipe, material = prepared.job, prepared.recipe, prepared.material

    shared = isinstance(recipe, FullRecipe)
    if not (shared or team.leads):
        return {}
    fitted = fit_recipe(recipe, material if shared else replace(material, team=ALONE))
    if not team.leads:
        return {}
    tuned = tune(fitted, recipe.threshold_rule, seed=job.seed)
    emit(Note(f"threshold {tuned.threshold.logit:.3f} on the calibrated logit"))

    locked = material.splits.locked
    everything = [*material.splits.tuned, *locked]
    logits = held_out_logits(recipe, fitted, material, everything)
    seen = candidate_seen(material) if material.base.seen_known else None
    new = tuned.side(logits[len(everything) - len(locked) :], seen)
    old = _old_side(prepared.active, material) if prepared.active else None
    report = _judge(material, old, new, job)

    patches = [row.patch for row in everything]
    _write_predictions(folder.predictions, list(zip(patches, logits.tolist(), strict=True)))
    names = [row.patch for row in fitted.tuning_rows]
    _write_predictions(
        folder.out_of_fold, list(zip(names, fitted.tuning_logits.tolist(), strict=True))
    )
    figures = {**report.new.to_json(), "looks": report.looks} if report.patches else None
    leaks = prepared.leaks.counts()
    save_candidate(folder, job, recipe, material, fitted, tuned, figures, leaks=leaks)
    gate = {**report.to_json(), "leaks": leaks}
    atomic.write_text(folder.gate, dump(gate))
    return {"candidate": folder.candidate.name, "gate": gate}


def _cached_rows(
    rows: Sequence[ManifestRow], cache: PixelCache, job: Job, emit: Emit, should_stop: ShouldStop
) -> list[ManifestRow]:
    """All but the final rows; those with a label have their hash, and their square is cached.

    Labelled patches that can't be read are left out and told.
    """
    wanted = [row for row in rows if row.label is not None and row.split != "final"]
    meter = ProgressMeter(emit, len(wanted), "reading patches")
    report = cache.build(
        wanted, workers=job.workers or default_workers(), progress=meter, should_stop=should_stop
    )
    if report.errors:
        patch, reason = next(iter(report.errors.items()))
        text = f"{len(report.errors)} patches could not be read and are left out"
        emit(Note(f"{text} (such as {patch}: {reason})", level="warning"))
    return [
        replace(row, hash=report.hashes.get(row.patch, row.hash))
        for row in rows
        if row.split != "final" and row.patch not in report.errors
    ]


def _score(
    module: nn.Module,
    head: Head,
    preprocessing: Preprocessing,
    rows: Sequence[ManifestRow],
    material: Material,
    *,
    views: int,
) -> Scored:
    same = preprocessing == material.cache.preprocessing
    return score_rows(
        module,
        preprocessing,
        head,
        material.device,
        rows,
        emit=material.emit,
        cache=material.cache if same else None,
        views=views,
        should_stop=material.should_stop,
    )


def _old_side(active: Path, material: Material) -> Side:
    loaded = load_model(active)
    card, rows = loaded.card, material.splits.locked
    found = _score(
        loaded.module,
        card.architecture.head,
        card.preprocessing,
        rows,
        material,
        views=card.views,
    )
    calibrated = apply_calibration(card.calibration, found.of(rows))
    seen = read_seen(active) if card.seen == "known" else None
    return Side(calibrated, card.threshold.logit, seen)


def _judge(material: Material, old: Side | None, new: Side, job: Job) -> GateReport:
    locked = material.splits.locked
    return judge(
        Locked(
            [row.patch for row in locked],
            [row.hash for row in locked],
            [row.group for row in locked],
            labels_of(locked),
        ),
        old=old,
        new=new,
        margins=job.margins,
        looks=job.looks,
        left_out=material.splits.left_out,
        seed=job.seed,
    )


def _write_predictions(path: Path, logits: Sequence[tuple[str, float]]) -> None:
    path.unlink(missing_ok=True)
    with PredictionsFile(path, "run") as file:
        file.append(PredictionRow(patch, float(logit)) for patch, logit in logits)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", nargs="?", type=Path, help="job.json of a run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch")
    parser.add_argument("--json", action="store_true", help="events as JSON lines")
    add_data_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    if (arguments.job is None) == (arguments.data is None):
        raise UserError("Name either a run's job.json, or a data folder with --data and --out.")
    listener = print_event if arguments.json else None
    if started_by_torchrun():
        with team_of_processes() as team, left(team):
            return left_with(_run_in_team(arguments, team, listener))
    folder = _folder(arguments)
    processes = processes_wanted(folder)
    if processes > 1:
        return _launch(folder, processes, resume=arguments.resume, listener=listener)
    return run_job(folder, resume=arguments.resume, listener=listener)


def _folder(arguments: argparse.Namespace) -> RunFolder:
    """The run's folder, written where it is made from data."""
    if arguments.job is None:
        return write_data_run(arguments)
    if not arguments.job.is_file():
        raise UserError(f"{arguments.job} does not exist: name the job.json of a run.")
    return RunFolder(arguments.job.absolute().parent)


def _launch(folder: RunFolder, processes: int, *, resume: bool, listener: Emit | None) -> int:
    _write_process(folder)
    code = launch(folder, processes, resume=resume, listener=listener or tell_run)
    if code == 0 and listener is None:
        _tell_end(folder, read_file(folder.gate)["sentence"])
    return code


def _run_in_team(arguments: argparse.Namespace, team: Team, listener: Emit | None) -> int:
    if team.leads:
        _folder(arguments)
    team.wait()
    job = arguments.job or arguments.out / "job.json"
    folder = RunFolder(job.absolute().parent)
    if team.leads:
        return run_job(folder, resume=arguments.resume, listener=listener, team=team)
    try:
        with told_plainly(folder.path):
            finetune(folder, resume=arguments.resume, emit=no_events, team=team)
    except UserError as error:
        # What the leader meets too it tells itself, and ends this process meanwhile.
        time.sleep(_LEADER_SECONDS)
        with RunLog(folder.events) as log:
            log.emit(Error(str(error)))
        raise
    return 0


def run_job(
    folder: RunFolder, *, resume: bool, listener: Emit | None = None, team: Team = ALONE
) -> int:
    """Run what lies in the folder, telling it there and at the shell; the exit code."""
    if LAUNCHED not in os.environ:
        _write_process(folder)
    if resume:
        forget_requests(folder)
    try:
        with RunLog(folder.events, listener or tell_run) as log, told_plainly(folder.path):
            payload = finetune(folder, resume=resume, emit=log.emit, team=team)
            log.emit(Result(payload))
    except Cancelled:
        return CANCELLED_EXIT
    if listener is None:
        _tell_end(folder, payload["gate"]["sentence"])
    return 0


def _tell_end(folder: RunFolder, sentence: str) -> None:
    print(sentence)
    print(f"candidate: {folder.candidate}")


def _write_process(folder: RunFolder) -> None:
    """By this the app knows the process again: an id alone may have been given to another."""
    facts = {"pid": os.getpid(), "create_time": _create_time(), "started": utc_now()}
    atomic.write_text(folder.process, json.dumps(facts) + "\n")


def _create_time() -> float | None:
    """Seconds since 1970; None on a machine that trains alone and has no psutil."""
    try:
        import psutil
    except ModuleNotFoundError:
        return None
    return psutil.Process().create_time()
