"""Write the report of a reading into a folder: report.html, report.pdf, decisions.csv with every
decision about its patches, and disputes.csv with every dispute and how it stands.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glomviewer.domain.agreement.bootstrap import Stopped
from glomviewer.domain.agreement.statistic import Share
from glomviewer.domain.comparison.bootstrap import DRAWS
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.report.agreement import AgreementLine
from glomviewer.domain.report.moments import Moment
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.watching import Watching
from glomviewer.jobs.reporting.writing import Written, write_report
from glomviewer.store.clock import zone_name
from glomviewer.store.library import Library
from glomviewer.ui.report_pdf import pdf_of, text_system
from glomviewer.verbs.agreement import RULES, RULES_HELP
from glomviewer.verbs.agreement_figures import statistic_facts
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import ShellControl, add_library, opened, say

_INTERRUPTED = 130
_PERCENT = 100.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("--reading", help="its name; the only reading unless given")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    parser.add_argument(
        "--draws",
        type=int,
        default=DRAWS,
        help=f"for the intervals, 0 for none; {DRAWS} unless given",
    )
    parser.add_argument(
        "--cut-off",
        type=float,
        nargs="+",
        default=[20.0],
        metavar="PERCENT",
        help="of globally sclerotic glomeruli, where a case changes category; 20 unless given",
    )
    parser.add_argument(
        "--rule",
        choices=tuple(RULES),
        default="own",
        help=RULES_HELP,
    )


def run(arguments: argparse.Namespace) -> int:
    choices = _choices(arguments)
    control = ShellControl(quiet=arguments.json)
    watching = Watching(
        lambda done, every, what: control.progress(done, every, what), control.cancelled
    )
    with opened(arguments.library) as library, control.catching_interrupts(), text_system():
        reading = reading_of(library, arguments.reading)
        try:
            written = write_report(
                library, reading.id, arguments.out, choices, pdf=pdf_of, watching=watching
            )
        except Stopped:
            print("Cancelled; nothing was written.", file=sys.stderr)
            return _INTERRUPTED
    say(arguments, written.sentence, _facts(reading, written))
    return 0


def reading_of(library: Library, asked: str | None) -> ReadingSummary:
    """The reading of this name, uuid or beginning of a uuid; the only one unless asked for.

    Raises:
        BadArgument: there is none, or several fit.
    """
    readings = library.readings()
    known = ", ".join(repr(one.name) for one in readings)
    if not readings:
        raise BadArgument(
            "The library has no reading to report; make one with `glomviewer reading`."
        )
    if not asked:
        if len(readings) == 1:
            return readings[0]
        raise BadArgument(f"Say which reading with --reading; there are: {known}.")
    wanted = asked.casefold()
    named = [one for one in readings if one.name.casefold() == wanted]
    fitting = named or [one for one in readings if one.uuid.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0]
    raise BadArgument(f"No single reading fits {asked!r}; there are: {known}.")


def _choices(arguments: argparse.Namespace) -> Choices:
    if arguments.draws < 0:
        raise BadArgument(f"{arguments.draws} draws can't be drawn; give 0 or more.")
    wrong = [cut for cut in arguments.cut_off if not 0 < cut <= _PERCENT]
    if wrong:
        raise BadArgument(f"The cut-off {wrong[0]:g} is no percentage above 0 and at most 100.")
    return Choices(
        made=Moment(datetime.now(UTC), zone_name()),
        rule=RULES[arguments.rule],
        cut_offs=tuple(cut / _PERCENT for cut in arguments.cut_off),
        draws=arguments.draws,
    )


def _facts(reading: ReadingSummary, written: Written) -> dict[str, Any]:
    report = written.report
    return {
        "reading": reading.name,
        "uuid": reading.uuid,
        "written": [str(file) for file in written.files],
        "made": report.heading.made.exact,
        "readers": [
            {"name": one.name, "initials": one.initials, "items": one.items, "decided": one.decided}
            for one in report.readers
        ],
        "patches": report.sample.patches,
        "agreement": [
            _line(line) for line in (*report.agreement.pairs, *report.agreement.everyone)
        ],
        "with_reference": [_line(line) for line in report.agreement.with_reference],
        "with_model": [_line(line) for line in report.agreement.with_model],
        "with_oneself": [_line(line) for line in report.agreement.with_oneself],
        "disputes": {
            "all": len(report.disputes.disputes),
            **{
                state.value.replace(" ", "_"): report.disputes.number(state)
                for state in DisputeState
            },
            "settled_how": dict(report.disputes.endings),
        },
        "reference_rule": " ".join(report.agreement.reference_rule),
        "reference_sources": [
            {"source": one.source, "counts_now": one.now, "judges": one.judging}
            for one in report.sources
        ],
        "held_against": [asdict(one) for one in report.agreement.held_against],
        "reveals": [
            {
                "reader": one.reader,
                "shown": one.shown,
                "changed": one.changed,
                "judged_changes": one.judged_changes,
                **{
                    field.name: _share(getattr(one.judged, field.name))
                    for field in fields(one.judged)
                    if field.name != "changed"
                },
            }
            for one in report.reveals
        ],
        "cases_changing_category": [one.case for one in report.cases.relabelling.changing],
        "signed": [{"reader": one.reader, "meaning": one.meaning} for one in report.sign_offs],
        "heads": {one.origin: one.head for one in report.chains},
        "noted": written.noted,
        "sentence": written.sentence,
    }


def _line(one: AgreementLine) -> dict[str, Any]:
    return {"between": one.between, "statistic": one.statistic, **statistic_facts(one.figure)}


def _share(one: Share) -> dict[str, Any]:
    return {"count": one.count, "of": one.of, **statistic_facts(one.share)}
