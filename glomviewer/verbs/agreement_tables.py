"""How well readers agree as tables for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.parties import number_of_readers
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.jobs.agreement_words import (
    SHORT,
    basis,
    figure_text,
    headline,
    intervals_sentence,
    kappa_of,
    left_out_of_model,
    model_sentence,
    nothing_counts,
    reference_rule,
    remarks,
    rule_sentence,
    share_text,
    sources_text,
    unjudged_sentence,
)
from glomviewer.jobs.measured_agreement import Measured

OF_TWO = (Measure.COHEN, Measure.AC1, Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE)
OF_ONESELF = (Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE, Measure.COHEN, Measure.AC1)

Rows = list[tuple[str, ...]]
Figures = list[tuple[str, Statistic]]


def lines_of(measured: Measured, reading: str, by: str | None) -> list[str]:
    """What a reading, or all labels where its name is "", has to say: all, or one breakdown."""
    summary = measured.summary
    lines = [
        reading or "All labels of the library",
        headline(measured),
        basis(measured),
        rule_sentence(summary),
        intervals_sentence(summary),
    ]
    lines = [line for line in lines if line]
    if not number_of_readers(measured.counted):
        return [*lines, nothing_counts(measured)[1]]
    if by is not None:
        return [*lines, *PARTS[by](measured)]
    together = number_of_readers(measured.counted) > 1
    parts = (_everyone, _pairs) if together else ()
    for part in (*parts, _oneself, _reference, _model):
        lines += part(measured)
    return lines


def _everyone(measured: Measured) -> list[str]:
    everyone = measured.summary.everyone
    left_out = Measure.FLEISS if len(everyone.raters) == 2 else Measure.COHEN
    wanted = [measure for measure in Measure if measure is not left_out]
    rows: Rows = [
        (measure.words, figure_text(everyone[measure]), f"{everyone[measure].n:,}")
        for measure in wanted
    ]
    return _table(
        "all readers",
        ("", "95 % interval", "patches"),
        rows,
        [(measure.words, everyone[measure]) for measure in wanted],
    )


def _pairs(measured: Measured) -> list[str]:
    rows: Rows = []
    figures: Figures = []
    for pair in measured.summary.pairs:
        _add_two(rows, figures, f"{pair.first.name} and {pair.second.name}", pair.agreement)
    return _table("two readers at a time", _heads_of_two(), rows, figures)


def _oneself(measured: Measured) -> list[str]:
    rows: Rows = []
    figures: Figures = []
    for one in measured.summary.own:
        for agreement, when in (
            (one.blind, ""),
            (one.after_reveal, ", model's call revealed in between"),
        ):
            if agreement.compared:
                _add_two(rows, figures, f"{one.reader.name}{when}", agreement, OF_ONESELF)
    heads = _heads_of_two(OF_ONESELF)
    return _table("against oneself, by hidden repeats", heads, rows, figures)


def _reference(measured: Measured) -> list[str]:
    rows: Rows = []
    figures: Figures = []
    told = [reference_rule(measured.summary)]
    for one in measured.summary.reference:
        if one.agreement.compared:
            _add_two(rows, figures, one.reader.name, one.agreement)
            told.append(f"{one.reader.name}: {sources_text(one)}.")
    return _table("against the reference label", _heads_of_two(), rows, figures, told)


def _model(measured: Measured) -> list[str]:
    rows: Rows = []
    figures: Figures = []
    summary = measured.summary
    told = [model_sentence(measured), left_out_of_model(summary), unjudged_sentence(summary)]
    for one in measured.summary.model:
        for agreement, when in (
            (one.before, "all first calls"),
            (one.revealed_before, "before the reveal"),
            (one.revealed_after, "after the reveal"),
        ):
            if agreement.compared:
                _add_two(rows, figures, f"{one.reader.name}, {when}", agreement)
        if one.revealed_before.compared:
            told += [
                f"{one.reader.name}, {field.name.replace('_', ' ')}: "
                f"{share_text(getattr(one.reveals, field.name))}"
                for field in fields(one.reveals)
            ]
    return _table("against the model", _heads_of_two(), rows, figures, told)


def _classes(measured: Measured) -> list[str]:
    everyone, names = measured.summary.everyone, measured.summary.rule.names
    rows: Rows = []
    figures: Figures = []
    for one in everyone.classes:
        name = names[one.category]
        told = {"specific agreement": one.specific, "kappa": one.kappa, "AC1": one.ac1}
        rows.append((name, f"{one.calls:,}", *map(figure_text, told.values())))
        figures += [(f"{what} on {name}", figure) for what, figure in told.items()]
    heads = ("", "calls", "specific agreement", kappa_of(everyone).words, "AC1")
    return _table("label by label, each against all others", heads, rows, figures)


def _cases(measured: Measured) -> list[str]:
    kappa = kappa_of(measured.summary.everyone)
    shown = (Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE, kappa, Measure.AC1)
    rows: Rows = []
    figures: Figures = []
    for one in sorted(measured.summary.cases, key=lambda case: -case.disputed):
        cells = (figure_text(one.agreement[measure]) for measure in shown)
        rows.append((one.case, f"{one.agreement.compared:,}", f"{one.disputed:,}", *cells))
        figures += [
            (f"{SHORT[measure]} of {one.case}", one.agreement[measure]) for measure in shown
        ]
    heads = ("", "patches", "differ", *(SHORT[measure] for measure in shown))
    return _table("case by case, most disputed first", heads, rows, figures)


def _time(measured: Measured) -> list[str]:
    rows: Rows = []
    for one in measured.summary.over_time:
        for quarter in one.quarters:
            if quarter.calls:
                shares = (quarter.others, quarter.reference, quarter.positive)
                texts = map(share_text, shares)
                rows.append((one.reader.name, str(quarter.number), f"{quarter.calls:,}", *texts))
    heads = ("", "quarter", "calls", "same as others", "same as reference", "called sclerotic")
    return _table("over time, in each reader's own order", heads, rows, [])


PARTS: dict[str, Callable[[Measured], list[str]]] = {
    "pair": _pairs,
    "case": _cases,
    "class": _classes,
    "time": _time,
}


def _heads_of_two(measures: Sequence[Measure] = OF_TWO) -> tuple[str, ...]:
    return ("", "patches", *(SHORT[measure] for measure in measures))


def _add_two(
    rows: Rows,
    figures: Figures,
    name: str,
    agreement: Agreement,
    measures: Sequence[Measure] = OF_TWO,
) -> None:
    told = (figure_text(agreement[one]) for one in measures)
    rows.append((name, f"{agreement.compared:,}", *told))
    figures += [(f"{SHORT[measure]} of {name}", agreement[measure]) for measure in measures]


def _table(
    title: str, heads: Sequence[str], rows: Rows, figures: Figures, told: Sequence[str] = ()
) -> list[str]:
    """Aligned columns under a title, and what is to be said of them; nothing without rows."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    notes = [*told, *remarks(figures)]
    return [
        "",
        title,
        *_aligned([tuple(heads), *rows], widths),
        *(f"  {one}" for one in notes if one),
    ]


def _aligned(rows: Rows, widths: Sequence[int]) -> Iterator[str]:
    for name, *cells in rows:
        columns = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {'  '.join(columns)}".rstrip()
