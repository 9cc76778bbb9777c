"""Measure the program on this machine: one Markdown table of what is promised and what it is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from glomviewer.bench.context import Context
from glomviewer.bench.report import OthersShare, as_json, machine, markdown
from glomviewer.bench.sections import SECTIONS, run_sections
from glomviewer.verbs.failures import BadArgument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    listed = "; ".join(f"{name}: {what}" for name, what in SECTIONS.items())
    parser.add_argument("--only", default="", help=f"sections, with commas between them. {listed}")
    parser.add_argument(
        "--quick", action="store_true", help="small libraries: does it run? Figures mean nothing"
    )
    parser.add_argument(
        "--kills", type=int, metavar="N", help="instead kill N processes while they write"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("bench-output"),
        help="where libraries and pictures are kept for the next time (default bench-output)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for machines")


def run(arguments: argparse.Namespace) -> int:
    """0: measured, whatever the figures; 1: a kill has lost something."""
    if arguments.kills is not None:
        return _kill(arguments)
    facts = machine()
    context = Context(arguments.output.absolute(), quick=arguments.quick, say=_say)
    others = OthersShare()
    rows = run_sections(_chosen(arguments.only), context)
    facts["others_percent"] = round(others.percent(), 1)
    if arguments.json:
        print(json.dumps(as_json(rows, facts), ensure_ascii=False, indent=1))
    else:
        print(markdown(rows, facts))
    return 0


def _chosen(only: str) -> list[str]:
    names = [name.strip() for name in only.split(",") if name.strip()] or list(SECTIONS)
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise BadArgument(
            f"There is no section {unknown[0]!r}; the sections are {', '.join(SECTIONS)}."
        )
    return names


def _kill(arguments: argparse.Namespace) -> int:
    from glomviewer.bench.kills.killing import KillReport, run_kills

    def told(report: KillReport) -> None:
        if sys.stderr.isatty():
            print(f"\r{report.kills} of {arguments.kills}", end="", file=sys.stderr, flush=True)

    if arguments.kills < 1:
        raise BadArgument(f"{arguments.kills} is no number of kills; give 1 or more.")
    report = run_kills(arguments.kills, seed=arguments.seed, told=told)
    if arguments.json:
        facts = {
            "kills": report.kills,
            "per_work": dict(report.per_work),
            "confirmed": report.confirmed,
            "in_flight": report.in_flight,
            "opening": report.opening,
            "seconds": round(report.seconds, 1),
            "failures": report.failures,
        }
        print(json.dumps(facts, indent=1))
    else:
        print("\n".join([f"{report.sentence} ({report.seconds:.0f} s).", *report.failures]))
    return 1 if report.failures else 0


def _say(sentence: str) -> None:
    print(f"measuring: {sentence}", file=sys.stderr, flush=True)
