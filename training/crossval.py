"""The verb `crossval`: recipes on the same folds of a data folder, judged out of fold."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, get_args

from training import atomic
from training.command_line import announce_device, print_event
from training.config import UserError
from training.events import Emit, Event, Note, Progress, Result
from training.json_fields import dump, read_file
from training.judging.contestants import Contestant, contestants_of
from training.judging.curves import draw_curves
from training.judging.fold_fit import FoldSetting, fresh_base, read_squares
from training.judging.fold_run import Entry, run_folds
from training.judging.folds import FoldPlan, Grouping, plan_folds, wanted_rows
from training.judging.judge_facts import report_facts
from training.judging.judge_report import terminal_text, write_report
from training.judging.judge_tables import summary_table
from training.judging.out_of_fold import OutOfFold, write_out_of_fold
from training.judging.recipe_figures import judge_recipes
from training.leakage.fold_leaks import find_fold_leaks
from training.patches.data_folder import read_data_folder
from training.progress import never_stop
from training.run_log import tell_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="a folder with labels.csv and images/")
    parser.add_argument("--out", type=Path, help="where report, predictions and caches are kept")
    parser.add_argument(
        "--recipe",
        action="append",
        metavar="NAME",
        help="a recipe, a file MINE.toml, or OTHER-NAME=RECIPE; may be repeated (default quick)",
    )
    parser.add_argument("--folds", type=int, default=5, help="by case or slide (default 5)")
    parser.add_argument(
        "--group",
        choices=get_args(Grouping),
        default="auto",
        help="what folds keep whole; auto is case, else slide; centre leaves one out at a time",
    )
    parser.add_argument(
        "--keep-locked", action="store_true", help="leave out the patches of the split test"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="RECIPE.FIELD=VALUE",
        help="change a field; without RECIPE of all that have it; may be repeated",
    )
    parser.add_argument(
        "--base",
        action="append",
        default=[],
        metavar="[RECIPE=]BASE",
        help="what to start from: auto, random, efficientnet-lite0, a model folder or a file",
    )
    parser.add_argument("--tiny", action="store_true", help="shrink the recipes, for tests")
    parser.add_argument("--features", type=Path, help="a folder of cached features to share")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on; nothing is fitted twice")
    parser.add_argument("--table", type=Path, metavar="OUT", help="print the table of OUT again")
    parser.add_argument("--json", action="store_true", help="events as JSON lines")


def run(arguments: argparse.Namespace) -> int:
    if arguments.table is not None:
        print(summary_table(read_file(arguments.table / "report.json")))
        return 0
    if arguments.data is None or arguments.out is None:
        raise UserError("crossval needs --data, the patches, and --out, where the report goes.")
    emit = print_event if arguments.json else _tell
    try:
        facts = cross_validate(arguments, emit)
    except KeyboardInterrupt:
        print(
            "\nstopped: what is finished is kept, and --resume goes on from there.",
            file=sys.stderr,
        )
        raise
    if arguments.json:
        emit(Result(facts))
        return 0
    print(terminal_text(facts))
    print(f"\nreport: {arguments.out / 'report.md'}")
    return 0


def cross_validate(arguments: argparse.Namespace, emit: Emit) -> dict[str, Any]:
    """Everything from the data folder to the written report; what report.json holds."""
    if not 2 <= arguments.folds <= 100:
        raise UserError(f"--folds is {arguments.folds}; it should be 2 to 100.")
    contestants = contestants_of(
        arguments.recipe or ["quick"], arguments.set, arguments.base, tiny=arguments.tiny
    )
    out = arguments.out.absolute()
    names = ", ".join(one.name for one in contestants)
    device = announce_device(emit, "crossval", arguments.device, names)
    features = (arguments.features or out / "features").absolute()
    setting = FoldSetting(out, features, device, arguments.seed, emit, never_stop)
    plan = _plan(arguments, contestants[0], setting)
    _claim(out, plan, arguments)
    entries = run_folds(contestants, plan, setting)
    return _report(out, entries, plan, arguments)


def _plan(arguments: argparse.Namespace, first: Contestant, setting: FoldSetting) -> FoldPlan:
    data = read_data_folder(arguments.data)
    rows = wanted_rows(data.rows, keep_locked=arguments.keep_locked)
    cache = setting.cache(fresh_base(first, setting.seed))
    readable, errors = read_squares(rows, cache, setting)
    notes = list(data.notes)
    if errors:
        patch, reason = next(iter(errors.items()))
        notes.append(
            f"{len(errors)} patches could not be read and are left out (such as {patch}: {reason})"
        )
    plan = plan_folds(
        readable, folds=arguments.folds, grouping=arguments.group, seed=arguments.seed
    )
    plan.notes[:0] = notes
    leaks = find_fold_leaks(plan, cache=cache, folder=setting.features)
    plan.notes.extend(finding.sentence for finding in leaks)
    for note in plan.notes:
        setting.emit(Note(note, level="warning"))
    return plan


def _claim(out: Path, plan: FoldPlan, arguments: argparse.Namespace) -> None:
    """Refuse a folder that holds another cross-validation, or this one without --resume."""
    path = out / "crossval.json"
    facts = {
        "data_hash": plan.data_hash,
        "grouping": plan.grouping,
        "folds": [fold.name for fold in plan.folds],
        "seed": arguments.seed,
    }
    if path.exists():
        if not arguments.resume:
            raise UserError(
                f"{out} holds a cross-validation already: add --resume, or name another folder."
            )
        found = read_file(path)
        differing = [key for key, value in facts.items() if found.get(key) != value]
        if differing:
            told = ", ".join(_WORDS[key] for key in differing)
            raise UserError(
                f"{out} holds a cross-validation with other {told}: name another folder."
            )
    atomic.write_text(path, dump(facts))


_WORDS = {
    "data_hash": "patches, labels or groups",
    "grouping": "grouping",
    "folds": "folds",
    "seed": "seed",
}


def _report(
    out: Path, entries: list[Entry], plan: FoldPlan, arguments: argparse.Namespace
) -> dict[str, Any]:
    found = [OutOfFold.of(entry.contestant.name, plan, entry.parts) for entry in entries]
    for one in found:
        write_out_of_fold(out / "predictions" / f"{one.name}.csv", plan, one)
    judgement = judge_recipes(found, plan, seed=arguments.seed)
    facts = report_facts(
        entries,
        plan,
        judgement,
        seed=arguments.seed,
        data=arguments.data.absolute().name,
    )
    # Plain numbers as a later --table reads them.
    facts = json.loads(json.dumps(facts))
    draw_curves(out / "curves", found)
    write_report(out, facts)
    return facts


def _tell(event: Event) -> None:
    """For a person: fits and warnings always, the rest of what recipes say where it moves."""
    if not isinstance(event, Progress) or event.stage != "fits":
        tell_run(event)
