"""All that is known of how well readers agree, as an object for machines."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.model import ModelAgreement
from glomviewer.domain.agreement.reference import ReferenceAgreement
from glomviewer.domain.agreement.statistic import Share, Statistic
from glomviewer.domain.records import Reader
from glomviewer.jobs.agreement_words import headline, reference_rule, rule_sentence
from glomviewer.jobs.measured_agreement import Measured

Facts = dict[str, Any]


def facts_of(measured: Measured, reading: str) -> Facts:
    """`reading` is its name, "" for all labels."""
    summary, table = measured.summary, measured.counted.table
    names = summary.rule.names
    return {
        "reading": reading or None,
        "sentence": headline(measured),
        "rule": summary.rule.rule.value,
        "rule_sentence": rule_sentence(summary),
        "categories": [{"code": code, "name": names[code]} for code in summary.rule.categories],
        "draws": summary.draws,
        "seed": summary.seed,
        "readers": [_reader(one) for one in summary.readers],
        "patches": summary.patches,
        "left_out": summary.left_out,
        "disputed": summary.disputed.tolist(),
        "all": _agreement(summary.everyone),
        "pairs": [
            {
                "first": pair.first.name,
                "second": pair.second.name,
                **_agreement(pair.agreement),
            }
            for pair in summary.pairs
        ],
        "self": [
            {
                "reader": one.reader.name,
                "blind": _agreement(one.blind),
                "after_reveal": _agreement(one.after_reveal),
            }
            for one in summary.own
        ],
        "reference_rule": reference_rule(summary),
        "reference": [_reference(one) for one in summary.reference],
        "model": {
            "title": table.model or None,
            "threshold_logit": table.threshold,
            "purpose": "for review, not for diagnosis",
            "readers": [_model(one) for one in summary.model],
        },
        "cases": [
            {"case": one.case, "disputed": one.disputed, **_agreement(one.agreement)}
            for one in summary.cases
        ],
        "time": [
            {
                "reader": one.reader.name,
                "quarters": [
                    {
                        "quarter": quarter.number,
                        "calls": quarter.calls,
                        "others": _share(quarter.others),
                        "reference": _share(quarter.reference),
                        "positive": _share(quarter.positive),
                    }
                    for quarter in one.quarters
                ],
            }
            for one in summary.over_time
        ],
    }


def _reader(reader: Reader) -> Facts:
    return {"name": reader.name, "initials": reader.initials}


def _agreement(one: Agreement) -> Facts:
    facts: Facts = {
        "read": one.read,
        "compared": one.compared,
        "cases": one.cases,
        "statistics": {measure.value: _statistic(one[measure]) for measure in one.statistics},
    }
    if one.classes:
        facts["classes"] = [
            {
                "category": each.category,
                "calls": each.calls,
                "specific": _statistic(each.specific),
                "kappa": _statistic(each.kappa),
                "ac1": _statistic(each.ac1),
            }
            for each in one.classes
        ]
    if one.confusion is not None:
        facts["confusion"] = _confusion(one.confusion)
    return facts


def _confusion(one: Confusion) -> Facts:
    """Rows are the calls of the first, columns those of the second."""
    return {
        "rows": one.raters[0],
        "columns": one.raters[1],
        "categories": list(one.categories),
        "counts": one.counts.tolist(),
    }


def statistic_facts(one: Statistic) -> Facts:
    """One figure with its interval, and what is to be known of it."""
    return {
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "patches": one.n,
        "reason": one.reason or None,
        "note": one.note or None,
        "caution": one.caution.value or None,
    }


def _statistic(one: Statistic) -> Facts:
    return {**statistic_facts(one), "undefined_draws": one.undefined_draws}


def _share(one: Share) -> Facts:
    return {"count": one.count, "of": one.of, **_statistic(one.share)}


def _reference(one: ReferenceAgreement) -> Facts:
    return {
        "reader": one.reader.name,
        "sources": {source.name.lower(): number for source, number in one.sources.items()},
        "left_out": {
            "own_alone": one.own_alone,
            "adjudicated_with_call_in_view": one.in_view,
            "first_calls_differ": one.unsettled,
        },
        **_agreement(one.agreement),
    }


def _model(one: ModelAgreement) -> Facts:
    return {
        "reader": one.reader.name,
        "before": _agreement(one.before),
        "revealed_before": _agreement(one.revealed_before),
        "revealed_after": _agreement(one.revealed_after),
        "reveals": {
            field.name: _share(getattr(one.reveals, field.name)) for field in fields(one.reveals)
        },
        "judged_changes": one.judged_changes,
        "trained_on": one.trained_on,
        "shown_at_once": one.shown_at_once,
    }
