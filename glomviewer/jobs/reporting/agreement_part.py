"""From the measures of agreement to the lines of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.reference import OWN_INSIDE, RULE, ReferenceAgreement
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import AgreementSummary
from glomviewer.domain.labels import LabelSet, ReferenceSource
from glomviewer.domain.records import Reader
from glomviewer.domain.report.agreement import (
    AgreementLine,
    AgreementPart,
    CaseLine,
    ClassLine,
    HeldAgainst,
    Matrix,
    QuarterLine,
)
from glomviewer.jobs.agreement_words import few_cases_sentence
from glomviewer.jobs.reporting.names import SafeNames
from glomviewer.jobs.reporting.words import counted

FORMULAS = (
    ("Raw agreement", "irrCAC, pa (the share of pairs of calls that are the same)"),
    (
        "Positive and negative agreement",
        "agreement specific to a category (Cicchetti and Feinstein 1990; Fleiss, Levin and Paik)",
    ),
    ("Cohen's kappa", "scikit-learn, cohen_kappa_score"),
    ("Fleiss' kappa", "statsmodels, fleiss_kappa; irrCAC, fleiss, where calls are missing"),
    ("Gwet's AC1", "irrCAC, gwet, with identity weights and the categories named above"),
    ("Krippendorff's alpha", "irrCAC, krippendorff, nominal"),
)

_PAIR = (
    Measure.RAW,
    Measure.POSITIVE,
    Measure.NEGATIVE,
    Measure.COHEN,
    Measure.AC1,
    Measure.ALPHA,
)
_ALL = tuple(Measure.FLEISS if one is Measure.COHEN else one for one in _PAIR)
_OF_TWO = (Measure.FLEISS, Measure.AC1, Measure.ALPHA)
_WITH_SOMETHING = _PAIR[:-1]
_WITH_ONESELF = (Measure.RAW, Measure.COHEN, Measure.AC1)
EVERYBODY = "all readers"


def agreement_part(summary: AgreementSummary, labels: LabelSet, names: SafeNames) -> AgreementPart:
    return AgreementPart(
        rule=_rule(summary),
        categories=tuple(labels.name_of(code) for code in summary.rule.categories),
        interval=_interval(summary),
        formulas=FORMULAS,
        headline=tuple(_headline(summary)),
        pairs=tuple(_of_pairs(summary)),
        everyone=tuple(_of_everyone(summary)),
        classes=tuple(_classes(summary, labels)),
        cases=tuple(_cases(summary, names)),
        quarters=tuple(_quarters(summary)),
        reference_rule=(RULE, OWN_INSIDE),
        held_against=tuple(map(_held_against, summary.reference)),
        with_reference=tuple(_with_reference(summary)),
        with_model=tuple(_with_model(summary)),
        with_oneself=tuple(_with_oneself(summary)),
        matrices=tuple(_matrices(summary, labels)),
    )


def named(reader: Reader) -> str:
    return f"{reader.name} ({reader.initials})" if reader.initials else reader.name


def short(reader: Reader, among: Sequence[Reader]) -> str:
    """His initials, where no other reader has the same."""
    alike = [one for one in among if one.initials == reader.initials]
    return reader.initials if reader.initials and len(alike) == 1 else reader.name


def matrix(title: str, row: str, column: str, found: Confusion, labels: LabelSet) -> Matrix:
    return Matrix(
        title,
        row,
        column,
        tuple(labels.name_of(code) for code in found.categories),
        tuple(tuple(counts) for counts in found.counts.tolist()),
    )


def _rule(summary: AgreementSummary) -> str:
    if not summary.left_out:
        return summary.rule.sentence
    return f"{summary.rule.sentence} {counted(summary.left_out, 'patch', 'patches')} left out."


def _interval(summary: AgreementSummary) -> str:
    if not summary.draws:
        return "No intervals were drawn."
    return (
        f"95 % intervals by bootstrap over cases: {counted(summary.draws, 'draw')} of whole cases, "
        f"percentiles, seed {summary.seed}. {few_cases_sentence(summary)}"
    ).strip()


def _lines(
    between: str, agreement: Agreement, measures: Sequence[Measure]
) -> Iterator[AgreementLine]:
    for measure in measures:
        yield AgreementLine(between, measure.words, agreement[measure])


def _pairs(summary: AgreementSummary) -> Iterator[tuple[str, str, Agreement]]:
    for pair in summary.pairs:
        first, second = (short(one, summary.readers) for one in (pair.first, pair.second))
        yield first, second, pair.agreement


def _of_pairs(summary: AgreementSummary) -> Iterator[AgreementLine]:
    for first, second, agreement in _pairs(summary):
        yield from _lines(f"{first} and {second}", agreement, _PAIR)


def _of_everyone(summary: AgreementSummary) -> Iterator[AgreementLine]:
    """Of two readers only what is not told of them as a pair, or may differ: a patch that one
    alone has called counts here for what could have been by chance."""
    if summary.pairs:
        measures = _ALL if len(summary.readers) > 2 else _OF_TWO
        yield from _lines(EVERYBODY, summary.everyone, measures)


def _headline(summary: AgreementSummary) -> Iterator[AgreementLine]:
    if len(summary.readers) == 2:
        for first, second, agreement in _pairs(summary):
            yield from _lines(f"{first} and {second}", agreement, (Measure.COHEN, Measure.AC1))
    elif len(summary.readers) > 2:
        yield from _lines(EVERYBODY, summary.everyone, (Measure.FLEISS, Measure.AC1))


def _classes(summary: AgreementSummary, labels: LabelSet) -> Iterator[ClassLine]:
    for one in summary.everyone.classes:
        name = labels.name_of(one.category)
        yield ClassLine(EVERYBODY, name, one.calls, one.specific, one.kappa, one.ac1)


def _cases(summary: AgreementSummary, names: SafeNames) -> Iterator[CaseLine]:
    kappa = Measure.COHEN if len(summary.readers) == 2 else Measure.FLEISS
    for one in summary.cases:
        yield CaseLine(
            names.case(one.case),
            one.agreement.compared,
            one.disputed,
            one.agreement[Measure.RAW],
            one.agreement[kappa],
            one.agreement[Measure.AC1],
        )


def _quarters(summary: AgreementSummary) -> Iterator[QuarterLine]:
    for one in summary.over_time:
        for part in one.quarters:
            yield QuarterLine(
                named(one.reader),
                part.number,
                part.calls,
                part.others,
                part.reference,
                part.positive,
            )


def _held_against(one: ReferenceAgreement) -> HeldAgainst:
    source = ReferenceSource
    return HeldAgainst(
        reader=named(one.reader),
        adjudicated=one.sources.get(source.ADJUDICATED, 0),
        agreed=one.sources.get(source.READERS_AGREE, 0),
        another=one.sources.get(source.SINGLE_READER, 0),
        imported=one.sources.get(source.IMPORTED, 0),
        own_alone=one.own_alone,
        in_view=one.in_view,
        unsettled=one.unsettled,
    )


def _with_reference(summary: AgreementSummary) -> Iterator[AgreementLine]:
    for one in summary.reference:
        who = short(one.reader, summary.readers)
        yield from _lines(f"{who} and reference", one.agreement, _WITH_SOMETHING)


def _with_model(summary: AgreementSummary) -> Iterator[AgreementLine]:
    for one in summary.model:
        who = f"{short(one.reader, summary.readers)} and model"
        yield from _lines(f"{who}, all first calls", one.before, _WITH_SOMETHING)
        if one.revealed_before.compared:
            yield from _lines(f"{who}, before the reveal", one.revealed_before, _WITH_SOMETHING)
            yield from _lines(f"{who}, after the reveal", one.revealed_after, _WITH_SOMETHING)


def _with_oneself(summary: AgreementSummary) -> Iterator[AgreementLine]:
    for one in summary.own:
        for agreement, when in (
            (one.blind, ""),
            (one.after_reveal, ", model's call revealed in between"),
        ):
            if agreement.compared:
                yield from _lines(f"{named(one.reader)}{when}", agreement, _WITH_ONESELF)


def _matrices(summary: AgreementSummary, labels: LabelSet) -> Iterator[Matrix]:
    for first, second, agreement in _pairs(summary):
        if agreement.confusion is not None:
            yield matrix(f"{first} and {second}", first, second, agreement.confusion, labels)
