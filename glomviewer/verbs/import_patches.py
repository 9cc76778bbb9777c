"""Take patches into a library: a folder per class, a folder with a table, a folder without
labels, or a table of another program's predictions. The images are read and left where they are.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from glomviewer.domain.labels import LabelSet, Split
from glomviewer.domain.name_patterns import PRESETS, NamePattern, own_pattern
from glomviewer.store.finding_lists import write_findings
from glomviewer.store.import_values import (
    DEFAULT_MAX_PIXELS,
    Columns,
    Finding,
    ImportOptions,
    ImportPlan,
    ImportReport,
    ImportSource,
    SourceKind,
)
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import ShellControl, add_library, label_code, reading, say, writing

_KINDS = {
    "classes": SourceKind.CLASS_FOLDERS,
    "table": SourceKind.TABLE,
    "folder": SourceKind.FOLDER,
    "predictions": SourceKind.PREDICTIONS,
}
_COLUMNS = ("name", "label", "case", "slide", "split", "microns-per-pixel", "probability")
_TOLD_AT_MOST = 20
_CANCELLED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("source", type=Path, help="a folder, or a CSV in the folder of its images")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would happen; write nothing"
    )
    parser.add_argument(
        "--kind", choices=_KINDS, help="what the source is, where it is guessed wrong"
    )
    parser.add_argument("--table", type=Path, help="the CSV to go by, where a folder has several")
    for column in _COLUMNS:
        parser.add_argument(
            f"--{column}-column", metavar="HEADER", help=f"which column holds the {column}"
        )
    _add_choices(parser)


def _add_choices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="TEXT=LABEL",
        help="what a cell of the table or a folder's name means, such as verödet=1",
    )
    parser.add_argument(
        "--pattern",
        metavar="EXPRESSION",
        help="reads slide and case from names: (?P<slide>…), (?P<case>…), or a preset 1 to "
        f"{len(PRESETS)}; 0 for none",
    )
    parser.add_argument("--microns-per-pixel", type=float, help="where no column says it")
    parser.add_argument("--copy-in", action="store_true", help="copy the images into the library")
    parser.add_argument(
        "--with-copies", action="store_true", help="take in flipped and turned copies, too"
    )
    parser.add_argument(
        "--listed-only", action="store_true", help="only files that the table names"
    )
    parser.add_argument(
        "--max-pixels", type=int, default=DEFAULT_MAX_PIXELS, help="larger images are left out"
    )
    parser.add_argument(
        "--shares",
        type=float,
        nargs=4,
        metavar=("TRAIN", "VALIDATION", "LOCKED", "FINAL"),
        help="of new cases, by split",
    )
    parser.add_argument("--model-name", help="what imported predictions are called")
    parser.add_argument("--findings", type=Path, help="write what was left out and why to this CSV")


def run(arguments: argparse.Namespace) -> int:
    control = ShellControl(quiet=arguments.json)
    with control.catching_interrupts():
        source = read_source(
            arguments.source,
            table=arguments.table,
            progress=control.import_progress,
            cancelled=control.cancelled,
        )
        if arguments.dry_run:
            with reading(arguments.library) as library:
                plan = _plan(library, source, arguments)
            _write_findings(arguments, plan.findings)
            say(arguments, _plan_text(plan, library.label_set), _plan_facts(plan))
            return 0
        with writing(arguments.library) as library:
            plan = _plan(library, source, arguments)
            report = run_import(
                library, plan, progress=control.import_progress, cancelled=control.cancelled
            )
            labels = library.label_set
    _write_findings(arguments, report.findings)
    say(arguments, _report_text(report), _report_facts(report, labels))
    return _CANCELLED if report.cancelled else 0


def _plan(library: Library, source: ImportSource, arguments: argparse.Namespace) -> ImportPlan:
    options = _options(source, arguments, library.label_set)
    return make_plan(source, options, label_set=library.label_set)


def _options(
    source: ImportSource, arguments: argparse.Namespace, labels: LabelSet
) -> ImportOptions:
    options = source.proposed.with_(
        columns=_columns(source, arguments),
        copy_in=arguments.copy_in,
        leave_out_copies=not arguments.with_copies,
        unlisted=not arguments.listed_only,
        max_pixels=arguments.max_pixels,
        microns_per_pixel=arguments.microns_per_pixel,
    )
    if arguments.shares:
        if min(arguments.shares) < 0 or not sum(arguments.shares):
            raise BadArgument("The shares of the splits are parts of a whole, such as 70 15 15 0.")
        options = options.with_(shares=tuple(arguments.shares))
    if arguments.kind:
        options = options.with_(kind=_KINDS[arguments.kind])
    elif options.kind is SourceKind.FOLDER and options.columns.name:
        options = options.with_(kind=SourceKind.TABLE)
    if arguments.model_name:
        options = options.with_(model_name=arguments.model_name)
    if arguments.pattern is not None:
        options = options.with_(pattern=_pattern(arguments.pattern))
    meanings = dict(_meaning(text, labels) for text in arguments.label)
    folders = {
        folder: meanings[part]
        for folder in {str(Path(file).parent.as_posix()) for file in source.files}
        for part in folder.split("/")
        if part in meanings
    }
    return options.with_(value_labels=meanings, folder_labels=folders)


def _columns(source: ImportSource, arguments: argparse.Namespace) -> Columns:
    columns = source.proposed.columns
    for column in _COLUMNS:
        field = column.replace("-", "_")
        chosen = getattr(arguments, f"{field}_column")
        if chosen is None:
            continue
        header = source.table.header if source.table else ()
        if chosen and chosen not in header:
            there = ", ".join(header) or "none: there is no table"
            raise BadArgument(f"There is no column {chosen!r}; the columns are: {there}.")
        columns = columns.with_(**{field: chosen})
    return columns


def _pattern(text: str) -> NamePattern | None:
    if text.isdecimal():
        number = int(text)
        if number > len(PRESETS):
            raise BadArgument(f"There are presets 1 to {len(PRESETS)}, and 0 for none.")
        return PRESETS[number - 1] if number else None
    try:
        return own_pattern(text)
    except ValueError as error:
        raise BadArgument(str(error)) from error


def _meaning(text: str, labels: LabelSet) -> tuple[str, int]:
    cell, sign, label = text.rpartition("=")
    if not sign or not cell:
        raise BadArgument(f"--label {text!r} should look like TEXT=LABEL, such as sclerosed=1.")
    return cell, label_code(labels, label)


def _write_findings(arguments: argparse.Namespace, findings: tuple[Finding, ...]) -> None:
    if arguments.findings:
        write_findings(arguments.findings, findings)


def _told(findings: tuple[Finding, ...]) -> list[str]:
    lines = [f"  {finding.name}: {finding.reason}" for finding in findings[:_TOLD_AT_MOST]]
    more = len(findings) - _TOLD_AT_MOST
    if more > 0:
        lines.append(f"  … and {more:,} more; --findings FILE.csv lists them all.")
    return lines


def _plan_text(plan: ImportPlan, labels: LabelSet) -> str:
    table = plan.source.table
    columns = [f"{key} = {value}" for key, value in asdict(plan.options.columns).items() if value]
    lines = [f"{plan.options.kind.value}: {plan.source.folder}"]
    if table is not None:
        lines.append(f"table: {table.path.name} ({table.encoding}); {', '.join(columns)}")
    if plan.options.pattern is not None and plan.trial is not None:
        lines.append(f"names: {plan.options.pattern.title}; fits {plan.trial.matched:,}")
        lines += [
            f"  {name}: case {case}, slide {slide}" for name, case, slide in plan.trial.rows[:3]
        ]
    counts = [f"{count:,} {labels.name_of(code)}" for code, count in sorted(plan.per_label.items())]
    lines.append(f"patches: {len(plan.patches):,} ({', '.join(counts)})")
    lines.append(f"cases: {plan.cases:,}, slides: {plan.slides:,}")
    lines += [f"warning: {warning}" for warning in plan.warnings]
    if plan.findings:
        lines.append("to be told:")
        lines += _told(plan.findings)
    return "\n".join(lines)


def _plan_facts(plan: ImportPlan) -> dict[str, Any]:
    return {
        "folder": str(plan.source.folder),
        "kind": plan.options.kind.value,
        "columns": asdict(plan.options.columns),
        "pattern": None if plan.options.pattern is None else plan.options.pattern.expression,
        "patches": len(plan.patches),
        "predictions": len(plan.calls),
        "per_label": {str(code): count for code, count in sorted(plan.per_label.items())},
        "per_split": _by_name(plan.per_split),
        "cases": plan.cases,
        "slides": plan.slides,
        "label_values": [asdict(value) for value in plan.label_values],
        "warnings": plan.warnings,
        "findings": [asdict(finding) for finding in plan.findings],
    }


def _report_text(report: ImportReport) -> str:
    lines = [report.sentence]
    lines += [f"warning: {warning}" for warning in report.warnings]
    return "\n".join(lines + _told(report.findings))


def _report_facts(report: ImportReport, labels: LabelSet) -> dict[str, Any]:
    return {
        "added": len(report.added),
        "known": report.known,
        "labels_added": report.labels_added,
        "per_label": {labels.name_of(code): n for code, n in sorted(report.per_label.items())},
        "per_split": _by_name(report.per_split),
        "model": report.model or None,
        "predictions": report.predictions,
        "warnings": report.warnings,
        "findings": [asdict(finding) for finding in report.findings],
        "seconds": round(report.seconds, 3),
        "cancelled": report.cancelled,
        "sentence": report.sentence,
    }


def _by_name(per_split: Any) -> dict[str, int]:
    return {Split(split).name.lower(): count for split, count in sorted(per_split.items())}
