"""How well readers agreed, as a report says it."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.agreement.statistic import Share, Statistic


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One statistic, and between whom."""

    between: str
    statistic: str
    figure: Statistic


@dataclass(frozen=True, slots=True)
class ClassLine:
    """On one label against all others together; `calls` are all calls of it."""

    between: str
    label: str
    calls: int
    specific: Statistic
    kappa: Statistic
    ac1: Statistic


@dataclass(frozen=True, slots=True)
class CaseLine:
    """All readers on one case: how many of its patches two of them called, and on how many of
    those they differ. Intervals are drawn by cases, so that one case has none."""

    case: str
    compared: int
    disputed: int
    raw: Statistic
    kappa: Statistic
    ac1: Statistic


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A fourth of a reader's first calls, in his own order: the shares that are the same as
    other readers' calls, the same as the reference label, and globally sclerotic."""

    reader: str
    quarter: int
    calls: int
    others: Share
    reference: Share
    positive: Share


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """What a reader's first calls were held against, and which were held against nothing.

    `adjudicated`, `agreed` (by all first calls), `another` reader's alone, `imported`; left out
    are those that are his `own_alone`, adjudicated with the model's call `in_view`, and
    `unsettled` ones, where first calls differ.
    """

    reader: str
    adjudicated: int
    agreed: int
    another: int
    imported: int
    own_alone: int
    in_view: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts of patches by two calls, shape (names, names): rows by `row`, columns by `column`."""

    title: str
    row: str
    column: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class AgreementPart:
    """All of it, with the rules by which it was counted.

    `categories` is the list that Gwet's AC1 took; `interval` says how intervals were drawn.
    `formulas` name for each statistic what it equals. `pairs` are each two readers, `everyone`
    all of them, `headline` those lines that the report begins with;
    `with_reference` and `with_model` hold each reader against what counts as true, as
    `reference_rule` has it, and against the model; `held_against` counts what that rests on.
    `with_oneself` are the hidden repeats.
    """

    rule: str
    categories: tuple[str, ...]
    interval: str
    formulas: tuple[tuple[str, str], ...] = ()
    headline: tuple[AgreementLine, ...] = ()
    pairs: tuple[AgreementLine, ...] = ()
    everyone: tuple[AgreementLine, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    quarters: tuple[QuarterLine, ...] = ()
    reference_rule: tuple[str, ...] = ()
    held_against: tuple[HeldAgainst, ...] = ()
    with_reference: tuple[AgreementLine, ...] = ()
    with_model: tuple[AgreementLine, ...] = ()
    with_oneself: tuple[AgreementLine, ...] = ()
    matrices: tuple[Matrix, ...] = ()
