"""What a threshold is chosen for, as text such as `recall:0.95`. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass

from training.json_fields import UserError

DEFAULT_RULE = "best-f1"
RULES_HELP = (
    "best-f1; cost:K (missing one costs K false alarms); recall:R (at least R, fewest false "
    "alarms); precision:P (at least P, most found)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule: `kind` is best-f1, cost, recall or precision; `amount` its number."""

    kind: str
    amount: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read `best-f1`, `cost:5`, `recall:0.95` or `precision:0.9`."""
        kind, colon, number = text.strip().lower().partition(":")
        if kind == "best-f1" and not colon:
            return cls("best-f1")
        try:
            amount = float(number)
        except ValueError:
            amount = float("nan")
        if kind == "cost" and 0 < amount < float("inf"):
            return cls(kind, amount)
        if kind in ("recall", "precision") and 0 < amount <= 1:
            return cls(kind, amount)
        raise UserError(f"'{text}' is no threshold rule; use one of: {RULES_HELP}.")

    def __str__(self) -> str:
        return self.kind if self.kind == "best-f1" else f"{self.kind}:{self.amount:g}"
