"""All that is told of a table of ratings, in one call."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.rule import AppliedRule, UnsureRule
from glomviewer.domain.agreement.statistic import Share, Statistic
from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.records import Reader


@dataclass(frozen=True, slots=True)
class PairAgreement:
    first: Reader
    second: Reader
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class CaseAgreement:
    """All readers on one case; `disputed` patches have two calls that differ. No intervals:
    they are drawn by cases, and this is one."""

    case: str
    disputed: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Quarter:
    """A fourth of one reader's first calls, in his own order; `number` runs from 1 to 4.

    `others` is his raw agreement with each other reader's call of the same patches, `reference`
    that with the reference label; `sclerotic` the share that he called globally sclerotic.
    """

    number: int
    calls: int
    others: Statistic
    reference: Statistic
    sclerotic: Share


@dataclass(frozen=True, slots=True)
class TimeAgreement:
    reader: Reader
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """A reader against himself, by the hidden repeats. `blind` has those that he called again
    before he had seen the model's call of the patch; `after_reveal` the others, told apart."""

    reader: Reader
    blind: Agreement
    after_reveal: Agreement


@dataclass(frozen=True, slots=True)
class ReferenceAgreement:
    """A reader's first calls against the reference label. `sources` count what it rested on;
    `own_alone` patches are left out, for there it is his own label and nothing else."""

    reader: Reader
    agreement: Agreement
    sources: dict[ReferenceSource, int]
    own_alone: int


@dataclass(frozen=True, slots=True)
class Reveals:
    """What reveals did, on patches that the model was not trained on, where a first call, the
    model's call, a final call and a reference label are all there. Right and wrong are by the
    reference label.

    `changed`: final differs from first, of all; `overturned`: right at first and wrong at last,
    of those right at first; `overturned_by_wrong`: the same, of those right at first where the
    model was wrong; `repaired`: wrong at first and right at last, of those wrong at first;
    `repaired_by_right`: the same, of those wrong at first where the model was right.
    """

    changed: Share
    overturned: Share
    overturned_by_wrong: Share
    repaired: Share
    repaired_by_right: Share


@dataclass(frozen=True, slots=True)
class ModelAgreement:
    """A reader against the model, on patches that it has not been trained on.

    `before`: his first calls, of every patch; `revealed_before` and `revealed_after`: his first
    and his final calls of the same patches, those with a first call and then a reveal.
    `trained_on` patches are left out; `shown_at_once` have no call that precedes the model's.
    """

    reader: Reader
    before: Agreement
    revealed_before: Agreement
    revealed_after: Agreement
    reveals: Reveals
    trained_on: int
    shown_at_once: int


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """`draws` is 0 where no intervals were asked for. `left_out` patches fell to the rule.
    `model` is empty where no model's calls are in the table."""

    rule: AppliedRule
    readers: tuple[Reader, ...]
    patches: int
    left_out: int
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


# summarise(table: RatingTable, labels: LabelSet, rule: UnsureRule = DEFAULT_RULE, *,
#           draws: int = 0, seed: int = 0, progress: Progress = ..., cancelled: Cancelled = ...)
# -> AgreementSummary; raises Stopped when cancelled() becomes true. progress(done, all).
__all__ = ["AgreementSummary", "UnsureRule"]
