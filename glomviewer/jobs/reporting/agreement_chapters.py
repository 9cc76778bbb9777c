"""The chapters on agreement: between readers, with oneself, with reference and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from glomviewer.domain.agreement.statistic import Statistic
from glomviewer.domain.report.agreement import (
    AgreementLine,
    CaseLine,
    ClassLine,
    HeldAgainst,
    Matrix,
    QuarterLine,
)
from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting import words
from glomviewer.jobs.reporting.footnotes import Footnotes
from glomviewer.jobs.reporting.pages import Chapter, Grid, number, text
from glomviewer.jobs.reporting.time_plot import time_plot
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
                between=34,
            ),
        ),
    )


def with_reference(report: StudyReport) -> Chapter:
    part = report.agreement
    sources = Grid(
        "Why reference labels count as true, patch by patch",
        (text("Source", 50), number("Counts now", 25), number("Judges readers and model", 25)),
        tuple(
            (one.source, words.count(one.now), words.count(one.judging)) for one in report.sources
        ),
        empty="No patch of this reading has a reference label.",
    )
    return Chapter(
        "Readers against reference labels and model",
        part.reference_rule,
        grids=(
            sources,
            _held_against(part.held_against),
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


def _held_against(found: Sequence[HeldAgainst]) -> Grid:
    return Grid(
        "What each reader's first calls were held against, and what was left out",
        (
            text("Reader", 16),
            number("Adjudi­cated", 12),
            number("All first calls agree", 12),
            number("Another reader's alone", 12),
            number("Imported", 12),
            number("Left out: his alone", 12),
            number("Left out: call in view", 12),
            number("Left out: calls differ", 12),
        ),
        tuple(
            (
                one.reader,
                *map(
                    words.count,
                    (
                        one.adjudicated,
                        one.agreed,
                        one.another,
                        one.imported,
                        one.own_alone,
                        one.in_view,
                        one.unsettled,
                    ),
                ),
            )
            for one in found
        ),
    )


def lines(
    caption: str, found: Sequence[AgreementLine], empty: str, between: int = _BETWEEN
) -> Grid:
    """One row for each whom a statistic is told of, and one column for each statistic."""
    statistics = tuple(dict.fromkeys(line.statistic for line in found))
    rows: dict[str, dict[str, Statistic]] = {}
    for line in found:
        rows.setdefault(line.between, {})[line.statistic] = line.figure
    width = (100 - between - _PATCHES) // max(1, len(statistics))
    rest = 100 - _PATCHES - width * len(statistics)
    notes = Footnotes()
    told = tuple(_line(who, figures, statistics, notes) for who, figures in rows.items())
    return Grid(
        caption,
        (
            text("Between", rest),
            number("Patches", _PATCHES),
            *(number(name, width) for name in statistics),
        ),
        told,
        note=notes.text,
        empty=empty,
    )


def _line(
    between: str, figures: dict[str, Statistic], statistics: Sequence[str], notes: Footnotes
) -> tuple[str, ...]:
    """A figure that rests on other patches than the rest of its row says on how many."""
    patches = max(figure.n for figure in figures.values())
    cells = (
        words.stacked(figures[name], patches, notes) if name in figures else words.NOTHING
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
    notes = Footnotes()
    grid = Grid(
        "By class: one label against all others together",
        (
            text("Between", 11),
            text("Label", 19),
            number("Calls", 7),
            number("Specific agreement", 21),
            number("Kappa", 21),
            number("AC1", 21),
        ),
        tuple(
            (
                line.between,
                line.label,
                words.count(line.calls),
                words.figure(line.specific, notes),
                words.figure(line.kappa, notes),
                words.figure(line.ac1, notes),
            )
            for line in found
        ),
    )
    return _noted(grid, "Kappa is Cohen's for two readers and Fleiss' for more.", notes)


def _cases(found: Sequence[CaseLine]) -> Grid:
    notes = Footnotes()
    grid = Grid(
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
                words.figure(line.raw, notes),
                words.figure(line.kappa, notes),
                words.figure(line.ac1, notes),
            )
            for line in sorted(found, key=lambda line: natural_key(line.case))
        ),
    )
    return _noted(grid, "Intervals are drawn by cases, so that a case by itself has none.", notes)


def _noted(grid: Grid, said: str, notes: Footnotes) -> Grid:
    return replace(grid, note="\n".join(filter(None, (said, notes.text))))


def _quarters(found: Sequence[QuarterLine]) -> Grid:
    notes = Footnotes()
    grid = Grid(
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
                words.rate(line.others, notes),
                words.rate(line.reference, notes),
                words.rate(line.positive, notes),
            )
            for line in found
        ),
    )
    return replace(grid, note=notes.text, picture=time_plot(found))


def matrix(found: Matrix) -> Grid:
    return Grid(
        f"{found.title}: rows {found.row}, columns {found.column}",
        (text(found.row), *map(number, found.names), number("All")),
        tuple(
            (name, *map(words.count, row), words.count(sum(row)))
            for name, row in zip(found.names, found.counts, strict=True)
        ),
    )
