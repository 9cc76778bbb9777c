"""How well readers agreed, as a report says it."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.agreement.statistic import Statistic


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One statistic: between whom, on what, and which named formula it equals."""

    between: str
    statistic: str
    figure: Statistic
    formula: str = ""


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

    `lines` are between readers; `per_class`, `per_case` and `over_time` the same in parts;
    `with_reference` and `with_model` compare each reader with what counts as true and with the
    model; `with_oneself` are the hidden repeats.
    """

    rule: str
    categories: tuple[str, ...]
    interval: str
    lines: tuple[AgreementLine, ...] = ()
    per_class: tuple[AgreementLine, ...] = ()
    per_case: tuple[AgreementLine, ...] = ()
    over_time: tuple[AgreementLine, ...] = ()
    with_reference: tuple[AgreementLine, ...] = ()
    with_model: tuple[AgreementLine, ...] = ()
    with_oneself: tuple[AgreementLine, ...] = ()
    matrices: tuple[Matrix, ...] = ()
