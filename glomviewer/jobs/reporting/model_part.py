"""The model's figures on patches that it was not trained on, by reference labels that were made
before anybody had seen its call."""

from __future__ import annotations

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.ratings import Codes, Mask, Ratings, RatingTable
from glomviewer.domain.agreement.shares import Counted, shares_of
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.report.agreement import Matrix
from glomviewer.domain.report.study import ModelPart
from glomviewer.jobs.reporting.agreement_part import matrix

_NAMES = (
    "Accuracy",
    "Sensitivity",
    "Specificity",
    "Positive predictive value",
    "Negative predictive value",
    "F1",
)


def model_part(
    table: RatingTable, labels: LabelSet, model: ModelRecord | None, plan: Bootstrap | None
) -> ModelPart:
    """Globally sclerotic is the positive class; labels that are no class are left out, whatever
    the rule for agreement says, for a model has no such calls.

    Raises:
        Stopped: the drawing was cancelled.
    """
    if model is None:
        return ModelPart(reason="No model was shown in this reading, and none is active.")
    truth = _targets(labels)[table.untouched.astype(np.int16)]
    called = table.call >= 0
    fresh = called & ~table.trained_on
    judged = fresh & (truth >= 0)
    threshold = model.threshold if table.threshold is None else table.threshold
    return ModelPart(
        name=model.name,
        version=str(model.version),
        threshold=_threshold(threshold),
        patches=int(np.count_nonzero(judged)),
        trained_on=int(np.count_nonzero(called & table.trained_on)),
        without_reference=int(np.count_nonzero(fresh & (truth < 0))),
        without_call=int(np.count_nonzero(~called)),
        figures=_figures(table, labels, truth, judged, plan) if judged.any() else (),
        matrix=_matrix(table, labels, judged) if judged.any() else None,
        reason="" if judged.any() else "No patch with a reference label is new to this model.",
    )


def _targets(labels: LabelSet) -> Codes:
    """By code: 1, 0, or -1 for a label that is no class; `[-1]` is -1."""
    found = np.full(256, -1, dtype=np.int8)
    for code, target in labels.targets().items():
        if target is not None:
            found[code] = target
    return found


def _threshold(logit: float) -> str:
    probability = 0.5 * (1.0 + np.tanh(0.5 * logit))
    return f"{probability:.4g} (logit {logit:.3f})"


def _figures(
    table: RatingTable, labels: LabelSet, truth: Codes, judged: Mask, plan: Bootstrap | None
) -> tuple[tuple[str, Statistic], ...]:
    is_one, said_one = judged & (truth == 1), judged & (table.call == 1)
    is_none, said_none = judged & (truth == 0), judged & (table.call == 0)
    hit, rejected = is_one & said_one, is_none & said_none
    # F1 is 2 TP / (2 TP + FP + FN): what was said and what is, over both together.
    shares = shares_of(
        [
            Counted(hit | rejected, judged, "there is no patch"),
            Counted(hit, is_one, "no globally sclerotic patch"),
            Counted(rejected, is_none, "no patch that is not globally sclerotic"),
            Counted(hit, said_one, "nothing is called globally sclerotic"),
            Counted(rejected, said_none, "everything is called globally sclerotic"),
            Counted(
                2 * hit.astype(np.int64),
                is_one.astype(np.int64) + said_one,
                "nothing is globally sclerotic, and nothing called so",
            ),
        ],
        table.groups(),
        None if plan is None else plan.part(0, 2),
    )
    found = [(name, share.share) for name, share in zip(_NAMES, shares, strict=True)]
    kappa = agreement_of_two(
        _two(table, labels, judged),
        labels.codes_of_target(1),
        None if plan is None else plan.part(1, 2),
    )[Measure.COHEN]
    return (*found, (Measure.COHEN.words, kappa))


def _matrix(table: RatingTable, labels: LabelSet, judged: Mask) -> Matrix:
    found = Confusion.of(_two(table, labels, judged))
    return matrix("Reference and model", "Reference label", "Model", found, labels)


def _two(table: RatingTable, labels: LabelSet, judged: Mask) -> Ratings:
    """Reference and call of the judged patches as two raters, each by the first label of the
    set that means the class."""
    codes = np.array([labels.codes_of_target(target)[0] for target in (0, 1)], dtype=np.int8)
    truth = _targets(labels)[table.untouched[judged].astype(np.int16)]
    return Ratings(
        codes=codes[np.stack([truth, table.call[judged]], axis=1)],
        raters=("reference label", table.model or "model"),
        groups=table.groups()[judged],
        categories=(int(codes[1]), int(codes[0])),
        subjects=table.patches[judged],
    )
