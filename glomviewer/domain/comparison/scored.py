"""One model's scores on labelled patches, and two models' scores on the same ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scored:
    """Calibrated logits, shape (patches,), with the reference label beside each.

    `target` is True where the reference label is the positive class. A call is positive where
    the logit reaches `threshold`.
    """

    target: Mask
    logit: Floats
    threshold: float

    @property
    def calls(self) -> Mask:
        return self.logit >= self.threshold

    @property
    def wrong(self) -> Mask:
        return self.calls != self.target

    @property
    def probability(self) -> Floats:
        """The logistic function of the logit, without overflow at either end."""
        return 0.5 * (1.0 + np.tanh(0.5 * self.logit))

    @property
    def losses(self) -> Floats:
        """Cross-entropy in nats, exact where a probability would be saturated."""
        return np.logaddexp(0.0, np.where(self.target, -self.logit, self.logit))

    @property
    def has_both_classes(self) -> bool:
        return bool(self.target.any()) and not bool(self.target.all())


@dataclass(frozen=True, slots=True)
class Compared:
    """Two models on the same patches. Every array has the shape (patches,).

    `group` codes the case, else the slide, else the patch itself, from 0 on; `slide` and
    `centre` index the names, -1 where unknown.
    """

    patches: Ints
    target: Mask
    group: Ints
    unit: str
    slide: Ints
    slides: tuple[str, ...]
    centre: Ints
    centres: tuple[str, ...]
    first: Scored
    second: Scored

    def __len__(self) -> int:
        return len(self.patches)

    @property
    def groups(self) -> int:
        return int(self.group.max()) + 1 if len(self.group) else 0

    @property
    def positives(self) -> int:
        return int(np.count_nonzero(self.target))

    def ids(self, rows: Mask) -> tuple[int, ...]:
        return tuple(self.patches[rows].tolist())
