"""How well readers agree: with each other, themselves, the reference label and the model.

Examples:
  glomviewer agreement LIB
  glomviewer agreement LIB --reading Baseline --rule not-read
  glomviewer agreement LIB --by case --intervals 0
"""

from __future__ import annotations

import argparse
import sys

from glomviewer.domain.agreement.bootstrap import Bootstrap, Stopped
from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.domain.comparison.bootstrap import DRAWS
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.store.library import Library
from glomviewer.verbs.agreement_figures import facts_of
from glomviewer.verbs.agreement_tables import PARTS, lines_of
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import ShellControl, add_library, reading, say

RULES = {
    "own": UnsureRule.OWN_CATEGORIES,
    "not-read": UnsureRule.NOT_READ,
    "left-out": UnsureRule.PATCH_LEFT_OUT,
}
RULES_HELP = (
    "cannot tell and not a glomerulus as categories of their own, as if not read, or left out with "
    "their patches; own unless given"
)
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    parser.add_argument(
        "--reading", help="its name or id; every reader's labels of the library unless given"
    )
    parser.add_argument(
        "--rule",
        choices=tuple(RULES),
        default="own",
        help=RULES_HELP,
    )
    parser.add_argument(
        "--intervals",
        type=int,
        default=DRAWS,
        metavar="DRAWS",
        help=f"draws of cases for the 95 %% intervals, 0 for none; {DRAWS} unless given",
    )
    parser.add_argument("--by", choices=tuple(PARTS), help="only this breakdown; --json has all")


def run(arguments: argparse.Namespace) -> int:
    if arguments.intervals < 0:
        raise BadArgument(f"{arguments.intervals} draws can't be drawn; give 0 or more.")
    control = ShellControl(quiet=arguments.json)
    with reading(arguments.library) as library, control.catching_interrupts():
        of = reading_of(library, arguments.reading) if arguments.reading else None
        table = library.ratings(None if of is None else of.id)
        rule, labels = RULES[arguments.rule], library.label_set
        measured = Measured.of(None if of is None else of.id, table, labels, rule)
        if arguments.intervals:
            plan = Bootstrap(
                draws=arguments.intervals,
                progress=lambda done, total: control.progress(done, total, "drawing cases"),
                cancelled=control.cancelled,
            )
            try:
                measured = measured.with_intervals(plan)
            except Stopped:
                print("Cancelled; --intervals 0 needs no drawing.", file=sys.stderr)
                return _INTERRUPTED
    name = "" if of is None else of.name
    say(arguments, "\n".join(lines_of(measured, name, arguments.by)), facts_of(measured, name))
    return 0


def reading_of(library: Library, asked: str) -> ReadingSummary:
    """The reading of this name, uuid or beginning of a uuid.

    Raises:
        BadArgument: there is none, or several fit.
    """
    readings = library.readings()
    wanted = asked.strip().casefold()
    named = [one for one in readings if one.name.casefold() == wanted]
    fitting = named or [one for one in readings if wanted and one.uuid.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(repr(one.name) for one in readings) or "none"
    raise BadArgument(f"No single reading fits {asked!r}; the readings are: {known}.")
