"""Say what is wrong with a library, if anything: database, log, models and, if asked, files."""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.store.verify import FileCheck, VerifyReport, verify
from glomviewer.store.verify_heads import heads_in
from glomviewer.verbs.pack_options import add_passphrase, passphrase_of
from glomviewer.verbs.shell import ShellControl, add_library, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument(
        "--files", action="store_true", help="are the image files there, and of the right size?"
    )
    parser.add_argument(
        "--hashes", action="store_true", help="read the image files: are they the very ones?"
    )
    parser.add_argument(
        "--heads",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a report, pack, return or earlier answer of --json, whose heads of the log's chains "
        "must still be there",
    )
    add_passphrase(parser)


def run(arguments: argparse.Namespace) -> int:
    """0: sound; 1: something is wrong."""
    files = FileCheck.HASH if arguments.hashes else FileCheck.NO
    if arguments.files and not arguments.hashes:
        files = FileCheck.SIZE
    passphrase = passphrase_of(arguments)
    heads = [head for file in arguments.heads for head in heads_in(file, passphrase)]
    control = ShellControl(quiet=arguments.json)
    with control.catching_interrupts():
        report = verify(
            arguments.library,
            files=files,
            heads=heads,
            progress=control.import_progress,
            cancelled=control.cancelled,
        )
    say(
        arguments,
        _text(report),
        {
            "sound": report.sound,
            "problems": report.problems,
            "notes": report.notes,
            "facts": report.facts,
        },
    )
    return 0 if report.sound else 1


def _text(report: VerifyReport) -> str:
    lines = [f"wrong: {problem}" for problem in report.problems]
    lines += [f"note: {note}" for note in report.notes]
    lines += [
        f"log of {origin[:8]}: {acts:,} {'act' if acts == 1 else 'acts'}, the last {hashed}"
        for origin, acts, hashed in report.facts.get("heads", ())
    ]
    if "heads_compared" in report.facts:
        lines.append(f"{report.facts['heads_compared']:,} heads from elsewhere were compared.")
    if report.sound:
        patches, decisions = report.facts.get("patches", 0), report.facts.get("decisions", 0)
        lines.append(f"The library is sound: {patches:,} patches, {decisions:,} decisions.")
    return "\n".join(lines)
