"""Make the demo library, of drawn patches, and open it in the window."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from glomviewer.paths import data_dir
from glomviewer.settings import SettingsFile
from glomviewer.store.demo_library import make_demo_library
from glomviewer.store.errors import ReadOnly
from glomviewer.store.library import Library
from glomviewer.store.settings import DEMO_READER
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import ShellControl, add_json, say

_CANCELLED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "library",
        type=Path,
        nargs="?",
        default=data_dir() / "demo.glomlib",
        help="where to make it",
    )
    parser.add_argument("--fresh", action="store_true", help="make it anew, without what was done")
    parser.add_argument("--no-window", action="store_true", help="make it, and open nothing")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the library where it is not there yet. `__main__` opens the window after it."""
    folder: Path = arguments.library
    if arguments.fresh and folder.exists():
        _remove(folder)
    if (folder / "library.sqlite").is_file():
        sentence = f"The demo library is at {folder}."
        say(arguments, sentence, {"library": str(folder), "made": False, "sentence": sentence})
        return 0
    control = ShellControl(quiet=arguments.json)
    with control.catching_interrupts():
        report = make_demo_library(
            folder,
            reader=_reader(),
            progress=control.import_progress,
            cancelled=control.cancelled,
        )
    if report.cancelled:
        return _CANCELLED
    sentence = (
        f"Made the demo library {folder}: {len(report.added)} patches, drawn and not real, and "
        "three readers who are not real either."
    )
    facts = {
        "library": str(folder),
        "made": True,
        "patches": len(report.added),
        "sentence": sentence,
    }
    say(arguments, sentence, facts)
    return 0


def _reader() -> tuple[str, str]:
    """Whoever uses the program on this computer; the demo asks nobody for his name."""
    values = SettingsFile().values
    names = (values.reader_name, values.reader_initials)
    return names if all(names) else DEMO_READER


def _remove(folder: Path) -> None:
    """Only ever a demo library, and never one that somebody has open."""
    with Library.open(folder, backup=False) as library:
        if library.read_only:
            raise ReadOnly(library.read_only_sentence)
        if library.setting("demo") is not True:
            raise BadArgument(f"{folder} is no demo library; it was not touched.")
    shutil.rmtree(folder)
