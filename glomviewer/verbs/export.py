"""Write the labels of a library as a table, its patches in a folder per class, or the manifest
that a training run gets.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.domain.labels import Split
from glomviewer.jobs.exchange_files import write_manifest
from glomviewer.store.export_values import (
    GROUP_COLUMNS,
    MODEL_COLUMNS,
    READER_COLUMNS,
    ExportColumn,
    ExportOptions,
    ExportReport,
)
from glomviewer.store.exporting import export_class_folders, export_labels
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import (
    ShellControl,
    add_library,
    model_of,
    reader_of,
    say,
    taking_out,
)

_GROUPS = {
    "reader": READER_COLUMNS,
    "groups": GROUP_COLUMNS,
    "model": MODEL_COLUMNS,
    "file": (ExportColumn.FILE, ExportColumn.PATCH, ExportColumn.MICRONS),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("output", type=Path, help="the CSV or the new folder to write")
    parser.add_argument(
        "--as",
        dest="form",
        choices=("labels", "folders", "manifest"),
        default="labels",
        help="a table of labels, a folder per class, or the manifest of a training run",
    )
    parser.add_argument(
        "--columns",
        nargs="*",
        choices=_GROUPS,
        default=["reader", "groups"],
        help="beside name and ground truth",
    )
    parser.add_argument("--model", help="whose calls; the active model's unless given")
    parser.add_argument("--reader", help="this reader's own labels, not the reference labels")
    parser.add_argument("--labelled-only", action="store_true")
    parser.add_argument(
        "--splits", nargs="+", default=[], choices=[split.name.lower() for split in Split]
    )


def run(arguments: argparse.Namespace) -> int:
    control = ShellControl(quiet=arguments.json)
    with taking_out(arguments.library) as library, control.catching_interrupts():
        if arguments.form == "manifest":
            return _manifest(library, arguments)
        options = _options(library, arguments)
        if arguments.form == "labels":
            report = export_labels(library, arguments.output, options)
        else:
            report = export_class_folders(
                library,
                arguments.output,
                options,
                progress=control.import_progress,
                cancelled=control.cancelled,
            )
    say(arguments, report.sentence, _facts(report))
    return 0


def _options(library: Library, arguments: argparse.Namespace) -> ExportOptions:
    columns = tuple(column for group in arguments.columns for column in _GROUPS[group])
    wants_model = "model" in arguments.columns
    return ExportOptions(
        columns=tuple(dict.fromkeys(columns)),
        model=model_of(library, arguments.model).id if wants_model else "",
        reader=reader_of(library, arguments.reader).id if arguments.reader else None,
        labelled_only=arguments.labelled_only,
        splits=tuple(Split[name.upper()] for name in arguments.splits),
    )


def _manifest(library: Library, arguments: argparse.Namespace) -> int:
    entries = library.training_manifest()
    if not entries:
        raise BadArgument("No patch may be trained on yet; nothing was exported.")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    write_manifest(
        arguments.output,
        (
            (one.patch, str(one.path), one.hash, one.group, one.split, one.label, one.gate)
            for one in entries
        ),
    )
    library.record(
        Act.EXPORT, f"manifest of {len(entries):,} patches exported", patches=len(entries)
    )
    sentence = f"{len(entries):,} patches written to {arguments.output}."
    facts = {"written": [str(arguments.output)], "patches": len(entries), "sentence": sentence}
    say(arguments, sentence, facts)
    return 0


def _facts(report: ExportReport) -> dict[str, object]:
    return {
        "written": [str(path) for path in report.written],
        "patches": report.patches,
        "per_label": report.per_label,
        "missing": report.missing,
        "model": report.model or None,
        "sentence": report.sentence,
    }
