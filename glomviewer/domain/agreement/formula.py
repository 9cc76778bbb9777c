"""What a statistic is made of: its value, the patches it rests on, and why it may have none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.ratings import Mask
from glomviewer.domain.agreement.statistic import FEWEST_FOR_KAPPA, Caution, Statistic
from glomviewer.domain.agreement.sums import Sums

Reason = tuple[Callable[[Sums], Mask], str]
"""Where it holds, shape (rows,), and how a sentence ends that says so."""

NOTHING_COMPARED: tuple[Reason, ...] = (
    (lambda sums: sums.active == 0, "no patch has been called"),
    (lambda sums: sums.active < 2, "only one of them has called any patch"),
    (lambda sums: sums.one("pairable") == 0, "no patch has been called by two of them"),
)


@dataclass(frozen=True, slots=True)
class Note:
    """Where it `holds`, what is to be known of a value, and in a word or two."""

    holds: Callable[[Sums], Mask]
    text: str
    caution: Caution


TOO_FEW = Note(
    lambda sums: sums.one("pairable") < FEWEST_FOR_KAPPA,
    f"fewer than {FEWEST_FOR_KAPPA} patches are too few for kappa and alpha; go by the raw "
    "agreement",
    Caution.FEW,
)


def compared_patches(sums: Sums) -> Floats:
    return sums.one("pairable")


@dataclass(frozen=True, slots=True)
class Formula:
    """`value` gives NaN where the statistic is not defined, shape (rows,), `size` the number of
    patches that it rests on. The first of `reasons` that holds tells why there is no value; the
    first of `notes`, what is to be known of one that there is."""

    value: Callable[[Sums], Floats]
    reasons: tuple[Reason, ...]
    size: Callable[[Sums], Floats] = compared_patches
    notes: tuple[Note, ...] = ()

    def answer(self, sums: Sums) -> list[Statistic]:
        """The statistic of each row, without an interval."""
        values, sizes = self.value(sums), self.size(sums)
        defined = np.isfinite(values)
        why = _first_that_holds((*NOTHING_COMPARED, *self.reasons), sums, ~defined)
        notes = _first_that_holds(
            tuple((note.holds, note.text) for note in self.notes), sums, defined
        )
        cautions = {note.text: note.caution for note in self.notes} | {"": Caution.NONE}
        return [
            Statistic(
                value=value if known else None,
                reason=reason,
                n=round(size),
                note=note,
                caution=cautions[note],
            )
            for value, known, reason, size, note in zip(
                values.tolist(), defined.tolist(), why, sizes.tolist(), notes, strict=True
            )
        ]


def quotient(above: Floats, below: Floats) -> Floats:
    """NaN where `below` is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)


def beyond_chance(observed: Floats, chance: Floats) -> Floats:
    """(observed - chance) / (1 - chance), NaN where chance agrees completely."""
    return quotient(observed - chance, 1.0 - chance)


def _first_that_holds(reasons: tuple[Reason, ...], sums: Sums, rows: Mask) -> list[str]:
    """The text of the first that holds for each of these rows, "" for none and other rows."""
    texts = np.full(len(sums.values), "", dtype=object)
    open_rows = rows.copy()
    for holds, text in reasons:
        if not open_rows.any():
            break
        here = open_rows & holds(sums)
        texts[here] = text
        open_rows &= ~here
    return texts.tolist()
