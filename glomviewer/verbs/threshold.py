"""Show a model's threshold with its figures, or move it: by a rule, by hand, or back again.

Examples:
  glomviewer models threshold LIB
  glomviewer models threshold LIB --rule best-f1
  glomviewer models threshold LIB --rule cost:5 --on validation
  glomviewer models threshold LIB --at 0.42 --reason "fewer missed in the external cases"
  glomviewer models threshold LIB --undo
"""

from __future__ import annotations

import argparse
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.foreign_calls import logit
from glomviewer.domain.thresholds.crossing import CUT_OFF, Crossing
from glomviewer.domain.thresholds.history import BY_HAND
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.domain.thresholds.sets import OUT_OF_FOLD, VALIDATION
from glomviewer.jobs import operations
from glomviewer.jobs.threshold_desk import (
    Desk,
    read_desk,
    read_locked,
    set_in_words,
    threshold_of_rule,
)
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import (
    add_library,
    model_of,
    reading,
    say,
    writing,
)
from glomviewer.verbs.threshold_figures import figures_at, history_facts, lines_of, probability
from glomviewer.verbs.unlocking import acting_reader, add_acting
from training.threshold_rule import RULES_HELP, Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    add_acting(parser)
    parser.add_argument("--model", help="id or name; the active one unless given")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rule", help=RULES_HELP)
    what.add_argument("--at", type=float, metavar="PROBABILITY", help="by hand; needs --reason")
    what.add_argument("--undo", action="store_true", help="put back the threshold before")
    what.add_argument("--redo", action="store_true", help="put back what was undone")
    what.add_argument(
        "--locked",
        action="store_true",
        help="the figures on the locked set; the look is counted",
    )
    parser.add_argument("--reason", default="", help="why it is moved; kept with your name")
    parser.add_argument(
        "--on",
        choices=(OUT_OF_FOLD, VALIDATION),
        help="the patches that decide; out-of-fold ones where there are any",
    )
    parser.add_argument(
        "--cut-off",
        type=float,
        default=100 * CUT_OFF,
        metavar="PERCENT",
        help="cases whose share called sclerotic crosses this are told; 20 unless given",
    )


def run(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.cut_off <= 100:
        raise BadArgument("--cut-off takes a percentage above 0 and up to 100, such as 20.")
    changing = arguments.rule or arguments.at is not None or arguments.undo or arguments.redo
    opened = writing if changing or arguments.locked else reading
    with opened(arguments.library) as library:
        model = model_of(library, arguments.model).id
        desk = _desk(library, model)
        sentence = ""
        before = desk.model.threshold
        if changing:
            sentence = _change(library, desk, arguments).sentence
            desk = _desk(library, model)
        elif arguments.locked:
            reader = acting_reader(library, arguments).id
            _tell_locked(library, desk, reader, arguments)
            return 0
    _tell(desk, before, sentence, arguments)
    return 0


def _desk(library: Library, model: str) -> Desk:
    desk = read_desk(library, library.load_table(None), model)
    assert desk is not None
    return desk


def _change(library: Library, desk: Desk, arguments: argparse.Namespace) -> Changes:
    model, reader = desk.model.id, acting_reader(library, arguments).id
    if arguments.undo:
        return operations.undo_threshold(library, model=model, reader=reader)
    if arguments.redo:
        return operations.redo_threshold(library, model=model, reader=reader)
    if arguments.rule:
        rule = Rule.parse(arguments.rule)
        name, scores = _set(desk, arguments.on)
        where = f"on {set_in_words(name, scores)}"
        return operations.set_threshold(
            library,
            model=model,
            logit=threshold_of_rule(scores, rule),
            reader=reader,
            rule=str(rule),
            reason=", ".join(part for part in (arguments.reason.strip(), where) if part),
        )
    if not 0.0 < arguments.at < 1.0:
        raise BadArgument("--at takes a probability between 0 and 1, such as 0.9885.")
    return operations.set_threshold(
        library,
        model=model,
        logit=logit(arguments.at),
        reader=reader,
        rule=BY_HAND,
        reason=arguments.reason,
    )


def _set(desk: Desk, wanted: str | None) -> tuple[str, RankedScores]:
    """The set that is asked for, else the preferred one.

    Raises:
        BadArgument: there is none of both classes.
    """
    for name, scores in desk.sets.items():
        if wanted in (None, name):
            return name, scores
    there = ", ".join(desk.sets) or "none"
    raise BadArgument(
        "A rule takes labelled patches of both classes that the model has not learned from, "
        f"{wanted or 'out-of-fold or validation'}; of such sets there are here: {there}."
    )


def _tell(desk: Desk, before: float, sentence: str, arguments: argparse.Namespace) -> None:
    model, now = desk.model, desk.model.threshold
    called = desk.cases.called(before)
    crossing = desk.cases.crossing(before, called, now, arguments.cut_off / 100)
    facts: dict[str, Any] = {
        "sentence": sentence,
        "model": model.id,
        "title": model.title,
        "threshold_logit": now,
        "threshold": probability(now),
        "calls_changed": len(desk.cases.changed(before, now)),
        "crossing": [_crossing_facts(one) for one in crossing],
        "history": history_facts(desk),
        "looks": desk.looks,
    }
    lines = [sentence, f"{model.title}: threshold {probability(now):.4f} (logit {now:.4f})"]
    if desk.sets and (arguments.on is None or arguments.on in desk.sets):
        name, scores = _set(desk, arguments.on)
        facts["on"], told = figures_at(name, scores, now)
        lines += told
    if before != now:
        lines.append(f"{facts['calls_changed']:,} calls have changed")
    lines += [
        f"{one.name} crosses {arguments.cut_off:g} %: {one.before} of {one.glomeruli} called "
        f"sclerotic before, {one.after} now"
        for one in crossing
    ]
    lines += lines_of(facts["history"])
    say(arguments, "\n".join(line for line in lines if line), facts)


def _tell_locked(library: Library, desk: Desk, reader: int, arguments: argparse.Namespace) -> None:
    model, now = desk.model.id, desk.model.threshold
    table = library.load_table(None)
    locked = read_locked(library, table, model)
    operations.look_at_locked(library, model=model, reader=reader, logit=now)
    facts, lines = figures_at("locked", locked.scores, now)
    looks = library.looks()
    told = {
        "model": model,
        "threshold_logit": now,
        "locked": facts,
        "left_out": {"seen_by_model": locked.seen, "call_shown": locked.shown},
        "looks": looks,
    }
    say(arguments, "\n".join([*lines, f"looks at the locked set so far: {looks:,}"]), told)


def _crossing_facts(one: Crossing) -> dict[str, Any]:
    return {
        "case": one.case,
        "slide": one.slide,
        "glomeruli": one.glomeruli,
        "before": one.before,
        "after": one.after,
    }
