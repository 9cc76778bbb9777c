"""The chapters on agreement: between readers, with oneself, with reference and model."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.agreement.statistic import Statistic
from glomviewer.domain.report.agreement import (
    AgreementLine,
    CaseLine,
    ClassLine,
    Matrix,
    QuarterLine,
)
from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting import words
from glomviewer.jobs.reporting.pages import Chapter, Grid, number, text
from glomviewer.store.scanning import natural_key

_BETWEEN = 14
_PATCHES = 8
"""How wide these columns are, in percent."""


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
        lines(
            "Each two readers, on first calls, with 95 % intervals below",
            part.pairs,
            "No two readers read the same patch.",
        ),
        lines("All readers, on first calls, with 95 % intervals below", part.everyone, ""),
        _formulas(part.formulas),
        _classes(part.classes),
        _cases(part.cases),
        _quarters(part.quarters),
        *map(matrix, part.matrices),
    )
    shown = tuple(grid for grid in grids if grid.rows or grid.empty)
    return Chapter("Agreement between readers", tuple(filter(None, sentences)), grids=shown)


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
    """One row for each whom a statistic is told of, and one column for each statistic."""
    statistics = tuple(dict.fromkeys(line.statistic for line in found))
    rows: dict[str, dict[str, Statistic]] = {}
    for line in found:
        rows.setdefault(line.between, {})[line.statistic] = line.figure
    width = (100 - _BETWEEN - _PATCHES) // max(1, len(statistics))
    return Grid(
        caption,
        (
            text("Between", _BETWEEN),
            number("Patches", _PATCHES),
            *(number(name, width) for name in statistics),
        ),
        tuple(_line(between, figures, statistics) for between, figures in rows.items()),
        empty=empty,
    )


def _line(
    between: str, figures: dict[str, Statistic], statistics: Sequence[str]
) -> tuple[str, ...]:
    """A figure that rests on other patches than the rest of its row says on how many."""
    patches = max(figure.n for figure in figures.values())
    cells = (
        words.stacked(figures[name], patches) if name in figures else words.NOTHING
        for name in statistics
    )
    return between, words.count(patches), *cells


def _formulas(found: Sequence[tuple[str, str]]) -> Grid:
    return Grid(
        "What each statistic equals on the same table, to 1e-6",
        (text("Statistic", 34), text("Equals", 66)),
        tuple(found),
    )


def _classes(found: Sequence[ClassLine]) -> Grid:
    return Grid(
        "By class: one label against all others together",
        (
            text("Between", 17),
            text("Label", 19),
            number("Calls", 7),
            number("Specific agreement", 19),
            number("Kappa", 19),
            number("AC1", 19),
        ),
        tuple(
            (
                line.between,
                line.label,
                words.count(line.calls),
                words.figure(line.specific),
                words.figure(line.kappa),
                words.figure(line.ac1),
            )
            for line in found
        ),
        note="Kappa is Cohen's for two readers and Fleiss' for more.",
    )


def _cases(found: Sequence[CaseLine]) -> Grid:
    return Grid(
        "By case, all readers",
        (
            text("Case", 22),
            number("Patches", 10),
            number("First calls differ", 11),
            number("Raw agreement", 19),
            number("Kappa", 19),
            number("AC1", 19),
        ),
        tuple(
            (
                line.case,
                words.count(line.compared),
                words.count(line.disputed),
                words.figure(line.raw),
                words.figure(line.kappa),
                words.figure(line.ac1),
            )
            for line in sorted(found, key=lambda line: natural_key(line.case))
        ),
        note="Intervals are drawn by cases, so that a case by itself has none.",
    )


def _quarters(found: Sequence[QuarterLine]) -> Grid:
    return Grid(
        "Over time, in four parts of each reader's own order",
        (
            text("Reader", 22),
            number("Quarter", 8),
            number("Calls", 8),
            number("Same as other readers", 21),
            number("Same as the reference label", 21),
            number("Globally sclerotic", 20),
        ),
        tuple(
            (
                line.reader,
                str(line.quarter),
                words.count(line.calls),
                words.rate(line.others),
                words.rate(line.reference),
                words.rate(line.positive),
            )
            for line in found
        ),
    )


def matrix(found: Matrix) -> Grid:
    return Grid(
        f"{found.title}: rows {found.row}, columns {found.column}",
        (text(found.row), *map(number, found.names), number("All")),
        tuple(
            (name, *map(words.count, row), words.count(sum(row)))
            for name, row in zip(found.names, found.counts, strict=True)
        ),
    )
