"""System B's two ways to even out the classes, by imbalanced-learn, on training patches only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator

from training.config import UserError

# As imbalanced-learn's own default, and the paper's.
_NEIGHBOURS = 5
# Products of values from -128 to 127 are summed without rounding in float32 up to 2**24, so
# that distances, and with them the neighbours, are the same on every machine.
_EXACT_TERMS = 1024

Squares = NDArray[np.uint8]


def synthetic_count(labels: NDArray[np.int8], share: float) -> tuple[int, int]:
    """(smaller class, how many it lacks) to come to `share` of the larger one; 0 where it does."""
    positives = int(np.sum(labels == 1))
    negatives = len(labels) - positives
    smaller = int(positives <= negatives)
    fewer, more = min(positives, negatives), max(positives, negatives)
    return smaller, max(0, int(share * more) - fewer)


def smote(squares: Squares, count: int, *, seed: int) -> Squares:
    """(count, S, S, 3) mixtures of `squares` (N, S, S, 3), all of one class, with near neighbours.

    Chawla and others 2002, "SMOTE: synthetic minority over-sampling technique", on pixels. Of a
    class of N there are at most N - 1 neighbours; UserError where N is 1.
    """
    if len(squares) < 2:
        raise UserError(
            f"SMOTE mixes two patches of a class, and training has {len(squares)} of the smaller "
            "one: label more, or choose another balance."
        )
    from imblearn.over_sampling import SMOTE

    size = len(squares)
    neighbours = _near_neighbours(squares.reshape(size, -1), min(_NEIGHBOURS, size - 1))
    # imbalanced-learn is given unit vectors in place of pixels, and so answers with the weights
    # of the patches in each mixture: the pixels needn't be held as floating-point numbers.
    # The row beside them stands for the other class, without which it refuses to work.
    units = sparse.csr_matrix(np.eye(size + 1))
    classes = np.array([1] * size + [0])
    # Annotated in imbalanced-learn by defaults, which say less than its documentation.
    strategy: Any = {1: size + count}
    known: Any = _KnownNeighbours(neighbours)
    sampler = SMOTE(sampling_strategy=strategy, random_state=seed, k_neighbors=known)
    answer: Any = sampler.fit_resample(units, classes)[0]
    return _mixed(squares, answer[size + 1 :, :size], count)


def _mixed(squares: Squares, mixtures: Any, count: int) -> Squares:
    """`mixtures` is sparse, (count, N): the weight of each patch in each mixture."""
    flat = squares.reshape(len(squares), -1)
    made = np.empty((count, flat.shape[1]), dtype=np.uint8)
    for row in range(count):
        first, last = mixtures.indptr[row], mixtures.indptr[row + 1]
        weights = mixtures.data[first:last].astype(np.float32)
        parents = flat[mixtures.indices[first:last]]
        made[row] = np.rint(np.tensordot(weights, parents.astype(np.float32), axes=1))
    return made.reshape(-1, *squares.shape[1:])


def _near_neighbours(flat: Squares, count: int) -> NDArray[np.intp]:
    """(N, 1 + count): each patch itself, then its nearest by Euclidean distance of pixels."""
    products = np.zeros((len(flat), len(flat)))
    for start in range(0, flat.shape[1], _EXACT_TERMS):
        part = flat[:, start : start + _EXACT_TERMS].astype(np.float32) - 128.0
        products += part @ part.T
    norms = np.diag(products)
    distances = norms[:, None] + norms[None, :] - 2.0 * products
    np.fill_diagonal(distances, -1.0)
    return np.argsort(distances, axis=1, kind="stable")[:, : count + 1]


class _KnownNeighbours(BaseEstimator):
    """Answers with neighbours found beforehand, in the form in which SMOTE asks for them."""

    def __init__(self, table: NDArray[np.intp]) -> None:
        self.table = table

    def fit(self, _points: object) -> _KnownNeighbours:
        return self

    def kneighbors(self, _points: object, return_distance: bool = False) -> NDArray[np.intp]:
        assert not return_distance
        return self.table

    def kneighbors_graph(self) -> None:
        """Looked for by imbalanced-learn, and not called by SMOTE."""
        raise NotImplementedError


def undersample(labels: NDArray[np.int8], ratio: float, *, seed: int) -> NDArray[np.intp]:
    """The rows to keep, ascending: all of the smaller class, `ratio` times as many of the other.

    All rows where the larger class has no more than that.
    """
    from imblearn.under_sampling import RandomUnderSampler

    positives = int(np.sum(labels == 1))
    fewer = min(positives, len(labels) - positives)
    larger, more = int(positives > len(labels) - positives), len(labels) - fewer
    wanted = min(more, max(1, round(ratio * fewer)))
    strategy: Any = {larger: wanted}
    sampler = RandomUnderSampler(sampling_strategy=strategy, random_state=seed)
    sampler.fit_resample(np.arange(len(labels))[:, None], labels)
    return np.sort(sampler.sample_indices_)
