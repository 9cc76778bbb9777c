"""Undo and redo of a threshold, read from its log: each is a row of its own, nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

BY_HAND = "by hand"
UNDO, REDO = "undo", "redo"
"""What stands in place of a rule where an earlier threshold was put back."""


def rule_in_words(rule: str) -> str:
    """A threshold's rule as one would say it: `cost:3` is "a miss costs 3 false alarms"."""
    name, _, value = rule.partition(":")
    value = value.strip()
    if name == "cost" and value:
        return f"a miss costs {value} false alarms"
    if name in ("recall", "precision") and value:
        return f"{name} at least {value}"
    known = {"best-f1": "best F1", "f1": "best F1", UNDO: "undone", REDO: "redone"}
    return known.get(rule, rule)


class Change(Protocol):
    @property
    def rule(self) -> str: ...


C = TypeVar("C", bound=Change)


@dataclass(frozen=True, slots=True)
class Steps(Generic[C]):
    """`in_force` is the change that holds; `undo` what undoing would put back and `redo` what
    redoing would, None where there is nothing."""

    in_force: C | None
    undo: C | None
    redo: C | None


def steps_of(oldest_first: Iterable[C]) -> Steps[C]:
    """Where a log of changes stands. A new change forgets what could have been redone."""
    done: list[C] = []
    undone: list[C] = []
    for change in oldest_first:
        if change.rule == UNDO and len(done) > 1:
            undone.append(done.pop())
        elif change.rule == REDO and undone:
            done.append(undone.pop())
        else:
            done.append(change)
            undone.clear()
    return Steps(
        in_force=done[-1] if done else None,
        undo=done[-2] if len(done) > 1 else None,
        redo=undone[-1] if undone else None,
    )
