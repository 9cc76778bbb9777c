"""What a window and a shell say of how well readers agree, in sentences. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.parties import number_of_readers
from glomviewer.domain.agreement.reference import OWN_INSIDE, RULE, ReferenceAgreement
from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.domain.agreement.statistic import Caution, Measure, Share, Statistic
from glomviewer.domain.agreement.summary import AgreementSummary
from glomviewer.domain.comparison.bootstrap import RELIABLE_FROM_GROUPS
from glomviewer.domain.labels import ReferenceSource
from glomviewer.jobs.measured_agreement import Measured

MINUS = "−"
FOR_REVIEW = "For review, not for diagnosis."
NOT_DEFINED = "not defined"

RULE_NAMES = {
    UnsureRule.OWN_CATEGORIES: "as categories of their own",
    UnsureRule.NOT_READ: "as if not read",
    UnsureRule.PATCH_LEFT_OUT: "left out with their patches",
}
SHORT = {
    Measure.RAW: "raw agreement",
    Measure.POSITIVE: "positive",
    Measure.NEGATIVE: "negative",
    Measure.COHEN: "Cohen's kappa",
    Measure.FLEISS: "Fleiss' kappa",
    Measure.AC1: "AC1",
    Measure.ALPHA: "alpha",
}
SOURCES = {
    ReferenceSource.ADJUDICATED: "adjudicated",
    ReferenceSource.READERS_AGREE: "on which all first calls agree",
    ReferenceSource.SINGLE_READER: "another reader's alone",
    ReferenceSource.IMPORTED: "imported",
}


def value_text(value: float, digits: int = 3) -> str:
    text = f"{value:.{digits}f}"
    return (text if float(text) else text.lstrip("-")).replace("-", MINUS)


def figure_text(one: Statistic, digits: int = 3) -> str:
    """`0.642 (0.281 to 0.874)`, the value alone without an interval, or "not defined". A value
    that must not stand by itself says so: `0.642 (-0.1 to 1.0), few`, `0.000 by construction`."""
    if one.value is None:
        return NOT_DEFINED
    return one.cautioned(_bounded_text(one, one.value, digits))


def _bounded_text(one: Statistic, value: float, digits: int) -> str:
    if one.low is None or one.high is None:
        return value_text(value, digits)
    low, high = (value_text(end, digits) for end in (one.low, one.high))
    return f"{value_text(value, digits)} ({low} to {high})"


def share_text(one: Share) -> str:
    """`3 of 40, 0.075 (0.021 to 0.142)`, or "none" where there is no denominator."""
    return f"{one.count:,} of {one.of:,}, {figure_text(one.share)}" if one.of else "none"


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def kappa_of(agreement: Agreement) -> Measure:
    """Cohen's for two readers, Fleiss' for more."""
    return Measure.COHEN if len(agreement.raters) == 2 else Measure.FLEISS


def headline(measured: Measured) -> str:
    """What a colleague would say first."""
    summary, readers = measured.summary, number_of_readers(measured.counted)
    if not readers:
        return nothing_counts(measured)[0]
    if readers == 1:
        return f"Only {_reader_with_calls(measured)} has read here so far."
    everyone = summary.everyone
    if not everyone.compared:
        return f"{readers} readers have read, but no patch has been called by two of them."
    agreed = everyone.compared - len(summary.disputed)
    patches = f"{agreed:,} of {counted(everyone.compared, 'patch', 'patches')}"
    kappa = kappa_of(everyone)
    first = _spoken("Kappa" if kappa is Measure.COHEN else "Fleiss' kappa", everyone[kappa])
    return (
        f"{readers} readers agree on {patches}. {first}, {_spoken('AC1', everyone[Measure.AC1])}."
    )


def nothing_counts(measured: Measured) -> tuple[str, str]:
    """Why there is no call that counts: what is so, and what would change it."""
    table = measured.counted.table
    if (table.first >= 0).any():
        return "By this rule no call counts.", "Another rule may leave some."
    if (table.final >= 0).any():
        return (
            "No call counts here.",
            "Each was made with the model's call known, and only calls from before that count.",
        )
    return (
        "Nobody has read here yet.",
        "As soon as two readers have called the same patches, one finds here how well they agree: "
        "with each other, with themselves, with the reference label and with the model.",
    )


def basis(measured: Measured) -> str:
    """What was counted: `312 patches of 14 cases; 300 were called by two readers or more.`"""
    summary = measured.summary
    table = measured.counted.table
    cases = len(set(table.case[(table.first >= 0).any(axis=1)].tolist()) - {-1})
    text = counted(summary.patches, "patch", "patches")
    if cases:
        text += f" of {counted(cases, 'case')}"
    text += f"; {summary.everyone.compared:,} called by two readers or more."
    if summary.left_out:
        text += f" {counted(summary.left_out, 'patch', 'patches')} left out by the rule."
    return text


def rule_sentence(summary: AgreementSummary) -> str:
    """The rule, and the list that chance is told by."""
    names = summary.rule.names
    listed = ", ".join(names[code] for code in summary.rule.categories)
    return f"{summary.rule.sentence} AC1 takes {len(summary.rule.categories)} categories: {listed}."


def intervals_sentence(summary: AgreementSummary) -> str:
    if not summary.draws:
        return ""
    text = f"95 % intervals from {summary.draws:,} draws of whole cases."
    return f"{text} {few_cases_sentence(summary)}".strip()


def few_cases_sentence(summary: AgreementSummary) -> str:
    """That there are too few cases to draw from; "" where there are enough."""
    cases = summary.everyone.cases
    if len(summary.readers) < 2 or not cases or summary.everyone.reliable:
        return ""
    are = "case is" if cases == 1 else "cases are"
    return f"{cases} {are} fewer than {RELIABLE_FROM_GROUPS}: take the intervals as unreliable."


def model_sentence(measured: Measured) -> str:
    """The model, its threshold, and what its calls are for; "" without a model."""
    table = measured.counted.table
    if not table.model:
        return ""
    at = ""
    if table.threshold is not None:
        at = f", called sclerotic from {probability_text(table.threshold)} on"
    return f"{table.model}{at}. {FOR_REVIEW}"


def probability_text(logit: float) -> str:
    chance = 1.0 / (1.0 + math.exp(-logit)) if logit > -700 else 0.0
    return f"{chance:.2f}" if 0.01 <= chance <= 0.99 else f"{chance:.4f}"


def left_out_of_model(summary: AgreementSummary) -> str:
    """Which called patches say nothing about a reader and the model."""
    trained = max((one.trained_on for one in summary.model), default=0)
    at_once = sum(one.shown_at_once for one in summary.model)
    parts = []
    if trained:
        parts.append(f"{counted(trained, 'patch', 'patches')} that it was trained on")
    if at_once:
        parts.append(f"{counted(at_once, 'label')} given with the call in view from the start")
    return f"Left out: {' and '.join(parts)}." if parts else ""


def unjudged_sentence(summary: AgreementSummary) -> str:
    """How many changes after a reveal are in no rate; "" where all are."""
    changed = sum(one.reveals.changed.count for one in summary.model)
    unjudged = changed - sum(one.judged_changes for one in summary.model)
    if not unjudged:
        return ""
    return (
        f"{unjudged:,} of {counted(changed, 'change')} {'is' if unjudged == 1 else 'are'} on "
        "patches without such a label and judged by nothing."
    )


def sources_text(one: ReferenceAgreement) -> str:
    """`80 on which all first calls agree, 12 adjudicated; left out: 3 that he alone has called`"""
    parts = [f"{number:,} {SOURCES.get(source, '')}" for source, number in one.sources.items()]
    out = [
        f"{number:,} {why}"
        for number, why in (
            (one.own_alone, "that he alone has called"),
            (one.in_view, "adjudicated with the model's call in view"),
            (one.unsettled, "on which first calls differ"),
        )
        if number
    ]
    left_out = f"; left out: {', '.join(out)}" if out else ""
    return f"{', '.join(parts) or 'nothing'}{left_out}"


def reference_rule(summary: AgreementSummary) -> str:
    """What counts as true here, and where that comes from his own call."""
    agreed = any(ReferenceSource.READERS_AGREE in one.sources for one in summary.reference)
    return f"{RULE} {OWN_INSIDE}" if agreed else RULE


def remarks(figures: Iterable[tuple[str, Statistic]]) -> list[str]:
    """Why figures, each with its name, are not defined or have no interval, reason by reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, one in figures:
        for kind, reason in _reasons(one):
            found.setdefault((kind, reason), []).append(name)
    return [f"{kind}{_listed(names)}: {reason}." for (kind, reason), names in found.items()]


