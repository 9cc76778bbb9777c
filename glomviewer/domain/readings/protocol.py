"""How a reading is read: what its readers may see, in which order, and how often."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_REPEATS = 0.5
"""No more than half as many repeats as patches: each patch is repeated at most once."""


class Order(StrEnum):
    """In which order a reader's list goes."""

    FIXED = "fixed"
    SHUFFLED = "shuffled"
    BY_CASE = "by case"


class Reveal(StrEnum):
    """When the model's call of a patch is shown to its reader."""

    NEVER = "never"
    AFTER = "after"
    AT_ONCE = "at once"


_ORDERS = {
    Order.FIXED: "all in the same order",
    Order.SHUFFLED: "each in an order of his own",
    Order.BY_CASE: "case by case",
}
_REVEALS = {
    Reveal.NEVER: "the model's call is never shown",
    Reveal.AFTER: "the model's call is shown after the reader's own",
    Reveal.AT_ONCE: "the model's call is shown at once",
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """The rules of a reading.

    `independent`: before his commit a reader learns nothing of a patch but its pixels.
    `repeats` is the share of a reader's patches that come again later in his list, turned;
    `needed` is how many readers read each patch.

    Raises:
        ValueError: one sentence on what does not fit.
    """

    independent: bool = True
    order: Order = Order.SHUFFLED
    repeats: float = 0.05
    reveal: Reveal = Reveal.AFTER
    needed: int = 2

    def __post_init__(self) -> None:
        if self.independent and self.reveal is Reveal.AT_ONCE:
            raise ValueError(
                "In an independent reading the model's call can't be shown at once; show it after "
                "the reader's own or never, or make the reading open."
            )
        if not 0 <= self.repeats <= MOST_REPEATS:
            raise ValueError(
                f"The share of hidden repeats is {self.repeats:g}; it must lie between 0 and "
                f"{MOST_REPEATS:g}."
            )
        if self.needed < 1:
            raise ValueError("Each patch needs at least 1 reading.")

    def sentence(self) -> str:
        """The protocol as one says it to a colleague."""
        kind = "independent" if self.independent else "open"
        often = "once" if self.needed == 1 else f"by {self.needed} readers"
        again = f"{100 * self.repeats:.0f} % of the patches come again, turned"
        repeats = again if self.repeats else "no patch comes again"
        return (
            f"An {kind} reading: each patch is read {often}, {_ORDERS[self.order]}; "
            f"{_REVEALS[self.reveal]}; {repeats}."
        )

    def to_json(self) -> str:
        return json.dumps({"format": 1, **asdict(self)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Protocol:
        """Read what `to_json` wrote.

        Raises:
            ValueError: the text is no protocol of this version.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            independent, repeats = raw["independent"], raw["repeats"]
            if not isinstance(independent, bool) or isinstance(repeats, bool):
                raise TypeError("a protocol's values have other types")
            return cls(
                independent=independent,
                order=Order(raw["order"]),
                repeats=float(repeats),
                reveal=Reveal(raw["reveal"]),
                needed=int(raw["needed"]),
            )
        except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"This is no protocol of this version: {error}") from error
