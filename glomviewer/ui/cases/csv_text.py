"""The table of cases as CSV, for a spreadsheet that may run no cell of it. No Qt here."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from glomviewer.domain.cases import CaseSummary, Proportion
from glomviewer.domain.spreadsheets import harmless

HEADER = (
    "case",
    "slide",
    "patches",
    "glomeruli",
    "few",
    "reference_sclerotic",
    "reference_total",
    "reference_percent",
    "reference_low",
    "reference_high",
    "model_sclerotic",
    "model_total",
    "model_percent",
    "model_low",
    "model_high",
    "hidden",
    "cannot_tell",
    "not_a_glomerulus",
    "unlabelled",
    "disputed",
    "excluded",
    "duplicates",
    "model",
    "threshold",
)


def cases_csv(summaries: Sequence[CaseSummary], *, model: str, threshold: str) -> str:
    """Every case, then its slides. Percentages have one decimal."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for summary in summaries:
        for one in (summary, *summary.slides):
            writer.writerow([*_cells(one), harmless(model), threshold])
    return text.getvalue()


def _cells(one: CaseSummary) -> list[str]:
    return [
        harmless(one.case),
        harmless(one.slide),
        str(one.patches),
        str(one.glomeruli),
        "yes" if one.few else "no",
        *_proportion(one.reference),
        *_proportion(one.model),
        *(
            str(number)
            for number in (
                one.hidden,
                one.cannot_tell,
                one.not_a_glomerulus,
                one.unlabelled,
                one.disputed,
                one.excluded,
                one.duplicates,
            )
        ),
    ]


def _proportion(proportion: Proportion | None) -> list[str]:
    if proportion is None:
        return ["", "", "", "", ""]
    figures = (proportion.value, proportion.low, proportion.high)
    percents = ["" if math.isnan(figure) else f"{100 * figure:.1f}" for figure in figures]
    return [str(proportion.positive), str(proportion.total), *percents]
