"""Two models on the same few patches."""

import numpy as np
import pytest

from glomviewer.domain.comparison.scored import Compared, Scored


@pytest.fixture
def compared():
    """Make a comparison of these labels and logits; by default every patch is its own group."""

    def make(target, first, second, *, group=None, slide=None, slides=(), threshold=0.0):
        truth = np.array(target, dtype=bool)
        nowhere = np.full(len(truth), -1, dtype=np.int64)
        return Compared(
            patches=np.arange(1, len(truth) + 1),
            target=truth,
            group=np.arange(len(truth)) if group is None else np.array(group),
            unit="case",
            slide=nowhere if slide is None else np.array(slide),
            slides=tuple(slides),
            centre=nowhere,
            centres=(),
            first=Scored(truth, np.array(first, dtype=float), threshold),
            second=Scored(truth, np.array(second, dtype=float), threshold),
        )

    return make
