"""Whether the class can be told from where a patch comes from, instead of from what it shows.

Mutual information of class and place, in nats, over the class's entropy; its mean under shuffled
classes, which small groups alone would give, is taken off both:
    share = (I - E[I]) / (H - E[I])
0: the place says nothing of the class; 1: it says all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.leakage.leak_findings import Finding, Severity, counted
from training.patches.manifest import ManifestRow

DRAWS = 500
_SURE = 0.01
# Slides differ in how many of their glomeruli are sclerotic, since patients do: drawn cohorts come
# to 0.16 to 0.22. The 754 real patches come to 0.46 by slide and 0.26 by centre, and do look so.
_NOTABLE = 0.4
_GRAVE = 0.7
_NOTABLE_CENTRE = 0.15
_NAMES = {1: "sclerotic", 0: "other"}


@dataclass(frozen=True, slots=True)
class Association:
    """`share` of what there is to know of the class; `p` under shuffled classes."""

    share: float
    p: float


def confounded(rows: Sequence[ManifestRow], *, seed: int = 0) -> list[Finding]:
    """Findings on labelled rows, the final ones left alone: class against group and centre."""
    labelled = [row for row in rows if row.label is not None and row.split != "final"]
    slides = [row.slide or row.group for row in labelled]
    centres = [row.centre for row in labelled]
    found = [_finding(labelled, slides, "slide", seed), _finding(labelled, centres, "centre", seed)]
    return [finding for finding in found if finding is not None]


def _finding(
    rows: Sequence[ManifestRow], names: Sequence[str], unit: str, seed: int
) -> Finding | None:
    known = [i for i, name in enumerate(names) if name]
    labels = np.array([rows[i].label for i in known], dtype=np.int64)
    own = [names[i] for i in known]
    if len(set(own)) < 2 or len(set(labels.tolist())) < 2:
        return None
    found = association(labels, own, seed=seed)
    severity = _severity(found, unit)
    if severity is None:
        return None
    told, few, value = _told(labels, own, unit)
    sentence = (
        f"{told}, and the {unit} tells {found.share:.0%} of what there is to know of the class: a "
        f"model may learn the {unit}'s look instead of the glomerulus's; bring both classes from "
        "each."
    )
    patches = tuple(rows[i].patch for i in known if names[i] in few and rows[i].label == value)
    return Finding(f"confounded_{unit}", severity, sentence, patches, tuple(few))


def _told(labels: NDArray[np.int64], names: Sequence[str], unit: str) -> tuple[str, list[str], int]:
    """Where the classes are, in words; the places that this names, and of which class."""
    share, value, few = _narrowest(labels, names)
    whole, total = int(np.sum(labels == value)), len(set(names))
    if 2 * len(few) <= total:
        amount = f"All {whole:,}" if share == 1 else f"{share:.0%} of the {whole:,}"
        places = f"{len(few):,} of {counted(total, unit)}"
        return f"{amount} {_NAMES[value]} patches come from {places}", few, value
    distinct, numbers = np.unique(np.array(names), return_inverse=True)
    shares = np.bincount(numbers, weights=labels) / np.bincount(numbers)
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    text = (
        f"{shares[low]:.0%} of the patches of {unit} {distinct[low]} are sclerotic and "
        f"{shares[high]:.0%} of those of {distinct[high]}"
    )
    return text, [str(distinct[low]), str(distinct[high])], 1


def association(
    labels: NDArray[np.int64], names: Sequence[str], *, seed: int = 0, draws: int = DRAWS
) -> Association:
    """How much `names` (N,) tell of `labels` (N,) of 0 and 1, against shuffled labels."""
    _, numbers = np.unique(np.array(names), return_inverse=True)
    sizes = np.bincount(numbers)
    rng = np.random.default_rng(seed)

    def information(positives: NDArray[np.int64]) -> float:
        total = labels.sum() / len(labels)
        return _entropy(total) - float(np.sum(sizes / len(labels) * _entropies(positives / sizes)))

    observed = information(np.bincount(numbers, weights=labels, minlength=len(sizes)))
    # Positives dealt to groups of these sizes at random: what shuffled classes would give.
    dealt = rng.multivariate_hypergeometric(sizes, int(labels.sum()), size=draws)
    shuffled = np.array([information(one) for one in dealt])
    chance = float(shuffled.mean())
    entropy = _entropy(labels.sum() / len(labels))
    p = (1 + int(np.sum(shuffled >= observed))) / (1 + draws)
    share = (observed - chance) / (entropy - chance) if entropy > chance else 0.0
    return Association(max(0.0, share), p)


def _entropies(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(shares, 1e-12, 1 - 1e-12)
    return -(inside * np.log(inside) + (1 - inside) * np.log(1 - inside))


def _entropy(share: float) -> float:
    return float(_entropies(np.array([share]))[0])


def _severity(found: Association, unit: str) -> Severity | None:
    if found.p > _SURE or found.share < (_NOTABLE_CENTRE if unit == "centre" else _NOTABLE):
        return None
    return "warn" if found.share >= _GRAVE else "note"


def _narrowest(labels: NDArray[np.int64], names: Sequence[str]) -> tuple[float, int, list[str]]:
    """The class that the smaller share of places holds: what share, which class, which places."""
    options = [(*_holders(labels == value, names), value) for value in (1, 0)]
    share, few, value = min(options, key=lambda option: (len(option[1]), -option[0]))
    return share, value, few


def _holders(chosen: NDArray[np.bool_], names: Sequence[str]) -> tuple[float, list[str]]:
    """The fewest places that hold at least 90 % of the chosen patches, and what they hold."""
    distinct, numbers = np.unique(np.array(names), return_inverse=True)
    counts = np.bincount(numbers[chosen], minlength=len(distinct))
    order = np.argsort(-counts, kind="stable")
    held = np.cumsum(counts[order]) / counts.sum()
    needed = int(np.searchsorted(held, 0.9 - 1e-9)) + 1
    # Where one or two more would make it all, all of them are told.
    while needed < len(held) and held[needed - 1] < 1 and held[min(needed + 1, len(held) - 1)] == 1:
        needed += 1
    return float(held[needed - 1]), [str(distinct[i]) for i in order[:needed]]
