"""What the checks of the report count with: fractions, and the patches that say what is right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from report_read import ChapterRead
from study_table import CHANGED, ROWS, TO_CONSENSUS

Report = dict[str, ChapterRead]
F = Fraction
LETTERS = ("S", "N", "U")
ANN, BOB, CORA, MONA = "Ann Other (AO)", "Bob Else (BE)", "Cora More (CM)", "Mona Itor (MI)"
FRESH = [row for row in ROWS if row.model and not row.trained]
"""The 18 patches that the model calls and was not trained on."""
JUDGING = [row for row in ROWS if row.patch not in (TO_CONSENSUS, CHANGED)]
"""The 22 patches with a reference label that no reveal can have touched: Cora has looked at the
model's call before she settled 9, and what settled 17 is what Bob said after he had seen it."""
FRESH_JUDGING = [row for row in FRESH if row in JUDGING]


@dataclass(frozen=True)
class Read:
    """One call of one reader in his own order: the patch, what he said first, whether it was a
    repeat."""

    patch: int
    letter: str
    again: bool


def shown(value: F | float) -> str:
    return f"{float(value):.3f}"


def total(parts: Iterable[F]) -> F:
    return sum(parts, start=F(0))


def beyond_chance(observed: F, chance: F) -> F:
    return (observed - chance) / (1 - chance)


def kappa(pairs: Sequence[tuple[str, str]]) -> F:
    """Cohen's: by chance both say a letter as often as the product of how often each says it."""
    n = len(pairs)
    first, second = zip(*pairs, strict=True)
    chance = total(F(first.count(one) * second.count(one), n * n) for one in LETTERS)
    return beyond_chance(F(sum(a == b for a, b in pairs), n), chance)


def ac1(pairs: Sequence[tuple[str, str]]) -> F:
    """Gwet's, of the four labels that can be given: sum of pi (1 - pi) / (4 - 1)."""
    n, said = len(pairs), [one for pair in pairs for one in pair]
    pi = [F(said.count(one), 2 * n) for one in LETTERS]
    return beyond_chance(F(sum(a == b for a, b in pairs), n), total(p * (1 - p) for p in pi) / 3)
