"""Say what readers differ on, settle or refer it, and what adjudicating does to the cases.

Examples:
  glomviewer disputes LIB                                # the open ones, and the cases that change
  glomviewer disputes LIB --reading "First reading" --state settled
  glomviewer disputes LIB --why 17
  glomviewer disputes LIB --adjudicate 17 "globally sclerotic" --reason "solidified" --reader CC
  glomviewer disputes LIB --refer 17 consensus --reader CC
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.jobs import operations
from glomviewer.store.library import Library
from glomviewer.verbs.dispute_figures import (
    dispute_facts,
    dispute_lines,
    relabelling_facts,
    relabelling_lines,
    source_facts,
)
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import (
    add_library,
    label_code,
    reader_of,
    reading,
    say,
    writing,
)
from glomviewer.verbs.unlocking import acting_reader, add_acting

_GREATEST = 2**63 - 1
"""No row of SQLite has a greater number."""

_PERCENT = 100.0

REFERRALS = {
    "reading": Referral.READING,
    "consensus": Referral.CONSENSUS,
    "open": Referral.NONE,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    add_acting(parser)
    parser.add_argument("--reading", metavar="NAME", help="of this reading only")
    parser.add_argument(
        "--state",
        choices=[state.value for state in DisputeState],
        default=DisputeState.OPEN.value,
        help="which to list (default open)",
    )
    parser.add_argument(
        "--cut-off",
        nargs="+",
        type=float,
        default=[20.0],
        metavar="PERCENT",
        help="shares at which a case changes category (default 20)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--why", type=int, metavar="PATCH", help="why this patch counts as true")
    what.add_argument(
        "--adjudicate", nargs=2, metavar=("PATCH", "LABEL"), help="settle a patch, with --reason"
    )
    what.add_argument(
        "--refer",
        nargs=2,
        metavar=("PATCH", "WHERE"),
        help="send it back for another reading, put it onto the consensus list, or open it again: "
        "reading, consensus or open",
    )
    parser.add_argument("--reason", default="", help="why it is settled or referred")
    parser.add_argument(
        "--call-shown",
        action="store_true",
        help="the model's call was seen before: keep the label out of the gate",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.adjudicate or arguments.refer:
        with writing(arguments.library) as library:
            _decide(library, arguments)
        return 0
    with reading(arguments.library) as library:
        if arguments.reader:
            library.viewer = reader_of(library, arguments.reader).id
        if arguments.why is not None:
            _explain(library, arguments)
        else:
            _list(library, arguments)
    return 0


def _decide(library: Library, arguments: argparse.Namespace) -> None:
    reader = acting_reader(library, arguments).id
    if arguments.adjudicate:
        number, label = arguments.adjudicate
        if not arguments.reason.strip():
            raise BadArgument("Say why with --reason; it stands beside the label.")
        changes = operations.adjudicate_patch(
            library,
            reader=reader,
            patch=_patch(number),
            label=label_code(library.label_set, label),
            reason=arguments.reason,
            call_shown=arguments.call_shown,
        )
    else:
        number, where = arguments.refer
        if where not in REFERRALS:
            raise BadArgument(f"A dispute goes to {', '.join(REFERRALS)}, but not to {where!r}.")
        changes = operations.refer_patches(
            library,
            reader=reader,
            patches=[_patch(number)],
            to=REFERRALS[where],
            reason=arguments.reason,
        )
    facts = {"sentence": changes.sentence, "batch": changes.batch, "changed": bool(changes)}
    say(arguments, changes.sentence, facts)


def _explain(library: Library, arguments: argparse.Namespace) -> None:
    if arguments.why > _GREATEST:
        raise BadArgument(f"The library has no patch number {arguments.why}.")
    explained = library.why(arguments.why)
    labels = library.label_set
    facts: Mapping[str, Any] = {
        "patch": explained.patch,
        "label": labels.name_of(explained.label),
        "source": explained.source.name.lower(),
        "gate_label": labels.name_of(explained.gate_label),
        "sentences": list(explained.sentences),
        **dispute_facts(library.dispute(arguments.why), labels),
    }
    say(arguments, "\n".join(explained.sentences), facts)


def _list(library: Library, arguments: argparse.Namespace) -> None:
    chosen = _reading(library, arguments.reading)
    state = DisputeState(arguments.state)
    counts = library.dispute_counts(chosen)
    disputes = [library.dispute(patch) for patch in library.disputes(state, chosen)]
    labels = library.label_set
    if wrong := [cut for cut in arguments.cut_off if not 0 < cut <= _PERCENT]:
        raise BadArgument(f"The cut-off {wrong[0]:g} is no percentage above 0 and at most 100.")
    found = library.relabelling(tuple(percent / _PERCENT for percent in arguments.cut_off))
    sources = library.source_counts()
    lines = [
        ", ".join(f"{counts[one]:,} {one.value}" for one in DisputeState),
        *(line for dispute in disputes for line in dispute_lines(dispute, labels)),
        *relabelling_lines(found),
    ]
    facts = {
        "counts": {one.value: counts[one] for one in DisputeState},
        "state": state.value,
        "reading": arguments.reading,
        "disputes": [dispute_facts(dispute, labels) for dispute in disputes],
        "relabelling": relabelling_facts(found),
        "reference_sources": source_facts(sources),
    }
    say(arguments, "\n".join(lines), facts)


def _reading(library: Library, name: str | None) -> int | None:
    if name is None:
        return None
    known = library.reading_names()
    wanted = name.strip().casefold()
    fitting = [number for number, called in known.items() if called.casefold() == wanted]
    if len(fitting) != 1:
        names = ", ".join(known.values()) or "none"
        raise BadArgument(f"No single reading is called {name!r}; the readings are: {names}.")
    return fitting[0]


def _patch(number: str) -> int:
    if not number.isdecimal():
        raise BadArgument(f"{number!r} is no number of a patch; `disputes LIBRARY` lists them.")
    return int(number)
