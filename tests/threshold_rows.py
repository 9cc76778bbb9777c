"""Scores as tests draw them: few different values, so that ties are common."""

import numpy as np
from hypothesis import strategies as st

from glomviewer.domain.thresholds.scores import RankedScores

LOGITS = st.integers(-40, 40).map(lambda number: number / 8)
ROWS = st.lists(st.tuples(LOGITS, st.integers(0, 1), st.integers(-1, 6)), min_size=1, max_size=60)
BOTH_CLASSES = ROWS.filter(lambda rows: len({target for _, target, _ in rows}) == 2)


def arrays(rows):
    """(logits float64, labels int8, groups int64) of drawn rows."""
    logit, target, group = zip(*rows, strict=True)
    return np.array(logit, float), np.array(target, np.int8), np.array(group, np.int64)


def ranked(rows) -> RankedScores:
    logit, target, group = arrays(rows)
    return RankedScores.of(np.arange(1, len(rows) + 1), logit, target == 1, group, "case")
