"""The chapters on agreement: between readers, with oneself, with reference and model."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.report.agreement import AgreementLine, Matrix
from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting import words
from glomviewer.jobs.reporting.pages import Chapter, Grid, number, text


def between_readers(report: StudyReport) -> Chapter:
    part = report.agreement
    sentences = (
        part.rule,
        f"Categories counted, also in Gwet's AC1: {', '.join(part.categories)}."
        if part.categories
        else "",
        part.interval,
    )
    grids = (
        lines("Between readers, on first calls", part.lines, "No two readers read the same patch."),
        *_unless_empty("By class", part.per_class),
        *_unless_empty("By case", part.per_case),
        *_unless_empty("Over time", part.over_time),
        *map(matrix, part.matrices),
    )
    return Chapter("Agreement between readers", tuple(filter(None, sentences)), grids=grids)


def with_oneself(report: StudyReport) -> Chapter:
    return Chapter(
        "Readers against themselves",
        grids=(
            lines(
                "The same patch again, turned, and never named as a repeat",
                report.agreement.with_oneself,
                "There is no hidden repeat that was read both times.",
            ),
        ),
    )


def with_reference(report: StudyReport) -> Chapter:
    sources = Grid(
        "Why the reference labels count as true",
        (text("Source"), number("Patches")),
        tuple((name, words.count(patches)) for name, patches in report.sources),
        empty="No patch of this reading has a reference label.",
    )
    return Chapter(
        "Readers against reference labels and model",
        grids=(
            sources,
            lines(
                "First calls and reference labels",
                report.agreement.with_reference,
                "No patch with a first call has a reference label.",
            ),
            lines(
                "Readers and model, on patches that it was not trained on",
                report.agreement.with_model,
                "There is no model, or none of its calls may be counted.",
            ),
        ),
    )


def lines(caption: str, found: Sequence[AgreementLine], empty: str) -> Grid:
    """The statistics as a table; it names formulas only where one is told."""
    formulas = any(line.formula for line in found)
    columns = (
        text("Between", 26),
        text("Statistic", 22),
        number("Value (95 % interval)", 22),
        number("Patches", 8),
        text("Equals" if formulas else "", 22),
    )
    rows = (
        (
            line.between,
            line.statistic,
            words.figure(line.figure),
            words.count(line.figure.n),
            line.formula,
        )
        for line in found
    )
    return Grid(caption, columns, tuple(rows), empty=empty)


def matrix(found: Matrix) -> Grid:
    return Grid(
        f"{found.title}: rows {found.row}, columns {found.column}",
        (text(found.row), *map(number, found.names), number("All")),
        tuple(
            (name, *map(words.count, row), words.count(sum(row)))
            for name, row in zip(found.names, found.counts, strict=True)
        ),
    )


def _unless_empty(caption: str, found: Sequence[AgreementLine]) -> tuple[Grid, ...]:
    return (lines(caption, found, ""),) if found else ()