def reason_of(one: Statistic) -> str:
    """All that is to be known of one figure, for the mouse; "" for nothing."""
    parts = [f"{kind}{reason}." for kind, reason in _reasons(one)]
    if one.undefined_draws and one.defined:
        draws = counted(one.undefined_draws, "draw")
        parts.append(f"Not defined in {draws}, which took no part.")
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def _reasons(one: Statistic) -> Iterator[tuple[str, str]]:
    if one.value is None:
        yield "Not defined: ", one.reason
        return
    if one.reason and one.caution is not Caution.FIXED:
        yield "No interval: ", one.reason.removeprefix("no interval: ")
    if one.note:
        yield "", one.note


def _listed(names: list[str], most: int = 3) -> str:
    more = len(names) - most
    told = ", ".join(names[:most])
    return f"{told} and {more} more" if more > 0 else told


def _spoken(name: str, one: Statistic) -> str:
    if one.value is None:
        return f"{name} is not defined, for {one.reason}"
    plain = _bounded_text(one, one.value, 2)
    if one.caution is Caution.FEW:
        return f"{name}, from too few patches, {plain}"
    return f"{name} {plain} {one.caution}".strip()


def _reader_with_calls(measured: Measured) -> str:
    readers, first = measured.summary.readers, measured.counted.first
    return next(one.name for place, one in enumerate(readers) if (first[:, place] >= 0).any())
