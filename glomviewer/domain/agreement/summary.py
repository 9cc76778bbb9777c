"""All that is told of a table of ratings, in one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.by_case import CaseAgreement, cases_of, disputed_among
from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.counted_table import CountedTable
from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.model import TABLES, ModelAgreement, against_model
from glomviewer.domain.agreement.over_time import TimeAgreement, over_time
from glomviewer.domain.agreement.pairs import agreement_of_two, all_pairs
from glomviewer.domain.agreement.ratings import Ids, RatingTable
from glomviewer.domain.agreement.reference import ReferenceAgreement, against_reference
from glomviewer.domain.agreement.repeated import SelfAgreement, against_himself
from glomviewer.domain.agreement.rule import DEFAULT_RULE, AppliedRule, UnsureRule
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import Reader


@dataclass(frozen=True, slots=True)
class PairAgreement:
    first: Reader
    second: Reader
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """Only first calls count, but for `model`, which also tells of final ones.

    `patches` are those with a first call of anyone, `left_out` those that fell to the rule,
    `disputed` the ids of those with two first calls that differ. `model` is empty where the
    table has no model's call. `draws` is 0 where no intervals were asked for.
    """

    rule: AppliedRule
    readers: tuple[Reader, ...]
    patches: int
    left_out: int
    disputed: Ids
    everyone: Agreement
    pairs: tuple[PairAgreement, ...]
    cases: tuple[CaseAgreement, ...]
    over_time: tuple[TimeAgreement, ...]
    own: tuple[SelfAgreement, ...]
    reference: tuple[ReferenceAgreement, ...]
    model: tuple[ModelAgreement, ...]
    model_title: str
    draws: int
    seed: int


def summarise(
    table: RatingTable,
    labels: LabelSet,
    rule: UnsureRule = DEFAULT_RULE,
    plan: Bootstrap | None = None,
) -> AgreementSummary:
    """Compute everything; with a `plan` every figure but those by case gets an interval.

    Raises:
        Stopped: `plan.cancelled` answered True between two blocks of draws.
    """
    return summary_of(CountedTable.of(table, labels, rule), plan)


def summary_of(counted: CountedTable, plan: Bootstrap | None = None) -> AgreementSummary:
    """The same of a table that a rule has been applied to."""
    table, ratings = counted.table, counted.everyone()
    readers = range(len(table.readers))
    pairs = all_pairs(len(readers))
    with_model = bool((table.call >= 0).any())
    plans = _plans(plan, 1 + len(pairs) + len(readers) * (4 + TABLES * with_model))
    positive = counted.rule.positive
    return AgreementSummary(
        rule=counted.rule,
        readers=table.readers,
        patches=int((table.first >= 0).any(axis=1).sum()),
        left_out=int(counted.left_out.sum()),
        disputed=table.patches[disputed_among(counted.first)],
        everyone=agreement_of(ratings, positive, next(plans)),
        pairs=tuple(
            PairAgreement(
                table.readers[first],
                table.readers[second],
                agreement_of_two(ratings.of_raters(first, second), positive, next(plans)),
            )
            for first, second in pairs
        ),
        cases=cases_of(counted),
        over_time=tuple(over_time(counted, reader, next(plans)) for reader in readers),
        own=tuple(against_himself(counted, reader, next(plans), next(plans)) for reader in readers),
        reference=tuple(against_reference(counted, reader, next(plans)) for reader in readers),
        model=tuple(against_model(counted, reader, plans) for reader in readers if with_model),
        model_title=table.model,
        draws=0 if plan is None else plan.draws,
        seed=0 if plan is None else plan.seed,
    )


def _plans(plan: Bootstrap | None, tables: int) -> Iterator[Bootstrap | None]:
    """One for each table that intervals are drawn from."""
    if plan is None:
        return repeat(None)
    return iter([plan.part(number, tables) for number in range(tables)])
